/** What a failed first window on one host says to all others that send to the same destination. */
import { LRUCache } from "lru-cache";
import { addressKey } from "./path-key.ts";

/** Limits of what is remembered. */
export interface SharedFailureBounds {
  readonly destinationsMax: number;
  readonly reportersMax: number;
  /** Of one destination; more would lower nothing further. */
  readonly reportersPerDestinationMax: number;
}

interface Report {
  readonly reportedMs: number;
  /** What it took from the others' advice when it was new, 0..loneShare. */
  readonly weight: number;
}

interface Destination {
  readonly reports: Map<string, Report>;
  /** What had been taken from the others when they were told last, or less since: what is given back they notice by themselves. */
  toldTaken: number;
}

interface Reporter {
  readonly destinationKey: string;
  readonly reportedMs: number;
  /** Reports before the newest, one after the other, that no other host confirmed. */
  readonly unconfirmed: number;
}

/** CUBIC's multiplicative decrease (RFC 9438, section 4.6): the least that is left, however many report. */
const lowestShare = 0.7;
/** One reporter may have met a loss of its own end: half of the decrease, so that two make it whole. */
const loneShare = (1 - lowestShare) / 2;
/** No host is sent a rate that differs by less than a thirty-second (advice-change.ts), of which the least share is left. */
const toldStep = lowestShare / 32;
/** What is left of a reporter's own advice is what all but itself took: for the others to be told it may be as much more. */
const toldMost = 1 - lowestShare + loneShare;
/** A failure says less and less, and nothing after this. The reporter's own estimate remembers it as long (path-rate.ts). */
const memoryMs = 30_000;
/** Whoever was never confirmed is heard again in full after this. */
const distrustMs = 10 * 60_000;

/**
 * Failed windows by destination. Estimates stay what each host's own samples say; only the advice is lowered, by what others
 * reported within the last 30 s:
 *
 *   factor = max(0.7, 1 - sum of w (1 - age / 30 s)), w = 0.15 x 2^-u
 *
 * where u counts the reporter's failures before this one that nobody confirmed: no other host had a failed window to the same
 * destination within the same 30 s. A host that lies, or whose own link loses, so takes 15 % from the others for half a minute, then 7.5 %,
 * then less; it is heard in full again once another host has confirmed it, or after ten minutes.
 */
export class SharedFailures {
  readonly #bounds: SharedFailureBounds;
  readonly #destinations: LRUCache<string, Destination>;
  readonly #reporters: LRUCache<string, Reporter>;

  constructor(bounds: SharedFailureBounds) {
    this.#bounds = bounds;
    this.#destinations = new LRUCache({ max: bounds.destinationsMax });
    this.#reporters = new LRUCache({ max: bounds.reportersMax });
  }

  /**
   * Notes that a host's granted window to a destination failed. Returns whether that leaves the others noticeably less than they were told
   * last: where enough has failed lately, one more says nothing new.
   */
  failed(hostId: string, destination: Uint8Array, nowMs: number): boolean {
    const key = addressKey(destination);
    const before = this.#reportedOf(undefined, key, nowMs, toldMost);
    const known = this.#note(hostId, key, nowMs);
    const taken = this.#reportedOf(undefined, key, nowMs, toldMost);
    const toldTaken = Math.min(known.toldTaken, before);
    const isNews = taken > toldTaken + toldStep;
    known.toldTaken = isNews ? taken : toldTaken;
    return isNews;
  }

  /** What is left of a host's advice for a destination, 0.7..1. Its own failures are in its own estimate already. */
  shareLeft(hostId: string, destination: Uint8Array, nowMs: number): number {
    if (this.#destinations.size === 0) return 1;
    return 1 - this.#reportedOf(hostId, addressKey(destination), nowMs, 1 - lowestShare);
  }

  #note(hostId: string, key: string, nowMs: number): Destination {
    const known = this.#destinations.get(key) ?? { reports: new Map<string, Report>(), toldTaken: 0 };
    const { reports } = known;
    for (const [reporter, { reportedMs }] of reports) if (nowMs - reportedMs >= memoryMs) reports.delete(reporter);
    const unconfirmed = this.#unconfirmedOf(hostId, nowMs);
    this.#reporters.set(hostId, { destinationKey: key, reportedMs: nowMs, unconfirmed });
    const others = [...reports.keys()].filter((reporter) => reporter !== hostId);
    if (others.length > 0) for (const reporter of [hostId, ...others]) this.#confirm(reporter, key);
    const weight = loneShare * 2 ** -(others.length > 0 ? 0 : unconfirmed);
    const before = reports.get(hostId);
    reports.delete(hostId);
    // The oldest says least. Were the newest refused, all would be given back, and told of anew, once a memory.
    const oldest = reports.size >= this.#bounds.reportersPerDestinationMax ? reports.keys().next().value : undefined;
    if (oldest !== undefined) reports.delete(oldest);
    // A second failure never gives back what the first one took.
    reports.set(hostId, {
      reportedMs: nowMs,
      weight: Math.max(weight, before === undefined ? 0 : leftOf(before, nowMs)),
    });
    this.#destinations.set(key, known);
    return known;
  }

  #reportedOf(hostId: string | undefined, key: string, nowMs: number, most: number): number {
    let taken = 0;
    for (const [reporter, report] of this.#destinations.peek(key)?.reports ?? []) {
      if (reporter !== hostId) taken += leftOf(report, nowMs);
    }
    return Math.min(most, taken);
  }

  #unconfirmedOf(hostId: string, nowMs: number): number {
    const before = this.#reporters.get(hostId);
    if (before === undefined || nowMs - before.reportedMs >= distrustMs) return 0;
    // Confirmed ones are reset when they are: what is still here was not, unless it is confirmed later.
    return Math.min(before.unconfirmed + 1, 16);
  }

  #confirm(hostId: string, destinationKey: string): void {
    const reporter = this.#reporters.get(hostId);
    if (reporter?.destinationKey === destinationKey) this.#reporters.set(hostId, { ...reporter, unconfirmed: -1 });
  }
}

function leftOf({ reportedMs, weight }: Report, nowMs: number): number {
  return weight * Math.max(0, 1 - (nowMs - reportedMs) / memoryMs);
}
