/** The rack in a box, before and after: `npm run demo`. */
import Table from "cli-table3";
import { flag } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { Cluster } from "./cluster.ts";
import type { DemoCell, DemoResult } from "./demo-cells.ts";
import { demoCells, demoPath, demoResult } from "./demo-cells.ts";
import { rackNetwork, uplinkQueue } from "./network-plan.ts";
import type { Testbed } from "./testbed.ts";
import { createTestbed } from "./testbed.ts";

const demoProgram = {
  name: "augmenter demo",
  description:
    "Builds four hosts in two racks out of network namespaces, measures transfers between the racks, lets the cluster learn, and measures again. Needs root; removes all it made.",
  options: {
    json: { description: "print one JSON object as the last line", schema: flag(), default: "false", isFlag: true },
  },
} as const;

const client = "a1";
const server = "b1";
const gapMs = 20;
/** Learning ends when the advice has not moved for so many looks in a row, or after so many. */
const steadyLooks = 3;
const looksMax = 25;

void runMain(async () => {
  const outcome = readOptions(demoProgram, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const startedMs = performance.now();
  const say = (text: string): void => {
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(0).padStart(3);
    process.stderr.write(`${seconds} s  ${text}\n`);
  };
  const demo = await run(say);
  process.stdout.write(outcome.values.json ? `${JSON.stringify(demo)}\n` : tableOf(demo));
});

interface Demo {
  readonly cells: readonly DemoResult[];
  readonly learned: {
    readonly rate_bytes_per_s: number;
    readonly min_rtt_us: number;
    readonly window_segments: number;
  };
  /** Packets that found the buffer between the racks full. */
  readonly drops: { readonly default: number; readonly advised: number };
  /** First windows that the kernel of the sending host granted out of advice. */
  readonly windows_granted: { readonly default: number; readonly advised: number };
}

async function run(say: (text: string) => void): Promise<Demo> {
  const { rateBitsPerSecond, rttUs, bufferBdp } = demoPath;
  const bufferBytes = Math.round((bufferBdp * rateBitsPerSecond * rttUs) / 8e6);
  say("building 4 hosts in 2 racks; across: 200 Mbit/s, 20 ms, a buffer of a quarter of the BDP; CUBIC");
  const testbed = await createTestbed(
    rackNetwork({
      racks: { a: ["a1", "a2"], b: ["b1", "b2"] },
      inside: { rateBitsPerSecond: 1_000_000_000, rttUs: 200, bufferBytes: 250_000 },
      across: { rateBitsPerSecond, rttUs, bufferBytes },
      congestion: "cubic",
    }),
  );
  try {
    say("starting nats-server, the aggregator and an agent a host, observing");
    const cluster = await Cluster.start(testbed, { apply: false });
    await Promise.all([...testbed.hosts.values()].map((host) => host.serve()));
    return await beforeAndAfter(testbed, cluster, say);
  } finally {
    await testbed.close();
  }
}

async function beforeAndAfter(testbed: Testbed, cluster: Cluster, say: (text: string) => void): Promise<Demo> {
  const defaults = await measure(testbed, cluster, "kernel default", say);
  say("arming the agents (--apply)");
  for (const host of testbed.hosts.keys()) await cluster.agent(host).stop(6_000);
  await Promise.all([...testbed.hosts.keys()].map((host) => cluster.startAgent(host, { apply: true })));
  const learned = await learn(testbed, cluster, say);
  const advised = await measure(testbed, cluster, "advised", say);
  return {
    cells: demoCells.map((cell, index) => demoResult(cell, defaults.us[index] ?? [], advised.us[index] ?? [])),
    learned,
    drops: { default: defaults.drops, advised: advised.drops },
    windows_granted: { default: defaults.granted, advised: advised.granted },
  };
}

interface Measured {
  /** Transfer times of each cell, microseconds. */
  readonly us: readonly (readonly number[])[];
  readonly drops: number;
  readonly granted: number;
}

async function measure(
  testbed: Testbed,
  cluster: Cluster,
  what: string,
  say: (text: string) => void,
): Promise<Measured> {
  await testbed.network.resetStats();
  const grantedBefore = await granted(cluster);
  const us: (readonly number[])[] = [];
  for (const cell of demoCells) {
    const times = await transfers(testbed, cell);
    us.push(times);
    say(
      `${what}: ${sizeText(cell.sizeBytes)} x ${cell.connectionsAtOnce}: ${medianText(times)} (${times.length} transfers)`,
    );
  }
  const { queues } = await testbed.network.stats();
  return {
    us,
    drops: queues[uplinkQueue("b", "a")]?.bufferDrops ?? 0,
    granted: (await granted(cluster)) - grantedBefore,
  };
}

async function transfers(testbed: Testbed, cell: DemoCell): Promise<readonly number[]> {
  const { us, errors } = await testbed.host(client).transfer({
    to: testbed.host(server),
    bytes: cell.sizeBytes,
    atOnce: cell.connectionsAtOnce,
    rounds: cell.rounds,
    gapMs,
  });
  if (errors.length > 0) throw new Error(`Cannot measure: ${errors.length} transfers failed, first with ${errors[0]}`);
  return us;
}

async function granted(cluster: Cluster): Promise<number> {
  return (await cluster.kernelDecisions(server)).get("window_granted") ?? 0;
}

/** Ordinary transfers until the advice for the path stands still. */
async function learn(testbed: Testbed, cluster: Cluster, say: (text: string) => void): Promise<Demo["learned"]> {
  let steady = 0;
  let last = 0;
  for (let look = 0; look < looksMax && steady < steadyLooks; look += 1) {
    await transfers(testbed, { sizeBytes: 512 << 10, connectionsAtOnce: 1, rounds: 8 });
    const window = (await cluster.path(server, client))?.advice?.windowSegments ?? 0;
    steady = window > 0 && window === last ? steady + 1 : 0;
    last = window;
    say(`learning from 512 KiB transfers: ${window === 0 ? "no advice yet" : `window ${window} segments`}`);
  }
  const path = await cluster.path(server, client);
  if (path === undefined || path.advice === null) throw new Error("Cannot go on: the cluster has learned no window");
  return {
    rate_bytes_per_s: path.rateBytesPerSecond,
    min_rtt_us: path.minRttUs,
    window_segments: path.advice.windowSegments,
  };
}

function tableOf(demo: Demo): string {
  const table = new Table({
    head: ["response", "at once", "default p50", "p99 ms", "advised p50", "p99 ms", "faster p50", "p99", "limit ms"],
    colAligns: ["right", "right", "right", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const cell of demo.cells) {
    table.push([
      sizeText(cell.size_bytes),
      cell.connections_at_once,
      cell.default_p50_ms.toFixed(1),
      cell.default_p99_ms.toFixed(1),
      cell.advised_p50_ms.toFixed(1),
      cell.advised_p99_ms.toFixed(1),
      `${cell.ratio_p50.toFixed(2)}x`,
      `${cell.ratio_p99.toFixed(2)}x`,
      cell.limit_ms.toFixed(1),
    ]);
  }
  const { learned, drops } = demo;
  const megabits = ((learned.rate_bytes_per_s * 8) / 1e6).toFixed(0);
  return [
    table.toString(),
    `learned from this traffic: ${megabits} Mbit/s of payload, ${(learned.min_rtt_us / 1000).toFixed(1)} ms, a first window of ${learned.window_segments} segments (default: 10)`,
    `packets dropped between the racks: ${drops.default} before, ${drops.advised} after`,
    "",
  ].join("\n");
}

function sizeText(bytes: number): string {
  return bytes >= 1 << 20 ? `${bytes / (1 << 20)} MiB` : `${bytes / 1024} KiB`;
}

function medianText(us: readonly number[]): string {
  const ascending = [...us].sort((a, b) => a - b);
  return `median ${((ascending[Math.floor(ascending.length / 2)] ?? 0) / 1000).toFixed(1)} ms`;
}
