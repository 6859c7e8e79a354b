/**
 * BatchGetPathsResponse as protobuf, without an object for each value: a packed column of fixed-width numbers is, on the wire, the
 * little-endian memory of a typed array, and one of enum values below 128 a byte each (protobuf.dev/programming-guides/encoding).
 * A test holds it to what protobufjs reads.
 */
import { endianness } from "node:os";
import type { PathColumns } from "./core/query/batch-query.ts";

/** Field numbers of the message. */
const fields = {
  provenance: 1,
  confidence: 2,
  ageSeconds: 3,
  minRttUs: 4,
  rttP50Us: 5,
  rttP95Us: 6,
  rateBytesPerSecond: 7,
  lossRatio: 8,
  samples: 9,
  windowSegments: 10,
} as const satisfies Record<keyof PathColumns, number>;

const lengthDelimited = 2;
const isLittleEndian = endianness() === "LE";

/** The bytes of the message. */
export function encodedColumns(columns: PathColumns): Buffer {
  const parts: Uint8Array[] = [];
  for (const [name, field] of Object.entries(fields) as [keyof PathColumns, number][]) {
    const bytes = littleEndian(columns[name]);
    if (bytes.length > 0) parts.push(Uint8Array.from([(field << 3) | lengthDelimited, ...varint(bytes.length)]), bytes);
  }
  return Buffer.concat(parts);
}

function littleEndian(column: Uint8Array | Uint32Array | Float32Array): Uint8Array {
  const bytes = Buffer.from(column.buffer, column.byteOffset, column.byteLength);
  if (isLittleEndian || column.BYTES_PER_ELEMENT === 1) return bytes;
  return Buffer.from(bytes).swap32();
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
