import { describe, expect, test } from "vitest";
import { timesOf, transferLimitMs } from "../../bench/fct-times.ts";

const ms = (...values: readonly number[]) => values.map((value) => value * 1000);
const hundred = Array.from({ length: 100 }, () => 10);

describe("timesOf()", () => {
  test("has the quantiles of all bursts together", () => {
    const times = timesOf([
      { us: ms(30, 10), errors: [] },
      { us: ms(20), errors: [] },
    ]);
    expect(times).toMatchObject({ transfers: 3, errors: 0, p50_ms: 20, p99_ms: 30 });
  });

  test("counts a failed transfer as one that took until it was given up", () => {
    const times = timesOf([{ us: ms(...hundred.slice(2)), errors: ["TIMEOUT", "ECONNRESET"] }]);
    expect(times).toMatchObject({ transfers: 100, errors: 2, p50_ms: 10, p90_ms: 10, p99_ms: transferLimitMs });
  });

  test("has no quantile that a failure makes smaller", () => {
    const slow = timesOf([{ us: ms(10, 20, 5_000), errors: [] }]);
    const failed = timesOf([{ us: ms(10, 20), errors: ["ECONNREFUSED"] }]);
    for (const name of ["p50_ms", "p90_ms", "p99_ms"] as const) expect(failed[name]).toBeGreaterThanOrEqual(slow[name]);
  });

  test("of a system of which all failed is the limit, and of none zero", () => {
    expect(timesOf([{ us: [], errors: ["ENETUNREACH"] }])).toMatchObject({ transfers: 1, p50_ms: transferLimitMs });
    expect(timesOf([])).toMatchObject({ transfers: 0, errors: 0, p99_ms: 0 });
  });
});
