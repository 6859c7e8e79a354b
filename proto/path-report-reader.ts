/**
 * Reads sealed path reports where they lie: no object and no copy for a column. The one message that comes by the million; all others,
 * and reports in any form that a writer may choose beside the usual one, are the library's (messages.ts).
 */
import { crc32 } from "node:zlib";
import type { PayloadRefusal } from "./messages.ts";
import { pathReport, payloadMaxBytes } from "./messages.ts";

/** Numbers of the columns, as in telemetry.proto; those of `wideColumns` have 8 bytes a row, the others 4. */
export const reportColumn = {
  rttMinUs: 17,
  rttP50Us: 18,
  rttP95Us: 19,
  rttSamples: 20,
  saturatedBytesPerSecond: 21,
  saturatedSamples: 22,
  unsaturatedBytesPerSecond: 23,
  unsaturatedSamples: 24,
  bytesAcked: 25,
  segmentsSent: 26,
  segmentsRetransmitted: 27,
  segmentsMarked: 28,
  connectionsOpened: 29,
  connectionsBusyMax: 30,
  mssBytes: 31,
  windowsGranted: 32,
  windowsCompleted: 33,
  windowsFailed: 34,
  pacingFilled: 35,
  pacingMissed: 36,
  trainBytesPerSecond: 37,
  trainSamples: 38,
  burstsKept: 39,
  burstsLost: 40,
  burstKeptHighest: 41,
  burstLostMean: 42,
  hostsTogether: 43,
  lossFlightHighest: 44,
} as const;

const wideColumns: ReadonlySet<number> = new Set([
  reportColumn.saturatedBytesPerSecond,
  reportColumn.unsaturatedBytesPerSecond,
  reportColumn.bytesAcked,
  reportColumn.trainBytesPerSecond,
]);
/** Whether a column has 8 bytes a row instead of 4. */
export function isWideColumn(column: number): boolean {
  return wideColumns.has(column);
}

const firstColumn = reportColumn.rttMinUs;
const lastColumn = reportColumn.lossFlightHighest;
const rowBytes = Uint8Array.from({ length: lastColumn + 1 }, (_, column) => (wideColumns.has(column) ? 8 : 4));

const hostIdField = 1;
const epochField = 2;
const sequenceField = 3;
const endedField = 4;
const intervalField = 5;
const droppedField = 6;
const destinationsField = 16;
const fixed64 = 1;
const delimited = 2;
const fixed32 = 5;

/** The report that was read last. Its bytes are the payload's own: valid for as long as that is. */
export class PathReportReader {
  hostId = "";
  epoch = 0;
  sequence = 0;
  endedUnixMs = 0;
  intervalUs = 0;
  reportsDropped = 0;
  /** 16 bytes a row. */
  destinationsAt = 0;
  destinationsBytes = 0;
  view: DataView = new DataView(new ArrayBuffer(0));
  /** By column number: where it begins in `view`, and its bytes. */
  readonly columnAt = new Int32Array(lastColumn + 1);
  readonly columnBytes = new Int32Array(lastColumn + 1);
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** Reads a payload; what is returned says why it was refused. Never throws. */
  read(payload: Uint8Array): PayloadRefusal | undefined {
    if (payload.length > payloadMaxBytes) return "too_large";
    const verdict = this.#readUsual(payload);
    if (verdict !== "unusual") return verdict;
    const opened = pathReport.open(payload);
    if (!opened.ok) return opened.refusal;
    // The library writes the usual form, unless there is nothing to write.
    return this.#readUsual(pathReport.seal(opened.message)) === undefined ? undefined : "not_protobuf";
  }

  /** Whether every column has so many rows. */
  hasRows(rows: number): boolean {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      if (this.columnBytes[column] !== rows * (rowBytes[column] ?? 4)) return false;
    }
    return true;
  }

  #readUsual(payload: Uint8Array): PayloadRefusal | "unusual" | undefined {
    this.#bytes = payload;
    this.view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    // Field 1, four bytes; field 2, up to the end.
    if (payload.length < 7 || payload[0] !== 0x0d || payload[5] !== 0x12) return "unusual";
    this.#at = 6;
    const length = this.#varint();
    if (length < 0 || this.#at + length !== payload.length) return "unusual";
    if (crc32(payload.subarray(this.#at)) !== this.view.getUint32(1, true)) return "bad_checksum";
    return this.#readFields(payload.length) ? undefined : "unusual";
  }

  #readFields(end: number): boolean {
    this.hostId = "";
    this.epoch = this.sequence = this.endedUnixMs = this.intervalUs = this.reportsDropped = 0;
    this.destinationsAt = this.destinationsBytes = 0;
    this.columnAt.fill(0);
    this.columnBytes.fill(0);
    while (this.#at < end) {
      const key = this.#varint();
      const field = key >>> 3;
      if (key < 8) return false;
      if (!((key & 7) === delimited ? this.#readDelimited(field, end) : this.#readFixed(field, key & 7, end)))
        return false;
    }
    return true;
  }

  #readDelimited(field: number, end: number): boolean {
    const length = this.#varint();
    const at = this.#at;
    if (length < 0 || at + length > end) return false;
    this.#at = at + length;
    if (field >= firstColumn && field <= lastColumn) {
      // A column in several parts is one column: the library puts it together.
      if (this.columnAt[field] !== 0 || length % (rowBytes[field] ?? 4) !== 0) return false;
      this.columnAt[field] = at;
      this.columnBytes[field] = length;
    } else if (field === destinationsField) {
      this.destinationsAt = at;
      this.destinationsBytes = length;
    } else if (field === hostIdField) {
      this.hostId = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, length).toString("latin1");
    } else if (field <= droppedField) return false;
    return true;
  }

  #readFixed(field: number, wire: number, end: number): boolean {
    const at = this.#at;
    if (wire === fixed64) {
      if (at + 8 > end) return false;
      this.#at = at + 8;
      const value = this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
      if (field === epochField) this.epoch = value;
      else if (field === sequenceField) this.sequence = value;
      else if (field === endedField) this.endedUnixMs = value;
      else if (field === droppedField) this.reportsDropped = value;
      else return field > lastColumn;
      return true;
    }
    if (wire !== fixed32 || at + 4 > end) return false;
    this.#at = at + 4;
    if (field === intervalField) this.intervalUs = this.view.getUint32(at, true);
    else return field > lastColumn;
    return true;
  }

  // Up to four bytes, more than any length here needs; -1 where there are more, or none.
  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) return -1;
      this.#at += 1;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return -1;
  }
}
