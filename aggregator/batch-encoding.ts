/** BatchGetPathsResponse as protobuf: the columns lie in the message already (path-columns.ts). A test holds it to what protobufjs reads. */
import { endianness } from "node:os";
import type { PathColumns } from "./core/query/path-columns.ts";
import { emptyColumns } from "./core/query/path-columns.ts";

const isLittleEndian = endianness() === "LE";

/** The bytes of the message: the memory of the columns, which are not written to any more. */
export function encodedColumns(columns: PathColumns): Buffer {
  const { buffer } = (isLittleEndian ? columns : swapped(columns)).provenance;
  return Buffer.from(buffer, 0, buffer.byteLength);
}

function swapped(columns: PathColumns): PathColumns {
  const copy = emptyColumns(columns.provenance.length);
  for (const [name, column] of Object.entries(columns) as [keyof PathColumns, PathColumns[keyof PathColumns]][]) {
    copy[name].set(column);
    if (name !== "provenance") Buffer.from(copy[name].buffer, copy[name].byteOffset, copy[name].byteLength).swap32();
  }
  return copy;
}
