/** What the aggregator believes of one path, folded from the rows of reports. Pure: time is an argument. */
import type { BurstTolerance } from "./burst-tolerance.ts";
import { toleranceAfter, unknownTolerance } from "./burst-tolerance.ts";
import { freshnessAfter } from "./confidence.ts";
import type { PathRate } from "./path-rate.ts";
import { rateAfter, rateAfterFailure, unknownRate } from "./path-rate.ts";
import type { PathReportRow } from "./report-check.ts";
import type { WindowedMinimum } from "./windowed-extreme.ts";
import { minimumAfter, minimumOf } from "./windowed-extreme.ts";

/** Times are milliseconds of a monotonic clock. Counts run since the estimate was first made. */
export interface PathEstimateState {
  readonly firstMs: number;
  /** When the newest sample came. */
  readonly sampledMs: number;
  readonly minRtt: WindowedMinimum | undefined;
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

/**
 * The estimate after one row of a report (checked by checkReport). RTT quantiles are blended by evidence,
 * q' = q + (row - q) n / (n + 8 f), where f is 1 for fresh knowledge and halves every 10 minutes; loss likewise with
 * 256 segments; the minimum RTT is that of the last 5 to 10 minutes; for the rate see path-rate.ts.
 */
export function estimateAfter(
  estimate: PathEstimateState | undefined,
  row: PathReportRow,
  nowMs: number,
): PathEstimateState {
  const before = estimate ?? emptyEstimate(nowMs);
  const freshness = freshnessAfter(nowMs - before.sampledMs);
  const rttWeight = weightOf(row.rttSamples, priorRttSamples * freshness);
  const lossWeight = weightOf(row.segmentsSent, priorSegments * freshness);
  const known = {
    ...before,
    sampledMs: row.rttSamples + row.saturatedSamples + row.unsaturatedSamples > 0 ? nowMs : before.sampledMs,
    minRtt: row.rttSamples > 0 ? minimumAfter(before.minRtt, row.rttMinUs, nowMs, minRttBucketMs) : before.minRtt,
    rttP50Us: blended(before.rttP50Us, row.rttP50Us, before.rttSamples === 0 ? Math.sign(rttWeight) : rttWeight),
    rttP95Us: blended(before.rttP95Us, row.rttP95Us, before.rttSamples === 0 ? Math.sign(rttWeight) : rttWeight),
    rate: rateAfter(before.rate, row, nowMs),
    tolerance: toleranceAfter(before.tolerance, row, nowMs),
    connectionBytes: connectionBytesAfter(before.connectionBytes, row),
    lossRatio: blended(before.lossRatio, ratioOf(row.segmentsRetransmitted, row.segmentsSent), lossWeight),
    markRatio: blended(before.markRatio, ratioOf(row.segmentsMarked, row.segmentsSent), lossWeight),
    fullQueueUs: fullQueueAfter(before, row),
    mssBytes: row.mssBytes > 0 ? row.mssBytes : before.mssBytes,
    rttSamples: before.rttSamples + row.rttSamples,
    rateSamples: before.rateSamples + row.saturatedSamples + row.unsaturatedSamples + row.trainSamples,
    connections: before.connections + row.connectionsOpened,
    busyMax:
      row.connectionsOpened > 0 ? Math.max(row.connectionsBusyMax, before.busyMax * busyMaxKept) : before.busyMax,
    windowsGranted: before.windowsGranted + row.windowsGranted,
    windowsCompleted: before.windowsCompleted + row.windowsCompleted,
    windowsFailed: before.windowsFailed + row.windowsFailed,
  };
  return afterReportedFailures(known, row, nowMs);
}

/**
 * The estimate after an event told that a granted first window failed. The report that counts the same failure comes
 * later and lowers nothing again.
 */
export function estimateAfterFailedJump(estimate: PathEstimateState, nowMs: number): PathEstimateState {
  return {
    ...estimate,
    rate: afterFailure(estimate, nowMs),
    failuresAhead: Math.min(estimate.failuresAhead + 1, 1_000_000),
  };
}

/** The minimum RTT, microseconds; 0 where no sample came yet. */
export function minRttUsOf(estimate: PathEstimateState): number {
  return estimate.minRtt === undefined ? 0 : minimumOf(estimate.minRtt);
}

/** Bandwidth-delay product, bytes: rate x minimum RTT; 0 where either is unknown. */
export function bdpBytesOf(estimate: PathEstimateState): number {
  return (estimate.rate.rateBytesPerSecond * minRttUsOf(estimate)) / 1e6;
}

/** Before the first row. */
export function emptyEstimate(nowMs: number): PathEstimateState {
  return {
    firstMs: nowMs,
    sampledMs: nowMs,
    minRtt: undefined,
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
}

function afterReportedFailures(estimate: PathEstimateState, row: PathReportRow, nowMs: number): PathEstimateState {
  if (row.windowsFailed === 0) return estimate;
  const ahead = nowMs - estimate.rate.retreatedMs <= failureAheadMs ? estimate.failuresAhead : 0;
  return {
    ...estimate,
    rate: row.windowsFailed > ahead ? afterFailure(estimate, nowMs) : estimate.rate,
    failuresAhead: Math.max(0, ahead - row.windowsFailed),
  };
}

function afterFailure(estimate: PathEstimateState, nowMs: number): PathRate {
  return rateAfterFailure(estimate.rate, minRttUsOf(estimate), estimate.lossRatio, nowMs);
}

function connectionBytesAfter(known: number, row: PathReportRow): number {
  if (row.connectionsOpened === 0) return known;
  const weight = known === 0 ? 1 : row.connectionsOpened / (row.connectionsOpened + priorConnections);
  return blended(known, row.bytesAcked / row.connectionsOpened, weight);
}

// What the slowest round trips wait while segments are lost is a full buffer. Most intervals end before it is full, so it is taken for a
// quarter of a BDP at first and follows what is below slowly; an acknowledgement may be late for another reason, so it follows what is
// above by halves.
function fullQueueAfter(before: PathEstimateState, row: PathReportRow): number {
  if (row.rttSamples === 0 || row.segmentsRetransmitted < overflowSegments) return before.fullQueueUs;
  const leastUs = before.minRtt === undefined ? row.rttMinUs : Math.min(row.rttMinUs, minimumOf(before.minRtt));
  const waitUs = row.rttP95Us - leastUs;
  const knownUs = before.fullQueueUs === 0 ? leastUs * usualBufferBdp : before.fullQueueUs;
  return blended(knownUs, waitUs, waitUs > knownUs ? fullerWeight : emptierWeight);
}

function weightOf(samples: number, priorSamples: number): number {
  return samples === 0 ? 0 : samples / (samples + priorSamples);
}

function blended(known: number, value: number, weight: number): number {
  return weight === 0 ? known : known + (value - known) * weight;
}

function ratioOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, part / whole);
}
