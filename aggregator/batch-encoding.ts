/** BatchGetPathsResponse as protobuf: the columns lie in the message already (path-columns.ts). A test holds it to what protobufjs reads. */
import { endianness } from "node:os";
import { MessageWriter } from "../proto/message-writer.ts";
import type { PathColumns } from "./core/query/path-columns.ts";
import { emptyColumns } from "./core/query/path-columns.ts";

const isLittleEndian = endianness() === "LE";

/** The columns, and where else to ask where that is to be said. */
export interface BatchAnswer extends PathColumns {
  readonly measuredElsewhere?: readonly string[];
}

const writer = new MessageWriter();

/** The bytes of the message: the memory of the columns, which are not written to any more. */
export function encodedColumns({ measuredElsewhere = [], ...columns }: BatchAnswer): Buffer {
  const { buffer } = (isLittleEndian ? columns : swapped(columns)).provenance;
  const bytes = Buffer.from(buffer, 0, buffer.byteLength);
  return measuredElsewhere.length === 0 ? bytes : Buffer.concat([bytes, encodedTexts(11, measuredElsewhere)]);
}

function encodedTexts(field: number, texts: readonly string[]): Buffer {
  writer.begin();
  for (const text of texts.toReversed()) writer.text(field, text);
  return writer.end();
}

function swapped(columns: PathColumns): PathColumns {
  const copy = emptyColumns(columns.provenance.length);
  for (const [name, column] of Object.entries(columns) as [keyof PathColumns, PathColumns[keyof PathColumns]][]) {
    copy[name].set(column);
    if (name !== "provenance") Buffer.from(copy[name].buffer, copy[name].byteOffset, copy[name].byteLength).swap32();
  }
  return copy;
}
