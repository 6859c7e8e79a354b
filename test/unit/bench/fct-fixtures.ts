/** Results as the benchmark would have measured them. */
import type { CellResult, Learned, SystemResult } from "../../bench/fct-results.ts";
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

/** What was learned of a path of 50 Mbit/s: half of its payload rate in the beginning, and in the end so many times it. */
export function believed(endFactor: number): Learned {
  const payloadRate = (6_250_000 * 1448) / 1500;
  return {
    rate_bytes_per_s: payloadRate / 2,
    min_rtt_us: 5_000,
    window_segments: 20,
    settled: true,
    end_rate_bytes_per_s: payloadRate * endFactor,
    end_window_segments: 20,
    decisions: {},
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
