/** Nodes as Consul lists them with `?near=`: the nearest first. */
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import type { MatrixCell } from "./matrix-cells.ts";
import { isKnown } from "./matrix-cells.ts";

/** A node of the catalog (https://developer.hashicorp.com/consul/api-docs/catalog#list-nodes). */
export interface ConsulNode {
  readonly Node: string;
  readonly Address: string;
  readonly Datacenter: string;
  readonly Meta: Readonly<Record<string, string>>;
}

/**
 * Every host as a node, ordered by RTT from `source`, which comes first, as with Consul; those of which nothing is known come last, by name. `cells`
 * is a matrix of hosts.
 */
export function nearOrder(
  source: string,
  hosts: readonly HostInfo__Output[],
  cells: readonly MatrixCell[],
): ConsulNode[] {
  const rttUs = new Map(
    cells.filter((cell) => cell.source === source && isKnown(cell)).map((cell) => [cell.destination, cell.minRttUs]),
  );
  const distance = (hostId: string) => (hostId === source ? 0 : rttUs.get(hostId) || Number.POSITIVE_INFINITY);
  return [...hosts]
    .sort((a, b) => compare(distance(a.hostId), distance(b.hostId)) || compare(a.hostId, b.hostId))
    .map(({ hostId, addresses, rack, zone }) => {
      const known = rttUs.get(hostId);
      return {
        Node: hostId,
        Address: addresses[0] ?? "",
        Datacenter: zone,
        Meta: {
          ...(rack === "" ? {} : { "augmenter-rack": rack }),
          ...(known === undefined || known === 0 ? {} : { "augmenter-rtt-us": String(known) }),
        },
      };
    });
}

// Not a difference: what is not known is infinite.
function compare<T extends number | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
