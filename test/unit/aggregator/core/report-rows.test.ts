import { describe, expect, test } from "vitest";
import type { PathReportRow } from "../../../../aggregator/core/report-check.ts";
import { ReportRows } from "../../../../aggregator/core/report-rows.ts";
import { pathReport } from "../../../../proto/messages.ts";
import { PathReportReader } from "../../../../proto/path-report-reader.ts";
import { PathReportWriter } from "../../../../proto/path-report-writer.ts";
import type { ReportColumnName } from "../../../../proto/report-columns.ts";
import { isWideColumn, reportColumn } from "../../../../proto/report-columns.ts";
import { rowValue } from "../checked-report.ts";
import { report, row } from "../fixtures.ts";

const names = Object.keys(reportColumn) as ReportColumnName[];

/** A report of rows as agents write it. */
function narrow(rows: readonly PathReportRow[]): PathReportReader {
  const writer = new PathReportWriter(rows.length);
  writer.rows = rows.length;
  for (const name of names) {
    const words = isWideColumn(reportColumn[name]) ? 2 : 1;
    for (const [index, each] of rows.entries()) {
      writer.column(name)[words * index] = each[name] % 2 ** 32;
      if (words > 1) writer.column(name)[words * index + 1] = each[name] / 2 ** 32;
    }
  }
  const reader = new PathReportReader();
  const frame = { hostId: "a", epoch: 1, sequence: 1, endedUnixMs: 1, intervalUs: 1_000_000, reportsDropped: 0 };
  expect(reader.read(writer.seal(frame))).toBeUndefined();
  expect(reader.hasRows(rows.length)).toBe(true);
  return reader;
}

function valuesOf(rows: ReportRows, reader: PathReportReader, count: number): readonly PathReportRow[] {
  rows.take(reader, count);
  return Array.from({ length: count }, (_, index) => {
    rows.move(index);
    return rowValue(rows);
  });
}

describe("ReportRows", () => {
  test("gives the row of a report whose columns are fields of their own", () => {
    const reader = new PathReportReader();
    expect(reader.read(pathReport.seal(report("a", 1, ["10.0.0.2"])))).toBeUndefined();
    expect(reader.hasRows(1)).toBe(true);
    expect(valuesOf(new ReportRows(), reader, 1)).toEqual([row()]);
  });

  test("gives every row of reports of any length, one after the other, whatever the ones before had in each column", () => {
    const rows = new ReportRows();
    for (const [length, scale] of [
      [300, 1],
      [1, 0],
      [119, 300],
      [121, 70_000],
      [240, 0],
      [7, 3],
    ] as const) {
      const wanted = Array.from({ length }, (_, index) =>
        Object.fromEntries([
          ["intervalUs", 1_000_000],
          ...names.map((name, place) => [name, place % 3 === length % 3 ? 0 : (index + place) * scale]),
        ]),
      ) as unknown as readonly PathReportRow[];
      expect(valuesOf(rows, narrow(wanted), length)).toEqual(wanted);
    }
  });

  test("refusal() judges each row, also beside those whose counts are out of range", () => {
    const rows = new ReportRows();
    const wrong = row({ pacingMissed: 100_000_001 });
    rows.take(narrow([row(), wrong, row({ pacingMissed: 100_000_000 }), row({ rttP50Us: 1 })]), 4);
    const refusals = [0, 1, 2, 3].map((index) => {
      rows.move(index);
      return rows.refusal();
    });
    expect(refusals).toEqual([undefined, "count_out_of_range", undefined, "rtt_out_of_order"]);
  });
});
