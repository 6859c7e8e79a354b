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
  readonly #destinations: LRUCache<string, Map<string, Report>>;
  readonly #reporters: LRUCache<string, Reporter>;

  constructor(bounds: SharedFailureBounds) {
    this.#bounds = bounds;
    this.#destinations = new LRUCache({ max: bounds.destinationsMax });
    this.#reporters = new LRUCache({ max: bounds.reportersMax });
  }

  /**
   * Notes that a host's granted window to a destination failed. Returns whether that leaves the others less than before: where enough
   * has failed lately, one more says nothing new.
   */
  failed(hostId: string, destination: Uint8Array, nowMs: number): boolean {
    const before = this.#takenFrom(undefined, addressKey(destination), nowMs);
    this.#note(hostId, addressKey(destination), nowMs);
    return this.#takenFrom(undefined, addressKey(destination), nowMs) > before;
  }

  /** What is left of a host's advice for a destination, 0.7..1. Its own failures are in its own estimate already. */
  shareLeft(hostId: string, destination: Uint8Array, nowMs: number): number {
    if (this.#destinations.size === 0) return 1;
    return 1 - this.#takenFrom(hostId, addressKey(destination), nowMs);
  }

  #note(hostId: string, key: string, nowMs: number): void {
    const reports = this.#destinations.get(key) ?? new Map<string, Report>();
    for (const [reporter, { reportedMs }] of reports) if (nowMs - reportedMs >= memoryMs) reports.delete(reporter);
    const unconfirmed = this.#unconfirmedOf(hostId, nowMs);
    this.#reporters.set(hostId, { destinationKey: key, reportedMs: nowMs, unconfirmed });
    const others = [...reports.keys()].filter((reporter) => reporter !== hostId);
    if (others.length > 0) for (const reporter of [hostId, ...others]) this.#confirm(reporter, key);
    if (reports.size >= this.#bounds.reportersPerDestinationMax && !reports.has(hostId)) return;
    const weight = loneShare * 2 ** -(others.length > 0 ? 0 : unconfirmed);
    const before = reports.get(hostId);
    // A second failure never gives back what the first one took.
    reports.set(hostId, {
      reportedMs: nowMs,
      weight: Math.max(weight, before === undefined ? 0 : leftOf(before, nowMs)),
    });
    this.#destinations.set(key, reports);
  }

  #takenFrom(hostId: string | undefined, key: string, nowMs: number): number {
    let taken = 0;
    for (const [reporter, report] of this.#destinations.peek(key) ?? []) {
      if (reporter !== hostId) taken += leftOf(report, nowMs);
    }
    return Math.min(1 - lowestShare, taken);
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
