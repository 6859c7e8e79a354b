import { describe, expect, test } from "vitest";
import { geomean, isLongAlone, summaryOf } from "../../bench/fct-summary.ts";
import { believed, row, timed } from "./fct-fixtures.ts";

describe("geomean()", () => {
  test("is the root of the product", () => {
    expect(geomean([2, 8])).toBeCloseTo(4, 12);
  });

  test("of nothing is null", () => {
    expect(geomean([])).toBeNull();
  });
});

describe("summaryOf()", () => {
  test("takes geometric means of medians and of p99 over the limit and over the default", () => {
    const summary = summaryOf([
      row("a", { default: timed(20, 40), augmenter: timed(10, 20) }),
      row("b", { default: timed(80, 90), augmenter: timed(40, 45) }),
    ]);
    expect(summary.vs_limit_geomean).toBe(2);
    expect(summary.default_vs_limit_geomean).toBe(4);
    expect(summary.vs_default_geomean).toBe(2);
    expect(summary.vs_limit_p99_geomean).toBe(3);
    expect(summary.vs_default_p99_geomean).toBe(2);
    expect(summary.cells).toBe(2);
  });

  test("takes p99 figures from the cells with 100 transfers of both, and those over all cells beside them", () => {
    const summary = summaryOf([
      row("a", { default: timed(10, 40), augmenter: timed(10, 20) }),
      row("few of default", { default: timed(10, 160, 99), augmenter: timed(10, 20) }),
      row("few of augmenter", { default: timed(10, 80), augmenter: timed(10, 20, 99) }),
    ]);
    expect(summary.vs_limit_p99_geomean).toBe(2);
    expect(summary.vs_default_p99_geomean).toBe(2);
    expect(summary.vs_default_p99_all_geomean).toBe(4);
    expect(summary.vs_limit_p99_all_geomean).toBe(2);
    expect(summary.cells_with_p99).toBe(1);
  });

  test("has no p99 figure where no cell has 100 transfers", () => {
    const summary = summaryOf([row("a", { default: timed(10, 20, 12), augmenter: timed(10, 10, 12) })]);
    expect(summary.vs_limit_p99_geomean).toBeNull();
    expect(summary.vs_default_p99_geomean).toBeNull();
    expect(summary.vs_default_p99_all_geomean).toBe(2);
  });

  test("compares with the fixed window that is best over all cells, not with the best of each cell", () => {
    const summary = summaryOf([
      row("a", { default: timed(20), iw20: timed(10), iw200: timed(40), augmenter: timed(10) }),
      row("b", { default: timed(20), iw20: timed(40), iw200: timed(20), augmenter: timed(10) }),
    ]);
    // default 2 and 2, iw20 1 and 4, iw200 4 and 2: the geometric means are 2, 2 and 2.83.
    expect(summary.vs_best_fixed_geomean).toBe(2);
    expect(summary.best_fixed).toBe("default");
  });

  test("does not compare with a fixed window that was tried in some of the cells only", () => {
    const summary = summaryOf([
      row("a", { default: timed(20), iw20: timed(1), augmenter: timed(10) }),
      row("b", { default: timed(20), augmenter: timed(10) }),
    ]);
    expect(summary.best_fixed).toBe("default");
  });

  test("finds the worst p99 among the cells with 100 transfers of both", () => {
    const summary = summaryOf([
      row("few", { default: timed(10, 10, 99), augmenter: timed(10, 100) }),
      row("good", { default: timed(10, 30), augmenter: timed(10, 20) }),
      row("worst", { default: timed(10, 18), augmenter: timed(10, 20) }),
    ]);
    expect(summary.worst_p99_ratio_vs_default).toBe(0.9);
    expect(summary.worst_p99_cell).toBe("worst");
    expect(summary.cells_with_p99).toBe(2);
  });

  test("has the middle and the worst of what was believed of the rates, by the payload that the path carries", () => {
    const cells = [0.5, 1, 1.01, 20].map((factor) =>
      row(`x${factor}`, { augmenter: timed(10) }, { learned: believed(factor) }),
    );
    expect(summaryOf([...cells, row("not measured", { default: timed(10) })])).toMatchObject({
      rate_vs_truth_median: 1,
      rate_vs_truth_lowest: 0.5,
      rate_vs_truth_lowest_cell: "x0.5",
      rate_vs_truth_highest: 20,
      rate_vs_truth_highest_cell: "x20",
    });
    expect(summaryOf([])).toMatchObject({ rate_vs_truth_median: null, rate_vs_truth_highest: null });
  });

  test("takes long transfers that are alone by themselves", () => {
    const long = { connections_at_once: 1, rtt_ms: 20, rate_mbit_per_s: 200, size_bytes: 65536 };
    const summary = summaryOf([
      row("a", { default: timed(30), augmenter: timed(10) }, long),
      row("b", { default: timed(10), augmenter: timed(10) }),
    ]);
    expect(summary.vs_default_long_alone_geomean).toBe(3);
    expect(summary.long_alone_cells).toBe(1);
  });

  test("has null where nothing was measured, and counts what failed", () => {
    const summary = summaryOf([row("a", { default: { ...timed(10), errors: 7 } })]);
    expect(summary.vs_limit_geomean).toBeNull();
    expect(summary.vs_riptide_geomean).toBeNull();
    expect(summary.vs_best_fixed_geomean).toBeNull();
    expect(summary.worst_p99_ratio_vs_default).toBeNull();
    expect(summary.default_vs_limit_geomean).toBe(1);
    expect(summary.errors).toBe(7);
  });
});

test.each([
  ["one connection of 64 KiB over 20 ms at 200 Mbit/s", {}, true],
  ["several connections", { connections_at_once: 4 }, false],
  ["a short path", { rtt_ms: 5 }, false],
  ["a slow path", { rate_mbit_per_s: 50 }, false],
  ["a small transfer", { size_bytes: 16384 }, false],
])("isLongAlone() of %s", (_, change, expected) => {
  const long = { connections_at_once: 1, rtt_ms: 20, rate_mbit_per_s: 200, size_bytes: 65536 };
  expect(isLongAlone(row("a", {}, { ...long, ...change }))).toBe(expected);
});
