/** About how many different paths were seen lately, in a few bytes. */
import type { Draft } from "./draft.ts";

/** Two generations of 64 bits: the one that is filled, and the one before. */
export interface PathCount {
  readonly low: number;
  readonly high: number;
  readonly lowBefore: number;
  readonly highBefore: number;
  readonly sinceMs: number;
}

/** Before the first path. */
export function noPaths(): Draft<PathCount> {
  return { low: 0, high: 0, lowBefore: 0, highBefore: 0, sinceMs: Number.NEGATIVE_INFINITY };
}

const bits = 64;

/** Counts a path, in place; its hash has 32 bits. What was not seen for two generations is forgotten. */
export function countPath(count: Draft<PathCount>, hash: number, nowMs: number, generationMs: number): void {
  if (nowMs - count.sinceMs >= generationMs) beginGeneration(count, nowMs, generationMs);
  const bit = 1 << (hash & 31);
  if (((hash >>> 5) & 1) === 1) count.high |= bit;
  else count.low |= bit;
}

/** How many paths: linear counting, -m ln(empty / m) (K. Whang, B. Vander-Zanden, H. Taylor, 1990); some hundred at most. */
export function pathsCounted(count: PathCount): number {
  const set = ones(count.low | count.lowBefore) + ones(count.high | count.highBefore);
  return -bits * Math.log((bits - Math.min(set, bits - 1)) / bits);
}

function beginGeneration(count: Draft<PathCount>, nowMs: number, generationMs: number): void {
  const isNext = nowMs - count.sinceMs < 2 * generationMs;
  count.lowBefore = isNext ? count.low : 0;
  count.highBefore = isNext ? count.high : 0;
  count.low = 0;
  count.high = 0;
  count.sinceMs = nowMs;
}

function ones(word: number): number {
  let left = word >>> 0;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}
