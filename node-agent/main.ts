#!/usr/bin/env node
/** augmenter-agent: one per host. */
import "./small-heap.ts";
import { closeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import { startHttpEndpoint } from "../common/http-endpoint.ts";
import type { Log } from "../common/log.ts";
import { createLog } from "../common/log.ts";
import { connectNats } from "../common/nats-link.ts";
import { readOptions } from "../common/options.ts";
import { runMain } from "../common/run-main.ts";
import { Shutdown } from "../common/shutdown.ts";
import { subjectFor } from "../proto/subjects.ts";
import { AdviceDesk } from "./advice-desk.ts";
import type { AgentConfig } from "./config.ts";
import { adviceBounds, agentProgram, kernelBounds } from "./config.ts";
import { Cycle } from "./cycle.ts";
import { lockHost } from "./host-lock.ts";
import { HostTopology } from "./host-topology.ts";
import { Datapath } from "./kernel/datapath.ts";
import { probeKernel } from "./kernel/kernel-probe.ts";
import { LibbpfError } from "./kernel/libbpf.ts";
import { openCgroup } from "./kernel/mounts.ts";
import type { Capability } from "./kernel/privileges.ts";
import { requireCapabilities } from "./kernel/privileges.ts";
import { agentRegistry } from "./metrics.ts";
import { Uplink } from "./uplink.ts";

/** How long the first connection to the broker is tried for, and how long everything may take to end, milliseconds. */
const connectWaitMs = 10_000;
const shutdownMs = 5_000;
/** Without a drain for so many intervals the agent is not ready. */
const silentIntervalsMax = 5;
const objectPath = fileURLToPath(new URL("../bpf/augmenter.bpf.o", import.meta.url));

await runMain(main);

async function main(): Promise<void> {
  const options = readOptions(agentProgram, process.argv.slice(2), process.env);
  if (options.kind === "text") {
    process.stdout.write(options.text);
    return;
  }
  if (options.values.probeKernel) {
    process.stdout.write(`${JSON.stringify(probeKernel(objectPath))}\n`);
    return;
  }
  const log = createLog(agentProgram.name, options.values.logLevel);
  const shutdown = new Shutdown({ deadlineMs: shutdownMs, log });
  // Signals count from here on: one that comes during the start ends it in order, too.
  const signal = shutdown.untilSignal();
  try {
    const { lost } = await start(options.values, log, shutdown);
    const reason = await Promise.race([signal, lost]);
    log.info({ reason }, "ending");
  } finally {
    await shutdown.run();
  }
}

/** Brings up the parts in order. `lost` resolves when the broker is lost for good. */
async function start(config: AgentConfig, log: Log, shutdown: Shutdown): Promise<{ readonly lost: Promise<string> }> {
  // What cannot be mended by waiting comes before the wait for the broker.
  const capabilities = requireCapabilities();
  const lock = await lockHost(config.hostId);
  shutdown.add("host lock", () => lock.release());
  const cgroupFd = openCgroup(config.cgroup);
  const uplink = new Uplink(config.hostId, Date.now() * 1000);
  let cycle: Cycle | undefined;
  const { link, lost } = await connect(config, log, shutdown, {
    onDisconnected: () => uplink.disconnected(),
    onReconnected: () => cycle?.announce(),
  });
  uplink.use(link);
  const datapath = attach(config, capabilities, cgroupFd);
  closeSync(cgroupFd);
  shutdown.add("datapath", async () => {
    await datapath.detach();
    logReleaseFailures(datapath, log);
  });
  log.info({ hostId: config.hostId, mode: datapath.mode, adopted: datapath.adopted }, "attached");
  logReleaseFailures(datapath, log);

  const desk = new AdviceDesk({
    hostId: config.hostId,
    datapath,
    uplink,
    bounds: { ...adviceBounds, entries: config.maxPaths },
    log,
  });
  const topology = new HostTopology({ ...config, log });
  const running = new Cycle({
    datapath,
    uplink,
    desk,
    topology,
    linkMbitPerSecond: config.linkMbitPerSecond,
    reportIntervalMs: config.reportIntervalMs,
    log,
    nowUnixMs: () => Date.now(),
    nowMs: () => performance.now(),
  });
  cycle = running;
  const endpoint = await startHttpEndpoint({
    listen: config.httpListen,
    registry: agentRegistry({ datapath, uplink, desk, topology, cycle: running }),
    notReadyReasons: () => [
      ...(link.connected ? [] : ["no connection to the broker"]),
      ...(running.sinceDrainMs > silentIntervalsMax * config.reportIntervalMs ? ["no samples drained"] : []),
      ...(desk.hasRunOut(datapath.bootUs()) ? ["advice ran out as no aggregator renewed it"] : []),
    ],
    routes: {},
    log,
  });
  shutdown.add("http endpoint", () => endpoint.close());
  link.subscribe(subjectFor("advice", config.hostId), (_, payload) => desk.receive(payload));
  running.start();
  shutdown.add("cycle", () => running.stop());
  return { lost };
}

interface ConnectionListener {
  onDisconnected(): void;
  onReconnected(): void;
}

async function connect(config: AgentConfig, log: Log, shutdown: Shutdown, listener: ConnectionListener) {
  let onLost: (reason: string) => void = () => undefined;
  const lost = new Promise<string>((resolve) => {
    onLost = resolve;
  });
  const link = await connectNats({
    url: config.natsUrl,
    name: `${agentProgram.name} ${config.hostId}`,
    connectWaitMs,
    onDisconnected: () => {
      log.warn("broker disconnected");
      listener.onDisconnected();
    },
    onReconnected: () => {
      log.info("broker reconnected");
      listener.onReconnected();
    },
    onClosed: (error) => onLost(`broker connection closed: ${error?.message ?? "no reason"}`),
    onError: (reason) => log.warn({ reason }, "broker refused"),
  });
  shutdown.add("broker connection", () => link.close());
  return { link, lost };
}

function logReleaseFailures(datapath: Datapath, log: Log): void {
  const failures = datapath.takeReleaseFailures();
  if (failures.length > 0) log.warn({ failures }, "idle connections may stay paced until they end");
}

function attach(config: AgentConfig, capabilities: ReadonlySet<Capability>, cgroupFd: number): Datapath {
  const { maxPaths } = config;
  try {
    return new Datapath({
      hostId: config.hostId,
      cgroupFd,
      objectPath,
      switches: { ...kernelBounds, mode: config.apply ? "apply" : "observe" },
      maxEntries: { advice: maxPaths, fold_0: maxPaths, fold_1: maxPaths, shares: maxPaths },
      canReadKernelStructs: capabilities.has("CAP_PERFMON") || capabilities.has("CAP_SYS_ADMIN"),
    });
  } catch (error) {
    if (!(error instanceof LibbpfError)) throw error;
    const denied = error.code === "EPERM" || error.code === "EACCES";
    throw new ExitError(
      denied ? exitCodes.insufficientPrivileges : exitCodes.kernelUnsuitable,
      `${error.message} (Linux 5.15 or newer with BTF and cgroup2 is needed)`,
      { cause: error },
    );
  }
}
