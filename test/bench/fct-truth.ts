/** What was believed of a path beside what it carries. */
import { packetBytes, payloadBytes } from "./fct-cells.ts";
import type { CellResult } from "./fct-results.ts";

/** Estimated rate / payload rate of the path: 1 is the truth, above it too high, 0 where nothing was believed. */
export interface RateVsTruth {
  /** When the measurement began. */
  readonly rate_vs_truth: number;
  /** When it ended. */
  readonly end_rate_vs_truth: number;
}

/** Both of a cell; undefined where augmenter was not measured. */
export function rateVsTruth(row: CellResult): RateVsTruth | undefined {
  const { learned } = row;
  if (learned === undefined) return undefined;
  const payloadRate = payloadRateOf(row);
  return {
    rate_vs_truth: rounded(learned.rate_bytes_per_s / payloadRate),
    end_rate_vs_truth: rounded(learned.end_rate_bytes_per_s / payloadRate),
  };
}

/** Bytes of payload a second that a cell's path carries. */
export function payloadRateOf({ rate_mbit_per_s }: Pick<CellResult, "rate_mbit_per_s">): number {
  return ((rate_mbit_per_s * 1e6) / 8) * (payloadBytes / packetBytes);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
