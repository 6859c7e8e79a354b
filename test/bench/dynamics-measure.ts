/** One repetition of a scenario: a testbed and programs that know nothing yet, learning, and then the changes. */
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster } from "../testbed/cluster.ts";
import type { TimedTransfer } from "../testbed/load.ts";
import type { Beside, DynamicsSystem, Lane } from "./dynamics-bed.ts";
import { bottleneckOf, DynamicsBed } from "./dynamics-bed.ts";
import { baseCondition } from "./dynamics-condition.ts";
import type { AdviceLook, PhaseTransfer } from "./dynamics-fit.ts";
import { adviceFits } from "./dynamics-fit.ts";
import type { Phase, Scenario } from "./dynamics-scenarios.ts";
import { transferSizes } from "./dynamics-scenarios.ts";
import type { TimedLook } from "./dynamics-watch.ts";
import { AdviceWatch, nowUs } from "./dynamics-watch.ts";

/** What one phase showed of one path. */
export interface LanePhase {
  readonly system: DynamicsSystem;
  /** Empty for the default. */
  readonly looks: readonly AdviceLook[];
  readonly transfers: readonly PhaseTransfer[];
  /** Packets that found the bottleneck's buffer full. */
  readonly drops: number;
  readonly bulkBitsPerSecond?: number;
  readonly pingUs?: readonly number[];
}

/** One repetition. */
export interface Repetition {
  /** In the order of the scenario's phases, all lanes of each. */
  readonly phases: readonly (readonly LanePhase[])[];
  /** Whether the advice of all paths fitted the base condition when the first change came. */
  readonly learned: boolean;
  /** The advice of each path then. */
  readonly base: readonly Omit<AdviceLook, "seconds">[];
  readonly learnSeconds: number;
  /** How much later than the model says packets were delivered, p99: what the machine itself adds. */
  readonly latenessP99Us: number;
  readonly seconds: number;
}

const learnSecondsMax = 15;
/** Advice stands when it has fitted in so many looks in a row: two report intervals. */
const standingLooks = 10;
/** After the last phase, for the transfers that began in it to end. */
const drainMs = 1_000;

interface PhaseRun {
  readonly startUs: number;
  readonly endUs: number;
  readonly drops: ReadonlyMap<Lane, number>;
  readonly beside: ReadonlyMap<Lane, Beside>;
}

/** Runs it. All of the testbed is gone afterwards. */
export async function repeatScenario(scenario: Scenario): Promise<Repetition> {
  const startedMs = performance.now();
  const bed = await DynamicsBed.create(scenario);
  try {
    const advised = bed.lanes.filter(({ system }) => system === "augmenter");
    const agentsOn = advised.flatMap(({ client, server }) => [client, server]);
    const cluster = await Cluster.start(bed.testbed, { apply: true, agentsOn });
    await bed.startTransfers();
    const learningMs = performance.now();
    const watch = new AdviceWatch(bed.testbed, cluster, advised);
    const learned = await untilLearned(watch, advised);
    const base = advised.flatMap((lane) => watch.looksAt(lane).at(-1) ?? []);
    const learnSeconds = (performance.now() - learningMs) / 1000;
    await bed.testbed.network.resetStats();
    const runs: PhaseRun[] = [];
    for (const phase of scenario.phases) runs.push(await runPhase(bed, phase));
    await sleep(drainMs);
    await watch.stop();
    const transfers = await bed.stopTransfers();
    const { latenessUs } = await bed.switchStats();
    return {
      phases: runs.map((run) =>
        bed.lanes.map((lane) => ({
          system: lane.system,
          looks: lane.system === "augmenter" ? looksIn(run, watch.looksAt(lane)) : [],
          transfers: (transfers.get(lane) ?? []).flatMap((stream) => transfersIn(run, stream)),
          drops: run.drops.get(lane) ?? 0,
          ...besideIn(run, run.beside.get(lane)),
        })),
      ),
      learned,
      base,
      learnSeconds,
      latenessP99Us: latenessUs.p99,
      seconds: (performance.now() - startedMs) / 1000,
    };
  } finally {
    await bed.testbed.close();
  }
}

async function untilLearned(watch: AdviceWatch, lanes: readonly Lane[]): Promise<boolean> {
  const endsMs = performance.now() + learnSecondsMax * 1000;
  const stands = (lane: Lane): boolean => {
    const last = watch.looksAt(lane).slice(-standingLooks);
    return last.length === standingLooks && last.every((look) => adviceFits({ ...look, seconds: 0 }, baseCondition));
  };
  while (!lanes.every(stands)) {
    if (performance.now() > endsMs) return false;
    await sleep(100);
  }
  return true;
}

async function runPhase(bed: DynamicsBed, { condition, seconds }: Phase): Promise<PhaseRun> {
  const before = await dropsOf(bed);
  const startUs = nowUs();
  await bed.change(condition);
  const { bulk } = condition;
  const [beside] = await Promise.all([
    bulk === "none" ? [] : Promise.all(bed.lanes.map((lane) => bed.beside(lane, bulk, seconds))),
    sleep(seconds * 1000),
  ]);
  const after = await dropsOf(bed);
  return {
    startUs,
    endUs: startUs + seconds * 1e6,
    drops: new Map(bed.lanes.map((lane) => [lane, (after.get(lane) ?? 0) - (before.get(lane) ?? 0)])),
    beside: new Map(beside.map((one, index) => [bed.lanes[index] as Lane, one])),
  };
}

async function dropsOf(bed: DynamicsBed): Promise<ReadonlyMap<Lane, number>> {
  const { queues } = await bed.switchStats();
  return new Map(bed.lanes.map((lane) => [lane, queues[bottleneckOf(lane)]?.bufferDrops ?? 0]));
}

/** The looks of a phase, and the last one before it. */
function looksIn({ startUs, endUs }: PhaseRun, looks: readonly TimedLook[]): readonly AdviceLook[] {
  const first = looks.findIndex(({ atUs }) => atUs >= startUs);
  if (first < 0) return [];
  return looks
    .slice(Math.max(0, first - 1))
    .filter(({ atUs }) => atUs < endUs)
    .map(({ atUs, ...look }) => ({ ...look, seconds: (atUs - startUs) / 1e6 }));
}

/** The transfers that the change met with, and those that began after it. */
function transfersIn({ startUs, endUs }: PhaseRun, stream: readonly TimedTransfer[]): readonly PhaseTransfer[] {
  return stream.flatMap((transfer, index) => {
    if (transfer.startUs + transfer.us <= startUs || transfer.startUs >= endUs) return [];
    return [
      {
        seconds: (transfer.startUs - startUs) / 1e6,
        us: transfer.us,
        bytes: transferSizes[index % transferSizes.length] ?? 0,
        isComplete: transfer.error === null,
      },
    ];
  });
}

function besideIn({ startUs, endUs }: PhaseRun, beside: Beside | undefined): Partial<LanePhase> {
  if (beside === undefined) return {};
  const inside = beside.pings.filter((ping) => ping.startUs >= startUs && ping.startUs < endUs);
  return { bulkBitsPerSecond: beside.bulkBitsPerSecond, pingUs: inside.map(({ us }) => us) };
}
