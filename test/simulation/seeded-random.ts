/** Numbers that look random and are the same for the same seed. */

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for a few thousand draws of one path. */
export class SeededRandom {
  #state: number;
  /** The second of a pair of normal numbers; undefined: none is left. */
  #spareNormal: number | undefined;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 (included) to 1 (not included). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  uniform(lowest: number, highest: number): number {
    return lowest + this.next() * (highest - lowest);
  }

  logUniform(lowest: number, highest: number): number {
    return lowest * (highest / lowest) ** this.next();
  }

  /** Normal with mean 0 and deviation 1 (Box and Muller). */
  normal(): number {
    const spare = this.#spareNormal;
    this.#spareNormal = undefined;
    if (spare !== undefined) return spare;
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Poisson (Knuth); for small means. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let product = this.next();
    let count = 0;
    while (product > limit) {
      product *= this.next();
      count += 1;
    }
    return count;
  }

  pick<T>(values: readonly [T, ...T[]]): T {
    return values[Math.floor(this.next() * values.length)] ?? values[0];
  }
}
