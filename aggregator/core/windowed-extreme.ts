/** The smallest or largest value of the recent past, in two numbers: cheap enough to keep for every path. */
import type { Draft } from "./draft.ts";

/** Two alternating buckets: the extreme covers between one and two of them. */
export interface WindowedExtreme {
  /** When the current bucket began, milliseconds; -Infinity: there was no value yet. */
  readonly bucketStartMs: number;
  readonly current: number;
  /** Extreme of the bucket before; infinite where there was no value. */
  readonly previous: number;
}

/** Before the first value. */
export const noMinimum: WindowedExtreme = {
  bucketStartMs: Number.NEGATIVE_INFINITY,
  current: Number.POSITIVE_INFINITY,
  previous: Number.POSITIVE_INFINITY,
};
/** Likewise. */
export const noMaximum: WindowedExtreme = {
  bucketStartMs: Number.NEGATIVE_INFINITY,
  current: Number.NEGATIVE_INFINITY,
  previous: Number.NEGATIVE_INFINITY,
};

/**
 * Takes one more value into a minimum, in place. BBR forgets a minimum RTT after 10 s because it can drain the queue to look again
 * (draft-ietf-ccwg-bbr, MinRTTFilterLen); a memory of paths sees many flows and no drained queue on purpose, so its
 * window is minutes. Nothing is forgotten without a new value: a quiet path keeps what it knew.
 */
export function foldMinimum(minimum: Draft<WindowedExtreme>, value: number, nowMs: number, bucketMs: number): void {
  turn(minimum, nowMs, bucketMs, Number.POSITIVE_INFINITY);
  if (value < minimum.current) minimum.current = value;
}

/** Takes one more value into a maximum, likewise. */
export function foldMaximum(maximum: Draft<WindowedExtreme>, value: number, nowMs: number, bucketMs: number): void {
  turn(maximum, nowMs, bucketMs, Number.NEGATIVE_INFINITY);
  if (value > maximum.current) maximum.current = value;
}

/** The minimum itself; +Infinity where there was no value. */
export function minimumOf(minimum: WindowedExtreme): number {
  return Math.min(minimum.current, minimum.previous);
}

/** The maximum itself; -Infinity where there was no value. */
export function maximumOf(maximum: WindowedExtreme): number {
  return Math.max(maximum.current, maximum.previous);
}

function turn(extreme: Draft<WindowedExtreme>, nowMs: number, bucketMs: number, none: number): void {
  const ageMs = nowMs - extreme.bucketStartMs;
  if (ageMs >= 0 && ageMs < bucketMs) return;
  // A clock that stepped back has lost count of the buckets.
  const isNext = ageMs >= 0 && ageMs < 2 * bucketMs;
  extreme.bucketStartMs = isNext ? extreme.bucketStartMs + bucketMs : nowMs;
  extreme.previous = isNext ? extreme.current : none;
  extreme.current = none;
}
