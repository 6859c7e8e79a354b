import { expect, test } from "vitest";
import { maximumOf, minimumOf } from "../../../../aggregator/core/windowed-extreme.ts";
import { maximumAfter, minimumAfter } from "../../../support/folded.ts";

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

test("maximumAfter() keeps the largest value of the current and the previous bucket, and then forgets it", () => {
  let maximum = maximumAfter(undefined, 40, 0, bucketMs);
  maximum = maximumAfter(maximum, 50, 500, bucketMs);
  maximum = maximumAfter(maximum, 30, 1_999, bucketMs);
  expect(maximumOf(maximum)).toBe(50);
  maximum = maximumAfter(maximum, 20, 2_000, bucketMs);
  expect(maximumOf(maximum)).toBe(30);
  maximum = maximumAfter(maximum, 10, 60_000, bucketMs);
  expect(maximumOf(maximum)).toBe(10);
});

test("maximumAfter() starts anew where the clock stepped back", () => {
  const maximum = maximumAfter(maximumAfter(undefined, 50, 10_000, bucketMs), 40, 0, bucketMs);
  expect(maximumOf(maximum)).toBe(40);
});
