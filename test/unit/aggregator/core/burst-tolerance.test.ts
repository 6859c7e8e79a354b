import { describe, expect, test } from "vitest";
import { unknownTolerance } from "../../../../aggregator/core/burst-tolerance.ts";
import type { PathReportRow } from "../../../../aggregator/core/report-check.ts";
import { toleranceAfter } from "../../../support/folded.ts";
import { row } from "../fixtures.ts";

const secondMs = 1_000;
const lostOf40 = row({ connectionsBusyMax: 1, burstsLost: 4, burstsKept: 4, burstLostMean: 40 });
const tolerance28 = toleranceAfter(unknownTolerance, lostOf40, 0);

test("toleranceAfter() knows no bound before the first loss", () => {
  expect(toleranceAfter(unknownTolerance, row({ burstsKept: 8, burstKeptHighest: 160 }), 0)).toEqual(unknownTolerance);
});

test("toleranceAfter() takes 0.7 of the bursts that lost, in the mean, and half of more than 40 segments", () => {
  expect(tolerance28).toEqual({ segments: 28, changedMs: 0 });
  expect(toleranceAfter(unknownTolerance, { ...lostOf40, burstLostMean: 41 }, 0).segments).toBe(20.5);
});

describe("toleranceAfter() takes for random loss what 1 % of it would explain", () => {
  const takenFrom = (changes: Partial<PathReportRow>) => toleranceAfter(unknownTolerance, row(changes), 0).segments;

  test("four of sixteen connections, whatever they sent at once", () => {
    const alone = { connectionsBusyMax: 1, burstLostMean: 10 };
    expect(takenFrom({ ...alone, burstsLost: 4, burstsKept: 12 })).toBe(0);
    expect(takenFrom({ ...alone, burstsLost: 5, burstsKept: 11 })).toBe(7);
    expect(takenFrom({ connectionsBusyMax: 16, burstLostMean: 48, burstsLost: 4, burstsKept: 12 })).toBe(0);
  });

  test("a single one of several", () => {
    expect(takenFrom({ connectionsBusyMax: 1, burstLostMean: 10, burstsLost: 1, burstsKept: 1 })).toBe(0);
    expect(takenFrom({ connectionsBusyMax: 1, burstLostMean: 10, burstsLost: 1, burstsKept: 0 })).toBe(7);
  });

  test("but not all that a few of many short connections sent", () => {
    const few = { connectionsBusyMax: 16, burstLostMean: 16 * 5, burstsLost: 2, burstsKept: 14 };
    expect(takenFrom({ ...few, segmentsSent: 16 * 13, segmentsRetransmitted: 4 })).toBe(0);
    expect(takenFrom({ ...few, segmentsSent: 16 * 13, segmentsRetransmitted: 10 })).toBe(40);
    expect(takenFrom({ ...few, segmentsSent: 16 * 50, segmentsRetransmitted: 100 })).toBe(0);
  });

  test("nothing where no burst lost", () => {
    expect(takenFrom({ burstsLost: 0, burstsKept: 16, segmentsSent: 160, segmentsRetransmitted: 100 })).toBe(0);
  });
});

test("toleranceAfter() is lowered by bursts that left under it, and not by larger ones from before", () => {
  expect(toleranceAfter(tolerance28, { ...lostOf40, burstLostMean: 29 }, 2 * secondMs)).toEqual(tolerance28);
  const lostOf20 = { ...lostOf40, burstLostMean: 20 };
  expect(toleranceAfter(tolerance28, lostOf20, secondMs)).toEqual({ segments: 14, changedMs: secondMs });
});

test("toleranceAfter() never goes below two segments", () => {
  expect(toleranceAfter(unknownTolerance, { ...lostOf40, burstLostMean: 1 }, 0).segments).toBe(2);
});

test("toleranceAfter() grows by a tenth where bursts that large came through for two minutes", () => {
  const kept = row({ burstsKept: 8, burstKeptHighest: 26 });
  expect(toleranceAfter(tolerance28, kept, 120 * secondMs - 1)).toEqual(tolerance28);
  const grown = toleranceAfter(tolerance28, kept, 120 * secondMs);
  expect(grown.segments).toBeCloseTo(30.8, 6);
  expect(grown.changedMs).toBe(120 * secondMs);
  expect(toleranceAfter(tolerance28, row({ burstsKept: 8, burstKeptHighest: 25 }), 240 * secondMs)).toEqual(
    tolerance28,
  );
});

test("toleranceAfter() comes down to what the path bears, told in whole segments", () => {
  let tolerance = unknownTolerance;
  for (let second = 0; second < 60; second += 1) {
    const burst = tolerance.segments === 0 ? 10 : Math.round(tolerance.segments);
    const lost = burst > 3;
    const told = {
      connectionsBusyMax: 1,
      burstsLost: lost ? 4 : 0,
      burstsKept: lost ? 0 : 4,
      burstLostMean: lost ? burst : 0,
    };
    tolerance = toleranceAfter(tolerance, row({ ...told, burstKeptHighest: lost ? 0 : burst }), second * secondMs);
  }
  expect(Math.round(tolerance.segments)).toBe(3);
});
