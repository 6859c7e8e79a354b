/** Paths in the order of their keys, for those who page through them: sorted when somebody asks, and kept for the hosts asked of last. */
import { LRUCache } from "lru-cache";
import type { AddressTable } from "./address-table.ts";
import type { HostPaths, PathHosts } from "./path-hosts.ts";
import type { PathIndex } from "./path-index.ts";
import { addressKey } from "./path-key.ts";

/** Hosts whose paths are kept in order. */
const orderedHostsMax = 256;

/** Owns the slots of some hosts in the order of their destinations. */
export class PathOrder {
  readonly #hosts: PathHosts;
  readonly #index: PathIndex;
  readonly #addresses: AddressTable;
  readonly #ordered = new LRUCache<HostPaths, readonly number[]>({ max: orderedHostsMax });

  constructor(hosts: PathHosts, index: PathIndex, addresses: AddressTable) {
    this.#hosts = hosts;
    this.#index = index;
    this.#addresses = addresses;
  }

  /** A host has a path more, or less. */
  changed(host: HostPaths): void {
    this.#ordered.delete(host);
  }

  /** At most `limit` slots in order after a key, of one host or of all; "" is before the first. */
  after(key: string, limit: number, onlyHostId: string | undefined): readonly number[] {
    const slots: number[] = [];
    for (const host of this.#hostsInOrder(onlyHostId)) {
      // Every key of a host lies below its id followed by "!".
      if (`${host.hostId}!` <= key) continue;
      const ordered = this.#slotsInOrder(host);
      const isWithin = key.startsWith(`${host.hostId} `);
      const first = isWithin ? this.#firstAfter(ordered, key.slice(host.hostId.length + 1)) : 0;
      slots.push(...ordered.slice(first, first + limit - slots.length));
      if (slots.length >= limit) break;
    }
    return slots;
  }

  #hostsInOrder(onlyHostId: string | undefined): readonly HostPaths[] {
    if (onlyHostId === undefined) return this.#hosts.ordered();
    const host = this.#hosts.get(onlyHostId);
    return host === undefined ? [] : [host];
  }

  #slotsInOrder(host: HostPaths): readonly number[] {
    const known = this.#ordered.get(host);
    if (known !== undefined) return known;
    const address = (slot: number): number => this.#index.address[slot] ?? 0;
    const ordered = this.#hosts
      .slotsOf(host)
      .sort((left, right) => this.#addresses.compare(address(left), address(right)));
    this.#ordered.set(host, ordered);
    return ordered;
  }

  #firstAfter(ordered: readonly number[], key: string): number {
    let low = 0;
    let high = ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const address = this.#index.address[ordered[middle] ?? 0] ?? 0;
      if (addressKey(this.#addresses.bytesOf(address)) <= key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
