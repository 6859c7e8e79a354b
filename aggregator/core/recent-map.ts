/** A few entries in use: while they are, others find no place. */

interface Entry<Value> {
  value: Value;
  usedMs: number;
}

/** Owns at most `max` entries; one that was not noted for `keptMs` is gone. */
export class RecentMap<Key, Value> {
  readonly #max: number;
  readonly #keptMs: number;
  readonly #entries = new Map<Key, Entry<Value>>();
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(max: number, keptMs: number) {
    this.#max = max;
    this.#keptMs = keptMs;
  }

  /** Notes that an entry is in use, and its value. False where there is no place for it. */
  note(key: Key, value: Value, nowMs: number): boolean {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      known.value = value;
      known.usedMs = nowMs;
      return true;
    }
    if (this.#entries.size >= this.#max) this.#sweep(nowMs);
    if (this.#entries.size >= this.#max) return false;
    this.#entries.set(key, { value, usedMs: nowMs });
    return true;
  }

  has(key: Key, nowMs: number): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && nowMs - entry.usedMs <= this.#keptMs;
  }

  forget(key: Key): void {
    this.#entries.delete(key);
  }

  /** The entries in use. */
  entries(nowMs: number): readonly (readonly [Key, Value])[] {
    const found: (readonly [Key, Value])[] = [];
    for (const [key, entry] of this.#entries) if (this.has(key, nowMs)) found.push([key, entry.value]);
    return found;
  }

  // Seldom, so that a flood of refused entries costs each of them nothing.
  #sweep(nowMs: number): void {
    if (nowMs - this.#sweptMs < this.#keptMs / 64) return;
    this.#sweptMs = nowMs;
    for (const key of [...this.#entries.keys()]) if (!this.has(key, nowMs)) this.#entries.delete(key);
  }
}
