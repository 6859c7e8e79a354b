/** The paths to one address, in a ring of two directions: whatever their number, one is found, added or taken out at once. */
import type { AddressTable } from "./address-table.ts";

/** Owns the rings of all addresses. */
export class PathRing {
  readonly #addresses: AddressTable;
  /** By slot. */
  readonly #next: Uint32Array;
  readonly #previous: Uint32Array;

  constructor(addresses: AddressTable, slots: number) {
    this.#addresses = addresses;
    this.#next = new Uint32Array(slots);
    this.#previous = new Uint32Array(slots);
  }

  /** Every slot that leads to an address, by its number; -1: to none. */
  *slotsTo(address: number): Generator<number> {
    const first = this.#addresses.firstPath(address);
    if (first === undefined) return;
    let slot = first;
    do {
      yield slot;
      slot = this.#next[slot] ?? first;
    } while (slot !== first);
  }

  /** A slot leads to an address from here on. */
  join(slot: number, address: number): void {
    const first = this.#addresses.firstPath(address) ?? slot;
    const last = first === slot ? slot : (this.#previous[first] ?? slot);
    if (first === slot) this.#addresses.setFirstPath(address, slot);
    this.#next[slot] = first;
    this.#previous[slot] = last;
    this.#next[last] = slot;
    this.#previous[first] = slot;
  }

  /** It does no longer. */
  leave(slot: number, address: number): void {
    const next = this.#next[slot] ?? slot;
    const previous = this.#previous[slot] ?? slot;
    this.#next[previous] = next;
    this.#previous[next] = previous;
    if (this.#addresses.firstPath(address) === slot)
      this.#addresses.setFirstPath(address, next === slot ? undefined : next);
  }
}
