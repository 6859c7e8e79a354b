import { describe, expect, test } from "vitest";
import type { PathRate } from "../../../../aggregator/core/path-rate.ts";
import { rateAfter, rateAfterFailure, unknownRate } from "../../../../aggregator/core/path-rate.ts";
import { pathRate, quietRow, row } from "../fixtures.ts";

const secondMs = 1_000;

/** The rate after the same row every second. */
function rateAfterRows(rate: PathRate, each: ReturnType<typeof row>, count: number, fromMs: number): PathRate {
  let after = rate;
  for (let index = 0; index < count; index += 1) after = rateAfter(after, each, fromMs + index * secondMs);
  return after;
}

describe("rateAfter() with saturated samples", () => {
  const known = rateAfter(unknownRate, row(), 0);

  test("believes the first sample, as there is nothing else", () => {
    expect(known).toMatchObject({ rateBytesPerSecond: pathRate, capacityBytesPerSecond: pathRate, fullMs: 0 });
  });

  test.each([0.25, 4])("follows a capacity that became x %d within two rows", (factor) => {
    const changed = row({ saturatedBytesPerSecond: pathRate * factor });
    const after = rateAfterRows(known, changed, 2, secondMs).rateBytesPerSecond;
    expect(Math.abs(after - pathRate * factor)).toBeLessThan(0.1 * Math.abs(pathRate * factor - pathRate));
  });

  test("moves little for one odd sample", () => {
    const odd = row({ saturatedBytesPerSecond: pathRate / 10, saturatedSamples: 1 });
    expect(rateAfter(known, odd, secondMs).rateBytesPerSecond).toBeGreaterThan(0.85 * pathRate);
  });

  test("moves little for one odd sample where the rate came from unsaturated ones", () => {
    const lower = quietRow({ unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 });
    const odd = row({ saturatedBytesPerSecond: pathRate / 10, saturatedSamples: 1 });
    const after = rateAfter(rateAfter(unknownRate, lower, 0), odd, secondMs);
    expect(after.rateBytesPerSecond).toBeGreaterThan(0.85 * pathRate);
  });

  test("gives way at once after hours without samples", () => {
    const after = rateAfter(known, row({ saturatedBytesPerSecond: pathRate / 10 }), 10 * 3_600_000);
    expect(after.rateBytesPerSecond).toBeCloseTo(pathRate / 10, -1);
  });
});

describe("rateAfter() with unsaturated samples", () => {
  const known = rateAfter(unknownRate, row(), 0);

  test("takes a higher bound, as the capacity is outdated", () => {
    const bound = quietRow({ unsaturatedBytesPerSecond: 2 * pathRate, unsaturatedSamples: 4 });
    expect(rateAfter(known, bound, secondMs).rateBytesPerSecond).toBe(2 * pathRate);
  });

  test("takes only part of a higher bound from a single sample", () => {
    const bound = quietRow({ unsaturatedBytesPerSecond: 2 * pathRate, unsaturatedSamples: 1 });
    expect(rateAfter(known, bound, secondMs).rateBytesPerSecond).toBe(1.25 * pathRate);
  });

  test("is not lowered by a bound below", () => {
    const bound = quietRow({ unsaturatedBytesPerSecond: pathRate / 100, unsaturatedSamples: 100 });
    expect(rateAfter(known, bound, secondMs).rateBytesPerSecond).toBe(pathRate);
  });
});

describe("rateAfter() with filled pacing", () => {
  const filled = quietRow({ pacingFilled: 3 });
  const neverFull = rateAfter(unknownRate, quietRow({ unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 }), 0);

  test("grows by quarters while the path was never seen full, a step every other interval", () => {
    expect(rateAfterRows(neverFull, filled, 6, 2 * secondMs).rateBytesPerSecond).toBeCloseTo(pathRate * 1.25 ** 3, -1);
  });

  test("takes nothing for proof that was paced before the last step", () => {
    const twice = rateAfter(rateAfter(neverFull, filled, 2 * secondMs), filled, 3 * secondMs + 400);
    expect(twice.rateBytesPerSecond).toBe(pathRate * 1.25);
  });

  test("waits 30 s after the path was full, then grows beyond it by a sixteenth", () => {
    const known = rateAfter(unknownRate, row(), 0);
    expect(rateAfter(known, filled, 29_999).rateBytesPerSecond).toBe(pathRate);
    expect(rateAfter(known, filled, 30_000).rateBytesPerSecond).toBe(pathRate * 1.0625);
  });

  test("returns to a known capacity soon after a retreat, and stops there", () => {
    const lowered = rateAfterFailure(rateAfter(unknownRate, row(), 0), 20_000, secondMs);
    expect(rateAfter(lowered, filled, secondMs + 2_999).rateBytesPerSecond).toBe(pathRate * 0.7);
    expect(rateAfterRows(lowered, filled, 3, secondMs + 3_000).rateBytesPerSecond).toBe(pathRate);
    expect(rateAfterRows(lowered, filled, 5, secondMs + 3_000).rateBytesPerSecond).toBe(pathRate);
  });

  test.each([
    ["too few samples", { pacingFilled: 2 }],
    ["a failed window", { windowsFailed: 1 }],
  ])("does not grow with %s", (_, change) => {
    expect(rateAfter(neverFull, { ...filled, ...change }, secondMs).rateBytesPerSecond).toBe(pathRate);
  });

  test("does not grow from nothing", () => {
    expect(rateAfter(unknownRate, filled, secondMs).rateBytesPerSecond).toBe(0);
  });
});

describe("rateAfterFailure()", () => {
  const known = rateAfter(unknownRate, row(), 0);

  test("retreats to 0.7 of the rate", () => {
    expect(rateAfterFailure(known, 20_000, secondMs).rateBytesPerSecond).toBe(pathRate * 0.7);
  });

  test("counts failures of one moment or one RTT once", () => {
    const once = rateAfterFailure(known, 500_000, secondMs);
    expect(rateAfterFailure(once, 500_000, secondMs + 499)).toBe(once);
    expect(rateAfterFailure(once, 20_000, secondMs + 99)).toBe(once);
  });

  test("stays above 0.7 of a capacity that is current", () => {
    const once = rateAfterFailure(known, 20_000, secondMs);
    expect(rateAfterFailure(once, 20_000, 2 * secondMs).rateBytesPerSecond).toBe(pathRate * 0.7);
  });

  test("goes on down where the capacity is older than a minute", () => {
    const once = rateAfterFailure(known, 20_000, 61_000);
    expect(rateAfterFailure(once, 20_000, 62_000).rateBytesPerSecond).toBeCloseTo(pathRate * 0.49, 0);
  });

  test("never raises the rate", () => {
    const low = { ...known, rateBytesPerSecond: pathRate / 10 };
    expect(rateAfterFailure(low, 20_000, secondMs).rateBytesPerSecond).toBeLessThanOrEqual(pathRate / 10);
  });
});
