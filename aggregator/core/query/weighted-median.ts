/** The weighted median of many values, found without sorting them: in steps, and in a time that does not depend on their order. */
import type { Steps } from "../steps.ts";

const digitBits = 8;
const digits = 2 ** digitBits;
const valuesPerStep = 4_096;

/** Finds medians one after the other. */
export class WeightedMedian {
  readonly #values: Float32Array;
  readonly #bits: Uint32Array;
  readonly #weights: Float64Array;
  /** Weight by digit. */
  readonly #bins = new Float64Array(digits);

  /** Values from 0 up, where 0 is not known and does not count, and their weights. */
  constructor(values: Float32Array, weights: Float64Array) {
    this.#values = values;
    this.#bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    this.#weights = weights;
  }

  /** The least known value, of those at these places, up to which lies half of the weight; 0 where none is known. */
  *of(places: Uint32Array): Steps<number> {
    if (places.length === 1) return this.#values[places[0] ?? 0] ?? 0;
    const half = (yield* this.#weigh(places, 0, 0, 0)) / 2;
    // The bits of positive floats are in the order of the floats: one digit after the other, the highest first (radix selection).
    let [found, mask, below] = [0, 0, 0];
    for (let shift = 32 - digitBits; shift >= 0; shift -= digitBits) {
      yield* this.#weigh(places, found, mask, shift);
      let digit = -1;
      for (let next = 0; next < digits && (digit < 0 || below + this.#weightOf(digit) < half); next += 1) {
        if (this.#weightOf(next) === 0) continue;
        if (digit >= 0) below += this.#weightOf(digit);
        digit = next;
      }
      if (digit < 0) return 0;
      found = (found | (digit << shift)) >>> 0;
      mask = (mask | ((digits - 1) << shift)) >>> 0;
    }
    return new Float32Array(Uint32Array.of(found).buffer)[0] ?? 0;
  }

  #weightOf(digit: number): number {
    return this.#bins[digit] ?? 0;
  }

  // The weight by digit of the known values that begin with what is found, and their sum.
  *#weigh(places: Uint32Array, found: number, mask: number, shift: number): Steps<number> {
    this.#bins.fill(0);
    let sum = 0;
    for (let first = 0; first < places.length; first += valuesPerStep) {
      if (first > 0) yield;
      sum += this.#weighSome(places.subarray(first, first + valuesPerStep), found, mask, shift);
    }
    return sum;
  }

  // A plain function, as it runs for every value there is.
  #weighSome(places: Uint32Array, found: number, mask: number, shift: number): number {
    let sum = 0;
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index] ?? 0;
      const bits = this.#bits[place] ?? 0;
      if (bits === 0 || (bits & mask) >>> 0 !== found) continue;
      const weight = this.#weights[place] ?? 0;
      const digit = (bits >>> shift) & (digits - 1);
      this.#bins[digit] = (this.#bins[digit] ?? 0) + weight;
      sum += weight;
    }
    return sum;
  }
}
