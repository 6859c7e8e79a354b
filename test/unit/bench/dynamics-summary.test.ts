import { describe, expect, test } from "vitest";
import { baseCondition } from "../../bench/dynamics-condition.ts";
import type { Phase, Scenario } from "../../bench/dynamics-scenarios.ts";
import { dynamicsSummary, failingsOf, phaseResult, scenarioResult } from "../../bench/dynamics-summary.ts";
import { lane, look, repetition, transfer } from "./dynamics-fixtures.ts";

const large = 256 << 10;
const phase: Phase = { name: "change", condition: baseCondition, seconds: 8, fitBy: "advice" };
const bulkPhase: Phase = { ...phase, fitBy: "transfers", condition: { ...baseCondition, bulk: "neighbour" } };
const scenario: Scenario = { name: "a", phases: [phase], lanes: 1, streams: 1, everyMs: 200 };

const defaults = lane("default", { transfers: [transfer(0, 100), transfer(1, 200, { bytes: large })], drops: 3 });
const quick = lane("augmenter", {
  transfers: [transfer(0, 50), transfer(1, 160, { bytes: large })],
  looks: [look(-0.1, { windowsFailed: 2 }), look(0.5, { windowsFailed: 4 }), look(1.5, { windowsFailed: 4 })],
});

describe("phaseResult()", () => {
  const result = phaseResult(phase, [defaults, quick]);

  test("compares each size, and takes the worst", () => {
    expect(result.sizes.map(({ p99_ratio }) => p99_ratio)).toEqual([0.5, 0.8]);
    expect(result.p99_ratio).toBe(0.8);
  });

  test("counts failed windows and drops of the phase, and says what is advised in the end", () => {
    expect(result.windows_failed).toBe(2);
    expect(result.drops).toEqual({ default: 3, augmenter: 0 });
    expect(result.advised_mbit_per_s).toBe(184);
    expect(result.window_segments).toBe(690);
  });

  test("has the time to fit of every path, and none as the worst where one is missing", () => {
    const never = lane("augmenter", { looks: [look(1, { rateBytesPerSecond: 1 })] });
    expect(result.fit_s).toEqual([1.5]);
    const both = phaseResult(phase, [defaults, quick, never]);
    expect(both.fit_s).toEqual([1.5, null]);
    expect(both.fit_s_worst).toBeNull();
  });

  test("goes by the transfers where the phase says so", () => {
    expect(phaseResult({ ...phase, fitBy: "transfers" }, [defaults, quick]).fit_s).toEqual([0]);
  });

  test("says beside it when advice fits what cross traffic leaves, and not what bulk flows do", () => {
    const crossed: Phase = { ...phase, fitBy: "transfers", condition: { ...baseCondition, crossShare: 0.8 } };
    const follows = lane("augmenter", { ...quick, looks: [look(-0.1), look(2), look(3, { rateBytesPerSecond: 5e6 })] });
    const { fit_s, advice_fit_s } = phaseResult(crossed, [defaults, quick, follows]);
    expect(fit_s).toEqual([0]);
    expect(advice_fit_s).toEqual([null, 3]);
    const beside = [defaults, quick].map((each) => ({ ...each, bulkBitsPerSecond: 1e6, pingUs: [20_000] }));
    expect(phaseResult(bulkPhase, beside).advice_fit_s).toBeUndefined();
    expect(result.advice_fit_s).toEqual(result.fit_s);
  });

  test("takes the time that transfers without an end had taken, and counts them", () => {
    const hung = lane("augmenter", { transfers: [transfer(0, 900, { isComplete: false }), transfer(1, 50)] });
    const [size] = phaseResult(phase, [defaults, hung]).sizes;
    expect(size?.augmenter).toMatchObject({ transfers: 2, unfinished: 1, p99_ms: 900 });
  });

  test("has means of bulk flows and quantiles of RTTs", () => {
    const beside = (mbit: number, us: number) => ({ bulkBitsPerSecond: mbit * 1e6, pingUs: [us, us, us * 2] });
    const { bulk } = phaseResult(bulkPhase, [
      { ...defaults, ...beside(180, 40_000) },
      { ...defaults, ...beside(200, 40_000) },
      { ...quick, ...beside(171, 42_000) },
    ]);
    expect(bulk?.mbit_per_s).toEqual({ default: 190, augmenter: 171, ratio: 0.9 });
    expect(bulk?.rtt_p50_ms.ratio).toBe(1.05);
    expect(bulk?.rtt_p95_ms.default).toBe(80);
  });
});

describe("dynamicsSummary()", () => {
  test("passes where every change fits", () => {
    const summary = dynamicsSummary([scenarioResult(scenario, [repetition([[defaults, quick]])])]);
    expect(summary).toMatchObject({ phases: 1, phases_fit: 1, worst_fit_s: 1.5, worst_p99_ratio: 0.8, passed: true });
    expect(summary.neighbour_rtt_ratio).toBeNull();
  });

  test("names what never fits before what is slow", () => {
    const slow = lane("augmenter", { ...quick, looks: [look(7)] });
    const never = lane("augmenter", { ...quick, looks: [look(7, { windowSegments: 0 })] });
    const two = { ...scenario, phases: [phase, { ...phase, name: "other" }] };
    const summary = dynamicsSummary([
      scenarioResult(two, [
        repetition([
          [defaults, slow],
          [defaults, never],
        ]),
      ]),
    ]);
    expect(summary).toMatchObject({ phases_fit: 0, worst_fit_s: null, worst_fit_phase: "other", passed: false });
  });

  test("has nulls where nothing was measured", () => {
    expect(dynamicsSummary([])).toMatchObject({
      phases: 0,
      worst_p99_ratio: null,
      worst_fit_phase: null,
      passed: false,
    });
  });
});

test("failingsOf() judges a neighbour's bulk flow, and not that of the own hosts", () => {
  const beside = (ratio: number) => ({ default: 1, augmenter: ratio, ratio });
  const bulk = { owner: "neighbour" as const, mbit_per_s: beside(0.94), rtt_p50_ms: beside(1), rtt_p95_ms: beside(9) };
  const good = phaseResult(phase, [defaults, quick]);
  expect(failingsOf(good)).toEqual([]);
  expect(failingsOf({ ...good, bulk })).toEqual(["neighbour"]);
  expect(failingsOf({ ...good, bulk: { ...bulk, owner: "own" } })).toEqual([]);
  expect(failingsOf({ ...good, bulk: { ...bulk, mbit_per_s: beside(0.96), rtt_p50_ms: beside(1.06) } })).toHaveLength(
    1,
  );
  expect(failingsOf({ ...good, fit_s_worst: 5.1, p99_ratio: 1.2 })).toEqual(["fit", "p99"]);
});

test("scenarioResult() has the worst of its repetitions, and counts those that had learned", () => {
  const result = scenarioResult(scenario, [
    repetition([[defaults, quick]]),
    repetition([[defaults, quick]], {
      learned: false,
      learnSeconds: 15,
      latenessP99Us: 90,
      base: [look(0, { rateBytesPerSecond: 0 })],
    }),
  ]);
  expect(result).toMatchObject({ repetitions: 2, learned: 1, learn_s_worst: 15, lateness_p99_us: 90, seconds: 40 });
  expect(result.learned_mbit_per_s).toEqual([0, 184]);
  expect(result.phases[0]?.sizes[0]?.augmenter.transfers).toBe(2);
});
