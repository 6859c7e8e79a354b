/** Follows what another aggregator advises while it leads, so that this one could go on from there at any moment. */
import type { NatsLink } from "../common/nats-link.ts";
import type { AdviceUpdate__Output } from "../proto/gen/augmenter/v1/AdviceUpdate.ts";
import { adviceUpdate, snapshotRequest } from "../proto/messages.ts";
import type { Partition } from "../proto/partition.ts";
import { hostIdOf, isHostId, subjectForPartition } from "../proto/subjects.ts";
import { isCredibleTerm } from "../proto/term.ts";
import type { Clock } from "./clock.ts";
import type { Advice } from "./core/advice-change.ts";
import type { ObservedUpdate } from "./core/advice-mirror.ts";
import { estimateAsAdvised } from "./core/advised-estimate.ts";
import { adviceBounds, leaseBounds, tableBounds } from "./core/bounds.ts";
import { RecentMap } from "./core/recent-map.ts";
import type { View } from "./core/view.ts";
import { warmUpMs } from "./core/warm-up.ts";
import type { Metrics } from "./metrics.ts";

/** What standing by works with. */
export interface StandbyParts {
  readonly view: View;
  readonly partition: Partition;
  readonly ttlMs: number;
  readonly link: Pick<NatsLink, "publish">;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** Owns the timers of what is done only while another leads. */
export class Standby {
  readonly #parts: StandbyParts;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #startedMs: number;
  /** Hosts that hold advice and were not heard of, with the place of their newest update: as long as that lives. */
  readonly #unheard: RecentMap<string, ObservedUpdate>;

  constructor(parts: StandbyParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.nowMs();
    this.#unheard = new RecentMap(tableBounds.hostsMax, parts.ttlMs);
  }

  /** Why hosts do not take the advice of this one where it leads, or could not go over to it without noticing; none where they do. */
  notReadyReasons(): readonly string[] {
    const { clock, view } = this.#parts;
    const { ledger } = view;
    if (ledger.term !== 0) return this.#isFollowed ? [] : [`leading: ${ledger.fencedHosts} hosts follow a higher term`];
    const isUnheard = this.#unheard.entries(clock.nowMs()).length > 0;
    if (this.#isYoung || isUnheard) return ["standing by: some hosts were not heard of yet"];
    const unknown = ledger.incompleteHosts.length;
    return unknown === 0 ? [] : [`standing by: what ${unknown} hosts hold is not known yet`];
  }

  /** From now on this one leads. */
  lead(term: number): void {
    const { clock, view } = this.#parts;
    this.#takeUnheard();
    view.ledger.lead(term, clock.nowMs(), this.#isYoung);
  }

  /** Goes on until stop(). */
  start(): void {
    this.#timers.push(
      setInterval(() => this.requestSnapshots(), leaseBounds.requestIntervalMs),
      setInterval(() => this.settleDisputes(), leaseBounds.disputeMs),
    );
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** From now on another leads. */
  standBy(): void {
    this.#parts.view.ledger.standBy();
  }

  /** Takes in an update that another sent to a host. Returns why it is refused. */
  takeUpdate(subject: string, payload: Uint8Array): string | undefined {
    const { view, clock } = this.#parts;
    const hostId = hostIdOf("advice", subject);
    if (hostId === undefined || !isHostId(hostId)) return "bad_subject";
    const opened = adviceUpdate.open(payload);
    if (!opened.ok) return opened.refusal;
    if (opened.message.hostId !== hostId) return "wrong_host";
    // The host does not follow it either.
    if (!isCredibleTerm(opened.message.term, clock.unixMs())) return "out_of_range";
    // Of a term that is over, or of one that will end ours as soon as its lease is heard.
    if (view.ledger.term !== 0) return undefined;
    if (view.hosts.get(hostId) === undefined) {
      // What it holds would not be known by that: another update may have been missed.
      const place = { ...opened.message, snapshot: false, entries: [], withdrawn: [] };
      this.#unheard.note(hostId, place, clock.nowMs());
      return undefined;
    }
    this.#unheard.forget(hostId);
    const update = observedUpdate(opened.message);
    if (!view.ledger.observe(hostId, update, clock.nowMs())) return undefined;
    for (const destination of [...update.entries.map((advice) => advice.destination), ...update.withdrawn]) {
      const record = view.table.get(hostId, destination);
      if (record !== undefined) view.table.touch(record);
    }
    return undefined;
  }

  /** Asks for what was missed, because it was sent before this one listened, or was lost. */
  requestSnapshots(): void {
    const { view, link, partition } = this.#parts;
    if (view.ledger.term !== 0) return;
    const hostIds = view.ledger.incompleteHosts.slice(0, leaseBounds.hostsPerRequest);
    if (hostIds.length > 0) link.publish(subjectForPartition("sync", partition), snapshotRequest.seal({ hostIds }));
  }

  /** Takes in what another asks for. Returns why it is refused. */
  takeRequest(payload: Uint8Array): string | undefined {
    const { view } = this.#parts;
    const opened = snapshotRequest.open(payload);
    if (!opened.ok) return opened.refusal;
    if (opened.message.hostIds.length > leaseBounds.hostsPerRequest) return "too_many_hosts";
    if (view.ledger.term !== 0) for (const hostId of opened.message.hostIds) view.ledger.resend(hostId);
    return undefined;
  }

  /**
   * Where whoever leads goes on thinking otherwise, it has known the path for longer: its belief is taken over, as far as its advice
   * shows it. So a change of leaders moves no window by itself.
   */
  settleDisputes(): void {
    const { view, clock, metrics } = this.#parts;
    if (view.ledger.term !== 0) return;
    for (const { hostId, held } of view.ledger.reviewDisputes()) {
      const known = view.table.get(hostId, held.destination)?.estimate;
      const estimate = estimateAsAdvised(known, held, adviceBounds, clock.nowMs());
      if (estimate === undefined) continue;
      view.table.put(hostId, held.destination, estimate);
      metrics.estimatesAdopted.inc();
    }
  }

  // Those that report slowly were told something and have said nothing here yet. Until they do, or are found to be silent, what they
  // hold is renewed.
  #takeUnheard(): void {
    const { clock, view } = this.#parts;
    const nowMs = clock.nowMs();
    for (const [hostId, update] of this.#unheard.entries(nowMs)) {
      const isTaken = view.hosts.get(hostId) !== undefined || view.hosts.heard(hostId, 0, 0, nowMs);
      // Nothing new of a host that was told something since it was heard of.
      if (isTaken) view.ledger.observe(hostId, update, nowMs);
    }
  }

  // One host that says so may be wrong.
  get #isFollowed(): boolean {
    const { ledger } = this.#parts.view;
    const fenced = ledger.fencedHosts;
    return fenced === 0 || 2 * fenced < ledger.hostIds().length;
  }

  // Every host that holds advice is sent something in a third of its life, and every host introduces itself now and then. Those that
  // report slowly would be told nothing yet, if this one led.
  get #isYoung(): boolean {
    const { clock, ttlMs, view } = this.#parts;
    const ageMs = clock.nowMs() - this.#startedMs;
    if (ageMs < Math.max(leaseBounds.youngMs, ttlMs / 2)) return true;
    for (const { reportIntervalMs } of view.hosts.unordered()) if (ageMs < warmUpMs(reportIntervalMs)) return true;
    return false;
  }
}

function observedUpdate(update: AdviceUpdate__Output): ObservedUpdate {
  return {
    ...update,
    entries: update.entries.flatMap((entry): Advice[] => {
      const { destination, capacityKnown, ...numbers } = entry;
      if (destination === null || destination.address.length !== 16 || destination.length !== 128) return [];
      return [
        {
          ...numbers,
          destination: Uint8Array.from(destination.address),
          isCapacityKnown: capacityKnown,
        },
      ];
    }),
    withdrawn: update.withdrawn.map(({ address }) => Uint8Array.from(address)),
  };
}
