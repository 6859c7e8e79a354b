/** How well estimates met what was measured. Names as in the output. */
import { quantileMs } from "../testbed/demo-cells.ts";
import type { EstimatedRound, Phase } from "./estimate-measure.ts";

/** Errors are |estimate / measured - 1| of each transfer. */
export interface EstimateSummary {
  readonly transfers: number;
  readonly error_p50: number;
  readonly error_p90: number;
  /** Of the transfers, those that took no longer than p90_us said. */
  readonly within_p90: number;
  readonly rankings: number;
  /** Of the rankings, those whose first was the one with the lowest median. */
  readonly ranked_right: number;
  /** Those whose first had a median within a twentieth of that. */
  readonly ranked_near: number;
  readonly by_kind: readonly KindSummary[];
}

/** The same of one kind of transfers. */
export interface KindSummary {
  readonly phase: Phase;
  readonly concurrent: number;
  readonly transfers: number;
  readonly error_p50: number;
  readonly error_p90: number;
}

const nearlyFastest = 0.05;

/** The errors of one round's transfers. */
export function errorsOf({ estimate, us }: EstimatedRound): readonly number[] {
  return us.map((measuredUs) => Math.abs(estimate.p50Us / measuredUs - 1));
}

/** What all rounds come to. */
export function estimateSummary(rounds: readonly EstimatedRound[]): EstimateSummary {
  const errors = rounds.flatMap(errorsOf);
  const within = rounds.flatMap(({ us, estimate }) => us.filter((measuredUs) => measuredUs <= estimate.p90Us));
  const verdicts = rankingVerdicts(rounds);
  const kinds = groups(rounds, ({ phase, concurrent }) => `${phase} ${concurrent}`);
  return {
    transfers: errors.length,
    error_p50: quantile(errors, 0.5),
    error_p90: quantile(errors, 0.9),
    within_p90: rounded(within.length / errors.length),
    rankings: verdicts.length,
    ranked_right: rounded(verdicts.filter((excess) => excess === 0).length / verdicts.length),
    ranked_near: rounded(verdicts.filter((excess) => excess <= nearlyFastest).length / verdicts.length),
    by_kind: kinds.flatMap((kind) => {
      const [first] = kind;
      if (first === undefined) return [];
      const kindErrors = kind.flatMap(errorsOf);
      return {
        phase: first.phase,
        concurrent: first.concurrent,
        transfers: kindErrors.length,
        error_p50: quantile(kindErrors, 0.5),
        error_p90: quantile(kindErrors, 0.9),
      };
    }),
  };
}

/** Of each ranking: by how much the median of the place that it named exceeds the lowest of the four, as a part of that. */
function rankingVerdicts(rounds: readonly EstimatedRound[]): readonly number[] {
  return groups(rounds, ({ phase, bytes, concurrent }) => `${phase} ${bytes} ${concurrent}`).flatMap((kind) => {
    const medians = new Map(
      groups(kind, ({ place }) => place).map((same) => [same[0]?.place ?? "", medianMs(same.flatMap(({ us }) => us))]),
    );
    const fastestMs = Math.min(...medians.values());
    return kind.map(({ ranked }) => (medians.get(ranked) ?? Number.POSITIVE_INFINITY) / fastestMs - 1);
  });
}

function medianMs(us: readonly number[]): number {
  return quantileMs(us, 0.5);
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const byKey = new Map<string, T[]>();
  for (const item of items) byKey.set(keyOf(item), [...(byKey.get(keyOf(item)) ?? []), item]);
  return [...byKey.values()];
}

function quantile(values: readonly number[], q: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return rounded(ascending[Math.max(0, Math.ceil(q * ascending.length) - 1)] ?? 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
