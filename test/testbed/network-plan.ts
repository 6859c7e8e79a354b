/** A place where packets wait their turn: a host's link, or the uplink of a rack. Many routes may share one. */
export interface QueuePlan {
  readonly name: string;
  /** Of whole IP packets. */
  readonly rateBitsPerSecond: number;
  /** What finds no room is dropped. */
  readonly bufferBytes: number;
}

/** How packets get from one host to another: through one queue, then the propagation delay. */
export interface RoutePlan {
  readonly from: string;
  readonly to: string;
  readonly queue: string;
  readonly oneWayDelayUs: number;
  /** Random loss in packets per million, 0 unless given. */
  readonly lossPpm?: number;
}

export interface NetworkPlan {
  readonly queues: readonly QueuePlan[];
  readonly routes: readonly RoutePlan[];
}

export interface HostPlan {
  readonly name: string;
  /** Hosts of one rack share an IPv4 /24 and an IPv6 /64. One rack for all unless given. */
  readonly rack?: string;
  /** What its load uses, and its namespace's default where the kernel permits it; CUBIC unless given. */
  readonly congestion?: Congestion;
}

export type Congestion = "cubic" | "bbr" | "reno";

/** What lies between two hosts, the same in both directions. */
export interface PathPlan {
  readonly rateBitsPerSecond: number;
  /** Propagation only, there and back. */
  readonly rttUs: number;
  readonly bufferBytes: number;
  readonly lossPpm?: number;
}

export interface RackNetworkOptions {
  /** Host names by rack. */
  readonly racks: Readonly<Record<string, readonly string[]>>;
  /** Between hosts of one rack: each host's own link, shared by all that send to it. */
  readonly inside: PathPlan;
  /** Between racks: each pair of racks has an uplink in either direction, shared by all hosts of both. */
  readonly across: PathPlan;
  readonly congestion?: Congestion;
}

/** Hosts and network of racks, each pair of hosts connected. Queues are named as linkQueue() and uplinkQueue() say. */
export function rackNetwork(options: RackNetworkOptions): { hosts: readonly HostPlan[]; network: NetworkPlan } {
  const { inside, across, congestion = "cubic" } = options;
  const racks = Object.keys(options.racks);
  const hosts = racks.flatMap((rack) => (options.racks[rack] ?? []).map((name) => ({ name, rack, congestion })));
  const links = hosts.map((host) => queueOf(linkQueue(host.name), inside));
  const uplinks = racks.flatMap((from) =>
    racks.filter((to) => to !== from).map((to) => queueOf(uplinkQueue(from, to), across)),
  );
  const routes = hosts.flatMap((from) =>
    hosts
      .filter((to) => to !== from)
      .map((to) =>
        from.rack === to.rack
          ? routeOf(from.name, to.name, linkQueue(to.name), inside)
          : routeOf(from.name, to.name, uplinkQueue(from.rack, to.rack), across),
      ),
  );
  return { hosts, network: { queues: [...links, ...uplinks], routes } };
}

/** The queue in front of a host, for traffic from its own rack. */
export function linkQueue(host: string): string {
  return `link:${host}`;
}

/** The queue of all traffic from one rack to another. */
export function uplinkQueue(fromRack: string, toRack: string): string {
  return `uplink:${fromRack}>${toRack}`;
}

function queueOf(name: string, path: PathPlan): QueuePlan {
  return { name, rateBitsPerSecond: path.rateBitsPerSecond, bufferBytes: path.bufferBytes };
}

function routeOf(from: string, to: string, queue: string, path: PathPlan): RoutePlan {
  // The odd microsecond goes one way only, so that both ways add up to the round trip.
  const oneWayDelayUs = from < to ? Math.floor(path.rttUs / 2) : Math.ceil(path.rttUs / 2);
  return { from, to, queue, oneWayDelayUs, lossPpm: path.lossPpm ?? 0 };
}
