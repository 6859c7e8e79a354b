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

const words = 4;
/** Facts that differ look the same once in 32,768 times: the advisor finds what is missed when the path's turn comes. */
const factsBits = 15;

/** Owns what each path was like when the advisor looked at it last. */
export class PathNews {
  readonly #slots: SlotSet;
  /** Four a path: facts, rate, round trip, minimum RTT. Of each 16 bits: of the latter the sign, exponent and seven bits of single precision. */
  readonly #known: Uint16Array;

  constructor(slots: number) {
    this.#slots = new SlotSet(slots);
    this.#known = new Uint16Array(words * slots);
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
    this.#known[words * slot] = 0;
  }

  /** Says what a path is like now. Of one that waits nothing is compared: it is looked at as it is then. */
  consider(slot: number, estimate: PathEstimateState, nowMs: number): void {
    if (this.#slots.has(slot)) return;
    const facts = shortFacts(adviceFactsOf(estimate, adviceBounds, nowMs));
    if (facts !== this.#known[words * slot]) this.#slots.add(slot);
    else if (facts !== 0 && this.#hasMoved(slot, estimate)) this.#slots.add(slot);
  }

  /** The next paths to look at, at most `limit`. */
  take(limit: number): readonly number[] {
    return this.#slots.take(limit);
  }

  /** Notes what a path is like as it is looked at. */
  looked(slot: number, estimate: PathEstimateState, nowMs: number): void {
    const at = words * slot;
    this.#known[at] = shortFacts(adviceFactsOf(estimate, adviceBounds, nowMs));
    this.#known[at + 1] = shortReal(estimate.rate.rateBytesPerSecond);
    this.#known[at + 2] = shortReal(roundTripUsOf(estimate));
    this.#known[at + 3] = shortReal(minRttUsOf(estimate));
  }

  #hasMoved(slot: number, estimate: PathEstimateState): boolean {
    const at = words * slot;
    return (
      isApart(realOf(this.#known[at + 1] ?? 0), estimate.rate.rateBytesPerSecond, rateMoved) ||
      isApart(realOf(this.#known[at + 2] ?? 0), roundTripUsOf(estimate), roundTripMoved) ||
      isApart(realOf(this.#known[at + 3] ?? 0), minRttUsOf(estimate), minRttMoved)
    );
  }
}

function isApart(before: number, now: number, ratio: number): boolean {
  return Math.abs(now - before) > before * ratio;
}

function shortFacts(facts: number): number {
  return facts === 0 ? 0 : 1 | ((Math.imul(facts, 0x9e37_79b1) >>> (32 - factsBits)) << 1);
}

const real = new Float32Array(1);
const bits = new Uint32Array(real.buffer);

function shortReal(value: number): number {
  real[0] = value;
  return ((bits[0] ?? 0) + 0x8000) >>> 16;
}

function realOf(short: number): number {
  bits[0] = short << 16;
  return real[0] ?? 0;
}
