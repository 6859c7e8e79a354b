/** How numbers are kept in the records of a table: 32 bits each. */

/** The same memory as real numbers and as counts. */
export interface RecordWords {
  /** Single precision: 24 bits, where samples have eight at most. */
  readonly reals: Float32Array;
  readonly counts: Uint32Array;
}

/** Times are kept in steps of 10 ms, which lasts for 497 days; no decision rests on less than 100. 0: never. */
const stepMs = 10;
/** Counts end here. */
export const countMax = 0xffff_ffff;

/** Room for so many words. Zeroed pages of the system: what is not used costs nothing. */
export function recordWords(words: number): RecordWords {
  const memory = new ArrayBuffer(4 * words);
  return { reals: new Float32Array(memory), counts: new Uint32Array(memory) };
}

/** A time, milliseconds; -Infinity: never. */
export function timeOf(steps: number): number {
  return steps === 0 ? Number.NEGATIVE_INFINITY : (steps - 1) * stepMs;
}

/** A time as it is kept. */
export function stepsOf(timeMs: number): number {
  if (timeMs <= 0) return timeMs === Number.NEGATIVE_INFINITY ? 0 : 1;
  return ((timeMs / stepMs) >>> 0) + 1;
}
