/** From runs of wrk to the figures of the HTTP benchmark. */
import { geomean } from "./fct-summary.ts";
import type { HttpCell, HttpPath, HttpPlan, HttpSystem } from "./http-plan.ts";
import { requestsPerSecondLimit } from "./http-plan.ts";
import type { WrkRun } from "./http-wrk.ts";
import { latencyQuantileMs, mergedLatencies } from "./http-wrk.ts";

/** What a system's repetitions of a cell gave. */
export interface SystemRuns {
  readonly runs: readonly WrkRun[];
  /** Packets that found the buffer on the way to the client full. */
  readonly drops: number;
  /** First windows that the server's kernel granted out of advice. */
  readonly windowsGranted: number;
  /** What the cluster advised when the cell was over; zeros without a cluster. */
  readonly advice: HttpAdvice;
}

/** A line of the result; names as in the JSON output. */
export interface HttpRow {
  readonly size_bytes: number;
  readonly connections: number;
  readonly system: HttpSystem;
  /** The median of the repetitions. */
  readonly requests_per_s: number;
  readonly requests_per_s_limit: number;
  /** Over all requests of all repetitions, from the request's first byte to the response's last. */
  readonly p50_ms: number;
  readonly p90_ms: number;
  readonly p99_ms: number;
  readonly requests: number;
  readonly errors: number;
  readonly drops: number;
  readonly windows_granted: number;
  /** What the cluster advised for the path when the cell was over; 0: nothing. */
  readonly advised_window_segments: number;
  readonly advised_rate_bytes_per_s: number;
}

/** How much faster advised is in a cell: above 1, it is. Null: a system had no request answered. */
export interface HttpRatios {
  /** Advised / default. */
  readonly requests_per_s_ratio: number | null;
  /** Default / advised. */
  readonly p50_ratio: number | null;
  readonly p90_ratio: number | null;
  readonly p99_ratio: number | null;
}

/** The last line: the ratios of every cell, their geometric means, and what was measured. */
export interface HttpSummary extends HttpRatios {
  readonly cells: readonly (HttpRatios & { readonly size_bytes: number; readonly connections: number })[];
  readonly requests: number;
  readonly errors: number;
  readonly path: {
    readonly rtt_ms: number;
    readonly rate_mbit_per_s: number;
    readonly buffer_bdp: number;
    readonly congestion: string;
  };
  readonly repetitions: number;
  readonly seconds: number;
}

/** What the cluster says of the advised pair's path. */
export interface HttpAdvice {
  readonly windowSegments: number;
  readonly rateBytesPerSecond: number;
}

/** A system's line of a cell. */
export function httpRow(cell: HttpCell, path: HttpPath, system: HttpSystem, measured: SystemRuns): HttpRow {
  const { runs, drops, windowsGranted, advice } = measured;
  const latencies = mergedLatencies(runs.map((run) => run.latencies));
  const quantile = (q: number): number => rounded(latencyQuantileMs(latencies, q));
  return {
    size_bytes: cell.sizeBytes,
    connections: cell.connections,
    system,
    requests_per_s: rounded(median(runs.map(({ requests, seconds }) => requests / seconds))),
    requests_per_s_limit: rounded(requestsPerSecondLimit(cell, path)),
    p50_ms: quantile(0.5),
    p90_ms: quantile(0.9),
    p99_ms: quantile(0.99),
    requests: runs.reduce((sum, { requests }) => sum + requests, 0),
    errors: runs.reduce((sum, { errors }) => sum + errors, 0),
    drops,
    windows_granted: windowsGranted,
    advised_window_segments: advice.windowSegments,
    advised_rate_bytes_per_s: advice.rateBytesPerSecond,
  };
}

/** What the rows come to. */
export function httpSummary(rows: readonly HttpRow[], path: HttpPath, plan: HttpPlan): HttpSummary {
  const cells = rows.flatMap((row) => {
    const advised = rows.find((other) => other.system === "advised" && isSameCell(row, other));
    if (row.system !== "default" || advised === undefined) return [];
    return [{ size_bytes: row.size_bytes, connections: row.connections, ...ratiosOf(row, advised) }];
  });
  const mean = (name: keyof HttpRatios): number | null => {
    const value = geomean(cells.map((cell) => cell[name]).filter((ratio) => ratio !== null));
    return value === null ? null : rounded(value);
  };
  return {
    cells,
    requests_per_s_ratio: mean("requests_per_s_ratio"),
    p50_ratio: mean("p50_ratio"),
    p90_ratio: mean("p90_ratio"),
    p99_ratio: mean("p99_ratio"),
    requests: rows.reduce((sum, { requests }) => sum + requests, 0),
    errors: rows.reduce((sum, { errors }) => sum + errors, 0),
    path: {
      rtt_ms: path.rttMs,
      rate_mbit_per_s: path.rateMbitPerSecond,
      buffer_bdp: path.bufferBdp,
      congestion: path.congestion,
    },
    repetitions: plan.repetitions,
    seconds: plan.seconds,
  };
}

/** The ratios of one cell's two rows. */
export function ratiosOf(ordinary: HttpRow, advised: HttpRow): HttpRatios {
  return {
    requests_per_s_ratio: ratio(advised.requests_per_s, ordinary.requests_per_s),
    p50_ratio: ratio(ordinary.p50_ms, advised.p50_ms),
    p90_ratio: ratio(ordinary.p90_ms, advised.p90_ms),
    p99_ratio: ratio(ordinary.p99_ms, advised.p99_ms),
  };
}

function isSameCell(a: HttpRow, b: HttpRow): boolean {
  return a.size_bytes === b.size_bytes && a.connections === b.connections;
}

function ratio(above: number, below: number): number | null {
  return above > 0 && below > 0 ? rounded(above / below) : null;
}

/** The lower one of the two in the middle, where there are two; 0 of nothing. */
function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.max(0, Math.ceil(ascending.length / 2) - 1)] ?? 0;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
