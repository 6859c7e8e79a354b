/** A matrix as a table: a row for each source, a column for each destination. */
import { rateText, shareText } from "../../common/quantities.ts";
import type { GetMatrixResponse__Output } from "../../proto/gen/augmenter/v1/GetMatrixResponse.ts";
import type { MatrixCell } from "../core/matrix-cells.ts";
import { isKnown, matrixCells } from "../core/matrix-cells.ts";
import type { Cell, Report } from "../core/report.ts";
import { elsewhereNotes } from "./elsewhere-note.ts";
import { duration, unknownText } from "./path-report.ts";

/** What a cell shows. */
export const matrixMetrics = ["rtt", "rate", "loss"] as const;
export type MatrixMetric = (typeof matrixMetrics)[number];

/** One metric as a table; -o json and yaml have all of them, a record for each pair of which something is known. */
export function matrixReport(matrix: GetMatrixResponse__Output, metric: MatrixMetric): Report {
  const cells = matrixCells(matrix);
  const width = matrix.destinations.length;
  return {
    value: {
      sources: matrix.sources,
      destinations: matrix.destinations,
      cells: cells.filter(isKnown),
      measuredElsewhere: matrix.measuredElsewhere,
    },
    tables: [
      {
        columns: [{ title: "", isText: true }, ...matrix.destinations.map((title) => ({ title }))],
        rows: matrix.sources.map((source, row) => [
          source,
          ...cells.slice(row * width, (row + 1) * width).map((cell) => cellOf(cell, metric)),
        ]),
        empty: "No hosts that belong there: racks and zones are those their agents were started with.",
      },
    ],
    notes: elsewhereNotes(matrix.measuredElsewhere),
  };
}

function cellOf(cell: MatrixCell, metric: MatrixMetric): Cell {
  if (!isKnown(cell)) return { text: unknownText, tone: "dim" };
  const text = textOf(cell, metric);
  // Where there are no colours, a sign says that nobody measured it.
  const isMeasured = cell.provenance === "PROVENANCE_MEASURED" || text === unknownText;
  return isMeasured ? text : { text: `~${text}`, tone: "dim" };
}

function textOf(cell: MatrixCell, metric: MatrixMetric): string {
  if (metric === "rtt") return duration(cell.minRttUs);
  if (metric === "loss") return shareText(cell.lossRatio);
  return cell.rateBytesPerSecond > 0 ? rateText(cell.rateBytesPerSecond) : unknownText;
}
