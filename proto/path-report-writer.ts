/** Writes sealed path reports column by column, without an object for a row: what path-report-reader.ts is to those who read them. */
import { crc32 } from "node:zlib";
import { addressBytes } from "./address.ts";
import type { ReportColumnName } from "./report-columns.ts";
import { isWideColumn, reportColumn, widthFor } from "./report-columns.ts";

/** What a report tells beside its rows; see telemetry.proto. */
export interface ReportFrame {
  readonly hostId: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly endedUnixMs: number;
  readonly intervalUs: number;
  readonly reportsDropped: number;
}

const columnNames = Object.keys(reportColumn) as ReportColumnName[];
const fixed64Bytes = 9;
const fixed32Bytes = 5;
/** Tag, checksum and tag of the envelope. */
const envelopeBytes = 6;

/** Rows that are being written: a column each, and as many destinations. Writes are not checked: rows are below `rowsMax`. */
export class PathReportWriter {
  readonly rowsMax: number;
  /** Rows that seal() takes. */
  rows = 0;
  /** 16 bytes a row. */
  readonly destinations: Uint8Array;
  readonly #columns: Readonly<Record<ReportColumnName, Uint32Array>>;
  /** Bytes a row that each column needs, in their order. */
  readonly #widths = new Uint8Array(columnNames.length);

  constructor(rowsMax: number) {
    this.rowsMax = rowsMax;
    this.destinations = new Uint8Array(addressBytes * rowsMax);
    const column = (name: ReportColumnName) => new Uint32Array(rowsMax * wordsOf(name));
    this.#columns = Object.fromEntries(columnNames.map((name) => [name, column(name)])) as Record<
      ReportColumnName,
      Uint32Array
    >;
  }

  /** A column: a word a row, or where it is wide two, the lower one first. */
  column(name: ReportColumnName): Uint32Array {
    return this.#columns[name];
  }

  /** The payload of a report with the rows so far, in the memory of `spare` where that is large enough. */
  seal(frame: ReportFrame, spare?: Buffer): Buffer {
    for (const [place, name] of columnNames.entries()) this.#widths[place] = this.#widthOf(name);
    const size = this.#messageBytes(frame);
    const bytes = envelopeBytes + varintBytes(size) + size;
    const payload =
      spare !== undefined && spare.length >= bytes ? spare.subarray(0, bytes) : Buffer.allocUnsafeSlow(bytes);
    const start = writeVarint(payload, size, envelopeBytes);
    this.#writeMessage(payload, frame, start);
    payload[0] = 0x0d;
    payload.writeUInt32LE(crc32(payload.subarray(start)), 1);
    payload[envelopeBytes - 1] = 0x12;
    return payload;
  }

  #messageBytes({ hostId }: ReportFrame): number {
    const size =
      1 + varintBytes(Buffer.byteLength(hostId)) + Buffer.byteLength(hostId) + 4 * fixed64Bytes + fixed32Bytes;
    if (this.rows === 0) return size;
    const delimited = (tagBytes: number, bytes: number): number => tagBytes + varintBytes(bytes) + bytes;
    return (
      size +
      delimited(1, columnNames.length) +
      delimited(1, this.#columnsBytes()) +
      delimited(2, addressBytes * this.rows)
    );
  }

  #writeMessage(payload: Buffer, frame: ReportFrame, start: number): void {
    payload[start] = 0x0a;
    let at = writeVarint(payload, Buffer.byteLength(frame.hostId), start + 1);
    at += payload.write(frame.hostId, at);
    at = writeFixed64(payload, 2, frame.epoch, at);
    at = writeFixed64(payload, 3, frame.sequence, at);
    at = writeFixed64(payload, 4, frame.endedUnixMs, at);
    payload[at] = 0x2d;
    at = payload.writeUInt32LE(frame.intervalUs, at + 1);
    at = writeFixed64(payload, 6, frame.reportsDropped, at);
    if (this.rows === 0) return;
    at = writeHead(payload, 7, columnNames.length, at);
    payload.set(this.#widths, at);
    at = writeHead(payload, 8, this.#columnsBytes(), at + columnNames.length);
    for (const [place, name] of columnNames.entries())
      at = this.#writeColumn(payload, name, this.#widths[place] ?? 0, at);
    const destinationsBytes = addressBytes * this.rows;
    at = writeHead(payload, 16, destinationsBytes, at);
    payload.set(this.destinations.subarray(0, destinationsBytes), at);
  }

  #writeColumn(payload: Buffer, name: ReportColumnName, width: number, start: number): number {
    const column = this.#columns[name];
    const words = wordsOf(name);
    let at = start;
    for (let row = 0; row < this.rows; row += 1) {
      let rest = column[words * row] ?? 0;
      for (let byte = 0; byte < width; byte += 1) {
        if (byte === 4) rest = column[words * row + 1] ?? 0;
        payload[at] = rest;
        rest >>>= 8;
        at += 1;
      }
    }
    return at;
  }

  #widthOf(name: ReportColumnName): number {
    const column = this.#columns[name];
    const words = wordsOf(name);
    let [low, high] = [0, 0];
    for (let at = 0; at < words * this.rows; at += words) {
      low |= column[at] ?? 0;
      if (words > 1) high |= column[at + 1] ?? 0;
    }
    return widthFor(low, high);
  }

  #columnsBytes(): number {
    return this.#widths.reduce((bytes, width) => bytes + width * this.rows, 0);
  }
}

function wordsOf(name: ReportColumnName): 1 | 2 {
  return isWideColumn(reportColumn[name]) ? 2 : 1;
}

function writeFixed64(payload: Buffer, field: number, value: number, at: number): number {
  payload[at] = (field << 3) | 1;
  payload.writeUInt32LE(value % 2 ** 32, at + 1);
  return payload.writeUInt32LE(Math.floor(value / 2 ** 32), at + 5);
}

function writeHead(payload: Buffer, field: number, bytes: number, at: number): number {
  return writeVarint(payload, bytes, writeVarint(payload, (field << 3) | 2, at));
}

function writeVarint(payload: Buffer, value: number, start: number): number {
  let at = start;
  for (let rest = value; ; rest >>>= 7) {
    payload[at] = rest > 127 ? (rest & 127) | 128 : rest;
    at += 1;
    if (rest <= 127) return at;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes += 1;
  return bytes;
}
