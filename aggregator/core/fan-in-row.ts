/** What one report tells of a host's sending to one receiver. */
import type { FanInRow } from "./fan-in.ts";
import type { PathReportRow } from "./report-check.ts";

/** An address that more hosts claim belongs to none of them, as that of a bridge that every host has: it is nobody's crowd. */
export const crowdClaimantsMax = 8;

/** Of a row of the report. */
export function fanInRowOf(row: PathReportRow): FanInRow {
  const { intervalUs, segmentsSent, segmentsRetransmitted, lossFlightHighest, burstsKept, burstsLost } = row;
  const { burstLostMean, rttMinUs, rttP50Us, bytesAcked, connectionsOpened, mssBytes } = row;
  const connectionSegments = connectionsOpened === 0 ? 0 : bytesAcked / connectionsOpened / Math.max(1, mssBytes);
  return {
    intervalUs,
    segmentsSent,
    segmentsRetransmitted,
    connectionSegments,
    lossFlightHighest,
    burstsKept,
    burstsLost,
    burstLostMean,
    rttMinUs,
    rttP50Us,
  };
}

/** Of two rows, to different addresses of the receiver: what was sent and lost is added up, of the rest the one that says more holds. */
export function fanInRowSum(one: FanInRow, other: FanInRow): FanInRow {
  const burstsLost = one.burstsLost + other.burstsLost;
  const burstsLostSegments = one.burstsLost * one.burstLostMean + other.burstsLost * other.burstLostMean;
  const queued = one.rttP50Us - one.rttMinUs > other.rttP50Us - other.rttMinUs ? one : other;
  return {
    intervalUs: one.intervalUs,
    segmentsSent: one.segmentsSent + other.segmentsSent,
    segmentsRetransmitted: one.segmentsRetransmitted + other.segmentsRetransmitted,
    connectionSegments: Math.max(one.connectionSegments, other.connectionSegments),
    lossFlightHighest: Math.max(one.lossFlightHighest, other.lossFlightHighest),
    burstsKept: one.burstsKept + other.burstsKept,
    burstsLost,
    burstLostMean: burstsLost === 0 ? 0 : burstsLostSegments / burstsLost,
    rttMinUs: queued.rttMinUs,
    rttP50Us: queued.rttP50Us,
  };
}
