/** The smallest or largest value of the recent past, in two numbers: cheap enough to keep for every path. */

/** Two alternating buckets of `bucketMs`: the extreme covers between one and two of them. */
interface WindowedExtreme {
  /** When the current bucket began, milliseconds. */
  readonly bucketStartMs: number;
  readonly current: number;
  /** Extreme of the bucket before; infinite where there was no value. */
  readonly previous: number;
}

export type WindowedMinimum = WindowedExtreme;
export type WindowedMaximum = WindowedExtreme;

/**
 * The minimum after one more value. BBR forgets a minimum RTT after 10 s because it can drain the queue to look again
 * (draft-ietf-ccwg-bbr, MinRTTFilterLen); a memory of paths sees many flows and no drained queue on purpose, so its
 * window is minutes. Nothing is forgotten without a new value: a quiet path keeps what it knew.
 */
export function minimumAfter(
  minimum: WindowedMinimum | undefined,
  value: number,
  nowMs: number,
  bucketMs: number,
): WindowedMinimum {
  return extremeAfter(minimum, value, nowMs, bucketMs, Math.min, Number.POSITIVE_INFINITY);
}

/** The maximum after one more value, likewise. */
export function maximumAfter(
  maximum: WindowedMaximum | undefined,
  value: number,
  nowMs: number,
  bucketMs: number,
): WindowedMaximum {
  return extremeAfter(maximum, value, nowMs, bucketMs, Math.max, Number.NEGATIVE_INFINITY);
}

/** The minimum itself. */
export function minimumOf(minimum: WindowedMinimum): number {
  return Math.min(minimum.current, minimum.previous);
}

/** The maximum itself. */
export function maximumOf(maximum: WindowedMaximum): number {
  return Math.max(maximum.current, maximum.previous);
}

function extremeAfter(
  extreme: WindowedExtreme | undefined,
  value: number,
  nowMs: number,
  bucketMs: number,
  pick: (a: number, b: number) => number,
  none: number,
): WindowedExtreme {
  const ageMs = extreme === undefined ? 0 : nowMs - extreme.bucketStartMs;
  // A clock that stepped back has lost count of the buckets.
  if (extreme === undefined || ageMs < 0 || ageMs >= 2 * bucketMs) {
    return { bucketStartMs: nowMs, current: value, previous: none };
  }
  if (ageMs >= bucketMs) {
    return { bucketStartMs: extreme.bucketStartMs + bucketMs, current: value, previous: extreme.current };
  }
  const picked = pick(value, extreme.current);
  return picked === extreme.current ? extreme : { ...extreme, current: picked };
}
