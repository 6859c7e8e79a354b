/** What changed since a moment, newest state only: any number of readers, each holding one number. */

export type Change<T> =
  | { readonly kind: "changed"; readonly key: string; readonly value: T }
  | { readonly kind: "forgotten"; readonly key: string; readonly value: T };

interface Entry<T> {
  readonly number: number;
  readonly change: Change<T>;
}

/** One reading of the log. */
export interface Changes<T> {
  readonly changes: readonly Change<T>[];
  /** Pass it to since() to go on. */
  readonly cursor: number;
}

/**
 * Changes in order, each key once: a change outdates the one before it for the same key, so a slow reader costs
 * nothing but its cursor and finds the newest state of each key, never a backlog. At most `forgottenMax` forgotten keys
 * are kept; a reader that is further behind must start anew.
 */
export class ChangeLog<T> {
  readonly #forgottenMax: number;
  readonly #newestByKey = new Map<string, number>();
  #entries: Entry<T>[] = [];
  #number = 0;
  #oldestKnown = 0;
  #forgotten = 0;

  constructor(forgottenMax: number) {
    this.#forgottenMax = forgottenMax;
  }

  /** The cursor of a reader that has seen everything. */
  get newest(): number {
    return this.#number;
  }

  changed(key: string, value: T): void {
    this.#append({ kind: "changed", key, value });
  }

  forgotten(key: string, value: T): void {
    this.#forgotten += 1;
    this.#append({ kind: "forgotten", key, value });
  }

  /** At most `limit` changes after a cursor and up to `end`, oldest first; undefined where some are no longer known. */
  since(cursor: number, limit: number, end = this.#number): Changes<T> | undefined {
    if (cursor < this.#oldestKnown) return undefined;
    const changes: Change<T>[] = [];
    let reached = cursor;
    for (let index = this.#firstAfter(cursor); index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (entry === undefined || changes.length >= limit || entry.number > end) break;
      reached = entry.number;
      if (this.#isNewest(entry)) changes.push(entry.change);
    }
    return { changes, cursor: reached };
  }

  #append(change: Change<T>): void {
    this.#number += 1;
    this.#newestByKey.set(change.key, this.#number);
    this.#entries.push({ number: this.#number, change });
    // Twice the keys, so that compaction costs each change a constant share.
    if (this.#entries.length > 2 * this.#newestByKey.size + 1024 || this.#forgotten > 2 * this.#forgottenMax) {
      this.#compact();
    }
  }

  #compact(): void {
    const newest = this.#entries.filter((entry) => this.#isNewest(entry));
    const forgotten = newest.filter((entry) => entry.change.kind === "forgotten");
    const dropped = new Set(forgotten.slice(0, Math.max(0, forgotten.length - this.#forgottenMax)));
    for (const entry of dropped) {
      this.#newestByKey.delete(entry.change.key);
      this.#oldestKnown = Math.max(this.#oldestKnown, entry.number);
    }
    this.#entries = newest.filter((entry) => !dropped.has(entry));
    this.#forgotten = forgotten.length - dropped.size;
  }

  #isNewest(entry: Entry<T>): boolean {
    return this.#newestByKey.get(entry.change.key) === entry.number;
  }

  #firstAfter(cursor: number): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle]?.number ?? 0) <= cursor) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
