import { expect, test } from "vitest";
import { unknownTolerance } from "../../../../aggregator/core/burst-tolerance.ts";
import { toleranceAfter } from "../../../support/folded.ts";
import { row } from "../fixtures.ts";

const secondMs = 1_000;
const lostOf40 = row({ connectionsBusyMax: 1, burstsLost: 4, burstsKept: 4, burstLostMean: 40 });
const tolerance28 = toleranceAfter(unknownTolerance, lostOf40, 0);

test("toleranceAfter() knows no bound before the first loss", () => {
  expect(toleranceAfter(unknownTolerance, row({ burstsKept: 8, burstKeptHighest: 160 }), 0)).toEqual(unknownTolerance);
});

test("toleranceAfter() takes 0.7 of the bursts of one alone that lost, in the mean, and half of those of several", () => {
  expect(tolerance28).toEqual({ segments: 28, changedMs: 0 });
  const ofTwo = { ...lostOf40, connectionsBusyMax: 2 };
  expect(toleranceAfter(unknownTolerance, ofTwo, 0)).toEqual({ segments: 20, changedMs: 0 });
});

test("toleranceAfter() takes fewer than a fifth of bursts for random loss", () => {
  expect(toleranceAfter(unknownTolerance, { ...lostOf40, burstsLost: 1, burstsKept: 5 }, 0)).toEqual(unknownTolerance);
  expect(toleranceAfter(unknownTolerance, { ...lostOf40, burstsLost: 1, burstsKept: 4 }, 0).segments).toBe(28);
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
