/** A sealed report as a value: each column as numbers, whichever form it has in the payload. */
import type { PathReport__Output } from "../../../proto/gen/augmenter/v1/PathReport.ts";
import { PathReportReader } from "../../../proto/path-report-reader.ts";
import type { ReportColumnName } from "../../../proto/report-columns.ts";
import { reportColumn } from "../../../proto/report-columns.ts";

/** Throws where a payload cannot be read, or its columns have not as many rows as there are destinations. */
export function openedReport(payload: Uint8Array): PathReport__Output {
  const reader = new PathReportReader();
  const refusal = reader.read(payload);
  const rows = reader.destinationsBytes / 16;
  if (refusal !== undefined || !reader.hasRows(rows)) throw new Error(`Cannot read a report: ${refusal ?? "columns"}`);
  const names = Object.keys(reportColumn) as ReportColumnName[];
  const column = (name: ReportColumnName): number[] => {
    const numbers = new Float64Array(rows);
    reader.column(reportColumn[name], 0, rows, numbers, 0);
    return [...numbers];
  };
  const { hostId, epoch, sequence, endedUnixMs, intervalUs, reportsDropped, view, destinationsAt } = reader;
  const columns = Object.fromEntries(names.map((name) => [name, column(name)])) as Record<ReportColumnName, number[]>;
  return {
    hostId,
    epoch,
    sequence,
    endedUnixMs,
    intervalUs,
    reportsDropped,
    columnWidths: Buffer.alloc(0),
    narrowColumns: Buffer.alloc(0),
    destinations: Buffer.from(view.buffer, view.byteOffset + destinationsAt, reader.destinationsBytes),
    ...columns,
  };
}
