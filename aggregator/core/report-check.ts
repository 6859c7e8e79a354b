/** Decides which rows of a report may touch the view. A report is what a peer says: it is data, never an exception. */
import { addressBytes } from "../../proto/address.ts";
import type { PathReportReader } from "../../proto/path-report-reader.ts";
import { reportColumn as column } from "../../proto/path-report-reader.ts";
import { reportBounds } from "./bounds.ts";
import type { Draft } from "./draft.ts";

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

/** A row to be read into. */
export function emptyRow(): Draft<PathReportRow> {
  return {
    intervalUs: 0,
    rttMinUs: 0,
    rttP50Us: 0,
    rttP95Us: 0,
    rttSamples: 0,
    saturatedBytesPerSecond: 0,
    saturatedSamples: 0,
    unsaturatedBytesPerSecond: 0,
    unsaturatedSamples: 0,
    trainBytesPerSecond: 0,
    trainSamples: 0,
    bytesAcked: 0,
    segmentsSent: 0,
    segmentsRetransmitted: 0,
    segmentsMarked: 0,
    connectionsOpened: 0,
    connectionsBusyMax: 0,
    hostsTogether: 0,
    lossFlightHighest: 0,
    mssBytes: 0,
    windowsGranted: 0,
    windowsCompleted: 0,
    windowsFailed: 0,
    pacingFilled: 0,
    pacingMissed: 0,
    burstsKept: 0,
    burstsLost: 0,
    burstKeptHighest: 0,
    burstLostMean: 0,
  };
}

/**
 * Reads one row, in place; what is returned says why it is refused. Its destination is not looked at: isUnicast(). Spelled out, because the
 * compiler stops inlining after some calls, and this is done millions of times a second.
 */
export function readRow(report: PathReportReader, index: number, row: Draft<PathReportRow>): RowRefusal | undefined {
  const { view, columnAt: at } = report;
  const offset = 4 * index;
  row.intervalUs = report.intervalUs;
  row.rttMinUs = view.getUint32((at[column.rttMinUs] ?? 0) + offset, true);
  row.rttP50Us = view.getUint32((at[column.rttP50Us] ?? 0) + offset, true);
  row.rttP95Us = view.getUint32((at[column.rttP95Us] ?? 0) + offset, true);
  row.rttSamples = view.getUint32((at[column.rttSamples] ?? 0) + offset, true);
  row.saturatedBytesPerSecond = wide(view, (at[column.saturatedBytesPerSecond] ?? 0) + 2 * offset);
  row.saturatedSamples = view.getUint32((at[column.saturatedSamples] ?? 0) + offset, true);
  row.unsaturatedBytesPerSecond = wide(view, (at[column.unsaturatedBytesPerSecond] ?? 0) + 2 * offset);
  row.unsaturatedSamples = view.getUint32((at[column.unsaturatedSamples] ?? 0) + offset, true);
  row.trainBytesPerSecond = wide(view, (at[column.trainBytesPerSecond] ?? 0) + 2 * offset);
  row.trainSamples = view.getUint32((at[column.trainSamples] ?? 0) + offset, true);
  row.bytesAcked = wide(view, (at[column.bytesAcked] ?? 0) + 2 * offset);
  row.segmentsSent = view.getUint32((at[column.segmentsSent] ?? 0) + offset, true);
  row.segmentsRetransmitted = view.getUint32((at[column.segmentsRetransmitted] ?? 0) + offset, true);
  row.segmentsMarked = view.getUint32((at[column.segmentsMarked] ?? 0) + offset, true);
  row.connectionsOpened = view.getUint32((at[column.connectionsOpened] ?? 0) + offset, true);
  row.connectionsBusyMax = view.getUint32((at[column.connectionsBusyMax] ?? 0) + offset, true);
  row.hostsTogether = view.getUint32((at[column.hostsTogether] ?? 0) + offset, true);
  row.lossFlightHighest = view.getUint32((at[column.lossFlightHighest] ?? 0) + offset, true);
  row.mssBytes = view.getUint32((at[column.mssBytes] ?? 0) + offset, true);
  row.windowsGranted = view.getUint32((at[column.windowsGranted] ?? 0) + offset, true);
  row.windowsCompleted = view.getUint32((at[column.windowsCompleted] ?? 0) + offset, true);
  row.windowsFailed = view.getUint32((at[column.windowsFailed] ?? 0) + offset, true);
  row.pacingFilled = view.getUint32((at[column.pacingFilled] ?? 0) + offset, true);
  row.pacingMissed = view.getUint32((at[column.pacingMissed] ?? 0) + offset, true);
  row.burstsKept = view.getUint32((at[column.burstsKept] ?? 0) + offset, true);
  row.burstsLost = view.getUint32((at[column.burstsLost] ?? 0) + offset, true);
  row.burstKeptHighest = view.getUint32((at[column.burstKeptHighest] ?? 0) + offset, true);
  row.burstLostMean = view.getUint32((at[column.burstLostMean] ?? 0) + offset, true);
  return refusalOfRow(row);
}

/** Whether 16 bytes can be the far end of a TCP connection: neither ::, 0.0.0.0/8, multicast nor the limited broadcast address. */
export function isUnicast(view: DataView, at: number): boolean {
  const high = view.getUint32(at) | view.getUint32(at + 4);
  const isV4 = high === 0 && view.getUint32(at + 8) === 0xffff;
  if (isV4) return view.getUint8(at + 12) !== 0 && view.getUint8(at + 12) < 224;
  return view.getUint8(at) !== 0xff && (high | view.getUint32(at + 8) | view.getUint32(at + 12)) !== 0;
}

function refusalOfRow(row: PathReportRow): RowRefusal | undefined {
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
  return countsMax(row) <= reportBounds.connectionsMax ? undefined : "count_out_of_range";
}

function countsMax(row: PathReportRow): number {
  const connections = Math.max(row.connectionsOpened, row.connectionsBusyMax);
  const windows = Math.max(row.windowsGranted, row.windowsCompleted, row.windowsFailed);
  const pacing = Math.max(row.pacingFilled, row.pacingMissed);
  const bursts = Math.max(row.burstsKept, row.burstsLost, row.burstKeptHighest, row.burstLostMean);
  return Math.max(connections, windows, pacing, bursts, row.lossFlightHighest);
}

function wide(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

function isRate(bytesPerSecond: number): boolean {
  return isWithin(bytesPerSecond, 1, reportBounds.rateMaxBytesPerSecond);
}

function isWithin(value: number, lowest: number, highest: number): boolean {
  return value >= lowest && value <= highest;
}
