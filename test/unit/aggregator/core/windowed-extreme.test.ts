import { expect, test } from "vitest";
import { minimumAfter, minimumOf } from "../../../../aggregator/core/windowed-extreme.ts";

const bucketMs = 1_000;

test("minimumAfter() keeps the smallest value of the current and the previous bucket", () => {
  let minimum = minimumAfter(undefined, 50, 0, bucketMs);
  minimum = minimumAfter(minimum, 40, 500, bucketMs);
  minimum = minimumAfter(minimum, 60, 900, bucketMs);
  expect(minimumOf(minimum)).toBe(40);
  minimum = minimumAfter(minimum, 70, 1_100, bucketMs);
  expect(minimumOf(minimum)).toBe(40);
});

test("minimumAfter() forgets a value after at most two buckets", () => {
  let minimum = minimumAfter(undefined, 40, 0, bucketMs);
  minimum = minimumAfter(minimum, 70, 1_100, bucketMs);
  minimum = minimumAfter(minimum, 80, 2_100, bucketMs);
  expect(minimumOf(minimum)).toBe(70);
  minimum = minimumAfter(minimum, 90, 60_000, bucketMs);
  expect(minimumOf(minimum)).toBe(90);
});

test("minimumOf() stays as it is without new values", () => {
  const minimum = minimumAfter(undefined, 40, 0, bucketMs);
  expect(minimumOf(minimum)).toBe(40);
});
