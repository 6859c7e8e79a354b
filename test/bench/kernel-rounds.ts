/** The same load with and without the program, by turns. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CabledHosts } from "./kernel-hosts.ts";
import type { Load } from "./kernel-load.ts";
import type { MeasuredProgram } from "./kernel-program.ts";

/** What one part of a round had. */
export interface Part {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  /** CPU seconds the load had in a second: what is missing to 1 went to others. */
  readonly cpuShare: number;
}

/** Two parts with the program and two without, each pair averaged. */
export interface Round {
  readonly attached: Part;
  readonly detached: Part;
}

// A part is long against the scheduler's turns and short against what else changes on a machine. It is counted once the
// change of the program is over, and what the last part left to be freed later (RCU).
const partMs = 400;
const settleMs = 100;

/**
 * Measures as many rounds as asked for. The order is attached, detached, detached, attached, and in the next round the
 * other way round, so that neither a drift nor the place in a round is taken for the program's doing. Leaves it detached.
 */
export async function measureRounds(
  program: MeasuredProgram,
  hosts: CabledHosts,
  load: Load,
  count: number,
  onRound: (round: Round) => void,
): Promise<Round[]> {
  const rounds: Round[] = [];
  // The first round warms up caches, connections and the frequency of the CPU.
  for (let index = -1; index < count; index += 1) {
    const even = index % 2 === 0;
    const attached: Part[] = [];
    const detached: Part[] = [];
    for (const isAttached of even ? [true, false, false, true] : [false, true, true, false]) {
      if (isAttached) program.attach();
      else program.detach();
      (isAttached ? attached : detached).push(await measurePart(hosts, load));
    }
    await program.drain(hosts.client.address);
    if (index < 0) continue;
    const round = { attached: meanOf(attached), detached: meanOf(detached) };
    rounds.push(round);
    onRound(round);
  }
  program.detach();
  return rounds;
}

async function measurePart(hosts: CabledHosts, load: Load): Promise<Part> {
  await sleep(settleMs);
  const before = { done: load.done(), cpuSeconds: hosts.cpuSeconds(), atMs: performance.now() };
  await sleep(partMs);
  const done = load.done() - before.done;
  const cpuSeconds = hosts.cpuSeconds() - before.cpuSeconds;
  const seconds = (performance.now() - before.atMs) / 1000;
  return { perSecond: done / seconds, perCpuSecond: done / cpuSeconds, cpuShare: cpuSeconds / seconds };
}

function meanOf(parts: readonly Part[]): Part {
  const mean = (of: (part: Part) => number): number =>
    parts.reduce((sum, part) => sum + of(part), 0) / Math.max(1, parts.length);
  return {
    perSecond: mean((part) => part.perSecond),
    perCpuSecond: mean((part) => part.perCpuSecond),
    cpuShare: mean((part) => part.cpuShare),
  };
}
