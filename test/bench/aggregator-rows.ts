/** Rows of path reports as a fleet would send them: the seeded paths of the simulation, played under their own advice. */
import type { PathReportRow } from "../../aggregator/core/report-check.ts";
import { PathReportWriter } from "../../proto/path-report-writer.ts";
import type { ReportColumnName } from "../../proto/report-columns.ts";
import { isWideColumn, reportColumn } from "../../proto/report-columns.ts";
import { plainPath } from "../simulation/path-truth.ts";
import { PlayedPath } from "../simulation/played-path.ts";
import { SeededRandom } from "../simulation/seeded-random.ts";

/** Successive rows of one path. */
export type RowTrace = readonly PathReportRow[];

/** Until then a path is learned, not steady. */
const warmIntervals = 30;
/** A path that nobody uses for so long is not looked at further. */
const intervalsMax = 400;

/** `count` paths, `length` successive rows of each; the same for the same seed. */
export function rowTraces(count: number, length: number, seed: number): readonly RowTrace[] {
  return Array.from({ length: count }, (_, index) => rowTrace(length, seed + index));
}

function rowTrace(length: number, seed: number): RowTrace {
  const random = new SeededRandom(seed);
  const path = new PlayedPath(plainPath(random), random);
  const rows: PathReportRow[] = [];
  for (let interval = 0; rows.length < length && interval < intervalsMax; interval += 1) {
    const row = path.step();
    if (row !== undefined && interval >= warmIntervals) rows.push(row);
  }
  // A path of very little traffic: another one instead.
  return rows.length === length ? rows : rowTrace(length, seed + 1_000_003);
}

/** Rows as an agent writes them into a report; the destinations are left at zero. */
export function writtenRows(rows: readonly PathReportRow[]): PathReportWriter {
  const writer = new PathReportWriter(rows.length);
  writer.rows = rows.length;
  for (const [name, number] of Object.entries(reportColumn) as [ReportColumnName, number][]) {
    const column = writer.column(name);
    for (const [index, row] of rows.entries()) {
      const value = row[name];
      if (isWideColumn(number)) column.set([value % 2 ** 32, value / 2 ** 32], 2 * index);
      else column[index] = value;
    }
  }
  return writer;
}
