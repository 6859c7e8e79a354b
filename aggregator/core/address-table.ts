/** Destinations, each once: 16 bytes, a number, and the first of the paths that lead there. */
import { addressHash, addressHashSeed } from "./address-hash.ts";

const none = 0xffff_ffff;
const placesAtFirst = 1_024;

/** A bounded set of addresses. Numbers are given out again once no path leads to an address any more. */
export class AddressTable {
  /** First path to each address; `none` where the number is free. */
  readonly #firstPath: Uint32Array;
  /** Four words an address, little-endian as a DataView is asked for them. */
  readonly #words: Uint32Array;
  readonly #bytes: Uint8Array;
  /** Open addressing with linear probing: 1 + number, 0 where free. Never more than half full. */
  #index: Uint32Array;
  #mask: number;
  readonly #seed = addressHashSeed();
  readonly #free: Uint32Array;
  #freeCount = 0;
  #used = 0;

  constructor(addressesMax: number) {
    this.#firstPath = new Uint32Array(addressesMax);
    this.#words = new Uint32Array(4 * addressesMax);
    this.#bytes = new Uint8Array(this.#words.buffer);
    this.#free = new Uint32Array(addressesMax);
    this.#index = new Uint32Array(placesAtFirst);
    this.#mask = placesAtFirst - 1;
  }

  /** Addresses that are known. */
  get size(): number {
    return this.#used - this.#freeCount;
  }

  /** The number of the address at a place; -1 where it is not known. */
  find(view: DataView, at: number): number {
    return (this.#index[this.#placeOf(view, at)] ?? 0) - 1;
  }

  /** The number of the address at a place, which is taken in where it is not known. It has no path yet. */
  take(view: DataView, at: number): number {
    const known = this.find(view, at);
    if (known >= 0) return known;
    if (2 * (this.size + 1) > this.#index.length) this.#grow();
    let id = this.#used;
    if (this.#freeCount > 0) {
      this.#freeCount -= 1;
      id = this.#free[this.#freeCount] ?? 0;
    } else this.#used += 1;
    for (let word = 0; word < 4; word += 1) this.#words[4 * id + word] = view.getUint32(at + 4 * word, true);
    this.#firstPath[id] = none;
    this.#index[this.#placeOf(view, at)] = id + 1;
    return id;
  }

  /** Whether a number is that of the address at a place. */
  is(id: number, view: DataView, at: number): boolean {
    const words = this.#words;
    const word = 4 * id;
    return (
      words[word + 3] === view.getUint32(at + 12, true) &&
      words[word + 2] === view.getUint32(at + 8, true) &&
      words[word + 1] === view.getUint32(at + 4, true) &&
      words[word] === view.getUint32(at, true)
    );
  }

  /** The 16 bytes of an address, a copy. */
  bytesOf(id: number): Uint8Array {
    const bytes = new Uint8Array(16);
    for (let index = 0; index < 16; index += 1) bytes[index] = this.#bytes[16 * id + index] ?? 0;
    return bytes;
  }

  /** Orders two addresses as their bytes. */
  compare(left: number, right: number): number {
    for (let word = 0; word < 4; word += 1) {
      const difference = swapped(this.#words[4 * left + word] ?? 0) - swapped(this.#words[4 * right + word] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** The first path to an address; undefined where there is none. */
  firstPath(id: number): number | undefined {
    const first = this.#firstPath[id] ?? none;
    return first === none ? undefined : first;
  }

  /** Says which path is the first; undefined: none is left, and the number may be given out again. */
  setFirstPath(id: number, path: number | undefined): void {
    this.#firstPath[id] = path ?? none;
    if (path !== undefined) return;
    this.#remove(id);
    this.#free[this.#freeCount] = id;
    this.#freeCount += 1;
  }

  // Twice as many places. Hosts speak to each other, so that there are far fewer addresses than paths.
  #grow(): void {
    const entries = this.#index.filter((entry) => entry > 0);
    this.#index = new Uint32Array(2 * this.#index.length);
    this.#mask = this.#index.length - 1;
    const view = new DataView(this.#words.buffer);
    for (const entry of entries) this.#index[this.#placeOf(view, 16 * (entry - 1))] = entry;
  }

  #placeOf(view: DataView, at: number): number {
    for (let place = addressHash(view, at, this.#seed) & this.#mask; ; place = (place + 1) & this.#mask) {
      const entry = this.#index[place] ?? 0;
      if (entry === 0 || this.is(entry - 1, view, at)) return place;
    }
  }

  // What lies behind the gap moves up where it would not be found any more (Knuth, volume 3, 6.4, algorithm R).
  #remove(id: number): void {
    const view = new DataView(this.#words.buffer);
    let gap = this.#placeOf(view, 16 * id);
    this.#index[gap] = 0;
    for (let place = (gap + 1) & this.#mask; ; place = (place + 1) & this.#mask) {
      const entry = this.#index[place] ?? 0;
      if (entry === 0) return;
      const home = addressHash(view, 16 * (entry - 1), this.#seed) & this.#mask;
      if (((place - home) & this.#mask) < ((place - gap) & this.#mask)) continue;
      this.#index[gap] = entry;
      this.#index[place] = 0;
      gap = place;
    }
  }
}

function swapped(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}
