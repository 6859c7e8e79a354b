/** Load that goes on for as long as it is measured, and how much of it was done. */
import { readFileSync } from "node:fs";
import type { LoadMode } from "../testbed/load.ts";
import { loadArguments } from "../testbed/load.ts";
import { programPath } from "../testbed/programs.ts";
import type { RunningProcess } from "../testbed/running-process.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";
import type { CabledHosts } from "./kernel-hosts.ts";
import { cableInterface } from "./kernel-hosts.ts";

/** Clients and their servers, under way until stopped. */
export interface Load {
  /** Connections accepted, or bytes received, since the hosts were made. Throws once a client has ended by itself. */
  done(): number;
  /** Throws where a connection failed. */
  stop(): Promise<void>;
}

const lifeSeconds = 3600;
const readyWaitMs = 10_000;
const connectionsUnderWay = 8;

/** Opens a connection, fetches one byte, closes it: over and over. Counts connections. */
export function startConnections(hosts: CabledHosts, cpu: number): Promise<Load> {
  return startLoad(hosts, cpu, "connect-rate", (server) => {
    const rows = readFileSync(`/proc/${server.pid}/net/snmp`, "utf8").split("\n");
    const [names = [], values = []] = rows.filter((row) => row.startsWith("Tcp:")).map((row) => row.split(" "));
    return Number(values[names.indexOf("PassiveOpens")]);
  });
}

/** One connection that receives as much as it can. Counts bytes. */
export function startBulk(hosts: CabledHosts, cpu: number): Promise<Load> {
  return startLoad(hosts, cpu, "bulk", (_, client) => {
    const row = new RegExp(`${cableInterface}: *(\\d+)`).exec(readFileSync(`/proc/${client.pid}/net/dev`, "utf8"));
    return Number(row?.[1]);
  });
}

/** Both at once. Counts connections. */
export async function startMixed(hosts: CabledHosts, cpu: number): Promise<Load> {
  const connections = await startConnections(hosts, cpu);
  const bulk = await startBulk(hosts, cpu);
  return {
    done: () => {
      bulk.done();
      return connections.done();
    },
    stop: async () => {
      await connections.stop();
      await bulk.stop();
    },
  };
}

/** The last CPU this process may use. Both ends of the load share it: what is measured then is CPU time. */
export function lastCpu(): number {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return Number(/\d+$/.exec(list)?.[0]);
}

type Count = (server: RunningProcess, client: RunningProcess) => number;

let nextPort = 9000;

async function startLoad(hosts: CabledHosts, cpu: number, mode: LoadMode, count: Count): Promise<Load> {
  const options = { port: nextPort, seconds: lifeSeconds, atOnce: connectionsUnderWay };
  nextPort += 1;
  const start = (host: TestbedHost, what: LoadMode): RunningProcess => {
    const command = [programPath("loadgen"), ...loadArguments(what, hosts.server.address, options)];
    return host.spawn("taskset", ["--cpu-list", String(cpu), ...command]);
  };
  const server = start(hosts.server, "server");
  await server.waitForLine(/"listening"/, readyWaitMs);
  const client = start(hosts.client, mode);
  return {
    done: () => {
      if (client.exit !== null) throw new Error(`Cannot go on: the load ended early: ${client.stdout}${client.stderr}`);
      return count(server, client);
    },
    stop: async () => {
      client.kill("SIGTERM");
      await client.result();
      await server.stop();
    },
  };
}
