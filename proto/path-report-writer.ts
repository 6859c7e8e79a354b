/** Writes sealed path reports column by column, without an object for a row: what path-report-reader.ts is to those who read them. */
import { crc32 } from "node:zlib";
import { addressBytes } from "./address.ts";
import { isWideColumn, reportColumn } from "./path-report-reader.ts";

/** What a report tells beside its rows; see telemetry.proto. */
export interface ReportFrame {
  readonly hostId: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly endedUnixMs: number;
  readonly intervalUs: number;
  readonly reportsDropped: number;
}

export type ReportColumnName = keyof typeof reportColumn;

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

  constructor(rowsMax: number) {
    this.rowsMax = rowsMax;
    this.destinations = new Uint8Array(addressBytes * rowsMax);
    const column = (name: ReportColumnName) => new Uint32Array(rowsMax * (isWideColumn(reportColumn[name]) ? 2 : 1));
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
    const delimited = (bytes: number): number => (bytes === 0 ? 0 : 2 + varintBytes(bytes) + bytes);
    let size = 1 + varintBytes(Buffer.byteLength(hostId)) + Buffer.byteLength(hostId) + 4 * fixed64Bytes + fixed32Bytes;
    size += delimited(addressBytes * this.rows);
    for (const name of columnNames) size += delimited(this.#columnBytes(name));
    return size;
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
    at = writeBytes(payload, 16, this.destinations, addressBytes * this.rows, at);
    for (const name of columnNames) {
      at = writeBytes(
        payload,
        reportColumn[name],
        new Uint8Array(this.#columns[name].buffer),
        this.#columnBytes(name),
        at,
      );
    }
  }

  #columnBytes(name: ReportColumnName): number {
    return this.rows * (isWideColumn(reportColumn[name]) ? 8 : 4);
  }
}

function writeFixed64(payload: Buffer, field: number, value: number, at: number): number {
  payload[at] = (field << 3) | 1;
  payload.writeUInt32LE(value % 2 ** 32, at + 1);
  return payload.writeUInt32LE(Math.floor(value / 2 ** 32), at + 5);
}

// Column numbers are 16 and above, so their tags have two bytes.
function writeBytes(payload: Buffer, field: number, from: Uint8Array, bytes: number, at: number): number {
  const start = writeVarint(payload, bytes, writeVarint(payload, (field << 3) | 2, at));
  payload.set(from.subarray(0, bytes), start);
  return start + bytes;
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
