/** A set of slots that is worked off in turn: one bit each. */
export class SlotSet {
  readonly #bits: Uint32Array;
  #hand = 0;
  #size = 0;

  constructor(slots: number) {
    this.#bits = new Uint32Array(Math.ceil(slots / 32));
  }

  get size(): number {
    return this.#size;
  }

  has(slot: number): boolean {
    return ((this.#bits[slot >>> 5] ?? 0) & (1 << (slot & 31))) !== 0;
  }

  add(slot: number): void {
    const word = this.#bits[slot >>> 5] ?? 0;
    const bit = 1 << (slot & 31);
    if ((word & bit) !== 0) return;
    this.#bits[slot >>> 5] = word | bit;
    this.#size += 1;
  }

  delete(slot: number): void {
    const word = this.#bits[slot >>> 5] ?? 0;
    const bit = 1 << (slot & 31);
    if ((word & bit) === 0) return;
    this.#bits[slot >>> 5] = word & ~bit;
    this.#size -= 1;
  }

  /** Takes out at most `limit` slots, those behind the ones taken before first. */
  take(limit: number): readonly number[] {
    const taken: number[] = [];
    while (taken.length < limit && this.#size > 0) {
      const word = this.#bits[this.#hand] ?? 0;
      if (word === 0) {
        this.#hand = (this.#hand + 1) % this.#bits.length;
        continue;
      }
      const slot = 32 * this.#hand + 31 - Math.clz32(word & -word);
      this.delete(slot);
      taken.push(slot);
    }
    return taken;
  }
}
