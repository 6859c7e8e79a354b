/**
 * Reads sealed path reports where they lie: no object and no copy for a column. The one message that comes by the million; all others,
 * and reports in any form that a writer may choose beside the usual one, are the library's (messages.ts).
 */
import { crc32 } from "node:zlib";
import type { PayloadRefusal } from "./messages.ts";
import { pathReport, payloadMaxBytes } from "./messages.ts";
import { columnCount, firstColumn, fullWidths, isWidth, lastColumn, widen } from "./report-columns.ts";

const hostIdField = 1;
const epochField = 2;
const sequenceField = 3;
const endedField = 4;
const intervalField = 5;
const droppedField = 6;
const widthsField = 7;
const narrowField = 8;
const destinationsField = 16;
const fixed64 = 1;
const delimited = 2;
const fixed32 = 5;

const nothing = new Uint8Array(0);
const nothingToView = new DataView(nothing.buffer);

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
  view: DataView = nothingToView;
  /** By column number, of those that are fields of their own: where it begins in `view`, and its bytes. */
  readonly columnAt = new Int32Array(lastColumn + 1);
  readonly columnBytes = new Int32Array(lastColumn + 1);
  /** Narrow columns, all in one field, and the bytes that each takes for a row. */
  narrowAt = 0;
  narrowBytes = 0;
  widthsAt = 0;
  widthsBytes = 0;
  readonly #columnWidth = new Uint8Array(lastColumn + 1);
  #bytes: Uint8Array = nothing;
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

  /** Lets go of the payload, and of all memory that it is a part of. */
  letGo(): void {
    this.#bytes = nothing;
    this.view = nothingToView;
  }

  /** Whether every column has so many rows: then column() may be called. */
  hasRows(rows: number): boolean {
    return this.widthsBytes + this.narrowBytes === 0 ? this.#areFull(rows) : this.#areNarrow(rows);
  }

  /**
   * Writes `count` numbers of a column, from the one of row `first` on, to `into`, from `to` on. Returns all their bits together: no number is larger;
   * of what has 8 bytes a row, 0. Rows and widths are those that hasRows() has seen.
   */
  column(column: number, first: number, count: number, into: Float64Array, to: number): number {
    const width = this.#columnWidth[column] ?? 0;
    return widen(this.view, (this.columnAt[column] ?? 0) + width * first, width, count, into, to);
  }

  /** Whether all rows of a column are 0, and none is there. */
  isNothing(column: number): boolean {
    return this.#columnWidth[column] === 0;
  }

  #areFull(rows: number): boolean {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const width = fullWidths[column] ?? 4;
      if (this.columnBytes[column] !== rows * width) return false;
      this.#columnWidth[column] = width;
    }
    return true;
  }

  #areNarrow(rows: number): boolean {
    if (this.widthsBytes < columnCount) return false;
    let at = this.narrowAt;
    // A sender that is newer may have more columns.
    for (let place = 0; place < this.widthsBytes; place += 1) {
      const column = firstColumn + place;
      const width = this.#bytes[this.widthsAt + place] ?? 0;
      if (column <= lastColumn) {
        if (this.columnBytes[column] !== 0 || !isWidth(width, column)) return false;
        this.columnAt[column] = at;
        this.#columnWidth[column] = width;
      }
      at += rows * width;
    }
    return at === this.narrowAt + this.narrowBytes;
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
    this.narrowAt = this.narrowBytes = this.widthsAt = this.widthsBytes = 0;
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
      if (this.columnAt[field] !== 0 || length % (fullWidths[field] ?? 4) !== 0) return false;
      this.columnAt[field] = at;
      this.columnBytes[field] = length;
    } else if (field === destinationsField) {
      this.destinationsAt = at;
      this.destinationsBytes = length;
    } else if (field === widthsField) {
      this.widthsAt = at;
      this.widthsBytes = length;
    } else if (field === narrowField) {
      this.narrowAt = at;
      this.narrowBytes = length;
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
