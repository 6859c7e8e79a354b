/** From cells to the figures that are judged. */
import type { CellResult, SystemResult } from "./fct-results.ts";
import type { SystemName } from "./fct-systems.ts";
import { fixedSystems } from "./fct-systems.ts";
import { rateVsTruth } from "./fct-truth.ts";

/** Null: no cell had what the figure needs. Ratios of other systems to augmenter are above 1 where augmenter is faster. */
export interface Summary {
  /** augmenter's median / limit. */
  readonly vs_limit_geomean: number | null;
  readonly default_vs_limit_geomean: number | null;
  /** default's median / augmenter's. */
  readonly vs_default_geomean: number | null;
  /** Figures of a p99 are of the cells with enough transfers of both default and augmenter: see transfersForP99. */
  readonly vs_limit_p99_geomean: number | null;
  readonly vs_default_p99_geomean: number | null;
  /** vs_default_geomean over the cells of isLongAlone(). */
  readonly vs_default_long_alone_geomean: number | null;
  /** Of the fixed windows, the default among them, the one that is best over all cells in hindsight: its medians / augmenter's. */
  readonly vs_best_fixed_geomean: number | null;
  readonly vs_riptide_geomean: number | null;
  /** The smallest default's p99 / augmenter's of any such cell. */
  readonly worst_p99_ratio_vs_default: number | null;
  readonly cells: number;
  readonly best_fixed: SystemName | null;
  readonly worst_p99_cell: string | null;
  /** Cells that the figures of a p99 are of. */
  readonly cells_with_p99: number;
  /** The same two over all cells, also those in which a p99 is little more than the slowest transfer. */
  readonly vs_limit_p99_all_geomean: number | null;
  readonly vs_default_p99_all_geomean: number | null;
  readonly long_alone_cells: number;
  /** Of what was believed at the end of each cell, estimated rate / payload rate of the path: the middle, and the worst either way. */
  readonly rate_vs_truth_median: number | null;
  readonly rate_vs_truth_lowest: number | null;
  readonly rate_vs_truth_lowest_cell: string | null;
  readonly rate_vs_truth_highest: number | null;
  readonly rate_vs_truth_highest_cell: string | null;
  /** Transfers that failed, over all cells and systems. */
  readonly errors: number;
}

/** Below this a p99 is little more than the largest value. */
export const transfersForP99 = 100;

type Pick = (row: CellResult) => number | undefined;

/** The summary of finished cells. */
export function summaryOf(rows: readonly CellResult[]): Summary {
  const augmenterP50 = median("augmenter");
  const augmenterP99 = p99("augmenter");
  const vsDefault = ratio(median("default"), augmenterP50);
  const fixed = bestFixed(rows);
  const counted = rows.filter((row) => hasP99(row.systems.default) && hasP99(row.systems.augmenter));
  const p99VsDefault = ratio(p99("default"), augmenterP99);
  const worst = ascending(counted, p99VsDefault)[0];
  const believed = ascending(rows, (row) => rateVsTruth(row)?.end_rate_vs_truth);
  const longAlone = rows.filter(isLongAlone);
  return {
    vs_limit_geomean: geomeanOver(rows, ratio(augmenterP50, limit)),
    default_vs_limit_geomean: geomeanOver(rows, ratio(median("default"), limit)),
    vs_default_geomean: geomeanOver(rows, vsDefault),
    vs_limit_p99_geomean: geomeanOver(counted, ratio(augmenterP99, limit)),
    vs_default_p99_geomean: geomeanOver(counted, p99VsDefault),
    vs_default_long_alone_geomean: geomeanOver(longAlone, vsDefault),
    vs_best_fixed_geomean: fixed?.geomean ?? null,
    vs_riptide_geomean: geomeanOver(rows, ratio(median("riptide"), augmenterP50)),
    worst_p99_ratio_vs_default: worst?.value ?? null,
    cells: rows.length,
    best_fixed: fixed?.system ?? null,
    worst_p99_cell: worst?.row.cell ?? null,
    cells_with_p99: counted.length,
    vs_limit_p99_all_geomean: geomeanOver(rows, ratio(augmenterP99, limit)),
    vs_default_p99_all_geomean: geomeanOver(rows, p99VsDefault),
    long_alone_cells: longAlone.length,
    rate_vs_truth_median: believed[Math.floor((believed.length - 1) / 2)]?.value ?? null,
    rate_vs_truth_lowest: believed[0]?.value ?? null,
    rate_vs_truth_lowest_cell: believed[0]?.row.cell ?? null,
    rate_vs_truth_highest: believed.at(-1)?.value ?? null,
    rate_vs_truth_highest_cell: believed.at(-1)?.row.cell ?? null,
    errors: rows.flatMap((row) => Object.values(row.systems)).reduce((sum, { errors }) => sum + errors, 0),
  };
}

/** One connection at once, far away, on a fast path, with more to send than fits a first window. */
export function isLongAlone(row: CellResult): boolean {
  return row.connections_at_once === 1 && row.rtt_ms >= 20 && row.rate_mbit_per_s === 200 && row.size_bytes >= 64 << 10;
}

/** The geometric mean; null of nothing. */
export function geomean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** The geometric mean of a figure over the rows that have it, to four digits. */
export function geomeanOver(rows: readonly CellResult[], pick: Pick): number | null {
  const mean = geomean(rows.map(pick).filter((value) => value !== undefined));
  return mean === null ? null : rounded(mean);
}

/** A system's median over the limit. */
export function medianVsLimit(system: SystemName): Pick {
  return ratio(median(system), limit);
}

/** A system's p99 over the limit, where it has enough transfers for one. */
export function p99VsLimit(system: SystemName): Pick {
  return ratio((row) => (hasP99(row.systems[system]) ? row.systems[system]?.p99_ms : undefined), limit);
}

function bestFixed(rows: readonly CellResult[]): { system: SystemName; geomean: number } | undefined {
  const tried = fixedSystems.flatMap((system) => {
    // Over the same cells for all, or a window that was tried only where it is good would win.
    const complete = rows.every((row) => row.systems[system] !== undefined && row.systems.augmenter !== undefined);
    const mean = complete ? geomeanOver(rows, ratio(median(system), median("augmenter"))) : null;
    return mean === null ? [] : [{ system, geomean: mean }];
  });
  return tried.sort((a, b) => a.geomean - b.geomean)[0];
}

function ascending(rows: readonly CellResult[], pick: Pick): readonly { row: CellResult; value: number }[] {
  const values = rows.flatMap((row) => {
    const value = pick(row);
    return value === undefined ? [] : [{ row, value: rounded(value) }];
  });
  return values.sort((a, b) => a.value - b.value);
}

function hasP99(result: SystemResult | undefined): boolean {
  return (result?.transfers ?? 0) >= transfersForP99;
}

function median(system: SystemName): Pick {
  return (row) => measured(row.systems[system])?.p50_ms;
}

function p99(system: SystemName): Pick {
  return (row) => measured(row.systems[system])?.p99_ms;
}

function measured(result: SystemResult | undefined): SystemResult | undefined {
  return result !== undefined && result.transfers > 0 ? result : undefined;
}

function limit(row: CellResult): number {
  return row.limit_ms;
}

function ratio(above: Pick, below: Pick): Pick {
  return (row) => {
    const [numerator, denominator] = [above(row), below(row)];
    return numerator === undefined || denominator === undefined ? undefined : numerator / denominator;
  };
}

function rounded(value: number): number {
  return Number(value.toFixed(4));
}
