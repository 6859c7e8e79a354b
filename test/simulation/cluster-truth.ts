/** A cluster of racks and zones as it really is: the RTT and the rate from every host to every other. */
import { addressFromText } from "../../proto/address.ts";
import { SeededRandom } from "./seeded-random.ts";

/** One host of the cluster. */
export interface HostTruth {
  readonly id: string;
  readonly address: string;
  readonly rack: number;
  readonly zone: number;
  /** What its cable and its network card add to each RTT. */
  readonly accessUs: number;
  readonly linkBytesPerSecond: number;
}

/** Hosts by index, and what lies between them. Deterministic for a seed. */
export interface ClusterTruth {
  readonly hosts: readonly HostTruth[];
  rttUs(source: number, destination: number): number;
  rateBytesPerSecond(source: number, destination: number): number;
}

/** How large it is. */
export interface ClusterSize {
  readonly hosts: number;
  readonly racks: number;
  readonly zones: number;
}

/** What carries least of a path between zones: what lies between the two, of which nothing else tells, or its ends' racks, as on every other path of theirs. */
export type Narrowest = "between zones" | "racks";

type Range = readonly [number, number];
const widths: Readonly<Record<Narrowest, { readonly rackUplinks: Range; readonly zonePairs: Range }>> = {
  "between zones": { rackUplinks: [100e6, 1_000e6], zonePairs: [5e6, 80e6] },
  racks: { rackUplinks: [5e6, 80e6], zonePairs: [100e6, 1_000e6] },
};

/** RTTs of single paths differ by a twentieth from what their racks and zones make them, rates by a tenth. */
const rttSpread = 0.05;
const rateSpread = 0.1;

/** Zones in a plane some ten milliseconds wide, racks behind switches of different age, one host in ten on a slow link. */
export function clusterTruth(size: ClusterSize, seed: number, narrowest: Narrowest = "between zones"): ClusterTruth {
  const { rackUplinks, zonePairs: zonePairWidths } = widths[narrowest];
  const random = new SeededRandom(seed);
  const zones = listOf(size.zones, () => ({ x: random.uniform(0, 20_000), y: random.uniform(0, 20_000) }));
  const racks = listOf(size.racks, () => ({
    switchUs: random.uniform(50, 250),
    uplink: random.logUniform(...rackUplinks),
  }));
  const zonePairs = listOf(size.zones ** 2, () => random.logUniform(...zonePairWidths));
  const hosts = listOf(size.hosts, (index): HostTruth => {
    const rack = index % size.racks;
    return {
      id: `host-${index}`,
      address: `10.${rack >> 8}.${rack & 255}.${1 + Math.floor(index / size.racks)}`,
      rack,
      zone: rack % size.zones,
      accessUs: random.uniform(20, 80),
      linkBytesPerSecond: random.chance(0.1) ? 12.5e6 : 1_250e6,
    };
  });
  const host = (index: number) => hosts[index] as HostTruth;
  return {
    hosts,
    rttUs(source, destination) {
      const [from, to] = [host(source), host(destination)];
      const access = from.accessUs + to.accessUs;
      const switches = from.rack === to.rack ? 0 : (racks[from.rack]?.switchUs ?? 0) + (racks[to.rack]?.switchUs ?? 0);
      const [here, there] = [zones[from.zone], zones[to.zone]];
      const apart = here === undefined || there === undefined ? 0 : Math.hypot(here.x - there.x, here.y - there.y);
      const wide = from.zone === to.zone ? 0 : 500 + apart;
      // The same there and back.
      return (
        (access + switches + wide) *
        Math.exp(rttSpread * normalOf(seed, Math.min(source, destination), Math.max(source, destination)))
      );
    },
    rateBytesPerSecond(source, destination) {
      const [from, to] = [host(source), host(destination)];
      const uplinks = Math.min(racks[from.rack]?.uplink ?? 0, racks[to.rack]?.uplink ?? 0);
      const wide = zonePairs[from.zone * size.zones + to.zone] ?? 0;
      const between = from.rack === to.rack ? 1_250e6 : from.zone === to.zone ? uplinks : Math.min(uplinks, wide);
      const spread = Math.exp(rateSpread * normalOf(seed + 1_000_000, source, destination));
      const links = (Math.min(from.linkBytesPerSecond, to.linkBytesPerSecond) * 1448) / 1538;
      return Math.min(between * spread, links);
    },
  };
}

/** The 16 bytes of a host's address. */
export function addressOf(host: HostTruth): Uint8Array {
  const bytes = addressFromText(host.address);
  if (bytes === undefined) throw new Error(`Cannot read address ${host.address}`);
  return bytes;
}

function listOf<Value>(length: number, make: (index: number) => Value): readonly Value[] {
  return Array.from({ length }, (_, index) => make(index));
}

// Of a path, always the same.
function normalOf(seed: number, source: number, destination: number): number {
  return new SeededRandom(seed * 7_919 + source * 65_537 + destination).normal();
}
