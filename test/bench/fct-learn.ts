/** The cluster learns a cell's path, from transfers of the cell's own kind. */
import type { Cluster } from "../testbed/cluster.ts";
import type { Bed } from "./fct-bed.ts";
import { warmUpRounds } from "./fct-plan.ts";

/** What the cluster advises for the path of the augmenter pair; zeros where it knows or advises nothing. */
export interface Advised {
  readonly windowSegments: number;
  readonly rateBytesPerSecond: number;
  readonly minRttUs: number;
}

/** How it went. */
export interface Learning {
  readonly advised: Advised;
  /** Whether the advice stood still before time was up. */
  readonly settled: boolean;
  readonly transfers: number;
  readonly seconds: number;
}

/** The advice stands still when so many looks in a row, at least this far apart, saw no change worth the name. */
const steadyLooks = 3;
const lookIntervalSeconds = 1;
const change = 0.05;
/** Enough for a path on which no advice is due to show that; and the longest that is spent on learning. */
const secondsMin = 4;
const secondsMax = 15;

/** Transfers on the augmenter pair until the advice stands still, or for as long as is spent on that at most. */
export async function learn(bed: Bed, cluster: Cluster): Promise<Learning> {
  const startedMs = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedMs) / 1000;
  let transfers = 0;
  let rounds = 0;
  let secondsBefore = 0;
  let steady = 0;
  let advised: Advised = { windowSegments: 0, rateBytesPerSecond: 0, minRttUs: 0 };
  let lookedSeconds = 0;
  while (elapsedSeconds() < secondsMax) {
    rounds = warmUpRounds(rounds, secondsBefore);
    const { us, seconds } = await bed.burst("augmenter", rounds);
    secondsBefore = seconds;
    transfers += us.length;
    if (elapsedSeconds() - lookedSeconds < lookIntervalSeconds) continue;
    lookedSeconds = elapsedSeconds();
    const seen = await lookAt(bed, cluster);
    // Nothing is settled before the path is known at all.
    steady = advised.rateBytesPerSecond > 0 && isSame(seen, advised) ? steady + 1 : 0;
    if (steady === 0) advised = seen;
    if (steady >= steadyLooks - 1 && elapsedSeconds() >= secondsMin) break;
  }
  return { advised, settled: steady >= steadyLooks - 1, transfers, seconds: elapsedSeconds() };
}

/** What the aggregator says of the path now. */
export async function lookAt(bed: Bed, cluster: Cluster): Promise<Advised> {
  const path = await cluster.path(bed.server("augmenter").name, bed.client("augmenter").name);
  return {
    windowSegments: path?.advice?.windowSegments ?? 0,
    rateBytesPerSecond: path?.rateBytesPerSecond ?? 0,
    minRttUs: path?.minRttUs ?? 0,
  };
}

function isSame(a: Advised, b: Advised): boolean {
  return (
    isClose(a.windowSegments, b.windowSegments) &&
    (a.windowSegments === 0 || isClose(a.rateBytesPerSecond, b.rateBytesPerSecond))
  );
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= change * Math.max(a, b);
}
