/** Mean and deviation of a stream of weighted values, of which the older ones fade and single wild ones count little. */

/** Nothing is known where the weight is 0. */
export interface FadingMean {
  readonly weight: number;
  readonly mean: number;
  /** Weighted sum of squared distances from the mean. */
  readonly squares: number;
}

/** Before the first value. */
export const noMean: FadingMean = { weight: 0, mean: 0, squares: 0 };

/**
 * Values further away than this many deviations count less, in proportion (P. Huber, Robust Estimation of a Location Parameter, 1964): a
 * fifth of all values that is far off moves the mean by a twentieth of a deviation or two, not by a fifth of the way.
 */
const huberDeviations = 2;
/** Differences below this, of logarithms a tenth, are never wild. */
const huberFloor = 0.1;

/**
 * The mean after another value. `kept` is the part of what was known that is left by now, 0..1. Values of no weight and values
 * that are no numbers change nothing but that.
 */
export function fadingMeanAfter(before: FadingMean, value: number, weight: number, kept: number): FadingMean {
  const known = { weight: before.weight * kept, mean: before.mean, squares: before.squares * kept };
  if (!(weight > 0) || !Number.isFinite(value)) return known;
  if (known.weight === 0) return { weight, mean: value, squares: 0 };
  const distance = value - known.mean;
  const usual = Math.max(huberFloor, huberDeviations * deviationOf(known));
  const counted = weight * Math.min(1, usual / Math.abs(distance));
  const sum = known.weight + counted;
  const squares = known.squares + counted * Math.min(Math.abs(distance), usual) ** 2;
  return { weight: sum, mean: known.mean + (distance * counted) / sum, squares };
}

/** The standard deviation of single values, but for wild ones. */
export function deviationOf(mean: FadingMean): number {
  return mean.weight === 0 ? 0 : Math.sqrt(mean.squares / mean.weight);
}
