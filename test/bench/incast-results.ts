/** What is kept of a cell, and the figures that are judged. Names as in the output. */

import { quantileMs } from "../testbed/demo-cells.ts";
import type { TimedTransfer } from "../testbed/load.ts";
import type { IncastBurst } from "./incast-bed.ts";
import { readCells } from "./results-file.ts";

/** How one system did. An answer's time is from connect() to its last byte, the whole's from the first connect() to the last byte of all. */
export interface IncastSystemResult {
  readonly rounds: number;
  readonly answers: number;
  readonly errors: number;
  readonly whole_p50_ms: number;
  readonly whole_p90_ms: number;
  readonly whole_max_ms: number;
  readonly answer_p50_ms: number;
  readonly answer_p99_ms: number;
  readonly retransmitted_segments: number;
  /** Packets that found the buffer of the receiver's link full. */
  readonly drops: number;
}

/** How one system did where one host alone answered, each in turn, after the crowds. */
export interface AloneResult {
  readonly answers: number;
  readonly p50_ms: number;
  readonly p90_ms: number;
}

/** What the sources were advised in the end; medians of those that were. */
export interface IncastAdvice {
  readonly sources_advised: number;
  readonly window_segments: number;
  readonly rate_mbit_per_s: number;
}

/** A cell. */
export interface IncastResult {
  readonly cell: string;
  readonly sources: number;
  readonly size_bytes: number;
  readonly rtt_ms: number;
  readonly buffer_bytes: number;
  readonly limit_ms: number;
  readonly default: IncastSystemResult;
  readonly augmenter: IncastSystemResult;
  readonly alone: { readonly default: AloneResult; readonly augmenter: AloneResult };
  readonly advice: IncastAdvice;
  /** Of the sources' kernel programs during the measurement. */
  readonly decisions: Readonly<Record<string, number>>;
  readonly lateness_p99_us: number;
  readonly seconds: number;
}

/** The last line. Ratios of times are default / augmenter, above 1 where augmenter is faster; of retransmissions augmenter / default. */
export interface IncastSummary {
  readonly completion_ratio_geomean: number | null;
  readonly worst_p99_ratio: number | null;
  readonly retransmit_ratio: number | null;
  readonly worst_p99_cell: string | null;
  readonly worst_completion_ratio: number | null;
  /** Of the medians of single answers: the geometric mean, and the worst cell. */
  readonly alone_ratio_geomean: number | null;
  readonly worst_alone_ratio: number | null;
  readonly vs_limit_geomean: number | null;
  readonly default_vs_limit_geomean: number | null;
  readonly cells: number;
  readonly errors: number;
}

/** What is wanted. */
export const incastWanted = {
  completionRatioMin: 1.3,
  p99RatioMin: 0.95,
  retransmitRatioMax: 1,
  aloneRatioMin: 0.95,
} as const;

/** The result of a system's bursts. */
export function systemResult(bursts: readonly IncastBurst[]): IncastSystemResult {
  const rounds = bursts.flatMap((burst) => burst.rounds);
  const answers = rounds.flat();
  const whole = rounds.map(wholeUs);
  const quantile = (us: readonly number[], q: number): number =>
    us.length === 0 ? 0 : Number(quantileMs(us, q).toFixed(2));
  const answersUs = answers.map(({ us }) => us);
  return {
    rounds: rounds.length,
    answers: answers.length,
    errors: answers.filter(({ error }) => error !== null).length,
    whole_p50_ms: quantile(whole, 0.5),
    whole_p90_ms: quantile(whole, 0.9),
    whole_max_ms: quantile(whole, 1),
    answer_p50_ms: quantile(answersUs, 0.5),
    answer_p99_ms: quantile(answersUs, 0.99),
    retransmitted_segments: sum(bursts.map((burst) => burst.retransmittedSegments)),
    drops: sum(bursts.map((burst) => burst.drops)),
  };
}

/** The result of a system's bursts in which one host alone answered. */
export function aloneResult(bursts: readonly IncastBurst[]): AloneResult {
  const us = bursts
    .flatMap((burst) => burst.rounds.flat())
    .flatMap((answer) => (answer.error === null ? answer.us : []));
  const quantile = (q: number): number => (us.length === 0 ? 0 : Number(quantileMs(us, q).toFixed(2)));
  return { answers: us.length, p50_ms: quantile(0.5), p90_ms: quantile(0.9) };
}

/** The finished cells of a file, by name. */
export function readIncastResults(path: string): ReadonlyMap<string, IncastResult> {
  return readCells<IncastResult>(path, ({ alone }) => alone !== undefined);
}

/** The summary of finished cells. */
export function incastSummary(rows: readonly IncastResult[]): IncastSummary {
  const worst = [...rows].sort((a, b) => p99Ratio(a) - p99Ratio(b))[0];
  const [theirs, ours] = (["default", "augmenter"] as const).map((system) =>
    sum(rows.map((row) => row[system].retransmitted_segments / Math.max(1, row[system].rounds))),
  );
  return {
    completion_ratio_geomean: meanOf(rows, completionRatio),
    worst_p99_ratio: worst === undefined ? null : rounded(p99Ratio(worst)),
    retransmit_ratio: theirs === undefined || ours === undefined || theirs === 0 ? null : rounded(ours / theirs),
    worst_p99_cell: worst?.cell ?? null,
    worst_completion_ratio: rows.length === 0 ? null : rounded(Math.min(...rows.map(completionRatio))),
    alone_ratio_geomean: meanOf(rows, aloneRatio),
    worst_alone_ratio: rows.length === 0 ? null : rounded(Math.min(...rows.map(aloneRatio))),
    vs_limit_geomean: meanOf(rows, (row) => row.augmenter.whole_p50_ms / row.limit_ms),
    default_vs_limit_geomean: meanOf(rows, (row) => row.default.whole_p50_ms / row.limit_ms),
    cells: rows.length,
    errors: sum(rows.map((row) => row.default.errors + row.augmenter.errors)),
  };
}

/** default / augmenter of the median time of the whole. */
export function completionRatio(row: IncastResult): number {
  return row.default.whole_p50_ms / row.augmenter.whole_p50_ms;
}

/** default / augmenter of the median time of an answer that came alone. */
export function aloneRatio({ alone }: IncastResult): number {
  return alone.default.p50_ms / alone.augmenter.p50_ms;
}

/** default / augmenter of the 99th percentile of all answers. */
export function p99Ratio(row: IncastResult): number {
  return row.default.answer_p99_ms / row.augmenter.answer_p99_ms;
}

function wholeUs(answers: readonly TimedTransfer[]): number {
  const started = Math.min(...answers.map(({ startUs }) => startUs));
  return Math.max(...answers.map(({ startUs, us }) => startUs + us)) - started;
}

function meanOf(rows: readonly IncastResult[], pick: (row: IncastResult) => number): number | null {
  const logs = rows.map((row) => Math.log(pick(row)));
  return logs.length === 0 ? null : rounded(Math.exp(sum(logs) / logs.length));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
