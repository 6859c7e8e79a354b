/** Racks and zones, as the hosts name them: numbered, bounded, and each rack in one zone. */

/** Where a host is, by numbers that are never given twice; 0: not known. */
export interface Place {
  readonly rack: number;
  readonly zone: number;
}

/** Before anything is known. */
export const nowhere: Place = { rack: 0, zone: 0 };

/** What was wrong with where a host said it is. */
export type PlaceTrouble = "rack_in_two_zones" | "topology_full";

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
  /** How many racks with hosts have a name. */
  readonly #racksByName = new Map<string, number>();
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
  place(hostId: string, rackName: string, zoneName: string): { place: Place; trouble: PlaceTrouble | undefined } {
    this.leave(hostId);
    const zone = zoneName === "" ? undefined : this.#zoneNamed(zoneName);
    const rack = rackName === "" ? undefined : this.#rackNamed(rackName, zone?.number ?? 0, zoneName);
    zone?.hosts.add(hostId);
    if (rack !== undefined) this.#enter(rack, hostId);
    this.#byHost.set(hostId, { rack, zone });
    const place: Place = { rack: rack?.number ?? 0, zone: zone?.number ?? 0 };
    const isFull = (zoneName !== "" && zone === undefined) || (rackName !== "" && rack === undefined);
    const isElsewhere = rack !== undefined && (this.#racksByName.get(rackName) ?? 0) > 1;
    return { place, trouble: isFull ? "topology_full" : isElsewhere ? "rack_in_two_zones" : undefined };
  }

  /** Takes a host out of where it is. */
  leave(hostId: string): void {
    const { rack, zone } = this.#byHost.get(hostId) ?? {};
    this.#byHost.delete(hostId);
    zone?.hosts.delete(hostId);
    if (rack?.hosts.delete(hostId) && rack.hosts.size === 0) this.#countName(rack.name, -1);
  }

  #enter(rack: Rack, hostId: string): void {
    if (rack.hosts.size === 0) this.#countName(rack.name, 1);
    rack.hosts.add(hostId);
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

  #countName(name: string, change: number): void {
    const count = (this.#racksByName.get(name) ?? 0) + change;
    if (count > 0) this.#racksByName.set(name, count);
    else this.#racksByName.delete(name);
  }
}
