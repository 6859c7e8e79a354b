/** Bounds on what many paths show, with the seeds of those that break them. */
import { expect } from "vitest";

/** One figure of the path that a seed makes. */
export interface Figure {
  readonly seed: number;
  readonly value: number;
}

/** Seeds that a failure names. */
const seedsNamed = 10;

/** Expects that of the paths at least this share (0..1) keeps the bound. A failure names the worst seeds. */
export function expectMost(figures: readonly Figure[], share: number, highest: number): void {
  expect(figures.length).toBeGreaterThan(0);
  const worst = figures.toSorted((left, right) => right.value - left.value);
  const beyond = worst.filter(({ value }) => !(value <= highest));
  const named = beyond.slice(0, seedsNamed).map(({ seed, value }) => `${seed} (${value.toPrecision(3)})`);
  const at = worst[Math.floor((1 - share) * worst.length)]?.value;
  expect(
    beyond.length / figures.length,
    `${share} of ${figures.length} paths must be <= ${highest} and are <= ${at?.toPrecision(3)}; worst seeds: ${named.join(", ")}`,
  ).toBeLessThanOrEqual(1 - share);
}
