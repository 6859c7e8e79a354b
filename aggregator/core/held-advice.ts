/**
 * What hosts hold: in columns beside their paths (advice-columns.ts), and in objects where there is no path, such as a receive window for a
 * host that one never sends to. Advice outlives its path, and finds its way back beside it.
 */

import type { Advice, AdviceTerms } from "./advice-change.ts";
import { adviceAbout, termsOf } from "./advice-change.ts";
import { AdviceColumns } from "./advice-columns.ts";
import { addressOfKey } from "./path-key.ts";

/** The path table, as far as it says where paths are. Keys are those of destinations (addressKey). */
export interface PathPlaces {
  readonly slotsMax: number;
  /** Of a host's path to a destination; -1 where there is none. */
  slotOf(hostId: string, key: string): number;
  /** Of all paths of a host. */
  slotsOf(hostId: string): readonly number[];
  keyOf(slot: number): string;
  /** Calls `visit` with every path to a destination. */
  eachTo(destination: Uint8Array, visit: (slot: number, hostId: string) => void): void;
  /** Calls `listener` with every path, just before it is forgotten. */
  beforeForgetting(listener: (slot: number, hostId: string, key: string) => void): void;
}

/** Advice that was sent. */
export interface Held {
  readonly advice: Advice;
  /** Of the update that last lowered it after a failed jump; 0: none did. */
  readonly loweredVersion: number;
}

/** Owns what all hosts hold. */
export class HeldAdvice {
  readonly places: PathPlaces;
  readonly columns: AdviceColumns;
  readonly #hosts = new Map<string, HeldByHost>();
  /** By destination: hosts that hold advice about it without a path there. */
  readonly #strayHolders = new Map<string, Set<string>>();

  constructor(places: PathPlaces) {
    this.places = places;
    this.columns = new AdviceColumns(places.slotsMax);
    places.beforeForgetting((slot, hostId, key) => {
      if (this.columns.has(slot)) this.#hosts.get(hostId)?.strays(slot, key);
      this.columns.clear(slot);
    });
  }

  /** What one host holds; nothing until it is set. */
  ofHost(hostId: string): HeldByHost {
    const known = this.#hosts.get(hostId);
    if (known !== undefined) return known;
    const host = new HeldByHost(this, hostId);
    this.#hosts.set(hostId, host);
    return host;
  }

  forgetHost(hostId: string): void {
    this.#hosts.get(hostId)?.clear();
    this.#hosts.delete(hostId);
  }

  /** The hosts that may hold advice about a destination without a path there. */
  strayHolders(key: string): Iterable<string> {
    return this.#strayHolders.get(key) ?? [];
  }

  /** Notes that a host's advice about a destination has no path beside it, or no longer. */
  noteStray(hostId: string, key: string, isStray: boolean): void {
    const holders = this.#strayHolders.get(key);
    if (isStray) {
      if (holders === undefined) this.#strayHolders.set(key, new Set([hostId]));
      else holders.add(hostId);
    } else if (holders?.delete(hostId) && holders.size === 0) this.#strayHolders.delete(key);
  }
}

/** What one host holds, by the keys of destinations. */
export class HeldByHost {
  readonly #all: HeldAdvice;
  readonly #hostId: string;
  #strays: Map<string, AdviceTerms> | undefined;
  #loweredVersions: Map<string, number> | undefined;
  #size = 0;

  /** Use HeldAdvice.ofHost(). */
  constructor(all: HeldAdvice, hostId: string) {
    this.#all = all;
    this.#hostId = hostId;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): Held | undefined {
    const advice = this.#adviceFor(key);
    return advice === undefined ? undefined : { advice, loweredVersion: this.#loweredVersions?.get(key) ?? 0 };
  }

  /** First window that it holds for a destination; 0: none. */
  windowSegments(key: string): number {
    return this.windowSegmentsAt(this.#size === 0 ? -1 : this.#all.places.slotOf(this.#hostId, key), key);
  }

  /** The same, where the slot of its path there is known; -1: it has none. */
  windowSegmentsAt(slot: number, key: string): number {
    const { columns } = this.#all;
    if (slot >= 0 && columns.has(slot)) return columns.windowSegments(slot);
    return this.#strays?.get(key)?.windowSegments ?? 0;
  }

  has(key: string): boolean {
    return this.#strays?.has(key) === true || this.#heldSlot(key) >= 0;
  }

  set(key: string, { advice, loweredVersion }: Held): void {
    if (!this.has(key)) this.#size += 1;
    const slot = this.#all.places.slotOf(this.#hostId, key);
    if (slot >= 0) {
      this.#all.columns.write(slot, advice);
      this.#dropStray(key);
    } else this.#addStray(key, advice);
    if (loweredVersion > 0) {
      this.#loweredVersions ??= new Map();
      this.#loweredVersions.set(key, loweredVersion);
    } else this.#loweredVersions?.delete(key);
  }

  delete(key: string): void {
    const slot = this.#heldSlot(key);
    if (slot >= 0) this.#all.columns.clear(slot);
    if (this.#dropStray(key) || slot >= 0) this.#size -= 1;
    this.#loweredVersions?.delete(key);
  }

  clear(): void {
    for (const key of this.keys()) this.delete(key);
  }

  /**
   * The keys of all destinations that it holds advice about. Whatever is set, deleted or forgotten between two of them, none is left out that
   * is held all the while.
   */
  *keys(): Generator<string, undefined> {
    if (this.#size === 0) return;
    const { places, columns } = this.#all;
    for (const slot of places.slotsOf(this.#hostId)) {
      if (!columns.has(slot)) continue;
      const key = places.keyOf(slot);
      // By now it may be the slot of another host's path.
      if (places.slotOf(this.#hostId, key) === slot) yield key;
    }
    yield* this.#strays?.keys() ?? [];
  }

  /** The path in a slot is about to be forgotten: what was beside it goes on without. */
  strays(slot: number, key: string): void {
    this.#addStray(key, this.#all.columns.read(slot, addressOfKey(key)));
  }

  #adviceFor(key: string): Advice | undefined {
    const slot = this.#heldSlot(key);
    if (slot >= 0) return this.#all.columns.read(slot, addressOfKey(key));
    const terms = this.#strays?.get(key);
    return terms === undefined ? undefined : adviceAbout(key, terms);
  }

  #heldSlot(key: string): number {
    if (this.#size === 0) return -1;
    const slot = this.#all.places.slotOf(this.#hostId, key);
    return slot >= 0 && this.#all.columns.has(slot) ? slot : -1;
  }

  #addStray(key: string, advice: Advice): void {
    this.#strays ??= new Map();
    this.#strays.set(key, termsOf(advice));
    this.#all.noteStray(this.#hostId, key, true);
  }

  #dropStray(key: string): boolean {
    if (this.#strays?.delete(key) !== true) return false;
    this.#all.noteStray(this.#hostId, key, false);
    if (this.#strays.size === 0) this.#strays = undefined;
    return true;
  }
}
