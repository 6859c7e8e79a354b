/** A host as NATS sees it, without a kernel below it. */
import type { NatsConnection } from "nats";
import { expect, vi } from "vitest";
import { addressFromText } from "../../proto/address.ts";
import type { AdviceUpdate__Output } from "../../proto/gen/augmenter/v1/AdviceUpdate.ts";
import type { PathReport } from "../../proto/gen/augmenter/v1/PathReport.ts";
import { adviceAnswer, adviceUpdate, hostAnnouncement, hostEvent, pathReport } from "../../proto/messages.ts";
import { subjectFor } from "../../proto/subjects.ts";

/** The path that it reports: 200 Mbit/s and 20 ms, a BDP of 500,000 bytes. */
export const playedPath = { rate: 25_000_000, rttUs: 20_000 } as const;

const { rate, rttUs } = playedPath;

/** What an agent would say, without a kernel below it. */
export class PlayedHost {
  readonly updates: AdviceUpdate__Output[] = [];
  readonly #nats: NatsConnection;
  readonly #hostId: string;
  readonly #address: string;
  readonly #place: { readonly rack: string; readonly zone: string };
  readonly #subscription;
  #epoch = Date.now() * 1000;
  #reports = 0;
  #events = 0;

  constructor(nats: NatsConnection, hostId: string, hostAddress: string, place = { rack: `rack-${hostId}`, zone: "" }) {
    this.#nats = nats;
    this.#hostId = hostId;
    this.#address = hostAddress;
    this.#place = place;
    this.#subscription = nats.subscribe(subjectFor("advice", hostId), {
      callback: (_, message) => {
        const opened = adviceUpdate.open(message.data);
        if (opened.ok) this.updates.push(opened.message);
      },
    });
  }

  announce(): void {
    const message = hostAnnouncement.seal({
      hostId: this.#hostId,
      epoch: this.#epoch,
      ...this.#place,
      addresses: Buffer.from(address(this.#address)),
      mode: "MODE_APPLY",
      reportIntervalMs: 1_000,
    });
    this.#nats.publish(subjectFor("host", this.#hostId), message);
  }

  restart(): void {
    this.#epoch += 1;
    this.#reports = 0;
    this.#events = 0;
  }

  sealedReport(destination: string, columns: Partial<PathReport> = {}): Uint8Array {
    return this.#report([destination], columns);
  }

  reportPath(destination: string, columns: Partial<PathReport> = {}): void {
    this.#nats.publish(subjectFor("report", this.#hostId), this.#report([destination], columns));
  }

  reportPaths(destinations: readonly string[], columns: Partial<PathReport> = {}): void {
    this.#nats.publish(subjectFor("report", this.#hostId), this.#report(destinations, columns));
  }

  failedJump(destination: string, adviceVersion: number): void {
    this.#events += 1;
    const message = hostEvent.seal({
      hostId: this.#hostId,
      epoch: this.#epoch,
      sequence: this.#events,
      failedJumps: [{ destination: Buffer.from(address(destination)), adviceVersion }],
    });
    this.#nats.publish(subjectFor("event", this.#hostId), message);
  }

  answer(update: AdviceUpdate__Output, refusal = "ADVICE_REFUSAL_UNSPECIFIED" as const as string): void {
    const { term, version } = update;
    const message = adviceAnswer.seal({
      hostId: this.#hostId,
      epoch: this.#epoch,
      term,
      version,
      refusal: refusal as "ADVICE_REFUSAL_UNSPECIFIED",
    });
    this.#nats.publish(subjectFor("answer", this.#hostId), message);
  }

  /** The next update that fits, taken off the list with all before it. */
  async nextUpdate(fits: (update: AdviceUpdate__Output) => boolean = () => true): Promise<AdviceUpdate__Output> {
    let found: AdviceUpdate__Output | undefined;
    await vi.waitFor(
      () => {
        const index = this.updates.findIndex(fits);
        expect(index).toBeGreaterThanOrEqual(0);
        found = this.updates.splice(0, index + 1).at(-1);
      },
      { timeout: 8_000, interval: 10 },
    );
    if (found === undefined) throw new Error("Cannot find the update");
    return found;
  }

  forgetUpdates(): void {
    this.updates.length = 0;
  }

  leave(): void {
    this.#subscription.unsubscribe();
  }

  #report(destinations: readonly string[], columns: Partial<PathReport>): Uint8Array {
    this.#reports += 1;
    const column = (value: number) => destinations.map(() => value);
    return pathReport.seal({
      hostId: this.#hostId,
      epoch: this.#epoch,
      sequence: this.#reports,
      endedUnixMs: Date.now(),
      intervalUs: 1_000_000,
      destinations: Buffer.concat(destinations.map((destination) => address(destination))),
      rttMinUs: column(rttUs),
      rttP50Us: column(rttUs + 500),
      rttP95Us: column(rttUs + 2_000),
      rttSamples: column(64),
      saturatedBytesPerSecond: column(rate),
      saturatedSamples: column(32),
      unsaturatedBytesPerSecond: column(0),
      unsaturatedSamples: column(0),
      bytesAcked: column(8 * 524_288),
      segmentsSent: column(3_000),
      segmentsRetransmitted: column(0),
      segmentsMarked: column(0),
      connectionsOpened: column(8),
      connectionsBusyMax: column(1),
      hostsTogether: column(1),
      lossFlightHighest: column(0),
      mssBytes: column(1448),
      windowsGranted: column(0),
      windowsCompleted: column(0),
      windowsFailed: column(0),
      pacingFilled: column(0),
      pacingMissed: column(0),
      burstsKept: column(0),
      burstsLost: column(0),
      burstKeptHighest: column(0),
      burstLostMean: column(0),
      trainBytesPerSecond: column(0),
      trainSamples: column(0),
      ...columns,
    });
  }
}

/** The 16 bytes of an address text. */
export function address(text: string): Uint8Array {
  return addressFromText(text) ?? new Uint8Array(16);
}
