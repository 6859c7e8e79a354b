import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostAddresses } from "./address-plan.ts";
import {
  addressesOf,
  DATA_PREFIX_LENGTH,
  DATA6_PREFIX_LENGTH,
  DEFAULT_RACK,
  MANAGEMENT_ADDRESS,
  MANAGEMENT_PREFIX_LENGTH,
} from "./address-plan.ts";
import { cgroupMount, createCgroup } from "./cgroup.ts";
import { onExit } from "./exit-cleanup.ts";
import { ipCommand } from "./ip-command.ts";
import { removeLeftovers, removeRun } from "./leftovers.ts";
import { createNamespaces, setSysctls } from "./namespace.ts";
import type { Congestion, HostPlan, NetworkPlan } from "./network-plan.ts";
import { CGROUP_PREFIX, NAMESPACE_PREFIX, newRunId } from "./run-id.ts";
import type { RunningProcess } from "./running-process.ts";
import { SwitchNetwork } from "./switch-network.ts";
import { TestbedHost } from "./testbed-host.ts";
import { TestbedNode } from "./testbed-node.ts";

export interface TestbedOptions {
  readonly hosts: readonly HostPlan[];
  readonly network: NetworkPlan;
}

/** A rack in a box: hosts, the network between them, and a management namespace that reaches every host. */
export interface Testbed {
  readonly runId: string;
  readonly hosts: ReadonlyMap<string, TestbedHost>;
  /** Where NATS and aggregators run: reachable from every host over mgmt0. */
  readonly management: TestbedNode & { readonly address: string };
  readonly network: SwitchNetwork;
  /** The host of that name; an error when there is none. */
  host(name: string): TestbedHost;
  /** Ends every process started here and removes namespaces and cgroups. May be called again. */
  close(): Promise<void>;
}

const MANAGEMENT = "mgmt";
const HOST_NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** Packets wait in the switch, where drops are counted, never in front of it. */
const TUN_QUEUE_PACKETS = 20000;

/**
 * Builds a testbed. Needs root. Nothing outside namespaces and cgroups of its own is touched, and leftovers of owners
 * that were killed are removed first. Ends with this process at the latest.
 */
export async function createTestbed(options: TestbedOptions): Promise<Testbed> {
  const addresses = addressesOf(options.hosts);
  const invalid = options.hosts.find((host) => !HOST_NAME.test(host.name) || host.name === MANAGEMENT);
  if (invalid !== undefined) {
    throw new Error(`Cannot use hosts as a name must match ${HOST_NAME}: current value is "${invalid.name}"`);
  }
  removeLeftovers();

  const runId = newRunId();
  const processes = new Set<RunningProcess>();
  const network = new SwitchNetwork();
  const forget = onExit(() => {
    network.kill();
    removeRun(runId);
  });
  const close = closeOnce(async () => {
    await Promise.all([...processes].map((process) => process.stop()));
    await network.stop();
    removeRun(runId);
    forget();
  });

  try {
    const node = (name: string) =>
      [
        name,
        `${NAMESPACE_PREFIX}${runId}-${name}`,
        join(cgroupMount(), `${CGROUP_PREFIX}${runId}`, name),
        processes,
      ] as const;
    const management = Object.assign(new TestbedNode(...node(MANAGEMENT)), { address: MANAGEMENT_ADDRESS });
    const hosts = new Map(
      options.hosts.map((plan) => {
        const what = { rack: plan.rack ?? DEFAULT_RACK, congestion: congestionOf(plan) };
        return [plan.name, new TestbedHost(what, addressesIn(addresses, plan.name), ...node(plan.name))];
      }),
    );
    await build(options, management, hosts, network);
    return { runId, hosts, management, network, host: (name) => hostIn(hosts, name), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  options: TestbedOptions,
  management: TestbedNode,
  hosts: ReadonlyMap<string, TestbedHost>,
  network: SwitchNetwork,
): Promise<void> {
  for (const node of [management, ...hosts.values()]) {
    createCgroup(node.cgroupPath);
  }
  createNamespaces([management, ...hosts.values()].map((node) => node.namespace));
  ipCommand(
    [
      "link set lo up",
      "link add bridge0 type bridge",
      `address add ${MANAGEMENT_ADDRESS}/${MANAGEMENT_PREFIX_LENGTH} dev bridge0`,
      "link set bridge0 up",
      ...[...hosts.values()].flatMap((host, index) => [
        `link add host${index} type veth peer name mgmt0 netns ${host.namespace}`,
        `link set host${index} master bridge0 up`,
      ]),
    ],
    management.namespace,
  );
  for (const plan of options.hosts) {
    const host = hostIn(hosts, plan.name);
    setSysctls(host.namespace, sysctlsOf(plan));
    await network.addHost(host.name, host.namespace, host);
    ipCommand(
      [
        "link set lo up",
        `link set data0 txqueuelen ${TUN_QUEUE_PACKETS} up`,
        `address add ${host.address}/${DATA_PREFIX_LENGTH} dev data0`,
        `address add ${host.address6}/${DATA6_PREFIX_LENGTH} dev data0 nodad`,
        `address add ${host.managementAddress}/${MANAGEMENT_PREFIX_LENGTH} dev mgmt0`,
        "link set mgmt0 up",
      ],
      host.namespace,
    );
  }
  await network.apply(options.network);
}

function sysctlsOf(plan: HostPlan): Readonly<Record<string, string>> {
  const congestion = congestionOf(plan);
  return {
    // Only what the initial namespace allows can be a default elsewhere (tcp_set_default_congestion_control()): the
    // load generator therefore asks for its own on every socket, which root may.
    ...(mayBeDefault(congestion) && { "net/ipv4/tcp_congestion_control": congestion }),
    // Otherwise the kernel remembers ssthresh and RTT of a destination itself, and later transfers start from that.
    "net/ipv4/tcp_no_metrics_save": "1",
    "net/ipv6/conf/all/accept_dad": "0",
    "net/ipv6/conf/default/accept_dad": "0",
    "net/ipv6/conf/default/router_solicitations": "0",
  };
}

function congestionOf(plan: HostPlan): Congestion {
  return plan.congestion ?? "cubic";
}

function mayBeDefault(congestion: Congestion): boolean {
  const allowed = readFileSync("/proc/sys/net/ipv4/tcp_allowed_congestion_control", "utf8");
  return allowed.trim().split(" ").includes(congestion);
}

function closeOnce(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= close();
    return closed;
  };
}

function addressesIn(addresses: ReadonlyMap<string, HostAddresses>, name: string): HostAddresses {
  const found = addresses.get(name);
  if (found === undefined) {
    throw new Error(`Cannot find addresses of host "${name}"`);
  }
  return found;
}

function hostIn(hosts: ReadonlyMap<string, TestbedHost>, name: string): TestbedHost {
  const host = hosts.get(name);
  if (host === undefined) {
    throw new Error(`Cannot find host "${name}": hosts are ${[...hosts.keys()].join(", ")}`);
  }
  return host;
}
