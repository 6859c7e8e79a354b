/** A simulated path changes under its estimate: how long until estimate and advice are right again. */
import { describe, expect, test } from "vitest";
import { adviceBounds } from "../../aggregator/core/bounds.ts";
import { minRttUsOf } from "../../aggregator/core/path-estimate.ts";
import { windowFor } from "../../aggregator/core/window-policy.ts";
import { expectMost } from "./figures.ts";
import { simulatedDestination } from "./interval-fold.ts";
import type { PathTruth } from "./path-truth.ts";
import { plainPath } from "./path-truth.ts";
import { PlayedPath } from "./played-path.ts";
import { SeededRandom } from "./seeded-random.ts";

const paths = 200;
/** Long enough for most estimates to be near the truth (estimation.test.ts). */
const settlingIntervals = 60;
/** The windowed minimum keeps an RTT for 10 minutes at most; an interval is a second. */
const minRttIntervals = 600;
/** Just not long enough to be forgotten (tableBounds.pathAgeMaxMs). */
const silenceMs = 50 * 60_000;
const testTimeoutMs = 60_000;

describe("an estimate comes back after the path", () => {
  test.each([
    // The rate becomes so many times what it was: after how many intervals, the error for half of the paths and for 3 of 4.
    // Of the fourth quarter, many are used by transfers of a few dozen segments only: they leave no queue that is seen.
    [0.25, 60, 0.15, 1],
    [0.25, 120, 0.12, 0.25],
    [0.5, 60, 0.12, 0.25],
    // 5 s until growth beyond a known capacity begins, and then by steps that grow themselves.
    [2, 30, 0.1, 0.2],
    [4, 30, 0.15, 0.4],
    [4, 90, 0.1, 0.2],
  ])(
    "carries %d times as much, after %d intervals",
    (factor, intervals, median, most) => {
      const figures = played(({ truth, seed, path }) => {
        path.truth = { ...truth, rateBytesPerSecond: truth.rateBytesPerSecond * factor };
        playIntervals(path, intervals);
        return { seed, value: rateErrorOf(path) };
      });
      expectMost(figures, 0.5, median);
      expectMost(figures, 0.75, most);
    },
    testTimeoutMs,
  );

  test(
    "becomes tenfold as long: the minimum RTT within ten minutes and one interval, the rate with it",
    () => {
      const figures = played(({ truth, seed, path }) => {
        path.truth = { ...truth, rttUs: truth.rttUs * 10 };
        playIntervals(path, minRttIntervals);
        playUntilRow(path);
        return { seed, value: rttErrorOf(path), rate: rateErrorOf(path), isAdvised: path.advice !== undefined };
      }, 60);
      const rates = figures.map(({ seed, rate }) => ({ seed, value: rate }));
      expectMost(figures, 1, 1);
      expectMost(rates, 0.5, 0.1);
      expectMost(rates, 0.95, 0.3);
      expect(figures.filter(({ isAdvised }) => !isAdvised)).toEqual([]);
    },
    testTimeoutMs,
  );

  test("becomes a tenth as long: the minimum RTT with the next row", () => {
    const figures = played(({ truth, seed, path }) => {
      path.truth = { ...truth, rttUs: Math.ceil(truth.rttUs / 10) };
      playUntilRow(path);
      return { seed, value: rttErrorOf(path) };
    });
    expectMost(figures, 1, 1);
  });

  test("was silent and became a quarter as fast: no advice until it is used, and then the truth", () => {
    const figures = played(({ truth, seed, path }) => {
      path.truth = { ...truth, rateBytesPerSecond: truth.rateBytesPerSecond / 4 };
      path.nowMs += silenceMs;
      const { estimate } = path;
      if (estimate === undefined) throw new Error(`Cannot estimate the path of seed ${seed}: no rows`);
      expect(windowFor(estimate, simulatedDestination, adviceBounds, path.nowMs)).toBeUndefined();
      path.advice = undefined;
      playIntervals(path, settlingIntervals);
      return { seed, value: rateErrorOf(path) };
    });
    expectMost(figures, 0.5, 0.12);
    expectMost(figures, 0.75, 0.25);
  });
});

interface Settled {
  readonly seed: number;
  readonly truth: PathTruth;
  readonly path: PlayedPath;
}

function played<T>(change: (settled: Settled) => T, count = paths): T[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = index + 1;
    const random = new SeededRandom(seed);
    const truth = plainPath(random);
    const path = new PlayedPath(truth, random);
    playIntervals(path, settlingIntervals);
    return change({ seed, truth, path });
  });
}

function playIntervals(path: PlayedPath, intervals: number): void {
  for (let interval = 0; interval < intervals; interval += 1) path.step();
}

// Rarely used paths are not in every report.
function playUntilRow(path: PlayedPath): void {
  for (let interval = 0; interval < 100; interval += 1) if (path.step() !== undefined) return;
  throw new Error("Cannot go on: nobody uses the path");
}

function rateErrorOf({ estimate, truth }: PlayedPath): number {
  return Math.abs((estimate?.rate.rateBytesPerSecond ?? 0) / truth.rateBytesPerSecond - 1);
}

/** In tolerances of a tenth, and of what acknowledgements are late at the least. */
function rttErrorOf({ estimate, truth }: PlayedPath): number {
  const seenUs = estimate === undefined ? 0 : minRttUsOf(estimate);
  return Math.abs(seenUs - truth.rttUs) / (0.1 * truth.rttUs + 3 * truth.ackJitterUs);
}
