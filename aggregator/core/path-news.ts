/** Which paths the advisor should look at: those of which something moved that advice rests on. Most rows of a steady fleet bring no such news. */
import { adviceBounds } from "./bounds.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { minRttUsOf } from "./path-estimate.ts";
import { SlotSet } from "./slot-set.ts";
import { adviceFactsOf, roundTripUsOf } from "./window-policy.ts";

/** Halves of the hystereses of advice-change.ts for rates, windows and minimum RTT: nothing that would be sent is passed over for long. */
const rateMoved = 1 / 64;
const roundTripMoved = 1 / 16;
const minRttMoved = 1 / 8;

/** Owns what each path was like when the advisor looked at it last. */
export class PathNews {
  readonly #slots: SlotSet;
  /** Four words a path: facts, rate, round trip, minimum RTT. */
  readonly #facts: Uint32Array;
  readonly #sizes: Float32Array;

  constructor(slots: number) {
    this.#slots = new SlotSet(slots);
    this.#facts = new Uint32Array(4 * slots);
    this.#sizes = new Float32Array(this.#facts.buffer);
  }

  /** Paths that wait to be looked at. */
  get size(): number {
    return this.#slots.size;
  }

  /** Says that a path is to be looked at, whatever it is like. */
  add(slot: number): void {
    this.#slots.add(slot);
  }

  /** A path is new, or gone. */
  forget(slot: number): void {
    this.#slots.delete(slot);
    this.#facts[4 * slot] = 0;
  }

  /** Says what a path is like now. */
  consider(slot: number, estimate: PathEstimateState, nowMs: number): void {
    const facts = adviceFactsOf(estimate, adviceBounds, nowMs);
    if (facts !== this.#facts[4 * slot]) this.#slots.add(slot);
    else if (facts !== 0 && this.#hasMoved(slot, estimate)) this.#slots.add(slot);
  }

  /** The next paths to look at, at most `limit`. */
  take(limit: number): readonly number[] {
    return this.#slots.take(limit);
  }

  /** Notes what a path is like as it is looked at. */
  looked(slot: number, estimate: PathEstimateState, nowMs: number): void {
    this.#facts[4 * slot] = adviceFactsOf(estimate, adviceBounds, nowMs);
    this.#sizes[4 * slot + 1] = estimate.rate.rateBytesPerSecond;
    this.#sizes[4 * slot + 2] = roundTripUsOf(estimate);
    this.#sizes[4 * slot + 3] = minRttUsOf(estimate);
  }

  #hasMoved(slot: number, estimate: PathEstimateState): boolean {
    return (
      isApart(this.#sizes[4 * slot + 1] ?? 0, estimate.rate.rateBytesPerSecond, rateMoved) ||
      isApart(this.#sizes[4 * slot + 2] ?? 0, roundTripUsOf(estimate), roundTripMoved) ||
      isApart(this.#sizes[4 * slot + 3] ?? 0, minRttUsOf(estimate), minRttMoved)
    );
  }
}

function isApart(before: number, now: number, ratio: number): boolean {
  return Math.abs(now - before) > before * ratio;
}
