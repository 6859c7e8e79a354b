/** Zero, negative, absurd and missing samples, silence, jumps and clock steps: finite, in bounds, and back to the truth. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adviceBounds, reportBounds } from "../../../../aggregator/core/bounds.ts";
import { confidenceOf } from "../../../../aggregator/core/confidence.ts";
import type { PathEstimateState } from "../../../../aggregator/core/path-estimate.ts";
import { minRttUsOf } from "../../../../aggregator/core/path-estimate.ts";
import { isCapacityKnown } from "../../../../aggregator/core/path-rate.ts";
import type { PathReportRow } from "../../../../aggregator/core/report-check.ts";
import { rowRefusals } from "../../../../aggregator/core/report-check.ts";
import { windowFor } from "../../../../aggregator/core/window-policy.ts";
import type { PathReport__Output } from "../../../../proto/gen/augmenter/v1/PathReport.ts";
import { estimateAfter, estimateAfterFailedJump } from "../../../support/folded.ts";
import { checkReport } from "../checked-report.ts";
import { address, pathRate, pathRttUs, report, row } from "../fixtures.ts";

const far = address("10.0.0.2");
const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const yearMs = 365 * 24 * 60 * minuteMs;
/** Each moves the rate four fifths of the way to the truth: enough even from 100 Gbit/s. */
const goodRows = 12;
/** So far apart, so many rows outlast every windowed minimum. */
const goodRowsApartMs = minuteMs;

const columns = Object.keys(report("a", 1, [])).filter((name) => Array.isArray(report("a", 1, [])[name as never]));
/** What no column may hold, and what only some may. */
const absurd = fc.constantFrom(0, -1, -0.5, 1e300, 2 ** 53, -(2 ** 63), Number.NaN, Infinity, -Infinity);
/** A column as it should be, with one odd value, or of another length. */
const anyColumn = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }).map((value) => [value]),
  fc.integer({ min: 0, max: 0xffffffff }).map((value) => [value]),
  absurd.map((value) => [value]),
  fc.constantFrom<number[]>([], [1, 2]),
);
/** A healthy report, of which up to three columns are anything. */
const anyReport = fc
  .array(fc.tuple(fc.constantFrom(...columns), anyColumn), { maxLength: 3 })
  .map((changes) => report("a", 1, ["10.0.0.2"], Object.fromEntries(changes) as Partial<PathReport__Output>));
const forward = fc.oneof(fc.integer({ min: 0, max: 10 * secondMs }), fc.integer({ min: 0, max: 10 * yearMs }));
const anyStep = fc.oneof(forward, forward, fc.integer({ min: -10 * yearMs, max: 0 }));

interface Story {
  readonly estimate: PathEstimateState | undefined;
  readonly nowMs: number;
}

const stories = (steps: fc.Arbitrary<number>) =>
  fc.array(fc.record({ each: anyReport, laterMs: steps, isJumpFailed: fc.boolean() }), { maxLength: 10 });

test("checkReport() lets nothing pass that is not a number within its bounds", () => {
  const refusals = new Set<string>();
  let passed = 0;
  fc.assert(
    fc.property(anyReport, (each) => {
      const check = checkReport(each, "a");
      if (!check.ok) {
        refusals.add(check.refusal);
        return;
      }
      for (const refusal of check.refusedRows.keys()) refusals.add(refusal);
      for (const checked of check.rows) {
        passed += 1;
        expectRowWithinBounds(checked);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(passed).toBeGreaterThan(200);
  expect(refusals).toContain("column_length");
  // The destination is the only value that is always good here.
  for (const refusal of rowRefusals.slice(1)) expect(refusals).toContain(refusal);
});

describe("an estimate", () => {
  test("stays finite and within bounds wherever the clock steps, and its rate comes back after good rows", () => {
    fc.assert(
      fc.property(stories(anyStep), (story) => {
        const { estimate } = told(told({ estimate: undefined, nowMs: 0 }, story), good(row()));
        expectNear(estimate?.rate.rateBytesPerSecond, pathRate);
        expect(estimate?.lossRatio).toBeLessThan(0.01);
      }),
      { numRuns: 1_000 },
    );
  });

  test("comes back in everything where the clock only goes forward", () => {
    fc.assert(
      fc.property(stories(forward), (story) => {
        const { estimate, nowMs } = told(told({ estimate: undefined, nowMs: 0 }, story), good(row()));
        if (estimate === undefined) throw new Error("Cannot go on: good rows were refused");
        expect(minRttUsOf(estimate)).toBe(pathRttUs);
        expectNear(estimate.rttP50Us, row().rttP50Us);
        expectNear(estimate.rttP95Us, row().rttP95Us);
        const window = windowFor(estimate, far, adviceBounds, nowMs);
        expectNear(window?.windowSegments, (2 * pathRate * (pathRttUs / 1e6)) / row().mssBytes);
      }),
      { numRuns: 1_000 },
    );
  });

  test("of a path that vanishes gives no more than before, and is right again three rows after it is back", () => {
    const factors = fc.constantFrom(0.1, 0.5, 1, 2, 10);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: yearMs }), factors, (silenceMs, factor) => {
        const before = told({ estimate: undefined, nowMs: 0 }, good(row()));
        const nowMs = before.nowMs + silenceMs;
        const held = before.estimate && windowFor(before.estimate, far, adviceBounds, nowMs);
        // Three half-lives leave an eighth of any confidence, which is less than is asked for.
        if (silenceMs > 30 * minuteMs) expect(held).toBeUndefined();
        else if (held !== undefined) expect(held.pathRateBytesPerSecond).toBeLessThanOrEqual(pathRate);
        const changed = row({ saturatedBytesPerSecond: pathRate * factor });
        const { estimate } = told({ estimate: before.estimate, nowMs }, good(changed, secondMs).slice(0, 3));
        expectNear(estimate?.rate.rateBytesPerSecond, pathRate * factor, 0.1);
      }),
    );
  });

  test.each([10, 0.1])("follows an RTT that jumps to %d times, and never leaves what was seen meanwhile", (factor) => {
    const jumpedUs = pathRttUs * factor;
    const jumped = row({ rttMinUs: jumpedUs, rttP50Us: jumpedUs, rttP95Us: jumpedUs });
    let story = told({ estimate: undefined, nowMs: 0 }, good(row(), secondMs));
    for (const step of good(jumped, goodRowsApartMs)) {
      story = told(story, [step]);
      const { estimate } = story;
      if (estimate === undefined) throw new Error("Cannot go on: good rows were refused");
      expect(minRttUsOf(estimate)).toBeGreaterThanOrEqual(Math.min(pathRttUs, jumpedUs));
      expect(minRttUsOf(estimate)).toBeLessThanOrEqual(Math.max(pathRttUs, jumpedUs));
      if (factor < 1) expect(minRttUsOf(estimate)).toBe(jumpedUs);
    }
    expect(story.estimate && minRttUsOf(story.estimate)).toBe(jumpedUs);
    expectNear(story.estimate?.rttP95Us, jumpedUs);
  });

  test("is not moved by rows without samples", () => {
    const before = told({ estimate: undefined, nowMs: 0 }, good(row()));
    const nothing = row({ rttSamples: 0, saturatedSamples: 0, segmentsSent: 0, mssBytes: 0 });
    const { estimate } = told(before, good(nothing));
    expect(estimate?.rate).toEqual(before.estimate?.rate);
    expect(estimate).toMatchObject({ rttP50Us: before.estimate?.rttP50Us, minRtt: before.estimate?.minRtt });
    expect(estimate).toMatchObject({ lossRatio: before.estimate?.lossRatio, mssBytes: before.estimate?.mssBytes });
  });
});

describe("an estimate after its clock was set back", () => {
  const backs = fc.oneof(fc.integer({ min: 1, max: minuteMs }), fc.integer({ min: 1, max: 10 * yearMs }));
  const quiet = { saturatedBytesPerSecond: 0, saturatedSamples: 0 };
  const lossy = { burstsLost: 4, burstsKept: 4, burstLostMean: 20 };
  const trains = { trainBytesPerSecond: pathRate, trainSamples: 8 };
  /** A path that failed once, and up to twenty seconds later has recovered from it; then the clock steps. */
  const histories = fc.record({ rows: fc.integer({ min: 3, max: 20 }), backMs: backs });
  const steppedBack = (history: { readonly rows: number; readonly backMs: number }): Told => {
    let story = afterRow(told({ estimate: undefined, nowMs: 0 }, good(row(), secondMs)), row());
    story = { ...story, estimate: estimateAfterFailedJump(story.estimate, story.nowMs) };
    for (let index = 0; index < history.rows; index += 1) story = afterRow(story, row({ ...lossy, ...trains }));
    return { ...story, nowMs: story.nowMs - history.backMs };
  };

  test("is lowered by the first window that fails then, whoever tells of it", () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, isTold) => {
        const before = steppedBack(history);
        const nowMs = before.nowMs;
        const sinceFailureMs = history.rows * secondMs - history.backMs;
        // Back to the moment of the failure itself, it is the same failure.
        fc.pre(sinceFailureMs < 0 || sinceFailureMs >= 100);
        // Within seconds after the first failure's event one more is taken for its report.
        const windowsFailed = sinceFailureMs < 0 ? 1 : 2;
        const after = isTold
          ? estimateAfterFailedJump(before.estimate, nowMs)
          : afterRow(before, row({ ...quiet, windowsFailed }), 0).estimate;
        expect(after.rate.rateBytesPerSecond).toBeLessThan(before.estimate.rate.rateBytesPerSecond * 0.95);
        const [again, later] = [nowMs + 1, nowMs + 20 * secondMs].map((ms) => estimateAfterFailedJump(after, ms));
        expect(again?.rate.retreatedMs).toBe(nowMs);
        expect(later?.rate.retreatedMs).toBeLessThanOrEqual(nowMs + 20 * secondMs);
      }),
    );
  });

  test("grows again by proof within a minute", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const rateOf = (story: Told): number => story.estimate.rate.rateBytesPerSecond;
        const grown = (story: Told, rowsMax: number): Told => {
          let after = story;
          for (let index = 0; index < rowsMax && rateOf(after) <= rateOf(story) * 1.1; index += 1) {
            after = afterRow(after, row({ ...quiet, pacingFilled: 8 }));
          }
          expect(rateOf(after)).toBeGreaterThan(rateOf(story) * 1.1);
          return after;
        };
        const once = grown(steppedBack(history), 60);
        // Back once more, in the midst of growth.
        grown({ ...once, nowMs: once.nowMs - history.backMs }, 10);
      }),
    );
  });

  test("gives way to new samples after half an hour without any", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const before = afterRow(steppedBack(history), row({ ...quiet, rttSamples: 0, segmentsSent: 0 }), 0);
        const doubled = row({ saturatedBytesPerSecond: 2 * pathRate, saturatedSamples: 8 });
        // Eight samples, of a prior that is worth eight times an eighth: eight ninths of the way.
        const { estimate } = afterRow(before, doubled, 30 * minuteMs);
        expect(estimate.rate.rateBytesPerSecond).toBeGreaterThan(1.8 * pathRate);
        expect(estimate.rate.capacityBytesPerSecond).toBeGreaterThan(1.8 * pathRate);
      }),
    );
  });

  test("looks for a larger burst after two minutes", () => {
    fc.assert(
      fc.property(histories, (history) => {
        let story = steppedBack(history);
        const before = story.estimate.tolerance.segments;
        const kept = { burstsKept: 8, burstKeptHighest: 20 };
        for (let index = 0; index < 125; index += 1) story = afterRow(story, row(kept));
        expect(story.estimate.tolerance.segments).toBeGreaterThan(before);
      }),
    );
  });

  test("is trusted less from then on, and an eighth after three half-lives without samples", () => {
    fc.assert(
      fc.property(histories, fc.boolean(), (history, isTold) => {
        const before = steppedBack(history);
        const nothing = row({ ...quiet, rttSamples: 0, segmentsSent: 0 });
        const { estimate, nowMs } = isTold
          ? { ...before, estimate: estimateAfterFailedJump(before.estimate, before.nowMs) }
          : afterRow(before, nothing, 0);
        const ages = [0, 10, 20, 30].map((minutes) => confidenceOf(estimate, nowMs + minutes * minuteMs));
        for (const [index, confidence] of ages.slice(1).entries()) expect(confidence).toBeLessThan(ages[index] ?? 0);
        expect(ages[3]).toBeLessThanOrEqual((ages[0] ?? 0) / 8 + 1e-9);
        expect([9, 11].map((minutes) => isCapacityKnown(estimate.rate, nowMs + minutes * minuteMs))).toEqual([
          true,
          false,
        ]);
      }),
    );
  });
});

interface Told {
  readonly estimate: PathEstimateState;
  readonly nowMs: number;
}

/** What follows from a row that comes so much later. */
function afterRow({ estimate, nowMs }: Story, each: PathReportRow, laterMs = secondMs): Told {
  return { estimate: estimateAfter(estimate, each, nowMs + laterMs), nowMs: nowMs + laterMs };
}

interface Step {
  readonly each: PathReport__Output;
  readonly laterMs: number;
  readonly isJumpFailed: boolean;
}

function good(each: PathReportRow, apartMs = goodRowsApartMs): Step[] {
  const changes = Object.fromEntries(columns.map((name) => [name, [each[name as keyof PathReportRow]]]));
  const step = {
    each: report("a", 1, ["10.0.0.2"], changes as Partial<PathReport__Output>),
    laterMs: apartMs,
    isJumpFailed: false,
  };
  return Array.from({ length: goodRows }, () => step);
}

/** What follows from the reports, checked after each of them. */
function told(before: Story, steps: readonly Step[]): Story {
  let { estimate, nowMs } = before;
  for (const { each, laterMs, isJumpFailed } of steps) {
    nowMs += laterMs;
    const check = checkReport(each, "a");
    for (const checked of check.ok ? check.rows : []) estimate = estimateAfter(estimate, checked, nowMs);
    if (estimate !== undefined && isJumpFailed) estimate = estimateAfterFailedJump(estimate, nowMs);
    if (estimate !== undefined) expectWithinBounds(estimate, nowMs);
  }
  return { estimate, nowMs };
}

function expectNear(value: number | undefined, truth: number, tolerance = 0.05): void {
  expect(Math.abs((value ?? 0) / truth - 1)).toBeLessThan(tolerance);
}

function expectRowWithinBounds(checked: PathReportRow): void {
  for (const name of columns) {
    const value = checked[name as keyof PathReportRow] as number;
    const isUnused = /^(rtt|saturated|unsaturated|train)/.test(name) && !name.endsWith("Samples");
    // An RTT or a rate without samples is never looked at.
    if (isUnused) continue;
    expect(value, name).toBeGreaterThanOrEqual(0);
    expect(value, name).toBeLessThan(2 ** 53);
  }
}

function expectWithinBounds(estimate: PathEstimateState, nowMs: number): void {
  const { rate } = estimate;
  const ranges: readonly (readonly [name: string, value: number, highest: number])[] = [
    ["rate", rate.rateBytesPerSecond, reportBounds.rateMaxBytesPerSecond],
    ["capacity", rate.capacityBytesPerSecond, reportBounds.rateMaxBytesPerSecond],
    ["minimum RTT", minRttUsOf(estimate), reportBounds.rttMaxUs],
    ["RTT median", estimate.rttP50Us, reportBounds.rttMaxUs],
    ["RTT 95th percentile", estimate.rttP95Us, reportBounds.rttMaxUs],
    ["loss", estimate.lossRatio, 1],
    ["marks", estimate.markRatio, 1],
    ["confidence", confidenceOf(estimate, nowMs), 1],
  ];
  for (const [name, value, highest] of ranges) {
    if (!(value >= 0 && value <= highest)) expect.fail(`${name} is ${value}, must be 0..${highest}`);
  }
  const window = windowFor(estimate, far, adviceBounds, nowMs);
  if (window === undefined) return;
  expect(window.windowSegments).toBeGreaterThanOrEqual(adviceBounds.windowMinSegments);
  expect(window.windowSegments).toBeLessThanOrEqual(adviceBounds.windowMaxSegments);
  expect(Number.isSafeInteger(window.windowSegments)).toBe(true);
  expect(window.pathRateBytesPerSecond).toBeGreaterThanOrEqual(1);
  expect(window.pathRateBytesPerSecond).toBeLessThanOrEqual(adviceBounds.rateMaxBytesPerSecond);
}
