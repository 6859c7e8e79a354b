/** Measures one cell: the default and augmenter by turns, on one testbed. */
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster } from "../testbed/cluster.ts";
import type { IncastBurst, IncastSystem } from "./incast-bed.ts";
import { IncastBed, incastSystems } from "./incast-bed.ts";
import type { IncastCell } from "./incast-cells.ts";
import { incastCellName, incastLimitMs } from "./incast-cells.ts";
import type { IncastAdvice, IncastResult } from "./incast-results.ts";
import { aloneResult, systemResult } from "./incast-results.ts";

/** How a cell is measured. */
export interface IncastPlan {
  /** Of either system. */
  readonly rounds: number;
  /** No turn begins after so long. */
  readonly secondsMax: number;
  readonly learnSeconds: number;
}

/** Of one system in a row; then it is the other's turn. */
const roundsInTurn = 10;
const turnsMin = 2;
const aloneTurns = 4;
const aloneRoundsInTurn = 16;
/** Agents start so many at a time: more would only wait for the processors. */
const agentsAtOnce = 8;
const learnRounds = 2;

/** Measures a cell on a testbed of its own, with programs that know nothing yet. All of it is gone afterwards. */
export async function measureIncast(cell: IncastCell, plan: IncastPlan): Promise<IncastResult> {
  const startedMs = performance.now();
  const bed = await IncastBed.create(cell);
  try {
    const cluster = await startCluster(bed);
    await learn(bed, plan.learnSeconds);
    await bed.testbed.network.resetStats();
    const before = await decisionsOf(bed, cluster);
    const bursts = await measureInTurns(bed, plan);
    const after = await decisionsOf(bed, cluster);
    const alone = await measureAlone(bed);
    return {
      cell: incastCellName(cell),
      sources: cell.sources,
      size_bytes: cell.sizeBytes,
      rtt_ms: cell.rttMs,
      buffer_bytes: cell.bufferBytes,
      limit_ms: Number(incastLimitMs(cell).toFixed(2)),
      default: systemResult(bursts.get("default") ?? []),
      augmenter: systemResult(bursts.get("augmenter") ?? []),
      alone,
      advice: await adviceOf(bed, cluster),
      decisions: differenceOf(before, after),
      lateness_p99_us: await bed.latenessP99Us(),
      seconds: Number(((performance.now() - startedMs) / 1000).toFixed(1)),
    };
  } finally {
    await bed.testbed.close();
  }
}

async function startCluster(bed: IncastBed): Promise<Cluster> {
  const cluster = await Cluster.start(bed.testbed, { apply: true, agentsOn: [] });
  const names = [bed.receiver, ...bed.sources].map((host) => host.name);
  for (let from = 0; from < names.length; from += agentsAtOnce) {
    await Promise.all(names.slice(from, from + agentsAtOnce).map((name) => cluster.startAgent(name)));
  }
  return cluster;
}

// From the cell's own answers alone, as many as fit the time.
async function learn(bed: IncastBed, seconds: number): Promise<void> {
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    await bed.burst("augmenter", learnRounds);
    await sleep(100);
  }
}

async function measureInTurns(
  bed: IncastBed,
  plan: IncastPlan,
): Promise<ReadonlyMap<IncastSystem, readonly IncastBurst[]>> {
  const startedMs = performance.now();
  const bursts = new Map<IncastSystem, IncastBurst[]>(incastSystems.map((system) => [system, []]));
  for (let turn = 0; turn * roundsInTurn < plan.rounds; turn += 1) {
    if (turn >= turnsMin && performance.now() - startedMs > plan.secondsMax * 1000) break;
    // Every second time the other one begins.
    const order = turn % 2 === 0 ? incastSystems : incastSystems.toReversed();
    const rounds = Math.min(roundsInTurn, plan.rounds - turn * roundsInTurn);
    for (const system of order) bursts.get(system)?.push(await bed.burst(system, rounds));
  }
  return bursts;
}

// By turns as well. Nothing is learned anew from so few.
async function measureAlone(bed: IncastBed): Promise<IncastResult["alone"]> {
  const bursts = new Map<IncastSystem, IncastBurst[]>(incastSystems.map((system) => [system, []]));
  for (let turn = 0; turn < aloneTurns; turn += 1) {
    const order = turn % 2 === 0 ? incastSystems : incastSystems.toReversed();
    for (const system of order) bursts.get(system)?.push(await bed.burst(system, aloneRoundsInTurn, 1));
  }
  return { default: aloneResult(bursts.get("default") ?? []), augmenter: aloneResult(bursts.get("augmenter") ?? []) };
}

async function adviceOf(bed: IncastBed, cluster: Cluster): Promise<IncastAdvice> {
  const paths = await cluster.paths();
  const toReceiver = paths.filter(
    ({ path, advice }) => path?.destination === bed.receiver.address && (advice?.windowSegments ?? 0) > 0,
  );
  const medianOf = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return {
    sources_advised: toReceiver.length,
    window_segments: medianOf(toReceiver.map(({ advice }) => advice?.windowSegments ?? 0)),
    rate_mbit_per_s: Number(
      ((medianOf(toReceiver.map(({ advice }) => advice?.pathRateBytesPerSecond ?? 0)) * 8) / 1e6).toFixed(1),
    ),
  };
}

async function decisionsOf(bed: IncastBed, cluster: Cluster): Promise<ReadonlyMap<string, number>> {
  const sum = new Map<string, number>();
  for (const source of bed.sources) {
    for (const [kind, count] of await cluster.kernelDecisions(source.name)) sum.set(kind, (sum.get(kind) ?? 0) + count);
  }
  return sum;
}

function differenceOf(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> {
  const changes = [...after].map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const);
  return Object.fromEntries(changes.filter(([, count]) => count !== 0));
}
