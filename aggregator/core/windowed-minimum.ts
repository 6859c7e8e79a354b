/** The smallest value of the recent past, in two numbers: cheap enough to keep for every path. */

/** Two alternating buckets of `bucketMs`: the minimum covers between one and two of them. */
export interface WindowedMinimum {
  /** When the current bucket began, milliseconds. */
  readonly bucketStartMs: number;
  readonly current: number;
  /** Minimum of the bucket before; Infinity where there was no value. */
  readonly previous: number;
}

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
  if (minimum === undefined || nowMs - minimum.bucketStartMs >= 2 * bucketMs) {
    return { bucketStartMs: nowMs, current: value, previous: Number.POSITIVE_INFINITY };
  }
  if (nowMs - minimum.bucketStartMs >= bucketMs) {
    return { bucketStartMs: minimum.bucketStartMs + bucketMs, current: value, previous: minimum.current };
  }
  return value < minimum.current ? { ...minimum, current: value } : minimum;
}

/** The minimum itself. */
export function minimumOf(minimum: WindowedMinimum): number {
  return Math.min(minimum.current, minimum.previous);
}
