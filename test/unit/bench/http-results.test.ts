import { describe, expect, test } from "vitest";
import type { HttpCell, HttpPath, HttpPlan } from "../../bench/http-plan.ts";
import { httpCellLine, httpTable } from "../../bench/http-report.ts";
import type { HttpRow } from "../../bench/http-results.ts";
import { httpRow, httpSummary } from "../../bench/http-results.ts";
import type { WrkRun } from "../../bench/http-wrk.ts";

const path: HttpPath = { rttMs: 20, rateMbitPerSecond: 200, bufferBdp: 0.25, congestion: "cubic" };
const plan: HttpPlan = { sizesBytes: [65536], connections: [1, 8], repetitions: 3, seconds: 2 };
const advice = { windowSegments: 345, rateBytesPerSecond: 24e6 };
const none = { windowSegments: 0, rateBytesPerSecond: 0 };
const alone: HttpCell = { sizeBytes: 65536, connections: 1 };
const together: HttpCell = { sizeBytes: 65536, connections: 8 };

function run(requests: number, us: number, errors = 0): WrkRun {
  return { seconds: 2, requests, errors, latencies: requests === 0 ? [] : [[us, requests]] };
}

function rowOf(cell: HttpCell, system: HttpRow["system"], runs: readonly WrkRun[]): HttpRow {
  return httpRow(cell, path, system, {
    runs,
    drops: 3,
    windowsGranted: 4,
    advice: system === "advised" ? advice : none,
  });
}

describe("httpRow()", () => {
  test("is the median rate of the repetitions, and quantiles over all their requests", () => {
    const row = rowOf(alone, "default", [run(20, 60_000), run(40, 20_000, 1), run(60, 80_000, 2)]);
    expect(row).toMatchObject({
      size_bytes: 65536,
      connections: 1,
      system: "default",
      requests_per_s: 20,
      p50_ms: 60,
      p90_ms: 80,
      p99_ms: 80,
      requests: 120,
      errors: 3,
      drops: 3,
      windows_granted: 4,
      advised_window_segments: 0,
    });
  });

  test("takes the lower of the two middle rates where repetitions are even", () => {
    expect(rowOf(alone, "default", [run(20, 1), run(40, 1)]).requests_per_s).toBe(10);
  });
});

describe("httpSummary()", () => {
  const rows = [
    rowOf(alone, "default", [run(20, 80_000)]),
    rowOf(alone, "advised", [run(40, 20_000)]),
    rowOf(together, "default", [run(100, 60_000, 1)]),
    rowOf(together, "advised", [run(50, 60_000)]),
  ];

  test("has the ratios of every cell, above 1 where advised is faster", () => {
    const { cells } = httpSummary(rows, path, plan);
    expect(cells).toEqual([
      { size_bytes: 65536, connections: 1, requests_per_s_ratio: 2, p50_ratio: 4, p90_ratio: 4, p99_ratio: 4 },
      { size_bytes: 65536, connections: 8, requests_per_s_ratio: 0.5, p50_ratio: 1, p90_ratio: 1, p99_ratio: 1 },
    ]);
  });

  test("has their geometric means, and what was measured", () => {
    expect(httpSummary(rows, path, plan)).toMatchObject({
      requests_per_s_ratio: 1,
      p50_ratio: 2,
      requests: 210,
      errors: 1,
      path: { rtt_ms: 20, rate_mbit_per_s: 200, buffer_bdp: 0.25, congestion: "cubic" },
      repetitions: 3,
      seconds: 2,
    });
  });

  test("has no ratio for a system of which no request was answered", () => {
    const silent = [rowOf(alone, "default", [run(0, 0, 5)]), rowOf(alone, "advised", [run(40, 20_000)])];
    const summary = httpSummary(silent, path, plan);
    expect(summary).toMatchObject({ requests_per_s_ratio: null, p50_ratio: null, errors: 5 });
    expect(summary.cells[0]).toMatchObject({ requests_per_s_ratio: null, p99_ratio: null });
    expect(httpTable(silent, summary)).not.toMatch(/NaN|null|undefined/);
  });

  test("is shown with a line for each row", () => {
    const text = httpTable(rows, httpSummary(rows, path, plan));
    expect(text.match(/ (default|advised) /g)).toHaveLength(rows.length);
    expect(text).toContain("345, 192 Mbit/s");
    expect(text).toContain("requests/s 1.00x, p50 2.00x");
  });

  test("says so where nothing was advised", () => {
    const row = httpRow(alone, path, "advised", { runs: [run(20, 1)], drops: 0, windowsGranted: 0, advice: none });
    expect(httpTable([row], httpSummary([row], path, plan))).toMatch(/ none /);
  });
});

test("httpCellLine() has both systems, the ratios, and errors where there were any", () => {
  const [ordinary, advised] = [
    rowOf(alone, "default", [run(20, 80_000, 1)]),
    rowOf(alone, "advised", [run(40, 20_000)]),
  ];
  expect(httpCellLine(ordinary, advised)).toBe(
    "64K x 1: default 10.0/s, 80.0 ms; advised 20.0/s, 20.0 ms: requests/s 2.00x, p50 4.00x, p90 4.00x, p99 4.00x, 1 errors",
  );
});
