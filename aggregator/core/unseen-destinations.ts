/**
 * Which destinations a host may be advised about before it has spoken to them.
 *
 * In a cluster of n hosts there are n^2 such destinations, and nearly all of them will never matter. Those that may are what the hosts of the
 * same rack speak to, because work moves within a rack, and the hosts beside those that this host speaks to, because what
 * it speaks to has replicas: at most 64 and 4 x 32 of them, whatever the size of the cluster. While the places are taken by destinations in use,
 * others are refused and counted: that some are not advised is better than advice that comes and goes.
 */
import { LRUCache } from "lru-cache";
import type { HostState, Hosts } from "./hosts.ts";
import { addressKey, addressOfKey } from "./path-key.ts";
import { RecentMap } from "./recent-map.ts";

/** Limits of what is kept. */
export interface UnseenBounds {
  readonly destinationsPerRackMax: number;
  readonly racksPerHostMax: number;
  readonly hostsPerRackMax: number;
  /** After so long without a connection a destination is no longer in use. */
  readonly recentMs: number;
  /** After a failed first window nobody is advised about a destination unmeasured for so long. */
  readonly suspendedMs: number;
  readonly suspendedMax: number;
}

/** Owns who spoke to whom lately. */
export class UnseenDestinations {
  readonly #bounds: UnseenBounds;
  readonly #hosts: Hosts;
  /** By rack: destinations that any of its hosts spoke to; here and below by their keys, as an array of 16 bytes takes several times as much. */
  readonly #byRack = new Map<number, RecentMap<string, string>>();
  /** By host: racks that it spoke to, and the address there. */
  readonly #byHost = new Map<string, RecentMap<number, string>>();
  /** By destination: when a window failed there last. Where there are too many the oldest goes, never the newest. */
  readonly #suspended: LRUCache<string, number>;
  #refused = 0;

  constructor(hosts: Hosts, bounds: UnseenBounds) {
    this.#hosts = hosts;
    this.#bounds = bounds;
    this.#suspended = new LRUCache({ max: bounds.suspendedMax });
  }

  /** Destinations and racks that found no place. */
  get refused(): number {
    return this.#refused;
  }

  /** A host spoke to an address of another one. */
  contacted(source: HostState, destination: Uint8Array, owner: HostState, nowMs: number): void {
    if (source.place.rack === 0) return;
    const { destinationsPerRackMax, racksPerHostMax, recentMs } = this.#bounds;
    if (!this.#byRack.has(source.place.rack)) this.#forgetEmptyRacks();
    const ofRack = entryOf(this.#byRack, source.place.rack, () => new RecentMap(destinationsPerRackMax, recentMs));
    const key = addressKey(destination);
    if (!ofRack.note(key, key, nowMs)) this.#refused += 1;
    if (owner.place.rack === 0 || owner.place.rack === source.place.rack) return;
    const ofHost = entryOf(this.#byHost, source.hostId, () => new RecentMap(racksPerHostMax, recentMs));
    if (!ofHost.note(owner.place.rack, key, nowMs)) this.#refused += 1;
  }

  /** Whether a host may be advised about an address that it never spoke to. */
  isCandidate(source: HostState, destination: Uint8Array, owner: HostState, nowMs: number): boolean {
    if (source.hostId === owner.hostId || source.place.rack === 0) return false;
    const key = addressKey(destination);
    const suspendedMs = this.#suspended.peek(key);
    if (suspendedMs !== undefined && nowMs - suspendedMs <= this.#bounds.suspendedMs) return false;
    if (this.#byRack.get(source.place.rack)?.has(key, nowMs) === true) return true;
    return owner.place.rack > 0 && this.#byHost.get(source.hostId)?.has(owner.place.rack, nowMs) === true;
  }

  /** The addresses that a host may be advised about, bounded, whether it spoke to them or not. */
  candidatesOf(source: HostState, nowMs: number): readonly Uint8Array[] {
    const ofRack = this.#byRack.get(source.place.rack)?.entries(nowMs) ?? [];
    const found = new Map(ofRack.map(([key]) => [key, addressOfKey(key)]));
    for (const [rack, contacted] of this.#byHost.get(source.hostId)?.entries(nowMs) ?? []) {
      for (const address of this.#besides(rack, addressOfKey(contacted))) found.set(addressKey(address), address);
    }
    return [...found.values()];
  }

  /** A window failed: what is believed of the destination without measuring is wrong. */
  suspend(destination: Uint8Array, nowMs: number): void {
    this.#suspended.set(addressKey(destination), nowMs);
  }

  forgetHost(hostId: string): void {
    this.#byHost.delete(hostId);
  }

  #forgetEmptyRacks(): void {
    const { topology } = this.#hosts;
    // As often as there are racks at most: many racks without hosts are rare.
    if (this.#byRack.size <= 2 * topology.racks) return;
    for (const rack of [...this.#byRack.keys()]) {
      if (topology.hostsOfRack(rack).size === 0) this.#byRack.delete(rack);
    }
  }

  // A host has addresses in several networks: the one most like that which was spoken to is in the same.
  #besides(rack: number, contacted: Uint8Array): readonly Uint8Array[] {
    const addresses: Uint8Array[] = [];
    for (const hostId of this.#hosts.topology.hostsOfRack(rack)) {
      if (addresses.length >= this.#bounds.hostsPerRackMax) break;
      const nearest = mostLike(contacted, this.#hosts.get(hostId)?.addresses ?? []);
      if (nearest !== undefined) addresses.push(nearest);
    }
    return addresses;
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function mostLike(address: Uint8Array, candidates: readonly Uint8Array[]): Uint8Array | undefined {
  let best: Uint8Array | undefined;
  for (const candidate of candidates) {
    if (best === undefined || sharedBits(address, candidate) > sharedBits(address, best)) best = candidate;
  }
  return best;
}

function sharedBits(left: Uint8Array, right: Uint8Array): number {
  const index = left.findIndex((byte, place) => byte !== right[place]);
  return index === -1 ? left.length * 8 : index * 8 + Math.clz32((left[index] ?? 0) ^ (right[index] ?? 0)) - 24;
}
