/** Results as the benchmark would have measured them. */
import type { CellResult, SystemResult } from "../../bench/fct-results.ts";
import type { SystemName } from "../../bench/fct-systems.ts";

/** A system's result: medians and p99 in milliseconds. */
export function timed(p50Ms: number, p99Ms: number = p50Ms, transfers: number = 100): SystemResult {
  return {
    transfers,
    errors: 0,
    p50_ms: p50Ms,
    p90_ms: p99Ms,
    p99_ms: p99Ms,
    retransmitted_bytes: 0,
    drops: 0,
    warmup_transfers: 0,
    warmup_seconds: 0,
  };
}

/** A cell with a limit of 10 ms. */
export function row(
  cell: string,
  systems: { readonly [Name in SystemName]?: SystemResult },
  change: Partial<CellResult> = {},
): CellResult {
  return {
    cell,
    rtt_ms: 5,
    rate_mbit_per_s: 50,
    buffer_bdp: 1,
    buffer_bytes: 3000,
    size_bytes: 16384,
    connections_at_once: 4,
    congestion: "cubic",
    limit_ms: 10,
    systems,
    lateness_us: { p50: 20, p99: 80, max: 300 },
    seconds: 30,
    ...change,
  };
}
