import type { HostPlan } from "./network-plan.ts";

/** Every testbed uses the same addresses: its namespaces keep them apart from all others. */
export interface HostAddresses {
  /** On data0: 10.77.<rack>.<host>. */
  readonly address: string;
  /** On data0: fd77:0:0:<rack>::<host>. */
  readonly address6: string;
  /** On mgmt0: 10.78.0.<host>. */
  readonly managementAddress: string;
}

/** The address of the management namespace itself, where NATS and aggregators run. */
export const MANAGEMENT_ADDRESS = "10.78.0.1";
export const DATA_PREFIX_LENGTH = 16;
export const DATA6_PREFIX_LENGTH = 48;
export const MANAGEMENT_PREFIX_LENGTH = 24;

/** The rack of a host that names none. */
export const DEFAULT_RACK = "a";

const MAX_HOSTS = 64;
const FIRST_MANAGED_HOST = 10;

/** The addresses of each host, by name: racks are numbered from 1 in the order they appear, hosts within their rack. */
export function addressesOf(hosts: readonly HostPlan[]): ReadonlyMap<string, HostAddresses> {
  if (hosts.length > MAX_HOSTS) {
    throw new Error(`Cannot use hosts as there must be 1..${MAX_HOSTS}: current value is ${hosts.length}`);
  }
  const rackSizes = new Map<string, number>();
  const addresses = new Map<string, HostAddresses>();
  for (const [index, host] of hosts.entries()) {
    const rack = host.rack ?? DEFAULT_RACK;
    const hostNumber = (rackSizes.get(rack) ?? 0) + 1;
    rackSizes.set(rack, hostNumber);
    const rackNumber = [...rackSizes.keys()].indexOf(rack) + 1;
    if (addresses.has(host.name)) {
      throw new Error(`Cannot use hosts as names must differ: "${host.name}" is there twice`);
    }
    addresses.set(host.name, {
      address: `10.77.${rackNumber}.${hostNumber}`,
      address6: `fd77:0:0:${rackNumber.toString(16)}::${hostNumber.toString(16)}`,
      managementAddress: `10.78.0.${FIRST_MANAGED_HOST + index}`,
    });
  }
  return addresses;
}
