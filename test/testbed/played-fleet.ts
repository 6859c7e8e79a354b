/** Many hosts as NATS sees them: they report paths, hold what they are advised as an agent does, and note what becomes of it. */
import type { NatsConnection } from "nats";
import { adviceBounds } from "../../node-agent/config.ts";
import type { HeldAdvice } from "../../node-agent/core/advice-admission.ts";
import { admit, noAdvice } from "../../node-agent/core/advice-admission.ts";
import { addressText } from "../../proto/address.ts";
import type { PathReport } from "../../proto/gen/augmenter/v1/PathReport.ts";
import { adviceAnswer, adviceUpdate, hostAnnouncement, pathReport } from "../../proto/messages.ts";
import { subjectFor } from "../../proto/subjects.ts";

/** How many hosts with how many paths each, and how often they report. */
export interface FleetSize {
  readonly hosts: number;
  readonly pathsPerHost: number;
  readonly reportIntervalMs: number;
}

/** A number of advice that changed on a host; milliseconds of this process's clock. */
export interface AdviceChange {
  readonly atMs: number;
  readonly term: number;
  readonly hostId: string;
  readonly destination: string;
  /** "window / receive window / rate", "" where there was no advice. */
  readonly before: string;
  readonly after: string;
}

/** What a fleet noted. */
export interface FleetNotes {
  readonly changes: readonly AdviceChange[];
  /** Hosts whose advice ran out, each time it did. */
  readonly lapses: readonly { readonly atMs: number; readonly hostId: string }[];
  /** When each host took its first update of a term, by term. */
  readonly firstByTerm: ReadonlyMap<number, ReadonlyMap<string, number>>;
  /** Updates refused, by reason. */
  readonly refused: ReadonlyMap<string, number>;
}

/** The columns of one report that differ from a path full at 200 Mbit/s and 20 ms. */
export type FleetColumns = (index: number) => Partial<Record<keyof PathReport, number>>;

interface FleetHost {
  readonly hostId: string;
  readonly address: Uint8Array;
  readonly destinations: Buffer;
  held: HeldAdvice;
  expiresMs: number;
  sequence: number;
  isLapsed: boolean;
}

const bounds = { ...adviceBounds, entries: 16_384 };

const lapseLookMs = 20;
const reportsPerAnnouncement = 10;

/** Owns the hosts and their timers. */
export class PlayedFleet {
  readonly #nats: NatsConnection;
  readonly #size: FleetSize;
  readonly #hosts: FleetHost[];
  readonly #epoch = Date.now() * 1000;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #changes: AdviceChange[] = [];
  readonly #lapses: { atMs: number; hostId: string }[] = [];
  readonly #firstByTerm = new Map<number, Map<string, number>>();
  readonly #refused = new Map<string, number>();
  #columns: FleetColumns = () => ({});
  #reportedPaths: number;

  constructor(nats: NatsConnection, size: FleetSize) {
    this.#nats = nats;
    this.#size = size;
    this.#reportedPaths = size.pathsPerHost;
    this.#hosts = Array.from({ length: size.hosts }, (_, index) => fleetHost(index, size));
    for (const host of this.#hosts) {
      nats.subscribe(subjectFor("advice", host.hostId), { callback: (_, message) => this.#take(host, message.data) });
    }
  }

  get notes(): FleetNotes {
    return {
      changes: this.#changes,
      lapses: this.#lapses,
      firstByTerm: this.#firstByTerm,
      refused: this.#refused,
    };
  }

  /** Destinations for which advice is held and has not run out, over all hosts. */
  get entriesInForce(): number {
    const nowMs = performance.now();
    return this.#hosts.reduce((sum, host) => sum + (nowMs < host.expiresMs ? host.held.entries.size : 0), 0);
  }

  /** The lowest and highest term that hosts follow. */
  get terms(): readonly [number, number] {
    const terms = this.#hosts.map((host) => host.held.term);
    return [Math.min(...terms), Math.max(...terms)];
  }

  /** Reports from now on, hosts spread over the interval. */
  start(): void {
    for (const [index, host] of this.#hosts.entries()) {
      this.#announce(host);
      const { reportIntervalMs, hosts } = this.#size;
      const first = setTimeout(
        () => {
          this.#report(host);
          this.#timers.push(setInterval(() => this.#report(host), reportIntervalMs));
        },
        (reportIntervalMs * index) / hosts,
      );
      this.#timers.push(first);
    }
    this.#timers.push(setInterval(() => this.#lookForLapses(), lapseLookMs));
  }

  /** Has every host say who it is, as agents do every ten reports. */
  introduce(): void {
    for (const host of this.#hosts) this.#announce(host);
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** What the next reports tell of the paths, and of how many of them: the others fall silent. */
  tell(columns: FleetColumns, paths: number = this.#size.pathsPerHost): void {
    this.#columns = columns;
    this.#reportedPaths = paths;
  }

  /** Forgets what was noted so far. */
  forget(): void {
    this.#changes.length = 0;
    this.#lapses.length = 0;
    this.#refused.clear();
  }

  #take(host: FleetHost, payload: Uint8Array): void {
    const opened = adviceUpdate.open(payload);
    if (!opened.ok) {
      this.#count(opened.refusal);
      return;
    }
    const update = opened.message;
    const { term, version } = update;
    const admission = admit(update, host.held, host.hostId, bounds, Date.now());
    const refusal = admission.taken ? undefined : admission.refusal;
    const identity = { hostId: host.hostId, epoch: this.#epoch };
    const answer = adviceAnswer.seal({ ...identity, term, version, ...(refusal === undefined ? {} : { refusal }) });
    this.#nats.publish(subjectFor("answer", host.hostId), answer);
    if (!admission.taken) {
      this.#count(admission.refusal);
      return;
    }
    const atMs = performance.now();
    this.#noteChanges(host, admission.held, atMs);
    host.held = admission.held;
    host.expiresMs = atMs + update.ttlMs;
    host.isLapsed = false;
    const first = this.#firstByTerm.get(term) ?? new Map<string, number>();
    this.#firstByTerm.set(term, first);
    if (!first.has(host.hostId)) first.set(host.hostId, atMs);
  }

  #noteChanges({ hostId, held }: FleetHost, next: HeldAdvice, atMs: number): void {
    for (const key of new Set([...held.entries.keys(), ...next.entries.keys()])) {
      const [before, after] = [held.entries.get(key), next.entries.get(key)].map((advice) =>
        advice === undefined
          ? ""
          : `${advice.windowSegments} / ${advice.receiveWindowBytes} / ${advice.pathRateBytesPerSecond}`,
      ) as [string, string];
      if (before === after) continue;
      const destination = addressText(Buffer.from(key.split("/")[0] ?? "", "hex"));
      this.#changes.push({ atMs, term: next.term, hostId, destination, before, after });
    }
  }

  #lookForLapses(): void {
    const nowMs = performance.now();
    for (const host of this.#hosts) {
      if (host.isLapsed || host.held.entries.size === 0 || nowMs < host.expiresMs) continue;
      host.isLapsed = true;
      this.#lapses.push({ atMs: nowMs, hostId: host.hostId });
    }
  }

  #count(reason: string): void {
    this.#refused.set(reason, (this.#refused.get(reason) ?? 0) + 1);
  }

  #announce({ hostId, address, held }: FleetHost): void {
    const message = hostAnnouncement.seal({
      hostId,
      epoch: this.#epoch,
      addresses: Buffer.from(address),
      mode: "MODE_APPLY",
      reportIntervalMs: this.#size.reportIntervalMs,
      adviceTerm: held.term,
      adviceVersion: held.version,
    });
    this.#nats.publish(subjectFor("host", hostId), message);
  }

  #report(host: FleetHost): void {
    host.sequence += 1;
    if (host.sequence % reportsPerAnnouncement === 0) this.#announce(host);
    const paths = this.#reportedPaths;
    const rows = Array.from({ length: paths }, (_, index) => ({ ...usualRow, ...this.#columns(index) }));
    const columns = Object.fromEntries(
      Object.keys(usualRow).map((name) => [name, rows.map((row) => row[name as keyof typeof usualRow])]),
    );
    const message = pathReport.seal({
      ...columns,
      hostId: host.hostId,
      epoch: this.#epoch,
      sequence: host.sequence,
      endedUnixMs: Date.now(),
      intervalUs: this.#size.reportIntervalMs * 1000,
      destinations: host.destinations.subarray(0, 16 * paths),
    });
    this.#nats.publish(subjectFor("report", host.hostId), message);
  }
}

/** A path that is full at 200 Mbit/s and 20 ms. */
const usualRow = {
  rttMinUs: 20_000,
  rttP50Us: 20_500,
  rttP95Us: 22_000,
  rttSamples: 64,
  saturatedBytesPerSecond: 24_000_000,
  saturatedSamples: 32,
  unsaturatedBytesPerSecond: 0,
  unsaturatedSamples: 0,
  trainBytesPerSecond: 0,
  trainSamples: 0,
  bytesAcked: 4_000_000,
  segmentsSent: 3_000,
  segmentsRetransmitted: 0,
  segmentsMarked: 0,
  connectionsOpened: 8,
  connectionsBusyMax: 1,
  mssBytes: 1448,
  windowsGranted: 0,
  windowsCompleted: 0,
  windowsFailed: 0,
  pacingFilled: 0,
  pacingMissed: 0,
  burstsKept: 0,
  burstsLost: 0,
  burstKeptHighest: 0,
  burstLostMean: 0,
  hostsTogether: 0,
  lossFlightHighest: 0,
};

// Each host's paths lead to the hosts after it.
function fleetHost(index: number, { hosts, pathsPerHost }: FleetSize): FleetHost {
  const others = Array.from({ length: pathsPerHost }, (_, place) => addressOf((index + 1 + place) % hosts));
  return {
    hostId: `fleet-${index}`,
    address: addressOf(index),
    destinations: Buffer.concat(others),
    held: noAdvice,
    expiresMs: 0,
    sequence: 0,
    isLapsed: false,
  };
}

function addressOf(index: number): Uint8Array {
  const last = [10, 77, index >> 8, index & 255];
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...last]);
}
