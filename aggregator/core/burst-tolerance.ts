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

/**
 * CUBIC's multiplicative decrease (RFC 9438, section 4.6), and that of Reno (RFC 5681, section 3.1) for the bursts of several at once: those are
 * a multiple of what fits, and on the way down to that retransmissions are lost as well.
 */
const lossGainAlone = 0.7;
const lossGain = 0.5;
const growthGain = 1.1;
/** Of segments, at random: what is lost beyond this met a full buffer. */
const randomLoss = 0.01;
/** AUGMENTER_AT_ONCE_SEGMENTS of bpf/policy.h: what one connection loses of them. */
const atOnceSegments = 12;
/** Twice the kernel's first window and a little. */
export const shortSegments = 24;
/** Of all connections together; one alone fares better with two segments than with one (5 ms x 50 Mbit/s, one packet of buffer: 1.8 and 2.2 times the limit). */
const lowestSegments = 2;
/** Looking for more loses again where there is no more: seldom. */
const growthQuietMs = 120_000;

/**
 * Takes one row into a tolerance, in place: where more connections lost first segments than by random loss, half of the bursts that did, of
 * one alone 0.7; where bursts of about the tolerance came through for two minutes, a tenth more.
 */
export function foldTolerance(tolerance: Draft<BurstTolerance>, row: PathReportRow, nowMs: number): void {
  const { burstLostMean, burstKeptHighest } = row;
  const { segments, changedMs } = tolerance;
  if (isBeyondRandom(row)) {
    // Larger ones than are advised left before that was known.
    if (segments > 0 && burstLostMean > segments) return;
    const gain = row.connectionsBusyMax > 1 ? lossGain : lossGainAlone;
    tolerance.segments = Math.max(lowestSegments, burstLostMean * gain);
    tolerance.changedMs = nowMs;
    return;
  }
  const isProved = segments > 0 && burstKeptHighest * growthGain >= segments;
  if (!isProved || nowMs - changedMs < growthQuietMs) return;
  tolerance.segments = segments * growthGain;
  tolerance.changedMs = nowMs;
}

// Of n connections that send s segments each about n s / 100 meet a random loss. Where a buffer is nearly large enough, only the last ones of many lose,
// but all that they sent: of short connections, all of which is in their bursts, it shows in the segments.
function isBeyondRandom(row: PathReportRow): boolean {
  const { burstsLost, burstsKept, burstLostMean, connectionsBusyMax, segmentsSent, segmentsRetransmitted } = row;
  if (burstsLost === 0) return false;
  const connections = burstsLost + burstsKept;
  const own = Math.min(atOnceSegments, burstLostMean / Math.max(1, connectionsBusyMax));
  if (burstsLost > highestOf(connections * randomLoss * own)) return true;
  return segmentsSent <= shortSegments * connections && segmentsRetransmitted > highestOf(randomLoss * segmentsSent);
}

// A Poisson variable is seldom two deviations above its mean.
function highestOf(mean: number): number {
  return mean + 2 * Math.sqrt(mean);
}
