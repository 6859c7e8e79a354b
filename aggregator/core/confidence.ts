/** How far an estimate can be trusted. */

/** Evidence and age of an estimate. */
export interface Evidence {
  readonly rttSamples: number;
  readonly rateSamples: number;
  /** When the newest sample came, milliseconds of a monotonic clock. */
  readonly sampledMs: number;
}

/** Knowledge of a path is worth half as much after this long without a sample. */
export const halfLifeMs = 10 * 60_000;

/** Samples at which the evidence of a kind is half of what endless evidence would be. */
const halfEvidenceSamples = 16;

const decayPerMs = Math.LN2 / halfLifeMs;
const seriesMax = 0.015;

/**
 * Confidence 0..1: (r / (r + 16) + q / (q + 16)) / 2 x 2^(-age / 10 min), with r RTT samples and q rate samples.
 * Rises with either kind of evidence, falls with age. A sample that lies ahead is of before the clock was set back: nobody knows how old it
 * is, and it is taken for as old as it lies ahead until the path is heard of again (path-estimate.ts), never for new.
 */
export function confidenceOf(evidence: Evidence, nowMs: number): number {
  const { rttSamples, rateSamples } = evidence;
  const rttShare = rttSamples / (rttSamples + halfEvidenceSamples);
  const rateShare = rateSamples / (rateSamples + halfEvidenceSamples);
  const amount = (rttShare + rateShare) / 2;
  return amount * freshnessAfter(Math.abs(nowMs - evidence.sampledMs));
}

/** What is left of the worth of knowledge of this age: 1 when new, half after each half-life. */
export function freshnessAfter(ageMs: number): number {
  if (ageMs <= 0) return 1;
  const exponent = ageMs * decayPerMs;
  // Most knowledge is seconds old: the series is exact there, to a few parts in 10^9, and ten times as fast.
  if (exponent < seriesMax) return 1 - exponent * (1 - exponent * (1 / 2 - exponent / 6));
  return Math.exp(-exponent);
}
