/** A report as the aggregator sees it: through the wire and the reader, row by row. */
import type { PathReportRow, ReportRefusal, RowRefusal } from "../../../aggregator/core/report-check.ts";
import { emptyRow, isUnicast, readRow, refusalOfReport, rowsOf } from "../../../aggregator/core/report-check.ts";
import { addressBytes } from "../../../proto/address.ts";
import type { PathReport__Output } from "../../../proto/gen/augmenter/v1/PathReport.ts";
import { pathReport } from "../../../proto/messages.ts";
import { PathReportReader } from "../../../proto/path-report-reader.ts";

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
  const refusedRows = new Map<RowRefusal, number>();
  for (let index = 0; index < rowsOf(reader); index += 1) {
    const row = emptyRow();
    const isKnown = isUnicast(reader.view, reader.destinationsAt + addressBytes * index);
    const reason = isKnown ? readRow(reader, index, row) : "destination_not_unicast";
    if (reason === undefined) rows.push(row);
    else refusedRows.set(reason, (refusedRows.get(reason) ?? 0) + 1);
  }
  return { ok: true, rows, refusedRows };
}
