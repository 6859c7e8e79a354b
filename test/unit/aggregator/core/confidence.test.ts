import fc from "fast-check";
import { expect, test } from "vitest";
import { confidenceOf, freshnessAfter, halfLifeMs } from "../../../../aggregator/core/confidence.ts";

test("confidenceOf() halves with each half-life", () => {
  const evidence = { rttSamples: 1_000_000, rateSamples: 1_000_000, sampledMs: 0 };
  expect(confidenceOf(evidence, 0)).toBeCloseTo(1, 3);
  expect(confidenceOf(evidence, halfLifeMs)).toBeCloseTo(0.5, 3);
  expect(confidenceOf(evidence, 3 * halfLifeMs)).toBeCloseTo(0.125, 3);
});

test("confidenceOf() is half where only one kind of evidence is there", () => {
  expect(confidenceOf({ rttSamples: 1_000_000, rateSamples: 0, sampledMs: 0 }, 0)).toBeCloseTo(0.5, 3);
});

test("confidenceOf() is within 0..1, rises with evidence and falls with age", () => {
  const samples = fc.integer({ min: 0, max: 2 ** 50 });
  const ages = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(samples, samples, samples, ages, ages, (rttSamples, rateSamples, more, age, older) => {
      const confidence = confidenceOf({ rttSamples, rateSamples, sampledMs: 0 }, age);
      expect(confidence).toBeGreaterThanOrEqual(0);
      expect(confidence).toBeLessThanOrEqual(1);
      expect(confidenceOf({ rttSamples, rateSamples: rateSamples + more, sampledMs: 0 }, age)).toBeGreaterThanOrEqual(
        confidence,
      );
      expect(confidenceOf({ rttSamples, rateSamples, sampledMs: 0 }, age + older)).toBeLessThanOrEqual(confidence);
    }),
  );
});

test("confidenceOf() does not take samples ahead of the clock for new", () => {
  const evidence = { rttSamples: 1_000_000, rateSamples: 1_000_000, sampledMs: 6 * halfLifeMs };
  expect(confidenceOf(evidence, 0)).toBeCloseTo(1 / 64, 3);
  expect(confidenceOf(evidence, 6 * halfLifeMs - 5)).toBeCloseTo(1, 3);
});

test("freshnessAfter() takes a negative age for none", () => {
  expect(freshnessAfter(-1)).toBe(1);
});
