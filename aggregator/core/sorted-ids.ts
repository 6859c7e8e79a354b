/** Ids in order, for those who page through them: sorting ten thousand for each page takes longer than the page. */

/** Owns the order. An id that comes or goes costs a search and moves those behind it: microseconds. */
export class SortedIds {
  readonly #ids: string[] = [];

  /** Takes in an id; nothing where it is known. */
  add(id: string): void {
    const at = this.#firstAfter(id);
    if (this.#ids[at - 1] !== id) this.#ids.splice(at, 0, id);
  }

  /** Takes one out. */
  delete(id: string): void {
    const at = this.#firstAfter(id) - 1;
    if (this.#ids[at] === id) this.#ids.splice(at, 1);
  }

  /** The ids after one that need not be known, in order; "" is before the first. For use at once: none may come or go meanwhile. */
  *after(id: string): Generator<string> {
    for (let at = this.#firstAfter(id); at < this.#ids.length; at += 1) yield this.#ids[at] ?? "";
  }

  #firstAfter(id: string): number {
    let low = 0;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ids[middle] ?? "") <= id) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
