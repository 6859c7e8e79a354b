import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deviationOf, emptyMean, foldValue } from "../../../../aggregator/core/fading-mean.ts";
import { countPath, noPaths, pathsCounted } from "../../../../aggregator/core/path-count.ts";
import type { PathSight } from "../../../../aggregator/core/rollups.ts";
import { Rollups } from "../../../../aggregator/core/rollups.ts";

const sight: PathSight = {
  minRttUs: 1_000,
  rttP50Us: 1_200,
  rttP95Us: 2_000,
  rateBytesPerSecond: 1e7,
  lossRatio: 0,
  mssBytes: 1_448,
  rttSamples: 64,
  rateSamples: 16,
  linkBytesPerSecond: Number.POSITIVE_INFINITY,
};
const here = { rack: 1, zone: 10 };
const there = { rack: 2, zone: 20 };

function rateOf(rollups: Rollups, nowMs = 0): number {
  return Math.exp(rollups.parentOf(here, there, nowMs)?.logRate?.mean ?? Number.NaN);
}

describe("Rollups", () => {
  test("parentOf() is undefined where neither racks nor zones are known or measured", () => {
    const rollups = new Rollups(100);
    expect(rollups.parentOf(here, there, 0)).toBeUndefined();
    rollups.learn({ rack: 0, zone: 0 }, there, 1, sight, 0);
    expect(rollups.parentOf({ rack: 0, zone: 0 }, there, 0)).toBeUndefined();
  });

  test("parentOf() draws a pair of racks with few paths to its pair of zones, one with many less", () => {
    const few = new Rollups(100);
    const many = new Rollups(100);
    for (let path = 0; path < 50; path += 1) {
      const fast = { ...sight, rateBytesPerSecond: 4e7 };
      for (const each of [few, many]) each.learn({ rack: 3, zone: 10 }, { rack: 4, zone: 20 }, path * 101, fast, 0);
      many.learn(here, there, path * 103, sight, 0);
    }
    few.learn(here, there, 7, sight, 0);
    expect(rateOf(few)).toBeGreaterThan(1.5e7);
    expect(rateOf(many)).toBeLessThan(1.2e7);
    expect(many.parentOf(here, there, 0)?.confidence).toBeGreaterThan(few.parentOf(here, there, 0)?.confidence ?? 1);
  });

  test("parentOf() does not draw paths inside a rack to those that leave it", () => {
    const rollups = new Rollups(100);
    rollups.learn(here, here, 1, sight, 0);
    for (let path = 0; path < 50; path += 1) {
      rollups.learn({ rack: 3, zone: 10 }, { rack: 4, zone: 10 }, path, { ...sight, minRttUs: 9_000 }, 0);
    }
    expect(Math.exp(rollups.parentOf(here, here, 0)?.logMinRttUs?.mean ?? 0)).toBeCloseTo(1_000);
  });

  test.each([
    ["a rack of a zone", 10, 20],
    ["a rack without a zone", 0, 0],
  ])("rateOfEnds() is told by no path inside %s", (_, fromZone, toZone) => {
    const rollups = new Rollups(100);
    const [from, to, other] = [
      { rack: 1, zone: fromZone },
      { rack: 2, zone: toZone },
      { rack: 3, zone: 0 },
    ];
    const inside = { ...sight, rateBytesPerSecond: 1e9 };
    for (let path = 0; path < 20; path += 1) for (const rack of [from, to]) rollups.learn(rack, rack, path, inside, 0);
    expect(rollups.rateOfEnds(from, to)).toBeUndefined();
    rollups.learn(from, other, 100, sight, 0);
    rollups.learn(other, to, 101, sight, 0);
    expect(Math.exp(rollups.rateOfEnds(from, to)?.mean ?? 0)).toBeCloseTo(1e7, -1);
  });

  test("a path that its ends' links limit does not lower what others carry", () => {
    const rollups = new Rollups(100);
    const slow = { ...sight, rateBytesPerSecond: 1e6, linkBytesPerSecond: 1e6 };
    rollups.learn(here, there, 1, slow, 0);
    for (let path = 0; path < 20; path += 1) {
      rollups.learn(here, there, path, sight, 0);
      rollups.learn(here, there, path + 100, slow, 0);
    }
    expect(rateOf(rollups)).toBeGreaterThan(0.9e7);
  });

  test("one host in ten that lies moves the mean by 5 % at most", () => {
    const rollups = new Rollups(100);
    for (let path = 0; path < 200; path += 1) {
      const honest = { ...sight, rateBytesPerSecond: 1e7 * (1 + 0.1 * Math.sin(path)) };
      rollups.learn(here, there, path, path % 10 === 5 ? { ...sight, rateBytesPerSecond: 1.2e10 } : honest, 0);
    }
    expect(rateOf(rollups)).toBeGreaterThan(0.95e7);
    expect(rateOf(rollups)).toBeLessThan(1.05e7);
  });

  test("knowledge fades: after ten minutes it is trusted half", () => {
    const rollups = new Rollups(100);
    rollups.learn(here, there, 1, sight, 0);
    const fresh = rollups.parentOf(here, there, 0)?.confidence ?? 0;
    expect(rollups.parentOf(here, there, 600_000)?.confidence).toBeCloseTo(fresh / 2);
    expect(fresh).toBeLessThan(0.6);
  });

  test("learn() keeps at most as many sums as it may", () => {
    const rollups = new Rollups(8);
    for (let rack = 1; rack < 100; rack += 1)
      rollups.learn({ rack, zone: 0 }, { rack: rack + 1, zone: 0 }, rack, sight, 0);
    expect(rollups.size).toBe(8);
  });

  test("what is told stays finite and within what was seen, whatever is learned", () => {
    const value = fc.oneof(fc.double({ noDefaultInfinity: false }), fc.double({ min: 1, max: 1e10 }));
    const look = fc.record({ minRttUs: value, rateBytesPerSecond: value, rttSamples: fc.nat(), rateSamples: fc.nat() });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 50 }), (looks) => {
        const rollups = new Rollups(100);
        for (const [index, each] of looks.entries()) rollups.learn(here, there, index, { ...sight, ...each }, index);
        const parent = rollups.parentOf(here, there, looks.length);
        if (parent === undefined) return;
        expect(parent.confidence).toBeGreaterThanOrEqual(0);
        expect(parent.confidence).toBeLessThanOrEqual(0.6);
        for (const common of [parent.logRate, parent.logMinRttUs]) {
          if (common !== undefined)
            expect(Number.isFinite(common.mean) && Number.isFinite(common.deviation)).toBe(true);
        }
      }),
    );
  });
});

test("foldValue() follows a stream and forgets what has faded", () => {
  const mean = emptyMean();
  for (const value of [1, 1.02, 0.98, 1]) foldValue(mean, value, 1, 1);
  expect(mean.mean).toBeCloseTo(1, 1);
  expect(deviationOf(mean)).toBeLessThan(0.03);
  const before = { ...mean };
  foldValue(mean, Number.NaN, 1, 1);
  expect(mean).toEqual(before);
  foldValue(mean, 1.1, 1, 0);
  expect(mean.mean).toBe(1.1);
});

test("pathsCounted() tells few from many, and forgets what was not seen for two generations", () => {
  const count = noPaths();
  for (let path = 0; path < 20; path += 1) countPath(count, Math.imul(path, 0x9e3779b1) >>> 8, 0, 1_000);
  expect(pathsCounted(count)).toBeGreaterThan(12);
  expect(pathsCounted(count)).toBeLessThan(30);
  countPath(count, 1, 1_500, 1_000);
  countPath(count, 1, 2_600, 1_000);
  expect(pathsCounted(count)).toBeCloseTo(1, 1);
});
