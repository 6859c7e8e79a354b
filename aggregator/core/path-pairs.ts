/**
 * For those who ask about many pairs of hosts and addresses at once: each end is looked up once, by number, and of a path only what answers
 * such a question is read, from where it lies.
 */
import type { AddressTable } from "./address-table.ts";
import type { Draft } from "./draft.ts";
import type { EstimateRecords } from "./estimate-records.ts";
import type { PathGlance } from "./path-glance.ts";
import type { PathHosts } from "./path-hosts.ts";
import type { PathIndex } from "./path-index.ts";

/** What PathTable consists of, as far as paths are found and read. */
export interface PairParts {
  readonly hosts: PathHosts;
  readonly addresses: AddressTable;
  readonly index: PathIndex;
  readonly estimates: EstimateRecords;
}

const none = 0xffff_ffff;

/** Numbers and slots are valid until the table changes: those that were found until it forgets a path. */
export class PathPairs {
  readonly #parts: PairParts;
  /** An array whose buffer somebody asked for V8 moves out of its heap, where it takes ten times as much. */
  readonly #addressBytes = new Uint8Array(16);
  readonly #addressView = new DataView(this.#addressBytes.buffer);

  constructor(parts: PairParts) {
    this.#parts = parts;
  }

  /** Paths that were forgotten since the start: numbers and slots hold as long as it does not rise. */
  get forgotten(): number {
    return this.#parts.index.deleted;
  }

  /** The number of a host; -1 where it has no path. */
  hostNumber(hostId: string): number {
    return this.#parts.hosts.get(hostId)?.number ?? -1;
  }

  /** The number of an address of 16 bytes; -1 where no path leads there. */
  addressNumber(address: Uint8Array): number {
    this.#addressBytes.set(address);
    return this.#parts.addresses.find(this.#addressView, 0);
  }

  /** The slot of the path between two numbers; -1 where there is none. */
  slotOf(host: number, address: number): number {
    return host < 0 || address < 0 ? -1 : this.#parts.index.find(host, address);
  }

  /** The number of the host whose path is in a slot that has been used; -1 where the slot is free. */
  hostAt(slot: number): number {
    const host = this.#parts.index.host[slot] ?? none;
    return host === none ? -1 : host;
  }

  /** The number of the address that the path in a slot leads to. */
  addressAt(slot: number): number {
    return this.#parts.index.address[slot] ?? 0;
  }

  /** The host with a number. */
  hostIdOf(number: number): string {
    return this.#parts.hosts.numbered(number).hostId;
  }

  /** The 16 bytes of the address with a number. */
  addressOf(number: number): Uint8Array {
    return this.#parts.addresses.bytesOf(number);
  }

  /** Reads the estimate in a slot into `glance`. */
  look(slot: number, glance: Draft<PathGlance>): void {
    this.#parts.estimates.look(slot, glance);
  }
}
