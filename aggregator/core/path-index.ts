/** Finds the slot of a path by host and destination, both as small numbers. */

/** A bounded hash table from pairs of numbers to slots, which keep the pairs themselves. */
export class PathIndex {
  /** By slot. */
  readonly host: Uint32Array;
  readonly address: Uint32Array;
  /** Open addressing with linear probing: 1 + slot, 0 where free. Never more than half full. */
  readonly #index: Uint32Array;
  readonly #mask: number;
  #deleted = 0;

  constructor(slots: number) {
    const places = 2 ** Math.ceil(Math.log2(2 * slots));
    this.host = new Uint32Array(slots);
    this.address = new Uint32Array(slots);
    this.#index = new Uint32Array(places);
    this.#mask = places - 1;
  }

  /** Paths that were taken out since the start. */
  get deleted(): number {
    return this.#deleted;
  }

  /** The slot of a path; -1 where there is none. */
  find(host: number, address: number): number {
    return (this.#index[this.#placeOf(host, address)] ?? 0) - 1;
  }

  /** Puts a path that is not known into a free slot. */
  add(slot: number, host: number, address: number): void {
    this.#index[this.#placeOf(host, address)] = slot + 1;
    this.host[slot] = host;
    this.address[slot] = address;
  }

  /** Takes a path out. What lies behind the gap moves up (Knuth, volume 3, 6.4, algorithm R). */
  delete(slot: number): void {
    this.#deleted += 1;
    let gap = this.#placeOf(this.host[slot] ?? 0, this.address[slot] ?? 0);
    this.#index[gap] = 0;
    for (let place = (gap + 1) & this.#mask; ; place = (place + 1) & this.#mask) {
      const entry = this.#index[place] ?? 0;
      if (entry === 0) return;
      const home = this.#homeOf(this.host[entry - 1] ?? 0, this.address[entry - 1] ?? 0);
      if (((place - home) & this.#mask) < ((place - gap) & this.#mask)) continue;
      this.#index[gap] = entry;
      this.#index[place] = 0;
      gap = place;
    }
  }

  #placeOf(host: number, address: number): number {
    for (let place = this.#homeOf(host, address); ; place = (place + 1) & this.#mask) {
      const slot = (this.#index[place] ?? 0) - 1;
      if (slot < 0 || (this.address[slot] === address && this.host[slot] === host)) return place;
    }
  }

  // Both are numbered by the aggregator itself, so nobody can choose pairs that collide.
  #homeOf(host: number, address: number): number {
    let hash = Math.imul(host, 0x9e37_79b1) ^ Math.imul(address, 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35);
    return (hash ^ (hash >>> 13)) & this.#mask;
  }
}
