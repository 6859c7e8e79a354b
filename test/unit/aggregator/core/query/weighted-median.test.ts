import fc from "fast-check";
import { expect, test } from "vitest";
import { WeightedMedian } from "../../../../../aggregator/core/query/weighted-median.ts";
import { inOneGo } from "../../../../../aggregator/core/steps.ts";

/** Sorted, and weighed up to the half. */
function sortedMedian(pairs: readonly { readonly value: number; readonly weight: number }[]): number {
  const known = pairs.filter(({ value }) => value > 0).sort((left, right) => left.value - right.value);
  const half = known.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let sum = 0;
  for (const { value, weight } of known) {
    sum += weight;
    if (sum >= half) return value;
  }
  return 0;
}

test("WeightedMedian finds what sorting finds, of values that are known", () => {
  const value = fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 5 }),
    fc.float({ min: 1, noNaN: true, max: 2 ** 40 }),
  );
  // Weights whose sums are exact.
  const pairs = fc.array(fc.record({ value, weight: fc.integer({ min: 1, max: 1_000 }) }), { maxLength: 60 });
  fc.assert(
    fc.property(pairs, (each) => {
      // Beside them what belongs to another cell.
      const values = Float32Array.from([...each.map((pair) => pair.value), 7]);
      const weights = Float64Array.from([...each.map((pair) => pair.weight), 1e9]);
      const median = new WeightedMedian(values, weights);
      expect(inOneGo(median.of(Uint32Array.from(each.keys())))).toBe(sortedMedian(each));
    }),
    { numRuns: 500, seed: 3 },
  );
});
