/** What paired measurements say together. */

/** The middle of some values and how far they are apart. */
export interface Spread {
  readonly median: number;
  readonly quartiles: readonly [number, number];
  /** In which the true median lies with 95 % confidence: between two order statistics (binomial, normal approximation). */
  readonly interval95: readonly [number, number];
  readonly count: number;
}

/** The spread of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const ascending = [...values].sort((a, b) => a - b);
  const count = ascending.length;
  if (count === 0) throw new Error("Cannot take the median of no values");
  const margin = Math.max(0, Math.floor(count / 2 - 0.98 * Math.sqrt(count)));
  return {
    median: quantile(ascending, 0.5),
    quartiles: [quantile(ascending, 0.25), quantile(ascending, 0.75)],
    interval95: [ascending[margin] ?? Number.NaN, ascending[count - 1 - margin] ?? Number.NaN],
    count,
  };
}

/** The middle of at least one value. */
export function medianOf(values: readonly number[]): number {
  return spreadOf(values).median;
}

/** Linear between the two nearest values (Hyndman and Fan, type 7). */
function quantile(ascending: readonly number[], share: number): number {
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)] ?? Number.NaN;
  const above = ascending[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
