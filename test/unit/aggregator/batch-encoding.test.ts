import fc from "fast-check";
import { expect, test } from "vitest";
import { encodedColumns } from "../../../aggregator/batch-encoding.ts";
import type { PathColumns } from "../../../aggregator/core/query/path-columns.ts";
import { emptyColumns } from "../../../aggregator/core/query/path-columns.ts";
import { provenanceNames } from "../../../aggregator/core/query/provenance-numbers.ts";
import type { BatchGetPathsResponse__Output } from "../../../proto/gen/augmenter/v1/BatchGetPathsResponse.ts";
import { packageDefinition } from "../../../proto/messages.ts";

const { deserialize } = packageDefinition["augmenter.v1.BatchGetPathsResponse"] as unknown as {
  readonly deserialize: (bytes: Buffer) => BatchGetPathsResponse__Output;
};

test("encodedColumns() is what protobufjs reads as BatchGetPathsResponse", () => {
  const any32 = fc.integer({ min: 0, max: 0xffff_ffff });
  const anyFloat = fc.float({ noNaN: true });
  const rowsOf = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), any32, anyFloat), { maxLength: 300 });
  fc.assert(
    fc.property(rowsOf, (rows) => {
      const columns = emptyColumns(rows.length);
      for (const [index, [provenance, integer, float]] of rows.entries()) {
        columns.provenance[index] = provenance;
        for (const [name, column] of Object.entries(columns)) {
          if (name !== "provenance") column[index] = column instanceof Float32Array ? float : integer;
        }
      }
      const read = deserialize(encodedColumns(columns));
      expect(read.provenance).toEqual(rows.map(([provenance]) => provenanceNames[provenance]));
      for (const name of Object.keys(columns) as (keyof PathColumns)[]) {
        if (name !== "provenance") expect(read[name]).toEqual([...columns[name]]);
      }
    }),
  );
});

test("encodedColumns() is read to the last of 65,536 pairs", () => {
  const columns = emptyColumns(65_536);
  columns.provenance[65_535] = 3;
  columns.windowSegments[65_535] = 40;
  columns.confidence[65_535] = 0.5;
  const read = deserialize(encodedColumns(columns));
  expect(read.provenance.at(-1)).toBe(provenanceNames[3]);
  expect(read.windowSegments.at(-1)).toBe(40);
  expect(read.confidence.at(-1)).toBe(0.5);
  expect(read.samples).toEqual(Array.from({ length: 65_536 }, () => 0));
});

test("encodedColumns() tells where else to ask", () => {
  const columns = emptyColumns(3);
  columns.provenance[2] = 2;
  const read = deserialize(encodedColumns({ ...columns, measuredElsewhere: ["2/4", "3/4"] }));
  expect(read).toMatchObject({
    measuredElsewhere: ["2/4", "3/4"],
    provenance: [0, 0, 2].map((n) => provenanceNames[n]),
  });
});
