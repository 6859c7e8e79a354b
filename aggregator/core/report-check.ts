/** Decides which rows of a report may touch the view. A report is what a peer says: it is data, never an exception. */

import { addressBytes } from "../../proto/address.ts";
import type { PathReport__Output } from "../../proto/gen/augmenter/v1/PathReport.ts";
import { reportBounds } from "./bounds.ts";

/** One path of a report, every value within its bounds. */
export interface PathReportRow {
  /** 16 bytes. */
  readonly destination: Uint8Array;
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

export type ReportCheck =
  | { readonly ok: false; readonly refusal: ReportRefusal }
  | {
      readonly ok: true;
      readonly rows: readonly PathReportRow[];
      readonly refusedRows: ReadonlyMap<RowRefusal, number>;
    };

/** Checks a report against the host its subject names, and each of its rows. Never throws. */
export function checkReport(report: PathReport__Output, subjectHostId: string): ReportCheck {
  const refusal = refusalOfReport(report, subjectHostId);
  if (refusal !== undefined) return { ok: false, refusal };
  const rows: PathReportRow[] = [];
  const refusedRows = new Map<RowRefusal, number>();
  const count = report.destinations.length / addressBytes;
  for (let index = 0; index < count; index += 1) {
    const row = rowAt(report, index);
    const reason = refusalOfRow(row);
    if (reason === undefined) rows.push(row);
    else refusedRows.set(reason, (refusedRows.get(reason) ?? 0) + 1);
  }
  return { ok: true, rows, refusedRows };
}

function refusalOfReport(report: PathReport__Output, subjectHostId: string): ReportRefusal | undefined {
  if (report.hostId !== subjectHostId) return "wrong_host";
  if (report.destinations.length % addressBytes !== 0) return "destinations_length";
  const count = report.destinations.length / addressBytes;
  if (count > reportBounds.rowsMax) return "too_many_rows";
  if (columnsOf(report).some((column) => column.length !== count)) return "column_length";
  const { intervalMinUs, intervalMaxUs } = reportBounds;
  if (!(report.intervalUs >= intervalMinUs && report.intervalUs <= intervalMaxUs)) return "interval_out_of_range";
  return undefined;
}

function columnsOf(report: PathReport__Output): readonly (readonly number[])[] {
  return [
    report.rttMinUs,
    report.rttP50Us,
    report.rttP95Us,
    report.rttSamples,
    report.saturatedBytesPerSecond,
    report.saturatedSamples,
    report.unsaturatedBytesPerSecond,
    report.unsaturatedSamples,
    report.trainBytesPerSecond,
    report.trainSamples,
    report.bytesAcked,
    report.segmentsSent,
    report.segmentsRetransmitted,
    report.segmentsMarked,
    report.connectionsOpened,
    report.connectionsBusyMax,
    report.hostsTogether,
    report.lossFlightHighest,
    report.mssBytes,
    report.windowsGranted,
    report.windowsCompleted,
    report.windowsFailed,
    report.pacingFilled,
    report.pacingMissed,
    report.burstsKept,
    report.burstsLost,
    report.burstKeptHighest,
    report.burstLostMean,
  ];
}

function rowAt(report: PathReport__Output, index: number): PathReportRow {
  const at = (column: readonly number[]) => column[index] ?? Number.NaN;
  return {
    // A copy: a view of the payload would keep the whole report alive as long as the path.
    destination: new Uint8Array(report.destinations.subarray(index * addressBytes, (index + 1) * addressBytes)),
    intervalUs: report.intervalUs,
    rttMinUs: at(report.rttMinUs),
    rttP50Us: at(report.rttP50Us),
    rttP95Us: at(report.rttP95Us),
    rttSamples: at(report.rttSamples),
    saturatedBytesPerSecond: at(report.saturatedBytesPerSecond),
    saturatedSamples: at(report.saturatedSamples),
    unsaturatedBytesPerSecond: at(report.unsaturatedBytesPerSecond),
    unsaturatedSamples: at(report.unsaturatedSamples),
    trainBytesPerSecond: at(report.trainBytesPerSecond),
    trainSamples: at(report.trainSamples),
    bytesAcked: at(report.bytesAcked),
    segmentsSent: at(report.segmentsSent),
    segmentsRetransmitted: at(report.segmentsRetransmitted),
    segmentsMarked: at(report.segmentsMarked),
    connectionsOpened: at(report.connectionsOpened),
    connectionsBusyMax: at(report.connectionsBusyMax),
    hostsTogether: at(report.hostsTogether),
    lossFlightHighest: at(report.lossFlightHighest),
    mssBytes: at(report.mssBytes),
    windowsGranted: at(report.windowsGranted),
    windowsCompleted: at(report.windowsCompleted),
    windowsFailed: at(report.windowsFailed),
    pacingFilled: at(report.pacingFilled),
    pacingMissed: at(report.pacingMissed),
    burstsKept: at(report.burstsKept),
    burstsLost: at(report.burstsLost),
    burstKeptHighest: at(report.burstKeptHighest),
    burstLostMean: at(report.burstLostMean),
  };
}

function refusalOfRow(row: PathReportRow): RowRefusal | undefined {
  if (!isUnicast(row.destination)) return "destination_not_unicast";
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
  if (!isWithin(row.bytesAcked, 0, bytesMax)) return "bytes_out_of_range";
  if (!isWithin(row.mssBytes, 0, reportBounds.mssMaxBytes)) return "mss_out_of_range";
  return countsOf(row).every((count) => isWithin(count, 0, reportBounds.connectionsMax)) && isFiniteCount(row)
    ? undefined
    : "count_out_of_range";
}

function countsOf(row: PathReportRow): readonly number[] {
  return [
    row.connectionsOpened,
    row.connectionsBusyMax,
    row.hostsTogether,
    row.lossFlightHighest,
    row.windowsGranted,
    row.windowsCompleted,
    row.windowsFailed,
    row.pacingFilled,
    row.pacingMissed,
    row.burstsKept,
    row.burstsLost,
    row.burstKeptHighest,
    row.burstLostMean,
  ];
}

// 32-bit columns cannot be out of range, but a decoder's output is not trusted to be 32 bits.
function isFiniteCount(row: PathReportRow): boolean {
  return [
    row.rttSamples,
    row.saturatedSamples,
    row.unsaturatedSamples,
    row.trainSamples,
    row.segmentsSent,
    row.segmentsRetransmitted,
    row.segmentsMarked,
  ].every((count) => isWithin(count, 0, 0xffffffff));
}

function isRate(bytesPerSecond: number): boolean {
  return isWithin(bytesPerSecond, 1, reportBounds.rateMaxBytesPerSecond);
}

function isWithin(value: number, lowest: number, highest: number): boolean {
  return value >= lowest && value <= highest;
}

// Neither ::, 0.0.0.0/8, multicast nor the limited broadcast address can be the far end of a TCP connection.
function isUnicast(address: Uint8Array): boolean {
  const isV4 = address.subarray(0, 10).every((byte) => byte === 0) && address[10] === 0xff && address[11] === 0xff;
  if (isV4) return address[12] !== 0 && (address[12] ?? 0) < 224;
  return address[0] !== 0xff && address.some((byte) => byte !== 0);
}
