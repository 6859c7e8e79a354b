/** A report as the aggregator sees it: through the wire and the reader, row by row. */
import type { PathReportRow, ReportRefusal, RowRefusal } from "../../../aggregator/core/report-check.ts";
import { isUnicast, refusalOfReport, rowsOf } from "../../../aggregator/core/report-check.ts";
import { ReportRows } from "../../../aggregator/core/report-rows.ts";
import { addressBytes } from "../../../proto/address.ts";
import type { PathReport__Output } from "../../../proto/gen/augmenter/v1/PathReport.ts";
import { pathReport } from "../../../proto/messages.ts";
import { PathReportReader } from "../../../proto/path-report-reader.ts";
import { reportColumn } from "../../../proto/report-columns.ts";

export type ReportCheck =
  | { readonly ok: false; readonly refusal: ReportRefusal }
  | {
      readonly ok: true;
      readonly rows: readonly PathReportRow[];
      readonly refusedRows: ReadonlyMap<RowRefusal, number>;
    };

/** What is taken of a report, and what is refused. */
export function checkReport(report: PathReport__Output, subjectHostId: string): ReportCheck {
  const reader = new PathReportReader();
  const unread = reader.read(pathReport.seal(report));
  if (unread !== undefined) throw new Error(`Cannot read a report: ${unread}`);
  const refusal = refusalOfReport(reader, subjectHostId);
  if (refusal !== undefined) return { ok: false, refusal };
  const rows: PathReportRow[] = [];
  const row = new ReportRows();
  row.take(reader, rowsOf(reader));
  const refusedRows = new Map<RowRefusal, number>();
  for (let index = 0; index < rowsOf(reader); index += 1) {
    row.move(index);
    const isKnown = isUnicast(reader.view, reader.destinationsAt + addressBytes * index);
    const reason = isKnown ? row.refusal() : "destination_not_unicast";
    if (reason === undefined) rows.push(rowValue(row));
    else refusedRows.set(reason, (refusedRows.get(reason) ?? 0) + 1);
  }
  return { ok: true, rows, refusedRows };
}

/** A row as a value that stays. */
export function rowValue(row: PathReportRow): PathReportRow {
  const names = Object.keys(reportColumn) as (keyof typeof reportColumn)[];
  const columns = Object.fromEntries(names.map((name) => [name, row[name]])) as Omit<PathReportRow, "intervalUs">;
  return { intervalUs: row.intervalUs, ...columns };
}
