/** Decides which rows of a report may touch the view. A report is what a peer says: it is data, never an exception. */
import { addressBytes } from "../../proto/address.ts";
import type { PathReportReader } from "../../proto/path-report-reader.ts";
import { reportBounds } from "./bounds.ts";

/** One path of a report, every value within its bounds. */
export interface PathReportRow {
  readonly intervalUs: number;
  readonly rttMinUs: number;
  readonly rttP50Us: number;
  readonly rttP95Us: number;
  readonly rttSamples: number;
  readonly saturatedBytesPerSecond: number;
  readonly saturatedSamples: number;
  readonly unsaturatedBytesPerSecond: number;
  readonly unsaturatedSamples: number;
  readonly trainBytesPerSecond: number;
  readonly trainSamples: number;
  readonly bytesAcked: number;
  readonly segmentsSent: number;
  readonly segmentsRetransmitted: number;
  readonly segmentsMarked: number;
  readonly connectionsOpened: number;
  readonly connectionsBusyMax: number;
  readonly hostsTogether: number;
  readonly lossFlightHighest: number;
  readonly mssBytes: number;
  readonly windowsGranted: number;
  readonly windowsCompleted: number;
  readonly windowsFailed: number;
  readonly pacingFilled: number;
  readonly pacingMissed: number;
  readonly burstsKept: number;
  readonly burstsLost: number;
  readonly burstKeptHighest: number;
  readonly burstLostMean: number;
}

/** Why a whole report was refused. */
export const reportRefusals = [
  "wrong_host",
  "destinations_length",
  "too_many_rows",
  "column_length",
  "interval_out_of_range",
] as const;
export type ReportRefusal = (typeof reportRefusals)[number];

/** Why one row was refused. */
export const rowRefusals = [
  "destination_not_unicast",
  "rtt_out_of_range",
  "rtt_out_of_order",
  "rate_out_of_range",
  "bytes_out_of_range",
  "mss_out_of_range",
  "count_out_of_range",
] as const;
export type RowRefusal = (typeof rowRefusals)[number];

/** Why a report that was read is refused as a whole; undefined where its rows are worth a look. */
export function refusalOfReport(report: PathReportReader, subjectHostId: string): ReportRefusal | undefined {
  if (report.hostId !== subjectHostId) return "wrong_host";
  if (report.destinationsBytes % addressBytes !== 0) return "destinations_length";
  const rows = rowsOf(report);
  if (rows > reportBounds.rowsMax) return "too_many_rows";
  if (!report.hasRows(rows)) return "column_length";
  const { intervalMinUs, intervalMaxUs } = reportBounds;
  return isWithin(report.intervalUs, intervalMinUs, intervalMaxUs) ? undefined : "interval_out_of_range";
}

/** Rows of a report that was not refused. */
export function rowsOf(report: PathReportReader): number {
  return report.destinationsBytes / addressBytes;
}

/** Whether 16 bytes can be the far end of a TCP connection: neither ::, 0.0.0.0/8, multicast nor the limited broadcast address. */
export function isUnicast(view: DataView, at: number): boolean {
  const high = view.getUint32(at) | view.getUint32(at + 4);
  const isV4 = high === 0 && view.getUint32(at + 8) === 0xffff;
  if (isV4) return view.getUint8(at + 12) !== 0 && view.getUint8(at + 12) < 224;
  return view.getUint8(at) !== 0xff && (high | view.getUint32(at + 8) | view.getUint32(at + 12)) !== 0;
}

/** Why a row is refused; its destination is not looked at: isUnicast(). `areCountsFine`: it is known of its counts that they are within bounds. */
export function refusalOfRow(row: PathReportRow, areCountsFine = false): RowRefusal | undefined {
  if (row.rttSamples > 0) {
    if (!isWithin(row.rttMinUs, 1, reportBounds.rttMaxUs)) return "rtt_out_of_range";
    if (!isWithin(row.rttP95Us, 1, reportBounds.rttMaxUs)) return "rtt_out_of_range";
    if (!(row.rttMinUs <= row.rttP50Us && row.rttP50Us <= row.rttP95Us)) return "rtt_out_of_order";
  }
  if (row.saturatedSamples > 0 && !isRate(row.saturatedBytesPerSecond)) return "rate_out_of_range";
  if (row.unsaturatedSamples > 0 && !isRate(row.unsaturatedBytesPerSecond)) return "rate_out_of_range";
  if (row.trainSamples > 0 && !isRate(row.trainBytesPerSecond)) return "rate_out_of_range";
  // Bytes are counted when they are seen, so an interval may carry some of the one before.
  const bytesMax = (reportBounds.rateMaxBytesPerSecond * Math.max(2e6, 2 * row.intervalUs)) / 1e6;
  if (row.bytesAcked > bytesMax) return "bytes_out_of_range";
  if (row.mssBytes > reportBounds.mssMaxBytes) return "mss_out_of_range";
  if (row.hostsTogether > reportBounds.hostsTogetherMax) return "count_out_of_range";
  return areCountsFine || countsMax(row) <= reportBounds.connectionsMax ? undefined : "count_out_of_range";
}

function countsMax(row: PathReportRow): number {
  const connections = Math.max(row.connectionsOpened, row.connectionsBusyMax);
  const windows = Math.max(row.windowsGranted, row.windowsCompleted, row.windowsFailed);
  const pacing = Math.max(row.pacingFilled, row.pacingMissed);
  const bursts = Math.max(row.burstsKept, row.burstsLost, row.burstKeptHighest, row.burstLostMean);
  return Math.max(connections, windows, pacing, bursts, row.lossFlightHighest);
}

function isRate(bytesPerSecond: number): boolean {
  return isWithin(bytesPerSecond, 1, reportBounds.rateMaxBytesPerSecond);
}

function isWithin(value: number, lowest: number, highest: number): boolean {
  return value >= lowest && value <= highest;
}
