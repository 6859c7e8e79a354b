/** What the agent costs a host that talks to many others: `npm run bench:agent`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Table from "cli-table3";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { connectNats } from "../../common/nats-link.ts";
import { flag, integerBetween } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { PathReportReader } from "../../proto/path-report-reader.ts";
import { subjectForAllHosts } from "../../proto/subjects.ts";
import { kernelObstacles } from "../support/privileges.ts";
import { cgroupMount, createCgroup, removeCgroup } from "../testbed/cgroup.ts";
import { onExit } from "../testbed/exit-cleanup.ts";
import { removePins } from "../testbed/pins.ts";
import { projectRoot } from "../testbed/programs.ts";
import { RunningProcess } from "../testbed/running-process.ts";
import { FoldWriter } from "./agent-folds.ts";

const program = {
  name: "augmenter bench:agent",
  description:
    "Measures CPU time and memory of a real agent that drains, folds and publishes so many paths a second from real BPF maps. Attaches to a cgroup of its own without processes. Needs root; removes all it made.",
  options: {
    seconds: { description: "of each measurement", schema: integerBetween(2, 600), default: "15" },
    json: { description: "print one JSON object as the last line", schema: flag(), default: "false", isFlag: true },
  },
} as const;

/** Of one number of paths. */
interface AgentFigures {
  readonly paths: number;
  /** Path rows that the broker was sent in a second. */
  readonly paths_per_s: number;
  /** Of a core; all threads, user and system. */
  readonly cpu_share: number;
  /** The largest resident set seen; MB are 10^6 bytes. */
  readonly rss_mb: number;
}

const pathCounts = [1_000, 10_000, 100_000] as const;
const maxPaths = 131_072;
const warmMs = 5_000;
const sampleMs = 500;
const ticksPerSecond = 100; // USER_HZ, as /proc/<pid>/stat counts
const prefix = "bench-agent-";

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { seconds, json } = outcome.values;
  if (kernelObstacles.length > 0) {
    throw new ExitError(exitCodes.insufficientPrivileges, `Cannot measure the agent: ${kernelObstacles.join(", ")}`);
  }
  const figures: AgentFigures[] = [];
  for (const paths of pathCounts) {
    figures.push(await measure(paths, seconds));
    process.stderr.write(`${JSON.stringify(figures.at(-1))}\n`);
  }
  const { cpu_share, rss_mb } = figures.at(-1) as AgentFigures;
  process.stdout.write(json ? `${JSON.stringify({ cpu_share, rss_mb, by_paths: figures })}\n` : tableOf(figures));
});

async function measure(paths: number, seconds: number): Promise<AgentFigures> {
  const hostId = `${prefix}${process.pid}-${paths}`;
  const cgroup = join(cgroupMount(), hostId);
  createCgroup(cgroup);
  const cleanUp = () => {
    removeCgroup(cgroup);
    removePins(hostId);
  };
  const forget = onExit(cleanUp);
  const started: RunningProcess[] = [];
  try {
    const url = await startBroker(started);
    const agent = startAgent(started, url, hostId, cgroup);
    await agent.waitForLine(/"attached"/, 20_000);
    const link = await connectNats({ url, name: "bench", connectWaitMs: 5_000 });
    const reader = new PathReportReader();
    let rows = 0;
    link.subscribe(subjectForAllHosts("report"), (_, payload) => {
      if (reader.read(payload) === undefined) rows += reader.destinationsBytes / 16;
    });
    const writer = new FoldWriter(hostId, maxPaths, paths);
    const writing = writer.run();
    await Promise.race([sleep(warmMs), writing]);
    const before = { rows, cpuSeconds: cpuSecondsOf(agent.pid), ms: performance.now() };
    let rssBytes = 0;
    while (performance.now() - before.ms < seconds * 1000) {
      await Promise.race([sleep(sampleMs), writing]);
      rssBytes = Math.max(rssBytes, rssBytesOf(agent.pid));
    }
    const wallSeconds = (performance.now() - before.ms) / 1000;
    const figures = {
      paths,
      paths_per_s: Math.round((rows - before.rows) / wallSeconds),
      cpu_share: Math.round(((cpuSecondsOf(agent.pid) - before.cpuSeconds) / wallSeconds) * 1000) / 1000,
      rss_mb: Math.round(rssBytes / 1e5) / 10,
    };
    writer.stop();
    await writing;
    await link.close();
    return figures;
  } finally {
    for (const each of started.toReversed()) await each.stop(8_000);
    forget();
    cleanUp();
  }
}

async function startBroker(started: RunningProcess[]): Promise<string> {
  const PATH = `${process.env["PATH"]}:/usr/local/sbin:/usr/sbin:/sbin`;
  const args = ["--pdeathsig", "KILL", "--", "nats-server", "-a", "127.0.0.1", "-p", "-1"];
  const broker = new RunningProcess("setpriv", args, { name: "nats-server", env: { ...process.env, PATH } });
  started.push(broker);
  const line = await broker.waitForLine(/Listening for client connections on 127\.0\.0\.1:\d+/, 20_000);
  return `nats://127.0.0.1:${/(\d+)$/.exec(line)?.[1]}`;
}

function startAgent(started: RunningProcess[], url: string, hostId: string, cgroup: string): RunningProcess {
  const options = ["--nats-url", url, "--host-id", hostId, "--cgroup", cgroup, "--max-paths", String(maxPaths)];
  const main = join(projectRoot(), "dist/node-agent/main.js");
  const args = ["--pdeathsig", "TERM", "--", process.execPath, main, ...options, "--http-listen", "127.0.0.1:0"];
  const agent = new RunningProcess("setpriv", args, { name: "augmenter-agent" });
  started.push(agent);
  return agent;
}

function cpuSecondsOf(pid: number): number {
  // Fields 14 and 15, counted from behind the name, which may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function rssBytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

function tableOf(figures: readonly AgentFigures[]): string {
  const table = new Table({ head: ["paths", "paths/s", "share of a core", "RSS MB"] });
  for (const each of figures) table.push([each.paths, each.paths_per_s, each.cpu_share, each.rss_mb]);
  return `${table.toString()}\n`;
}
