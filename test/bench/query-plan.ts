/** What bench:query asks about, the same in its two processes. */
import type { PathReportRow } from "../../aggregator/core/report-check.ts";

/** Hosts of which each has a path to every other: 65,280 paths. */
export const pathHosts = 256;

export function queryHostId(host: number): string {
  return `host-${String(host).padStart(4, "0")}.cluster.example`;
}

export function queryAddress(host: number): string {
  return `10.1.${host >> 8}.${host & 255}`;
}

/** One interval of a healthy path, a little different for each. */
export function pathRow(from: number, to: number): PathReportRow {
  const rttUs = 200 + ((from * 31 + to * 17) % 20_000);
  return {
    intervalUs: 1_000_000,
    rttMinUs: rttUs,
    rttP50Us: rttUs + 500,
    rttP95Us: rttUs + 2_000,
    rttSamples: 64,
    saturatedBytesPerSecond: 10_000_000 + from * 10_000 + to,
    saturatedSamples: 32,
    unsaturatedBytesPerSecond: 0,
    unsaturatedSamples: 0,
    bytesAcked: 4_000_000,
    segmentsSent: 3_000,
    segmentsRetransmitted: 3,
    segmentsMarked: 0,
    connectionsOpened: 8,
    connectionsBusyMax: 1,
    hostsTogether: 1,
    lossFlightHighest: 0,
    mssBytes: 1_448,
    windowsGranted: 0,
    windowsCompleted: 0,
    windowsFailed: 0,
    pacingFilled: 0,
    pacingMissed: 0,
    burstsKept: 8,
    burstsLost: 0,
    burstKeptHighest: 10,
    burstLostMean: 0,
    trainBytesPerSecond: 0,
    trainSamples: 0,
  };
}
