/** Measures one cell: all systems, one after the other, in turns. */
import { Cluster } from "../testbed/cluster.ts";
import type { Burst } from "./fct-bed.ts";
import { Bed } from "./fct-bed.ts";
import type { Cell } from "./fct-cells.ts";
import { bufferBytesOf, cellName, limitMsOf } from "./fct-cells.ts";
import type { Advised, Learning } from "./fct-learn.ts";
import { learn, lookAt } from "./fct-learn.ts";
import type { Plan } from "./fct-plan.ts";
import { blocks, orderInBlock, roundsInBlock, roundsOf, warmUpRounds } from "./fct-plan.ts";
import type { CellResult, Learned, SystemResult } from "./fct-results.ts";
import { Riptide } from "./fct-riptide.ts";
import type { SystemName } from "./fct-systems.ts";
import { fixedWindowOf, pairOf } from "./fct-systems.ts";
import { timesOf } from "./fct-times.ts";

/** How a cell is measured. */
export interface MeasureOptions extends Plan {
  /** No block begins after so long, and every system then has fewer transfers. */
  readonly secondsMax: number;
}

/** Riptide has learned when it has looked so often. */
const riptideLooks = 3;

/** Measures a cell on a testbed of its own, with programs that know nothing yet. All of it is gone afterwards. */
export async function measureCell(cell: Cell, options: MeasureOptions): Promise<CellResult> {
  const startedMs = performance.now();
  const bed = await Bed.create(cell);
  try {
    const wanted = (system: SystemName): boolean => options.systems.includes(system);
    // The programs start while Riptide's traffic, which nobody times yet, already runs.
    const [cluster, riptide] = await Promise.all([
      wanted("augmenter") ? startCluster(bed) : undefined,
      wanted("riptide") ? warmUpRiptide(bed) : undefined,
    ]);
    const learning = cluster === undefined ? undefined : await learn(bed, cluster);
    const before = cluster === undefined ? undefined : await cluster.kernelDecisions(bed.server("augmenter").name);
    await bed.testbed.network.resetStats();
    const tally = await measureInTurns(bed, cell, options, riptide?.daemon, startedMs);
    const { latenessUs } = await bed.switchStats();
    const warmUps = new Map<SystemName, Learning | RiptideWarmUp | undefined>([
      ["riptide", riptide],
      ["augmenter", learning],
    ]);
    return {
      cell: cellName(cell),
      rtt_ms: cell.rttMs,
      rate_mbit_per_s: cell.rateMbitPerSecond,
      buffer_bdp: cell.bufferBdp,
      buffer_bytes: bufferBytesOf(cell),
      size_bytes: cell.sizeBytes,
      connections_at_once: cell.connectionsAtOnce,
      congestion: cell.congestion,
      limit_ms: rounded(limitMsOf(cell)),
      systems: Object.fromEntries(
        [...tally].map(([system, bursts]) => [system, resultOf(bursts, warmUps.get(system))]),
      ),
      ...(cluster && learning && { learned: await learnedOf(bed, cluster, learning, before) }),
      ...(riptide?.daemon.window !== undefined && { riptide_window: riptide.daemon.window }),
      lateness_us: latenessUs,
      seconds: rounded((performance.now() - startedMs) / 1000),
    };
  } finally {
    await bed.testbed.close();
  }
}

async function startCluster(bed: Bed): Promise<Cluster> {
  const agentsOn = [bed.client("augmenter").name, bed.server("augmenter").name];
  return Cluster.start(bed.testbed, { apply: true, agentsOn });
}

interface RiptideWarmUp {
  readonly daemon: Riptide;
  readonly transfers: number;
  readonly seconds: number;
}

async function warmUpRiptide(bed: Bed): Promise<RiptideWarmUp> {
  const daemon = new Riptide(bed.server("riptide"), bed.client("riptide"));
  const startedMs = performance.now();
  let transfers = 0;
  let rounds = 0;
  let secondsBefore = 0;
  while (daemon.looks < riptideLooks) {
    rounds = warmUpRounds(rounds, secondsBefore);
    const { us, seconds } = await daemon.during(bed.burst("riptide", rounds));
    secondsBefore = seconds;
    transfers += us.length;
  }
  return { daemon, transfers, seconds: (performance.now() - startedMs) / 1000 };
}

async function measureInTurns(
  bed: Bed,
  cell: Cell,
  options: MeasureOptions,
  riptide: Riptide | undefined,
  startedMs: number,
): Promise<ReadonlyMap<SystemName, readonly Burst[]>> {
  const tally = new Map<SystemName, Burst[]>();
  for (let block = 0; block < blocks; block += 1) {
    if (block > 0 && performance.now() - startedMs > options.secondsMax * 1000) break;
    for (const system of orderInBlock(options.systems, block)) {
      const rounds = roundsInBlock(roundsOf(cell, system, options), block);
      if (rounds === 0) continue;
      const burst = await burstOf(bed, system, rounds, riptide);
      tally.set(system, [...(tally.get(system) ?? []), burst]);
    }
  }
  return tally;
}

async function burstOf(bed: Bed, system: SystemName, rounds: number, riptide: Riptide | undefined): Promise<Burst> {
  const window = fixedWindowOf(system);
  const takeBack = window === undefined ? undefined : bed.setWindow(pairOf(system), window);
  try {
    const burst = bed.burst(pairOf(system), rounds);
    return await (system === "riptide" && riptide !== undefined ? riptide.during(burst) : burst);
  } finally {
    takeBack?.();
  }
}

function resultOf(
  bursts: readonly Burst[],
  warmUp: { readonly transfers: number; readonly seconds: number } | undefined,
): SystemResult {
  return {
    ...timesOf(bursts),
    retransmitted_bytes: sum(bursts.map(({ retransmittedBytes }) => retransmittedBytes)),
    drops: sum(bursts.map(({ drops }) => drops)),
    warmup_transfers: warmUp?.transfers ?? 0,
    warmup_seconds: rounded(warmUp?.seconds ?? 0),
  };
}

async function learnedOf(
  bed: Bed,
  cluster: Cluster,
  learning: Learning,
  before: ReadonlyMap<string, number> | undefined,
): Promise<Learned> {
  const after = await cluster.kernelDecisions(bed.server("augmenter").name);
  const changes = [...after].map(([kind, count]) => [kind, count - (before?.get(kind) ?? 0)] as const);
  const end: Advised = await lookAt(bed, cluster);
  return {
    rate_bytes_per_s: learning.advised.rateBytesPerSecond,
    min_rtt_us: end.minRttUs,
    window_segments: learning.advised.windowSegments,
    settled: learning.settled,
    end_rate_bytes_per_s: end.rateBytesPerSecond,
    end_window_segments: end.windowSegments,
    decisions: Object.fromEntries(changes.filter(([, count]) => count !== 0)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
