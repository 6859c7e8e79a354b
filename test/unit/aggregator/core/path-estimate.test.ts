import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reportBounds } from "../../../../aggregator/core/bounds.ts";
import { confidenceOf } from "../../../../aggregator/core/confidence.ts";
import type { PathEstimateState } from "../../../../aggregator/core/path-estimate.ts";
import { bdpBytesOf, minRttUsOf } from "../../../../aggregator/core/path-estimate.ts";
import { estimateAfter, estimateAfterFailedJump } from "../../../support/folded.ts";
import { checkReport } from "../checked-report.ts";
import { estimateOf, pathRate, pathRttUs, quietRow, report, row } from "../fixtures.ts";

describe("estimateAfter()", () => {
  test("takes the first row as it is", () => {
    expect(estimateOf(row())).toMatchObject({
      sampledMs: 1_000,
      rttP50Us: pathRttUs + 500,
      rttP95Us: pathRttUs + 2_000,
      mssBytes: 1_448,
      rttSamples: 64,
      rateSamples: 32,
      connections: 8,
    });
    expect(minRttUsOf(estimateOf(row()))).toBe(pathRttUs);
    expect(bdpBytesOf(estimateOf(row()))).toBe(500_000);
  });

  test("adds up evidence and keeps the first moment", () => {
    const estimate = estimateOf(row(), row({ windowsGranted: 3, windowsCompleted: 2, windowsFailed: 1 }));
    expect(estimate).toMatchObject({ sampledMs: 2_000, rttSamples: 128, rateSamples: 64 });
    expect(estimate).toMatchObject({ connections: 16, windowsGranted: 3, windowsCompleted: 2, windowsFailed: 1 });
  });

  test("weighs RTT quantiles by their samples", () => {
    const many = estimateOf(row(), row({ rttP50Us: 40_000, rttSamples: 72 }));
    const few = estimateOf(row(), row({ rttP50Us: 40_000, rttSamples: 1 }));
    expect(many.rttP50Us).toBeGreaterThan(37_000);
    expect(few.rttP50Us).toBeLessThan(23_000);
  });

  test("keeps the RTT where a row has no RTT samples", () => {
    const estimate = estimateOf(row(), row({ rttSamples: 0, rttMinUs: 0, rttP50Us: 0, rttP95Us: 0 }));
    expect(minRttUsOf(estimate)).toBe(pathRttUs);
    expect(estimate.rttP50Us).toBe(pathRttUs + 500);
  });

  test("forgets a minimum RTT after ten minutes of higher ones", () => {
    let estimate = estimateOf(row());
    for (let minute = 1; minute <= 11; minute += 1) {
      estimate = estimateAfter(
        estimate,
        row({ rttMinUs: 30_000, rttP50Us: 31_000, rttP95Us: 32_000 }),
        minute * 60_000,
      );
    }
    expect(minRttUsOf(estimate)).toBe(30_000);
  });

  test("follows loss, and forgets it", () => {
    const lossy = estimateOf(row(), row({ segmentsRetransmitted: 300 }));
    expect(lossy.lossRatio).toBeGreaterThan(0.08);
    const calm = [row(), row(), row()].reduce(
      (before, each, index) => estimateAfter(before, each, 3_000 + index),
      lossy,
    );
    expect(calm.lossRatio).toBeLessThan(0.001);
  });

  test("lowers the rate where a row tells of failed windows", () => {
    expect(estimateOf(row(), quietRow({ windowsFailed: 5 })).rate.rateBytesPerSecond).toBe(pathRate * 0.7);
  });
});

describe("estimateAfterFailedJump()", () => {
  test("lowers the rate, and the report that counts the failure does not lower it again", () => {
    const lowered = estimateAfterFailedJump(estimateOf(row()), 1_500);
    expect(lowered.rate.rateBytesPerSecond).toBe(pathRate * 0.7);
    const old = { ...lowered, rate: { ...lowered.rate, fullMs: -1e9 } };
    const reported = estimateAfter(old, quietRow({ windowsFailed: 1 }), 2_000);
    expect(reported.rate.rateBytesPerSecond).toBe(pathRate * 0.7);
    const another = estimateAfter(reported, quietRow({ windowsFailed: 1 }), 3_000);
    expect(another.rate.rateBytesPerSecond).toBeCloseTo(pathRate * 0.49, 0);
  });

  test("asks how much is lost: a window of hundreds of segments loses one at random on most links", () => {
    const carried = quietRow({ unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 });
    const failedTwice = (segmentsRetransmitted: number) => {
      const known = estimateOf(carried, { ...carried, unsaturatedSamples: 3, segmentsRetransmitted });
      return estimateAfterFailedJump(estimateAfterFailedJump(known, 3_000), 4_000).rate.rateBytesPerSecond;
    };
    expect(failedTwice(30)).toBe(pathRate * 0.7);
    expect(failedTwice(300)).toBeCloseTo(pathRate * 0.49, 0);
  });

  test("does not make the estimate younger", () => {
    expect(estimateAfterFailedJump(estimateOf(row()), 9_000).sampledMs).toBe(1_000);
  });
});

test("an estimate stays finite and within bounds whatever rows pass the check", () => {
  // Mostly what passes, at its edges, and now and then what must not.
  const likely = <T>(usual: fc.Arbitrary<T>, absurd: fc.Arbitrary<T>) =>
    fc.oneof({ arbitrary: usual, weight: 19 }, { arbitrary: absurd, weight: 1 });
  const any32 = fc.integer({ min: 0, max: 0xffffffff });
  const count = likely(fc.integer({ min: 0, max: 100 }), any32);
  const rate = likely(fc.integer({ min: 1, max: 12_500_000_000 }), fc.constantFrom(0, 2 ** 64, Number.NaN));
  const rtt = likely(fc.integer({ min: 1, max: 60_000_000 }), any32);
  const anyReport = fc
    .record({
      intervalUs: likely(fc.integer({ min: 1_000, max: 600_000_000 }), any32),
      rtt: fc.array(rtt, { minLength: 3, maxLength: 3 }).map((values) => values.sort((left, right) => left - right)),
      rttSamples: fc.tuple(count),
      saturatedBytesPerSecond: fc.tuple(rate),
      saturatedSamples: fc.tuple(count),
      unsaturatedBytesPerSecond: fc.tuple(rate),
      unsaturatedSamples: fc.tuple(count),
      segmentsSent: fc.tuple(any32),
      segmentsRetransmitted: fc.tuple(any32),
      connectionsOpened: fc.tuple(count),
      windowsFailed: fc.tuple(likely(fc.constant(0), count)),
      pacingFilled: fc.tuple(count),
      pacingMissed: fc.tuple(count),
    })
    .map(({ rtt: [min = 0, p50 = 0, p95 = 0], ...columns }) =>
      report("a", 1, ["10.0.0.2"], { ...columns, rttMinUs: [min], rttP50Us: [p50], rttP95Us: [p95] }),
    );
  let folded = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyReport, fc.boolean(), fc.integer({ min: 0, max: 10_000_000 })), { maxLength: 12 }),
      (steps) => {
        let estimate: PathEstimateState | undefined;
        let nowMs = 0;
        for (const [each, jump, laterMs] of steps) {
          nowMs += laterMs;
          const check = checkReport(each, "a");
          if (!check.ok) continue;
          for (const checked of check.rows) {
            estimate = estimateAfter(estimate, checked, nowMs);
            folded += 1;
          }
          if (jump && estimate !== undefined) estimate = estimateAfterFailedJump(estimate, nowMs);
          if (estimate !== undefined) expectWithinBounds(estimate, nowMs);
        }
      },
    ),
    { numRuns: 1_000 },
  );
  expect(folded, "the rows must not all be refused").toBeGreaterThan(100);
});

function expectWithinBounds(estimate: PathEstimateState, nowMs: number): void {
  const { rate } = estimate;
  for (const bytesPerSecond of [rate.rateBytesPerSecond, rate.capacityBytesPerSecond]) {
    expect(bytesPerSecond).toBeGreaterThanOrEqual(0);
    expect(bytesPerSecond).toBeLessThanOrEqual(reportBounds.rateMaxBytesPerSecond);
  }
  for (const rttUs of [minRttUsOf(estimate), estimate.rttP50Us, estimate.rttP95Us]) {
    expect(rttUs).toBeGreaterThanOrEqual(0);
    expect(rttUs).toBeLessThanOrEqual(reportBounds.rttMaxUs);
  }
  for (const ratio of [estimate.lossRatio, estimate.markRatio, confidenceOf(estimate, nowMs)]) {
    expect(ratio).toBeGreaterThanOrEqual(0);
    expect(ratio).toBeLessThanOrEqual(1);
  }
  for (const count of [estimate.rttSamples, estimate.rateSamples, estimate.connections, estimate.windowsFailed]) {
    expect(Number.isSafeInteger(count)).toBe(true);
  }
}

test("estimateAfter() counts first trains as evidence of the rate: some paths have no other", () => {
  expect(estimateOf(quietRow({ trainSamples: 6, trainBytesPerSecond: pathRate })).rateSamples).toBe(6);
});

describe("fullQueueUs", () => {
  const overflow = (rttP95Us: number) => row({ rttP95Us, segmentsRetransmitted: 30 });
  const quarterUs = pathRttUs / 4;

  test("is not known before segments were lost, however long they waited", () => {
    expect(estimateOf(row({ rttP95Us: 30_000 })).fullQueueUs).toBe(0);
    expect(estimateOf(row({ rttP95Us: 30_000, segmentsRetransmitted: 2 })).fullQueueUs).toBe(0);
  });

  test("begins with a quarter of the RTT, and follows longer waits by halves", () => {
    expect(estimateOf(overflow(pathRttUs + quarterUs)).fullQueueUs).toBe(quarterUs);
    expect(estimateOf(overflow(pathRttUs + 2 * quarterUs)).fullQueueUs).toBe(1.5 * quarterUs);
    const many = Array.from({ length: 40 }, (_, index) => overflow(pathRttUs + (index % 4 === 0 ? 10_000 : 1_000)));
    expect(estimateOf(...many).fullQueueUs).toBeGreaterThan(6_000);
  });

  test("comes down to a buffer of a few packets in half a minute", () => {
    const many = Array.from({ length: 40 }, () => overflow(pathRttUs + 1_000));
    expect(estimateOf(...many).fullQueueUs).toBeLessThan(1_500);
  });

  test("stays as it is without losses", () => {
    expect(estimateOf(overflow(25_000), row({ rttP95Us: 50_000 }), row()).fullQueueUs).toBe(5_000);
  });
});
