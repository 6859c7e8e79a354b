/** Two hosts with a cable between them: no switch that would cost more than what is measured. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cgroupMount, createCgroup } from "../testbed/cgroup.ts";
import { onExit } from "../testbed/exit-cleanup.ts";
import { ipCommand } from "../testbed/ip-command.ts";
import { removeLeftovers, removeRun } from "../testbed/leftovers.ts";
import { createNamespaces } from "../testbed/namespace.ts";
import { CGROUP_PREFIX, NAMESPACE_PREFIX, newRunId } from "../testbed/run-id.ts";
import type { RunningProcess } from "../testbed/running-process.ts";
import { TestbedHost } from "../testbed/testbed-host.ts";

/** Two network namespaces joined by a veth pair, in cgroups below one that takes the program. */
export interface CabledHosts {
  readonly client: TestbedHost;
  readonly server: TestbedHost;
  /** Above the cgroups of both hosts: a program here pays for both ends of every connection. */
  readonly cgroupPath: string;
  /** A cgroup that stays empty. */
  readonly idleCgroupPath: string;
  /** What pins must be named after to go when the hosts go. */
  readonly pinName: string;
  /** CPU time of all processes on the hosts since they were made, seconds. */
  cpuSeconds(): number;
  /** Ends every process started on the hosts and removes all that was made. */
  close(): Promise<void>;
}

/** The interface of either host. */
export const cableInterface = "cable0";

/** Makes the hosts. Needs root. What a killed run has left is removed first; ends with this process at the latest. */
export function createCabledHosts(): CabledHosts {
  removeLeftovers();
  const runId = newRunId();
  const processes = new Set<RunningProcess>();
  const forget = onExit(() => removeRun(runId));
  const top = join(cgroupMount(), `${CGROUP_PREFIX}${runId}`);
  const cgroupPath = join(top, "hosts");
  const host = (name: string, number: number): TestbedHost =>
    new TestbedHost(
      { rack: "a", congestion: "cubic" },
      { address: `10.77.1.${number}`, address6: `fd77::${number}`, managementAddress: "" },
      name,
      `${NAMESPACE_PREFIX}${runId}-${name}`,
      join(cgroupPath, name),
      processes,
    );
  const hosts = {
    client: host("client", 1),
    server: host("server", 2),
    cgroupPath,
    idleCgroupPath: join(top, "idle"),
    pinName: `${NAMESPACE_PREFIX}${runId}-bench`,
    cpuSeconds: () => cpuSecondsOf(cgroupPath),
    close: async () => {
      await Promise.all([...processes].map((process) => process.stop()));
      removeRun(runId);
      forget();
    },
  };
  build(hosts);
  return hosts;
}

function build({ client, server, idleCgroupPath }: CabledHosts): void {
  for (const path of [client.cgroupPath, server.cgroupPath, idleCgroupPath]) createCgroup(path);
  createNamespaces([client.namespace, server.namespace]);
  const peer = `type veth peer name ${cableInterface} netns ${server.namespace}`;
  ipCommand([`link add ${cableInterface} ${peer}`], client.namespace);
  for (const { namespace, address, address6 } of [client, server]) {
    ipCommand(
      [
        "link set lo up",
        `link set ${cableInterface} up`,
        `address add ${address}/24 dev ${cableInterface}`,
        `address add ${address6}/64 dev ${cableInterface} nodad`,
      ],
      namespace,
    );
  }
}

function cpuSecondsOf(cgroupPath: string): number {
  const usageUs = /^usage_usec (\d+)$/m.exec(readFileSync(join(cgroupPath, "cpu.stat"), "utf8"))?.[1];
  return Number(usageUs) / 1e6;
}
