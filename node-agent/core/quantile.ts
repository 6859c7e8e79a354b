/** Quantiles of a few samples. */

/** The q-quantile (0..1) of the first `count` values, which are in ascending order, between the two nearest ones; 0 where there are none. */
export function quantileOf(ascending: ArrayLike<number>, q: number, count = ascending.length): number {
  if (count === 0) return 0;
  const place = q * (count - 1);
  const below = Math.floor(place);
  const low = ascending[below] ?? 0;
  const high = ascending[Math.min(below + 1, count - 1)] ?? low;
  return low + (high - low) * (place - below);
}

/** The values in ascending order, as a new array. */
export function ascendingOf(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Puts a value among the first `count` of a list in ascending order that has room for it. */
export function insertAscending(ascending: Float64Array, count: number, value: number): void {
  let place = count;
  for (; place > 0 && (ascending[place - 1] ?? 0) > value; place -= 1) ascending[place] = ascending[place - 1] ?? 0;
  ascending[place] = value;
}
