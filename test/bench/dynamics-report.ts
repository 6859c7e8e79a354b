/** What is shown to a person. */
import Table from "cli-table3";
import type { Beside, DynamicsSummary, PhaseResult, ScenarioResult, Times } from "./dynamics-summary.ts";
import { failingsOf, wanted } from "./dynamics-summary.ts";
import { sizeText } from "./fct-cells.ts";

/** Every phase a row, and beneath it the bulk flows. */
export function dynamicsTable(results: readonly ScenarioResult[]): string {
  const table = new Table({
    head: [
      "change",
      "fits s",
      "transfers fit s",
      "size",
      "default p50 / p99 ms",
      "augmenter",
      "p99 ratio",
      "count",
      "not as wanted",
    ],
    colAligns: ["left", "right", "right", "right", "right", "right", "right", "right", "left"],
    style: { head: [], border: [], compact: true },
  });
  const phases = results.flatMap((result) => result.phases);
  for (const phase of phases) {
    for (const [index, size] of phase.sizes.entries()) {
      const isFirst = index === 0;
      table.push([
        isFirst ? phase.phase : "",
        isFirst ? fitText(phase) : "",
        isFirst ? secondsText(phase.transfers_fit_s) : "",
        sizeText(size.size_bytes),
        timesText(size.default),
        timesText(size.augmenter),
        size.p99_ratio.toFixed(2),
        `${size.default.transfers}, ${size.augmenter.transfers}`,
        isFirst ? failingsOf(phase).join(", ") : "",
      ]);
    }
  }
  return `${table.toString()}\n${phases.map(bulkText).join("")}`;
}

/** What was advised at the end of each phase of a scenario. */
export function advisedText(result: ScenarioResult): string {
  const { scenario, phases, learned, repetitions, lateness_p99_us, learned_mbit_per_s } = result;
  const lines = phases.map(
    (phase) =>
      `  ${phase.phase}: fits ${phase.fit_s.map(secondsText).join(" ")} s${adviceText(phase)}; in the end ${phase.advised_mbit_per_s} Mbit/s, ` +
      `window ${phase.window_segments}, minimum RTT ${phase.min_rtt_ms} ms; ${phase.windows_failed} windows failed, ` +
      `drops ${phase.drops.default} default, ${phase.drops.augmenter} augmenter\n`,
  );
  return `${scenario}: learned in ${learned} of ${repetitions} before the change (${learned_mbit_per_s.join(" to ")} Mbit/s); switch late by ${lateness_p99_us} us (p99)\n${lines.join("")}`;
}

/** The summary, a figure a line, with what is wanted of it. */
export function dynamicsSummaryText(summary: DynamicsSummary): string {
  const targets: Partial<Record<keyof DynamicsSummary, string>> = {
    worst_fit_s: `<= ${wanted.fitSecondsMax}`,
    worst_p99_ratio: `<= ${wanted.p99RatioMax}`,
    neighbour_throughput_ratio: `>= ${wanted.throughputRatioMin}`,
    neighbour_rtt_ratio: `<= ${wanted.rttRatioMax}`,
  };
  const lines = Object.entries(summary).map(([name, value]) => {
    const target = targets[name as keyof DynamicsSummary];
    return `${name.padEnd(28)}${String(value).padStart(10)}${target === undefined ? "" : `   wanted ${target}`}\n`;
  });
  return lines.join("");
}

function bulkText({ bulk }: PhaseResult): string {
  if (bulk === undefined) return "";
  const whose = bulk.owner === "own" ? "own bulk flow" : "neighbour's bulk flow";
  return (
    `${whose}: ${besideText(bulk.mbit_per_s, "Mbit/s")}; ` +
    `RTT in its queue: p50 ${besideText(bulk.rtt_p50_ms, "ms")}, p95 ${besideText(bulk.rtt_p95_ms, "ms")}\n`
  );
}

function besideText(figure: Beside, unit: string): string {
  return `${figure.default.toFixed(1)} ${unit} beside default, ${figure.augmenter.toFixed(1)} beside augmenter (${figure.ratio.toFixed(3)})`;
}

function fitText(phase: PhaseResult): string {
  const { fit_s, fit_s_worst, fit_by } = phase;
  const missed = fit_s.filter((seconds) => seconds === null).length;
  const by = fit_by === "transfers" ? ` (transfers)${adviceText(phase)}` : "";
  return fit_s_worst === null && fit_s.length > 1
    ? `never: ${missed} of ${fit_s.length}`
    : `${secondsText(fit_s_worst)}${by}`;
}

/** Where the transfers decide and the rate is known all the same. */
function adviceText({ fit_by, advice_fit_s }: PhaseResult): string {
  if (fit_by === "advice" || advice_fit_s === undefined) return "";
  return `, the advised rate ${advice_fit_s.map(secondsText).join(" ")}${advice_fit_s.includes(null) ? "" : " s"}`;
}

function secondsText(seconds: number | null): string {
  return seconds === null ? "never" : seconds.toFixed(1);
}

function timesText({ p50_ms, p99_ms }: Times): string {
  return `${p50_ms.toFixed(1)} / ${p99_ms.toFixed(1)}`;
}
