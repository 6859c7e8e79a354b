/** What the aggregator believes of one path, folded from the rows of reports. Pure: time is an argument. */
import type { BurstTolerance } from "./burst-tolerance.ts";
import { foldTolerance, unknownTolerance } from "./burst-tolerance.ts";
import { freshnessAfter } from "./confidence.ts";
import type { Draft } from "./draft.ts";
import type { PathRate } from "./path-rate.ts";
import { foldFailure, foldRate, unknownRate } from "./path-rate.ts";
import type { PathReportRow } from "./report-check.ts";
import type { WindowedExtreme } from "./windowed-extreme.ts";
import { foldMinimum, minimumOf, noMinimum } from "./windowed-extreme.ts";

/** Times are milliseconds of a monotonic clock. Counts run since the estimate was first made. */
export interface PathEstimateState {
  /** When the newest sample came. */
  readonly sampledMs: number;
  readonly minRtt: WindowedExtreme;
  readonly rttP50Us: number;
  readonly rttP95Us: number;
  readonly rate: PathRate;
  readonly tolerance: BurstTolerance;
  /** Payload bytes of a connection, mean of the recent ones; 0: not known. */
  readonly connectionBytes: number;
  /** Retransmitted / sent segments, 0..1, recent. */
  readonly lossRatio: number;
  /** Segments marked by ECN / sent segments, 0..1, recent. */
  readonly markRatio: number;
  /**
   * How long segments waited in front of the bottleneck when its buffer was full, microseconds; 0: it was never seen to overflow.
   */
  readonly fullQueueUs: number;
  /** Payload bytes of a full segment; 0: not known. */
  readonly mssBytes: number;
  readonly rttSamples: number;
  readonly rateSamples: number;
  readonly connections: number;
  /** Most connections that were busy at one time, recent. */
  readonly busyMax: number;
  readonly windowsGranted: number;
  readonly windowsCompleted: number;
  readonly windowsFailed: number;
  /** Failures that events told of and no report has counted yet. */
  readonly failuresAhead: number;
}

/** How many connections start together is remembered for some ten intervals with traffic. */
const busyMaxKept = 0.9;
const minRttBucketMs = 5 * 60_000;
/** Samples that weigh as much as the quantiles known before. */
const priorRttSamples = 8;
/** A failure is counted by a report within this time of its event, or the report was lost. */
const failureAheadMs = 5_000;
/** Connections that weigh as much as the mean size known before. */
const priorConnections = 8;
/** So many segments sent again in one interval are a buffer that overflowed, not chance. */
const overflowSegments = 3;
const fullerWeight = 1 / 2;
const emptierWeight = 1 / 16;
/** Before it was seen full: as small as buffers usually are. */
const usualBufferBdp = 0.25;
/** Segments that weigh as much as the loss known before: about one first window of a fast path. */
const priorSegments = 256;

/** Before the first row. */
export const emptyEstimate: PathEstimateState = {
  sampledMs: Number.NEGATIVE_INFINITY,
  minRtt: noMinimum,
  rttP50Us: 0,
  rttP95Us: 0,
  rate: unknownRate,
  tolerance: unknownTolerance,
  connectionBytes: 0,
  lossRatio: 0,
  markRatio: 0,
  fullQueueUs: 0,
  mssBytes: 0,
  rttSamples: 0,
  rateSamples: 0,
  connections: 0,
  busyMax: 0,
  windowsGranted: 0,
  windowsCompleted: 0,
  windowsFailed: 0,
  failuresAhead: 0,
};

/**
 * Takes one row of a report (checked by report-check.ts) into an estimate, in place. RTT quantiles are blended by evidence,
 * q' = q + (row - q) n / (n + 8 f), where f is 1 for fresh knowledge and halves every 10 minutes; loss likewise with
 * 256 segments; the minimum RTT is that of the last 5 to 10 minutes; for the rate see path-rate.ts. No time in the estimate is later than
 * `latestMs`, which need not be known: only where the clock was set back since then do any lie ahead.
 */
export function foldRow(
  estimate: Draft<PathEstimateState>,
  row: PathReportRow,
  nowMs: number,
  latestMs = Number.POSITIVE_INFINITY,
): void {
  // The first row of a path is new, whatever it tells.
  if (estimate.sampledMs === Number.NEGATIVE_INFINITY) estimate.sampledMs = nowMs;
  const freshness = freshnessAfter(nowMs - estimate.sampledMs);
  const rateSamples = row.saturatedSamples + row.unsaturatedSamples;
  if (row.rttSamples + rateSamples > 0) estimate.sampledMs = nowMs;
  if (row.rttSamples > 0 && row.segmentsRetransmitted >= overflowSegments) foldFullQueue(estimate, row);
  if (row.rttSamples > 0) foldRtt(estimate, row, freshness, nowMs);
  foldRate(estimate.rate, row, nowMs);
  foldTolerance(estimate.tolerance, row, nowMs);
  if (row.segmentsSent > 0) foldLoss(estimate, row, freshness);
  if (row.mssBytes > 0) estimate.mssBytes = row.mssBytes;
  estimate.rateSamples += rateSamples + row.trainSamples;
  if (row.connectionsOpened > 0) foldConnections(estimate, row);
  if (row.windowsGranted > 0) estimate.windowsGranted += row.windowsGranted;
  if (row.windowsCompleted > 0) estimate.windowsCompleted += row.windowsCompleted;
  if (row.windowsFailed > 0) {
    estimate.windowsFailed += row.windowsFailed;
    foldReportedFailures(estimate, row.windowsFailed, nowMs);
  }
  if (nowMs < latestMs) bringBack(estimate, nowMs);
}

/**
 * Lowers an estimate, in place, after an event told that a granted first window failed. The report that counts the same failure comes
 * later and lowers nothing again.
 */
export function foldFailedJump(estimate: Draft<PathEstimateState>, nowMs: number): void {
  foldFailure(estimate.rate, minRttUsOf(estimate), estimate.lossRatio, nowMs);
  estimate.failuresAhead = Math.min(estimate.failuresAhead + 1, 1_000_000);
  bringBack(estimate, nowMs);
}

/** The newest time in an estimate, but for those of its windowed extremes; -Infinity where there is none. */
export function latestMsOf({ sampledMs, rate, tolerance }: PathEstimateState): number {
  const rateMs = Math.max(rate.sampledMs, rate.fullMs, rate.knownMs, rate.grownMs, rate.retreatedMs);
  return Math.max(sampledMs, rateMs, tolerance.changedMs);
}

/** The minimum RTT, microseconds; 0 where no sample came yet. */
export function minRttUsOf(estimate: PathEstimateState): number {
  const minimumUs = minimumOf(estimate.minRtt);
  return minimumUs === Number.POSITIVE_INFINITY ? 0 : minimumUs;
}

/** Bandwidth-delay product, bytes: rate x minimum RTT; 0 where either is unknown. */
export function bdpBytesOf(estimate: PathEstimateState): number {
  return (estimate.rate.rateBytesPerSecond * minRttUsOf(estimate)) / 1e6;
}

function foldRtt(estimate: Draft<PathEstimateState>, row: PathReportRow, freshness: number, nowMs: number): void {
  foldMinimum(estimate.minRtt, row.rttMinUs, nowMs, minRttBucketMs);
  const weight = estimate.rttSamples === 0 ? 1 : row.rttSamples / (row.rttSamples + priorRttSamples * freshness);
  estimate.rttP50Us += (row.rttP50Us - estimate.rttP50Us) * weight;
  estimate.rttP95Us += (row.rttP95Us - estimate.rttP95Us) * weight;
  estimate.rttSamples += row.rttSamples;
}

function foldLoss(estimate: Draft<PathEstimateState>, row: PathReportRow, freshness: number): void {
  const { segmentsSent, segmentsRetransmitted, segmentsMarked } = row;
  const weight = segmentsSent / (segmentsSent + priorSegments * freshness);
  estimate.lossRatio += (Math.min(1, segmentsRetransmitted / segmentsSent) - estimate.lossRatio) * weight;
  estimate.markRatio += (Math.min(1, segmentsMarked / segmentsSent) - estimate.markRatio) * weight;
}

// What the slowest round trips wait while segments are lost is a full buffer. Most intervals end before it is full, so it is taken for a
// quarter of a BDP at first and follows what is below slowly; an acknowledgement may be late for another reason, so it follows what is
// above by halves.
function foldFullQueue(estimate: Draft<PathEstimateState>, row: PathReportRow): void {
  const leastUs = Math.min(row.rttMinUs, minimumOf(estimate.minRtt));
  const waitUs = row.rttP95Us - leastUs;
  const knownUs = estimate.fullQueueUs === 0 ? leastUs * usualBufferBdp : estimate.fullQueueUs;
  estimate.fullQueueUs = knownUs + (waitUs - knownUs) * (waitUs > knownUs ? fullerWeight : emptierWeight);
}

function foldConnections(estimate: Draft<PathEstimateState>, row: PathReportRow): void {
  const { connectionsOpened } = row;
  const known = estimate.connectionBytes;
  const weight = known === 0 ? 1 : connectionsOpened / (connectionsOpened + priorConnections);
  estimate.connectionBytes = known + (row.bytesAcked / connectionsOpened - known) * weight;
  estimate.connections += connectionsOpened;
  estimate.busyMax = Math.max(row.connectionsBusyMax, estimate.busyMax * busyMaxKept);
}

function foldReportedFailures(estimate: Draft<PathEstimateState>, failed: number, nowMs: number): void {
  const sinceRetreatMs = nowMs - estimate.rate.retreatedMs;
  const ahead = sinceRetreatMs >= 0 && sinceRetreatMs <= failureAheadMs ? estimate.failuresAhead : 0;
  if (failed > ahead) foldFailure(estimate.rate, minRttUsOf(estimate), estimate.lossRatio, nowMs);
  estimate.failuresAhead = Math.max(0, ahead - failed);
}

// Times that lie ahead are of before the clock was set back, and nobody knows how long ago that was. Left there, what happened then would count as new
// until the clock has caught up with it, an hour or a year later, and whatever waits for a time to pass since then would wait as long.
// As of now they age like all others. Of the windowed extremes see windowed-extreme.ts.
function bringBack(estimate: Draft<PathEstimateState>, nowMs: number): void {
  const { rate, tolerance } = estimate;
  if (estimate.sampledMs > nowMs) estimate.sampledMs = nowMs;
  if (rate.sampledMs > nowMs) rate.sampledMs = nowMs;
  if (rate.fullMs > nowMs) rate.fullMs = nowMs;
  if (rate.knownMs > nowMs) rate.knownMs = nowMs;
  if (rate.grownMs > nowMs) rate.grownMs = nowMs;
  if (rate.retreatedMs > nowMs) rate.retreatedMs = nowMs;
  if (tolerance.changedMs > nowMs) tolerance.changedMs = nowMs;
}
