/** What is shown to a person. */
import Table from "cli-table3";
import type { CellResult } from "./fct-results.ts";
import type { Summary } from "./fct-summary.ts";
import type { SystemName } from "./fct-systems.ts";
import { systemNames } from "./fct-systems.ts";
import { transferLimitMs } from "./fct-times.ts";
import { payloadRateOf, rateVsTruth } from "./fct-truth.ts";

/** One line of a finished cell: median and p99 of the systems that are judged. */
export function cellLine(row: CellResult): string {
  const shown: readonly SystemName[] = ["default", "augmenter"];
  const parts = shown.flatMap((system) => {
    const result = row.systems[system];
    return result === undefined ? [] : [`${system} ${msText(result.p50_ms)}/${msText(result.p99_ms)}`];
  });
  const errors = Object.values(row.systems).reduce((sum, result) => sum + result.errors, 0);
  const failed = errors > 0 ? `, ${errors} transfers failed` : "";
  const truth = rateVsTruth(row);
  const believed =
    truth && `, rate / truth ${truth.rate_vs_truth.toFixed(2)}, at the end ${truth.end_rate_vs_truth.toFixed(2)}`;
  return `${row.cell}: limit ${msText(row.limit_ms)}, ${parts.join(", ")} ms${believed ?? ""}, ${row.seconds.toFixed(0)} s${failed}`;
}

/** Which systems' transfers failed, with what that does to the figures; undefined where none did. */
export function failuresText(rows: readonly CellResult[]): string | undefined {
  const failed = systemNames.flatMap((system) => {
    const errors = rows.reduce((sum, row) => sum + (row.systems[system]?.errors ?? 0), 0);
    return errors === 0 ? [] : [`${errors} of ${system}`];
  });
  if (failed.length === 0) return undefined;
  return `transfers failed, and count with ${transferLimitMs / 1000} s each: ${failed.join(", ")}`;
}

/** Every system of a cell. */
export function cellTable(row: CellResult): string {
  const table = new Table({
    head: [
      "system",
      "p50",
      "p90",
      "p99 ms",
      "p50/limit",
      "p99/limit",
      "count",
      "errors",
      "resent KB",
      "drops",
      "warm-up",
    ],
    colAligns: ["left", ...Array.from({ length: 10 }, () => "right" as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const system of systemNames) {
    const result = row.systems[system];
    if (result === undefined) continue;
    const { p50_ms, p90_ms, p99_ms, transfers, warmup_transfers, warmup_seconds } = result;
    table.push([
      system,
      ...[p50_ms, p90_ms, p99_ms].map(msText),
      ...[p50_ms, p99_ms].map((value) => (value / row.limit_ms).toFixed(2)),
      transfers,
      result.errors,
      (result.retransmitted_bytes / 1000).toFixed(0),
      result.drops,
      warmup_transfers === 0 ? "" : `${warmup_transfers} in ${warmup_seconds.toFixed(1)} s`,
    ]);
  }
  return table.toString();
}

/** What the cluster learned in a cell, and what the kernel made of it. */
export function learnedText(row: CellResult): string {
  const { learned, lateness_us: late } = row;
  const lines = [`switch: late by ${late.p50} us in the median, p99 ${late.p99}, most ${late.max}`];
  if (row.riptide_window !== undefined) lines.push(`riptide: window ${row.riptide_window}`);
  if (learned !== undefined) {
    const decisions = Object.entries(learned.decisions).map(([kind, count]) => `${kind} ${count}`);
    lines.push(
      `augmenter: ${rateText(learned.rate_bytes_per_s)}, window ${learned.window_segments} (${learned.settled ? "settled" : "still moving"}), ` +
        `at the end ${rateText(learned.end_rate_bytes_per_s)}, window ${learned.end_window_segments}; ` +
        `minimum RTT ${(learned.min_rtt_us / 1000).toFixed(2)} ms; the path: ${rateText(payloadRateOf(row))}, ${row.rtt_ms} ms`,
      `kernel: ${decisions.join(", ")}`,
    );
  }
  return lines.map((line) => `  ${line}\n`).join("");
}

/** The summary, a figure a line, with what is wanted of it. */
export function summaryText(summary: Summary): string {
  const wanted: Partial<Record<keyof Summary, string>> = {
    vs_limit_geomean: "<= 1.10",
    vs_limit_p99_geomean: "<= 1.30",
    vs_default_p99_geomean: ">= 1.8",
    vs_default_long_alone_geomean: ">= 2.2",
    vs_best_fixed_geomean: ">= 1.4",
    vs_riptide_geomean: ">= 1.4",
    worst_p99_ratio_vs_default: ">= 0.9",
  };
  const lines = Object.entries(summary).map(([name, value]) => {
    const target = wanted[name as keyof Summary];
    return `${name.padEnd(32)}${String(value).padStart(8)}${target === undefined ? "" : `   wanted ${target}`}\n`;
  });
  return lines.join("");
}

function rateText(bytesPerSecond: number): string {
  return `${((bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s`;
}

function msText(ms: number): string {
  return ms.toFixed(ms < 10 ? 2 : 1);
}
