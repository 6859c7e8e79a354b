/** How many segments a path bears at once: the first ones of connections are not paced by the kernel. */
import type { Draft } from "./draft.ts";
import type { PathReportRow } from "./report-check.ts";

/** Milliseconds of a monotonic clock. */
export interface BurstTolerance {
  /** 0: nothing was ever lost. */
  readonly segments: number;
  /** When it was last lowered or raised. */
  readonly changedMs: number;
}

/** Before the first loss. */
export const unknownTolerance: BurstTolerance = { segments: 0, changedMs: Number.NEGATIVE_INFINITY };

/** CUBIC's multiplicative decrease (RFC 9438, section 4.6): too large a burst is a loss like any other. */
const lossGain = 0.7;
/**
 * That of Reno (RFC 5681, section 3.1) above four of the kernel's first windows: what many send at once is a multiple of what fits, and on
 * the way down to that retransmissions are lost as well.
 */
const manyLossGain = 0.5;
const manySegments = 40;
const growthGain = 1.1;
/** Of segments, at random: what is lost beyond this met a full buffer. */
const randomLoss = 0.01;
/** AUGMENTER_AT_ONCE_SEGMENTS of bpf/policy.h: of so many of one connection a loss counts. */
const atOnceSegments = 12;
/** Twice the kernel's first window and a little. */
export const shortSegments = 24;
/** Of all connections together; one alone fares better with two segments than with one (5 ms x 50 Mbit/s, one packet of buffer: 1.8 and 2.2 times the limit). */
const lowestSegments = 2;
/** Looking for more loses again where there is no more: seldom. */
const growthQuietMs = 120_000;

/**
 * Takes one row into a tolerance, in place: where more connections lost first segments than by random loss, 0.7 of the bursts that did, or
 * half of more than 40 segments; where bursts of about the tolerance came through for two minutes, a tenth more.
 */
export function foldTolerance(tolerance: Draft<BurstTolerance>, row: PathReportRow, nowMs: number): void {
  const { burstLostMean, burstKeptHighest } = row;
  const { segments, changedMs } = tolerance;
  if (isBeyondRandom(row)) {
    // Larger ones than are advised, in whole segments, left before that was known.
    if (segments > 0 && burstLostMean > Math.round(segments)) return;
    const gain = burstLostMean > manySegments ? manyLossGain : lossGain;
    tolerance.segments = Math.max(lowestSegments, burstLostMean * gain);
    tolerance.changedMs = nowMs;
    return;
  }
  const isProved = segments > 0 && burstKeptHighest * growthGain >= segments;
  if (!isProved || nowMs - changedMs < growthQuietMs) return;
  tolerance.segments = segments * growthGain;
  tolerance.changedMs = nowMs;
}

// Of n connections about n / 8 meet a random loss in the segments that are looked at. Where a buffer is nearly large enough, only the last ones of many
// lose, but all that they sent: of short connections, all of which is in their bursts, it shows in the segments. A single one of several says nothing.
function isBeyondRandom({ burstsLost, burstsKept, segmentsSent, segmentsRetransmitted }: PathReportRow): boolean {
  const connections = burstsLost + burstsKept;
  if (burstsLost === 0 || (burstsLost === 1 && burstsKept > 0)) return false;
  if (burstsLost > highestOf(connections * randomLoss * atOnceSegments)) return true;
  return segmentsSent <= shortSegments * connections && segmentsRetransmitted > highestOf(randomLoss * segmentsSent);
}

// A Poisson variable is seldom two deviations above its mean.
function highestOf(mean: number): number {
  return mean + 2 * Math.sqrt(mean);
}
