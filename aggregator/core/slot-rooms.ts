/**
 * Memory for lists of a few words up to some thousand, of which there are ten thousand. An array of its own for each takes some 260 bytes beside its words, and
 * lies in the C library's heap between what is read from sockets, which can then not be given back to the system.
 */

/** Words of one page: 1 MB, which comes from the system and not from that heap. */
const pageWords = 1 << 18;
/** Room is given in so many sizes between two powers of two: a tenth of it is not used, in the mean. */
const sizesPerDoubling = 4;
const leastWords = 16;

/** Owns pages, and the rooms in them that were given back. */
export class SlotRooms {
  /** By their size. */
  readonly #free = new Map<number, Uint32Array[]>();
  #page = new Uint32Array(0);
  #used = 0;

  /** Room for at least so many words, at the most a page; what is in it is not said. */
  take(words: number): Uint32Array {
    const size = sizeFor(words);
    const free = this.#free.get(size)?.pop();
    if (free !== undefined) return free;
    if (this.#used + size > this.#page.length) {
      this.#page = new Uint32Array(pageWords);
      this.#used = 0;
    }
    this.#used += size;
    return this.#page.subarray(this.#used - size, this.#used);
  }

  /** Takes back what take() gave. */
  give(room: Uint32Array): void {
    if (room.length === 0) return;
    const free = this.#free.get(room.length);
    if (free === undefined) this.#free.set(room.length, [room]);
    else free.push(room);
  }
}

function sizeFor(words: number): number {
  if (words <= leastWords) return leastWords;
  const step = 2 ** Math.floor(Math.log2(words - 1)) / sizesPerDoubling;
  return Math.ceil(words / step) * step;
}
