/** The kernel's map of advice: what this host holds, written out, and what the kernel program has dropped of it. */
import type { Advice } from "../core/advice-admission.ts";
import { adviceKey } from "../core/advice-admission.ts";
import type { BpfMap } from "./bpf-map.ts";
import { adviceLayout, prefixLayout } from "./layout.gen.ts";
import { adviceRecords, prefixOf, prefixRecord, writePrefix } from "./records.ts";

interface Dropped {
  readonly record: Buffer;
  readonly untilBootUs: number;
}

/** Writes the map. Beside it only the kernel program does: it sets the expiry of an entry of which a window failed to 0. */
export class AdviceMap {
  readonly #map: BpfMap;
  // The same one for every lookup: the address of a new buffer costs more than the call.
  readonly #key = Buffer.alloc(prefixLayout.size);
  readonly #value = Buffer.alloc(adviceLayout.size);
  /** By adviceKey(). */
  readonly #dropped = new Map<string, Dropped>();

  constructor(map: BpfMap) {
    this.#map = map;
  }

  /** The keys in it as of adviceKey(), whoever wrote them. */
  keys(): string[] {
    const keys: string[] = [];
    let last: Buffer | null = null;
    while (keys.length < this.#map.maxEntries) {
      const next: Buffer = Buffer.alloc(prefixLayout.size);
      if (!this.#map.nextKey(last, next)) break;
      const { address, prefixLength } = prefixOf(next);
      keys.push(adviceKey(address, prefixLength));
      last = next;
    }
    return keys;
  }

  /** Adds or replaces entries that are in force until then, boot microseconds. Returns the errno name of a failed write. */
  write(entries: readonly Advice[], expiresBootUs: number): string | undefined {
    for (const { address, prefixLength } of entries) this.#dropped.delete(adviceKey(address, prefixLength));
    // What is in force needs the room more.
    if (entries.length + this.#dropped.size > this.#map.maxEntries) this.forgetDropped(Number.POSITIVE_INFINITY);
    const { keys, values } = adviceRecords(entries, expiresBootUs);
    return this.#map.updateMany(keys, values, entries.length).error;
  }

  remove(key: string): void {
    const [hex = "", length = "0"] = key.split("/");
    this.#map.delete(prefixRecord(new Uint8Array(Buffer.from(hex, "hex")), Number(length)));
  }

  /** Whether the kernel program has dropped this version of an entry. */
  isDropped(advice: Advice): boolean {
    return this.#isWritten(advice) && this.#value.readBigUInt64LE(adviceLayout.expiresBootUs) === 0n;
  }

  /**
   * Takes this version of an entry out of force, as the kernel program did before it was renewed in the same moment. It stays in the map until
   * then, boot microseconds: without it, connections that are paced out of it would be let go at once.
   */
  drop(advice: Advice, untilBootUs: number): void {
    if (!this.#isWritten(advice)) return;
    const { keys, values } = adviceRecords([advice], 0);
    this.#map.update(keys, values);
    this.#dropped.set(adviceKey(advice.address, advice.prefixLength), { record: keys, untilBootUs });
  }

  /** Removes what was dropped and would have run out by now. */
  forgetDropped(bootUs: number): void {
    for (const [key, { record, untilBootUs }] of this.#dropped) {
      if (bootUs < untilBootUs) continue;
      this.#map.delete(record);
      this.#dropped.delete(key);
    }
  }

  #isWritten({ address, prefixLength, version }: Advice): boolean {
    writePrefix(this.#key, 0, address, prefixLength);
    return (
      this.#map.lookup(this.#key, this.#value) && this.#value.readBigUInt64LE(adviceLayout.version) === BigInt(version)
    );
  }
}
