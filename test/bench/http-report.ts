/** What the HTTP benchmark shows to a person. */
import Table from "cli-table3";
import { sizeText } from "./fct-cells.ts";
import type { HttpRatios, HttpRow, HttpSummary } from "./http-results.ts";
import { ratiosOf } from "./http-results.ts";

/** A table with a line for each cell and system, and under it the means of the ratios. */
export function httpTable(rows: readonly HttpRow[], summary: HttpSummary): string {
  const table = new Table({
    head: [
      "object",
      "at once",
      "system",
      "requests/s",
      "limit",
      "p50",
      "p90",
      "p99 ms",
      "requests",
      "errors",
      "drops",
      "advice",
    ],
    colAligns: ["right", "right", "left", ...Array.from({ length: 9 }, () => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    table.push([
      sizeText(row.size_bytes),
      row.connections,
      row.system,
      row.requests_per_s.toFixed(1),
      row.requests_per_s_limit.toFixed(1),
      ...[row.p50_ms, row.p90_ms, row.p99_ms].map((ms) => ms.toFixed(1)),
      row.requests,
      row.errors,
      row.drops,
      adviceText(row),
    ]);
  }
  return `${table.toString()}\nadvised against default, geometric means: ${ratioText(summary)}\n`;
}

/** One line of a finished cell. */
export function httpCellLine(ordinary: HttpRow, advised: HttpRow): string {
  const figures = [ordinary, advised].map(
    (row) => `${row.system} ${row.requests_per_s.toFixed(1)}/s, ${row.p50_ms.toFixed(1)} ms`,
  );
  const errors = ordinary.errors + advised.errors;
  const failed = errors > 0 ? `, ${errors} errors` : "";
  const name = `${sizeText(ordinary.size_bytes)} x ${ordinary.connections}`;
  return `${name}: ${figures.join("; ")}: ${ratioText(ratiosOf(ordinary, advised))}${failed}`;
}

/** The first window and the rate of payload that were advised when the cell was over. */
function adviceText({ advised_window_segments: window, advised_rate_bytes_per_s: rate, system }: HttpRow): string {
  if (system === "default") return "";
  return window === 0 ? "none" : `${window}, ${((rate * 8) / 1e6).toFixed(0)} Mbit/s`;
}

function ratioText(ratios: HttpRatios): string {
  const text = (value: number | null): string => (value === null ? "-" : `${value.toFixed(2)}x`);
  return `requests/s ${text(ratios.requests_per_s_ratio)}, p50 ${text(ratios.p50_ratio)}, p90 ${text(ratios.p90_ratio)}, p99 ${text(ratios.p99_ratio)}`;
}
