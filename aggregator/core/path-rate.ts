/** What a path can carry: the part of an estimate that decides windows and pacing. */
import { reportBounds } from "./bounds.ts";
import { freshnessAfter } from "./confidence.ts";
import type { PathReportRow } from "./report-check.ts";

/** Rates are payload bytes a second, times are milliseconds of a monotonic clock. */
export interface PathRate {
  /** What is believed now; 0: nothing is known. */
  readonly rateBytesPerSecond: number;
  /** Blend of saturated samples alone: what the path carried when it was visibly full; 0: never seen full. */
  readonly capacityBytesPerSecond: number;
  /** When the newest rate sample came. */
  readonly sampledMs: number;
  /** When the path was last seen full. */
  readonly fullMs: number;
  /** When the rate was last raised by proof, and lowered by a failed jump. */
  readonly grownMs: number;
  readonly retreatedMs: number;
}

/** Before the first rate sample. */
export const unknownRate: PathRate = {
  rateBytesPerSecond: 0,
  capacityBytesPerSecond: 0,
  sampledMs: Number.NEGATIVE_INFINITY,
  fullMs: Number.NEGATIVE_INFINITY,
  grownMs: Number.NEGATIVE_INFINITY,
  retreatedMs: Number.NEGATIVE_INFINITY,
};

/** Samples that weigh as much as everything known before: one full row of reservoir samples moves the estimate half way. */
const priorSamples = 8;
/** Fewer unsaturated samples than this prove their rate only in part: one may be an artefact of ACK compression. */
const provingSamples = 4;
/**
 * While the path was never seen full, and back up to a capacity that was: slow start carried across connections, by the gain
 * with which BBR probes (draft-ietf-ccwg-bbr). Not its factor of two (RFC 5681): the first estimate comes from the
 * spacing of whole trains and is seldom far off, and a buffer of a quarter of the BDP bears a quarter too much for an RTT.
 */
const growthGain = 1.25;
/** Beyond a capacity that was once seen, small steps: a quarter more at once would overflow a small buffer. */
const probeGain = 1.0625;
/** CUBIC's multiplicative decrease (RFC 9438, section 4.6). RFC 9959 retreats at least as far after a failed jump. */
const retreatGain = 0.7;
/** A path seen full this recently has nothing to prove. */
const fullQuietMs = 30_000;
/** After a retreat the way back up to a known capacity starts this soon. */
const retreatQuietMs = 3_000;
/** A capacity counts as current this long. */
const capacityFreshMs = 60_000;
/** Failures of one moment are one failure. */
const oneMomentMs = 100;
/** Advice takes a part of an interval to arrive, and then one whole interval must have been paced by it. */
const provingIntervals = 1.5;
/** Proof that pacing was the limit: this many samples that filled their pacing rate. */
const filledSamplesMin = 3;

/**
 * The rate after one row without failed windows:
 *
 * 1. saturated samples s of count n: capacity' = capacity + (s - capacity) n / (n + 8 f), where f halves with every
 *    10 minutes since the path was last full, so that old knowledge weighs little; rate' likewise, with f counted
 *    from the newest rate sample of either kind;
 * 2. unsaturated samples u of count n prove at least u: where u > rate, rate' = rate + (u - rate) min(1, n / 4);
 * 3. proof without loss grows it: `grown`.
 */
export function rateAfter(rate: PathRate, row: PathReportRow, nowMs: number): PathRate {
  return grown(afterUnsaturated(afterSaturated(rate, row, nowMs), row, nowMs), row, nowMs);
}

/**
 * The rate after a granted first window lost segments: x 0.7, but not below 0.7 of a capacity seen within the last
 * minute, and once for all failures within 100 ms or one RTT.
 */
export function rateAfterFailure(rate: PathRate, rttUs: number, nowMs: number): PathRate {
  if (nowMs - rate.retreatedMs < Math.max(oneMomentMs, rttUs / 1000)) return rate;
  const isCurrent = nowMs - rate.fullMs <= capacityFreshMs;
  const floor = isCurrent ? rate.capacityBytesPerSecond * retreatGain : 0;
  const lowered = Math.max(rate.rateBytesPerSecond * retreatGain, Math.min(floor, rate.rateBytesPerSecond));
  return { ...rate, rateBytesPerSecond: lowered, retreatedMs: nowMs };
}

function afterSaturated(rate: PathRate, row: PathReportRow, nowMs: number): PathRate {
  const { saturatedSamples: samples, saturatedBytesPerSecond: sample } = row;
  if (samples === 0) return rate;
  const weightSince = (sinceMs: number) => samples / (samples + priorSamples * freshnessAfter(nowMs - sinceMs));
  return {
    ...rate,
    capacityBytesPerSecond: blended(rate.capacityBytesPerSecond, sample, weightSince(rate.fullMs)),
    rateBytesPerSecond: blended(rate.rateBytesPerSecond, sample, weightSince(rate.sampledMs)),
    sampledMs: nowMs,
    fullMs: nowMs,
  };
}

function afterUnsaturated(rate: PathRate, row: PathReportRow, nowMs: number): PathRate {
  if (row.unsaturatedSamples === 0) return rate;
  const bound = Math.max(row.unsaturatedBytesPerSecond, rate.rateBytesPerSecond);
  const weight = Math.min(1, row.unsaturatedSamples / provingSamples);
  const raised = blended(rate.rateBytesPerSecond, bound, weight);
  const grownMs = raised > rate.rateBytesPerSecond * probeGain ? nowMs : rate.grownMs;
  return { ...rate, rateBytesPerSecond: raised, sampledMs: nowMs, grownMs };
}

// The first sample is all there is to believe.
function blended(known: number, sample: number, weight: number): number {
  return known === 0 ? sample : known + (sample - known) * weight;
}

/**
 * Growth by proof, at most once a report interval: connections filled their pacing rate without a queue and without loss of
 * what was paced, so the path may carry more. In steps of a quarter while the path was never seen full and up to a
 * capacity once seen, of a sixteenth beyond it. What was paced at the rate before the last step proves nothing.
 */
function grown(rate: PathRate, row: PathReportRow, nowMs: number): PathRate {
  const isProof = row.pacingFilled >= filledSamplesMin && row.windowsFailed === 0;
  // Not the retransmissions of the row: the unpaced first ten segments of many connections are lost at any rate.
  if (!isProof || rate.rateBytesPerSecond === 0) return rate;
  const isRecovering = rate.rateBytesPerSecond < rate.capacityBytesPerSecond;
  const isQuiet = isRecovering
    ? nowMs - rate.retreatedMs >= retreatQuietMs
    : nowMs - Math.max(rate.fullMs, rate.retreatedMs) >= fullQuietMs;
  if (!isQuiet || nowMs - rate.grownMs < (row.intervalUs / 1000) * provingIntervals) return rate;
  const raised = Math.min(raisedRate(rate), reportBounds.rateMaxBytesPerSecond);
  return { ...rate, rateBytesPerSecond: raised, grownMs: nowMs };
}

function raisedRate({ rateBytesPerSecond, capacityBytesPerSecond }: PathRate): number {
  if (capacityBytesPerSecond === 0) return rateBytesPerSecond * growthGain;
  if (rateBytesPerSecond >= capacityBytesPerSecond) return rateBytesPerSecond * probeGain;
  return Math.min(rateBytesPerSecond * growthGain, capacityBytesPerSecond);
}
