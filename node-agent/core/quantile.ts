/** Quantiles of a few samples. */

/** The q-quantile (0..1) of values in ascending order, between the two nearest ones; 0 where there are none. */
export function quantileOf(ascending: readonly number[], q: number): number {
  if (ascending.length === 0) return 0;
  const place = q * (ascending.length - 1);
  const below = Math.floor(place);
  const low = ascending[below] ?? 0;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] ?? low;
  return low + (high - low) * (place - below);
}

/** The values in ascending order, as a new array. */
export function ascendingOf(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
