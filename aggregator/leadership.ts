/** Leads or stands by, as the lease says, and says so to the other aggregators. */
import type { Log } from "../common/log.ts";
import type { NatsLink } from "../common/nats-link.ts";
import { leaderLease } from "../proto/messages.ts";
import type { Partition } from "../proto/partition.ts";
import { isPartition, overlaps, partitionText } from "../proto/partition.ts";
import { subjectForPartition } from "../proto/subjects.ts";
import { isCredibleTerm, termOfHostAheadMaxMs } from "../proto/term.ts";
import type { Clock } from "./clock.ts";
import { leaseBounds, pushBounds } from "./core/bounds.ts";
import type { LeaseState, LeaseTimes } from "./core/lease.ts";
import {
  isLeading,
  leaseAfterHostTerm,
  leaseAfterRenewal,
  leaseAfterTime,
  leaseAfterWord,
  standingBy,
} from "./core/lease.ts";
import type { Unled } from "./core/led-slots.ts";
import { LedSlots, unledText } from "./core/led-slots.ts";

/** What leadership works with. */
export interface LeadershipParts {
  /** Of this run: no other may have the same. */
  readonly aggregatorId: string;
  readonly partition: Partition;
  readonly ttlMs: number;
  readonly link: Pick<NatsLink, "connected" | "publish" | "flush">;
  readonly clock: Clock;
  /** Whether hosts would go over to this one without noticing. */
  readonly isReady: () => boolean;
  /** 0..1. */
  readonly chance: () => number;
  readonly log: Log;
  /** Called when it begins to lead, and when the term that it leads in rises. */
  readonly onLead: (term: number) => void;
  readonly onStandBy: () => void;
}

/** Why the term that a host says it follows is odd: beyond belief, or ahead of the time without that anybody was heard to lead in it. */
export type HostTermTrouble = "not_credible" | "nobody_leads_in_it";

/** Looks at the lease so often in the time a claim waits. */
const looksPerClaim = 4;
/** A peer's lease that is longer would keep everybody from leading. */
const leaseWordMaxMs = 10_000;

/** Owns the lease and its timer. */
export class Leadership {
  readonly #parts: LeadershipParts;
  readonly #times: LeaseTimes;
  #state: LeaseState;
  #saidMs = Number.NEGATIVE_INFINITY;
  #changes = 0;
  /** Of all partitions: an aggregator that divides the hosts otherwise leaves some of them to nobody. */
  readonly #led: LedSlots;
  #lookedMs: number;
  #unledText = "";
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: LeadershipParts) {
    this.#parts = parts;
    this.#times = leaseTimesFor(parts.ttlMs);
    this.#state = standingBy(this.#times, parts.clock.nowMs(), parts.chance());
    this.#lookedMs = parts.clock.nowMs();
    this.#led = new LedSlots(this.#lookedMs, leaseBounds.unledMs);
  }

  /** Whether advice may be sent now. */
  get leads(): boolean {
    return isLeading(this.#state, this.#parts.clock.nowMs());
  }

  /** The term it leads in; 0 while it stands by. */
  get term(): number {
    return this.leads ? this.#state.term : 0;
  }

  /** Who leads, as far as is known; "" where nobody was heard. */
  get leaderId(): string {
    return this.leads ? this.#parts.aggregatorId : this.#state.leaderId;
  }

  /** Times it began to lead or ceased to. */
  get changes(): number {
    return this.#changes;
  }

  /** Hosts of any partition that nobody leads; undefined where there are none, or the broker is away. */
  get unled(): Unled | undefined {
    return this.#parts.link.connected ? this.#led.unled(this.#parts.clock.nowMs()) : undefined;
  }

  /** Follows the lease until stop(). */
  start(): void {
    this.#timer = setInterval(() => this.look(), this.#times.claimMs / looksPerClaim);
  }

  /** Stands by, and lets another lead at once. */
  stop(): void {
    clearInterval(this.#timer);
    const { role, term } = this.#state;
    if (role !== "standby") this.#say(term, 0);
    this.#move({ ...this.#state, role: "standby", term: 0, claimMs: Number.POSITIVE_INFINITY });
  }

  /** Takes in what another aggregator says of its lease. Returns why it is refused. */
  takeLease(payload: Uint8Array): string | undefined {
    const opened = leaderLease.open(payload);
    if (!opened.ok) return opened.refusal;
    const { aggregatorId, term, leaseMs, partition: index, partitions: of } = opened.message;
    if (!isCredibleTerm(term, this.#parts.clock.unixMs()) || leaseMs > leaseWordMaxMs) return "out_of_range";
    if (!isPartition({ index, of })) return "unknown_partition";
    if (leaseMs > 0) this.#led.led({ index, of }, this.#parts.clock.nowMs());
    // Other hosts, other leaders.
    if (!overlaps({ index, of }, this.#parts.partition)) return undefined;
    const { aggregatorId: ownId, clock, chance } = this.#parts;
    const word = { aggregatorId, term, leaseMs };
    this.#move(leaseAfterWord(this.#state, ownId, word, this.#times, clock.nowMs(), chance()));
    return undefined;
  }

  /** Takes in which term a host follows; 0: none. Returns what is wrong with it. */
  takeHostTerm(term: number): HostTermTrouble | undefined {
    if (term === 0 || term <= this.#state.highestTerm) return undefined;
    const unixMs = this.#parts.clock.unixMs();
    if (!isCredibleTerm(term, unixMs, termOfHostAheadMaxMs)) return "not_credible";
    this.#move(leaseAfterHostTerm(this.#state, term, this.#parts.clock.nowMs()));
    return term > unixMs + pushBounds.clockToleranceMs ? "nobody_leads_in_it" : undefined;
  }

  /** One look at the time: claims, leads, renews or gives up. */
  look(): void {
    const { clock, chance, link } = this.#parts;
    const nowMs = clock.nowMs();
    this.#lookForUnled(nowMs);
    const before = this.#state;
    // A claim that nobody can hear is none.
    if (before.role === "standby" && (!link.connected || this.#leavesToOthers(nowMs))) return;
    const after = leaseAfterTime(before, this.#times, nowMs, clock.unixMs(), chance());
    this.#move(after);
    if (after.role === "standby") return;
    const isDue = nowMs - this.#saidMs >= this.#times.leaseMs / leaseBounds.renewalsPerLease;
    if (isDue || after.term !== before.term) void this.#renew(after.term, nowMs);
  }

  // One that is ready claims within the spread. Where nobody has led yet there is nothing to be ready for.
  #leavesToOthers(nowMs: number): boolean {
    const { claimMs, highestTerm } = this.#state;
    if (nowMs < claimMs || highestTerm === 0) return false;
    return nowMs - claimMs < this.#times.claimMs + this.#times.spreadMs && !this.#parts.isReady();
  }

  // Nothing is heard while the broker is away or this process stands still.
  #lookForUnled(nowMs: number): void {
    const { link, partition, log } = this.#parts;
    const isDeaf = !link.connected || nowMs - this.#lookedMs > leaseBounds.unledMs / 2;
    this.#lookedMs = nowMs;
    if (isDeaf) this.#led.restart(nowMs);
    if (this.leads) this.#led.led(partition, nowMs);
    const unled = this.unled;
    const text = unled === undefined ? "" : unledText(unled);
    if (text === this.#unledText) return;
    this.#unledText = text;
    if (unled === undefined) log.info("all hosts have a leader again");
    else log.warn({ ...unled }, text);
  }

  async #renew(term: number, nowMs: number): Promise<void> {
    this.#saidMs = nowMs;
    if (!this.#say(term, this.#times.leaseMs)) return;
    if (!(await this.#parts.link.flush(this.#times.leaseMs))) return;
    this.#state = leaseAfterRenewal(this.#state, term, nowMs, this.#times);
  }

  #say(term: number, leaseMs: number): boolean {
    const { aggregatorId, partition, link } = this.#parts;
    const { index, of } = partition;
    const payload = leaderLease.seal({ aggregatorId, term, leaseMs, partition: index, partitions: of });
    return link.publish(subjectForPartition("lease", partition), payload);
  }

  #move(after: LeaseState): void {
    const before = this.#state;
    this.#state = after;
    const isTold = after.role === before.role && after.term === before.term;
    if (isTold || (before.role !== "leading" && after.role !== "leading")) return;
    const { log, partition, onLead, onStandBy } = this.#parts;
    this.#changes += 1;
    if (after.role === "leading") {
      onLead(after.term);
      log.info({ term: after.term, partition: partitionText(partition) }, "leading");
    } else {
      onStandBy();
      log.info({ highestTerm: after.highestTerm, leaderId: after.leaderId }, "standing by");
    }
  }
}

/** Advice is renewed after a third of its life: a change of leaders, which takes somewhat more than a lease, must fit into the rest. */
function leaseTimesFor(ttlMs: number): LeaseTimes {
  const leaseMs = Math.min(leaseBounds.leaseMaxMs, ttlMs / leaseBounds.leasesPerTtl);
  return {
    leaseMs,
    claimMs: leaseMs * leaseBounds.claimPart,
    spreadMs: leaseMs * leaseBounds.spreadPart,
    hostTermIntervalMs: leaseBounds.hostTermIntervalMs,
  };
}
