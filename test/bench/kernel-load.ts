/** Load that goes on for as long as it is measured, and how much of it was done. */
import { readFileSync } from "node:fs";
import type { LoadMode, LoadOptions } from "../testbed/load.ts";
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
/** Enough that the CPU never waits for a packet. */
const connectionsUnderWay = 8;
/** At most 1 MiB x 4 in 10 ms, 3.4 Gbit/s: a part of what a CPU can do, whatever else it does. */
const transfers = { bytes: 1 << 20, atOnce: 4, rounds: 250_000, gapMs: 10 };

/** Opens a connection, fetches one byte, closes it: over and over. Counts connections. */
export function startConnections(hosts: CabledHosts): Promise<Load> {
  return startLoad(hosts, "connect-rate", { atOnce: connectionsUnderWay }, connectionsAccepted);
}

/** One connection that receives as much as it can. Counts bytes. */
export function startBulk(hosts: CabledHosts): Promise<Load> {
  return startLoad(hosts, "bulk", {}, (_, client) => {
    const row = new RegExp(`${cableInterface}: *(\\d+)`).exec(readFileSync(`/proc/${client.pid}/net/dev`, "utf8"));
    return Number(row?.[1]);
  });
}

/** Connections of one byte as fast as they go, and among them transfers of 1 MiB at a steady pace. Counts connections. */
export async function startMixed(hosts: CabledHosts): Promise<Load> {
  const large = await startLoad(hosts, "connect", transfers, connectionsAccepted);
  const small = await startConnections(hosts);
  return {
    done: () => {
      large.done();
      return small.done();
    },
    stop: async () => {
      await small.stop();
      await large.stop();
    },
  };
}

type Count = (server: RunningProcess, client: RunningProcess) => number;

let nextPort = 9000;

async function startLoad(hosts: CabledHosts, mode: LoadMode, what: LoadOptions, count: Count): Promise<Load> {
  // Both hosts on one CPU, which they fill: then what is measured is CPU time, and not how soon one CPU wakes another.
  const cpu = lastCpu();
  const options = { ...what, port: nextPort, seconds: lifeSeconds };
  nextPort += 1;
  const start = (host: TestbedHost, as: LoadMode): RunningProcess => {
    const command = [programPath("loadgen"), ...loadArguments(as, [hosts.server.address], options), "--compact"];
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
      // What is open when a transfer is told to stop ends with code 1.
      await client.result(mode === "connect" ? [0, 1] : [0]);
      await server.stop();
    },
  };
}

function connectionsAccepted(server: RunningProcess): number {
  const rows = readFileSync(`/proc/${server.pid}/net/snmp`, "utf8").split("\n");
  const [names = [], values = []] = rows.filter((row) => row.startsWith("Tcp:")).map((row) => row.split(" "));
  return Number(values[names.indexOf("PassiveOpens")]);
}

/** Of those this process may use. */
function lastCpu(): number {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return Number(/\d+$/.exec(list)?.[0]);
}
