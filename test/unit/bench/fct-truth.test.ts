import { expect, test } from "vitest";
import { payloadRateOf, rateVsTruth } from "../../bench/fct-truth.ts";
import { believed, row, timed } from "./fct-fixtures.ts";

test("payloadRateOf() is the link's rate less headers", () => {
  expect(payloadRateOf({ rate_mbit_per_s: 200 })).toBeCloseTo((25e6 * 1448) / 1500, 3);
});

test("rateVsTruth() compares what was believed before and after the measurement with the path", () => {
  const measured = row("a", { augmenter: timed(10) }, { learned: believed(1.25) });
  expect(rateVsTruth(measured)).toEqual({ rate_vs_truth: 0.5, end_rate_vs_truth: 1.25 });
});

test("rateVsTruth() is undefined where augmenter was not measured", () => {
  expect(rateVsTruth(row("a", { default: timed(10) }))).toBeUndefined();
});
