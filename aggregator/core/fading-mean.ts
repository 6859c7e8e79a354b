/** Mean and deviation of a stream of weighted values, of which the older ones fade and single wild ones count little. */
import type { Draft } from "./draft.ts";

/** Nothing is known where the weight is 0. */
export interface FadingMean {
  readonly weight: number;
  readonly mean: number;
  /** Weighted sum of squared distances from the mean. */
  readonly squares: number;
}

/** Before the first value. */
export function emptyMean(): Draft<FadingMean> {
  return { weight: 0, mean: 0, squares: 0 };
}

/**
 * Values further away than this many deviations count less, in proportion (P. Huber, Robust Estimation of a Location Parameter, 1964): a
 * fifth of all values that is far off moves the mean by a twentieth of a deviation or two, not by a fifth of the way.
 */
const huberDeviations = 2;
/** Differences below this, of logarithms a tenth, are never wild. */
const huberFloor = 0.1;

/**
 * Takes one more value into a mean, in place. `kept` is the part of what was known that is left by now, 0..1. Values of no weight and values
 * that are no numbers change nothing but that.
 */
export function foldValue(mean: Draft<FadingMean>, value: number, weight: number, kept: number): void {
  mean.weight *= kept;
  mean.squares *= kept;
  if (!(weight > 0) || !Number.isFinite(value)) return;
  if (mean.weight === 0) {
    mean.weight = weight;
    mean.mean = value;
    mean.squares = 0;
    return;
  }
  const distance = value - mean.mean;
  const usual = Math.max(huberFloor, huberDeviations * deviationOf(mean));
  const counted = weight * Math.min(1, usual / Math.abs(distance));
  mean.weight += counted;
  mean.mean += (distance * counted) / mean.weight;
  mean.squares += counted * Math.min(Math.abs(distance), usual) ** 2;
}

/** The standard deviation of single values, but for wild ones. */
export function deviationOf(mean: FadingMean): number {
  return mean.weight === 0 ? 0 : Math.sqrt(mean.squares / mean.weight);
}
