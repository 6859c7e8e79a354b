/** Racks and zones, as the hosts name them: numbered, bounded, and each rack in one zone. */

/** Where a host is, by numbers that are never given twice; 0: not known. */
export interface Place {
  readonly rack: number;
  readonly zone: number;
}

/** Before anything is known. */
export const nowhere: Place = { rack: 0, zone: 0 };

/** Whether a host that was at one place and is at the other did not move. */
export function isSamePlace(before: Place, after: Place): boolean {
  return before.rack === after.rack && before.zone === after.zone;
}

/** What was wrong with where a host said it is. */
export type PlaceTrouble = "rack_in_two_zones" | "topology_full";

/** Where a host was put. */
export interface Placed {
  readonly place: Place;
  readonly trouble: PlaceTrouble | undefined;
  /** Hosts whose rack nobody named under another zone until now, 64 of them at the most. */
  readonly others: readonly string[];
}

/** Limits of what is kept. */
export interface TopologyBounds {
  readonly racksMax: number;
  readonly zonesMax: number;
}

/** A rack that has a number. */
interface Rack {
  readonly number: number;
  readonly name: string;
  readonly zone: number;
  readonly hosts: Set<string>;
}

interface Zone {
  readonly number: number;
  readonly name: string;
  readonly hosts: Set<string>;
}

const noHosts: ReadonlySet<string> = new Set();
/** What one host says must not cost as much as there are others. */
const othersMax = 64;

/**
 * Owns the numbers of racks and zones. A rack without hosts keeps its number, so that a host that comes back finds what was learned,
 * until others need the room. Hosts that name one rack under two zones are kept apart: what is learned of one zone's rack says
 * nothing of the other's.
 */
export class Topology {
  readonly #bounds: TopologyBounds;
  readonly #zones = new Map<string, Zone>();
  readonly #racks = new Map<string, Rack>();
  readonly #racksByNumber = new Map<number, Rack>();
  /** The racks with hosts that have a name. */
  readonly #racksByName = new Map<string, Set<Rack>>();
  readonly #byHost = new Map<string, { readonly rack: Rack | undefined; readonly zone: Zone | undefined }>();
  #numbers = 0;

  constructor(bounds: TopologyBounds) {
    this.#bounds = bounds;
  }

  /** Racks and zones that have numbers. */
  get racks(): number {
    return this.#racks.size;
  }

  get zones(): number {
    return this.#zones.size;
  }

  /** The hosts of a rack; none for 0. */
  hostsOfRack(rack: number): ReadonlySet<string> {
    return this.#racksByNumber.get(rack)?.hosts ?? noHosts;
  }

  /** Puts a host where it says it is; empty: it does not say. A rack or zone beyond the limits counts as not said. */
  place(hostId: string, rackName: string, zoneName: string): Placed {
    this.leave(hostId);
    const zone = zoneName === "" ? undefined : this.#zoneNamed(zoneName);
    const rack = rackName === "" ? undefined : this.#rackNamed(rackName, zone?.number ?? 0, zoneName);
    zone?.hosts.add(hostId);
    const others = rack === undefined ? [] : this.#enter(rack, hostId);
    this.#byHost.set(hostId, { rack, zone });
    const place: Place = { rack: rack?.number ?? 0, zone: zone?.number ?? 0 };
    const isFull = (zoneName !== "" && zone === undefined) || (rackName !== "" && rack === undefined);
    const isElsewhere = rack !== undefined && (this.#racksByName.get(rackName)?.size ?? 0) > 1;
    // Who found no room for all it names is put again with each announcement.
    if (isFull) return { place, trouble: "topology_full", others: [] };
    return { place, trouble: isElsewhere ? "rack_in_two_zones" : undefined, others };
  }

  /** Takes a host out of where it is. */
  leave(hostId: string): void {
    const { rack, zone } = this.#byHost.get(hostId) ?? {};
    this.#byHost.delete(hostId);
    zone?.hosts.delete(hostId);
    if (!rack?.hosts.delete(hostId) || rack.hosts.size > 0) return;
    const named = this.#racksByName.get(rack.name);
    named?.delete(rack);
    if (named?.size === 0) this.#racksByName.delete(rack.name);
  }

  // Returns the hosts of the one other rack that had its name; where there are more, theirs have been told of before.
  #enter(rack: Rack, hostId: string): readonly string[] {
    rack.hosts.add(hostId);
    const named = this.#racksByName.get(rack.name) ?? new Set();
    const [first] = named;
    const isSecond = named.size === 1 && first !== rack;
    this.#racksByName.set(rack.name, named.add(rack));
    return isSecond ? firstOf(first?.hosts ?? noHosts, othersMax) : [];
  }

  #zoneNamed(name: string): Zone | undefined {
    const known = this.#zones.get(name);
    if (known !== undefined) return known;
    if (this.#zones.size >= this.#bounds.zonesMax) {
      const empty = [...this.#zones.values()].find((zone) => zone.hosts.size === 0);
      if (empty === undefined) return undefined;
      this.#zones.delete(empty.name);
    }
    this.#numbers += 1;
    const zone: Zone = { number: this.#numbers, name, hosts: new Set() };
    this.#zones.set(name, zone);
    return zone;
  }

  #rackNamed(name: string, zone: number, zoneName: string): Rack | undefined {
    const key = JSON.stringify([zoneName, name]);
    const known = this.#racks.get(key);
    // A zone that lost its number took what was learned of its racks with it.
    if (known !== undefined && (known.zone === zone || known.hosts.size > 0)) return known;
    if (known !== undefined) this.#forgetRack(key, known);
    if (this.#racks.size >= this.#bounds.racksMax && !this.#makeRoom()) return undefined;
    this.#numbers += 1;
    const rack: Rack = { number: this.#numbers, name, zone, hosts: new Set() };
    this.#racks.set(key, rack);
    this.#racksByNumber.set(rack.number, rack);
    return rack;
  }

  // Only announcements of new racks beyond the limit pay for this look.
  #makeRoom(): boolean {
    for (const [key, rack] of this.#racks) {
      if (rack.hosts.size > 0) continue;
      this.#forgetRack(key, rack);
      return true;
    }
    return false;
  }

  #forgetRack(key: string, rack: Rack): void {
    this.#racks.delete(key);
    this.#racksByNumber.delete(rack.number);
  }
}

function firstOf(hosts: ReadonlySet<string>, limit: number): readonly string[] {
  const first: string[] = [];
  for (const hostId of hosts) {
    if (first.length >= limit) break;
    first.push(hostId);
  }
  return first;
}
