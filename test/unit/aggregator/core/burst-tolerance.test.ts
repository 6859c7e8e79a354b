import { expect, test } from "vitest";
import { toleranceAfter, unknownTolerance } from "../../../../aggregator/core/burst-tolerance.ts";
import { row } from "../fixtures.ts";

const secondMs = 1_000;
const lostOf40 = row({ burstsLost: 4, burstsKept: 4, burstLostMean: 40 });
const tolerance28 = toleranceAfter(unknownTolerance, lostOf40, 0);

test("toleranceAfter() knows no bound before the first loss", () => {
  expect(toleranceAfter(unknownTolerance, row({ burstsKept: 8, burstKeptHighest: 160 }), 0)).toBe(unknownTolerance);
});

test("toleranceAfter() takes 0.7 of the bursts that lost, in the mean", () => {
  expect(tolerance28).toEqual({ segments: 28, changedMs: 0 });
});

test("toleranceAfter() takes fewer than a fifth of bursts for random loss", () => {
  expect(toleranceAfter(unknownTolerance, { ...lostOf40, burstsLost: 1, burstsKept: 5 }, 0)).toBe(unknownTolerance);
  expect(toleranceAfter(unknownTolerance, { ...lostOf40, burstsLost: 1, burstsKept: 4 }, 0).segments).toBe(28);
});

test("toleranceAfter() lowers a bound once for all that was sent before it was known", () => {
  const lostOf20 = { ...lostOf40, burstLostMean: 20 };
  expect(toleranceAfter(tolerance28, lostOf20, 1.5 * secondMs - 1)).toBe(tolerance28);
  expect(toleranceAfter(tolerance28, lostOf20, 1.5 * secondMs)).toEqual({ segments: 14, changedMs: 1.5 * secondMs });
});

test("toleranceAfter() is not raised by the loss of a larger burst", () => {
  const lostOf80 = { ...lostOf40, burstLostMean: 80 };
  expect(toleranceAfter(tolerance28, lostOf80, 2 * secondMs).segments).toBeCloseTo(28 * 0.7, 6);
});

test("toleranceAfter() never goes below two segments", () => {
  expect(toleranceAfter(unknownTolerance, { ...lostOf40, burstLostMean: 1 }, 0).segments).toBe(2);
});

test("toleranceAfter() grows by a tenth where bursts that large came through for half a minute", () => {
  const kept = row({ burstsKept: 8, burstKeptHighest: 26 });
  expect(toleranceAfter(tolerance28, kept, 30 * secondMs - 1)).toBe(tolerance28);
  const grown = toleranceAfter(tolerance28, kept, 30 * secondMs);
  expect(grown.segments).toBeCloseTo(30.8, 6);
  expect(grown.changedMs).toBe(30 * secondMs);
  expect(toleranceAfter(tolerance28, row({ burstsKept: 8, burstKeptHighest: 25 }), 60 * secondMs)).toBe(tolerance28);
});
