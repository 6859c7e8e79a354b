/** One load under several conditions, by turns. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CabledHosts } from "./kernel-hosts.ts";
import type { Load } from "./kernel-load.ts";

/** Something that is so while a part of a round is measured. */
export interface Condition<Name extends string> {
  readonly name: Name;
  enter(): void;
  leave(): void;
}

/** What the load had in a round under one condition: the mean of two parts. */
export interface Part {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  /** CPU seconds the load had in a second. */
  readonly cpuShare: number;
}

export type Round<Name extends string> = Readonly<Record<Name, Part>>;

// A part is long against the scheduler's turns and short against what else changes on a machine. It is counted once the
// change of condition is over, and what the part before left to be freed later (RCU).
const partMs = 400;
const settleMs = 100;

/**
 * Measures as many rounds as asked for, and calls `between` after each. In a round every condition has its turn, and then
 * once more in reverse order, so that a steady drift favours none; the next round begins with the next condition.
 */
export async function measureRounds<Name extends string>(
  conditions: readonly Condition<Name>[],
  hosts: CabledHosts,
  load: Load,
  count: number,
  between: (rounds: readonly Round<Name>[]) => Promise<void>,
): Promise<readonly Round<Name>[]> {
  const rounds: Round<Name>[] = [];
  // The first round warms up caches, connections and the clock of the CPU.
  for (let index = -1; index < count; index += 1) {
    const first = (index + conditions.length) % conditions.length;
    const turn = [...conditions.slice(first), ...conditions.slice(0, first)];
    const forth = await measureTurn(turn, hosts, load);
    const back = await measureTurn([...turn].reverse(), hosts, load);
    if (index >= 0) rounds.push(roundOf(forth, back));
    await between(rounds);
  }
  return rounds;
}

type Turn<Name extends string> = ReadonlyMap<Name, Part>;

async function measureTurn<Name extends string>(
  turn: readonly Condition<Name>[],
  hosts: CabledHosts,
  load: Load,
): Promise<Turn<Name>> {
  const parts = new Map<Name, Part>();
  for (const condition of turn) {
    condition.enter();
    parts.set(condition.name, await measurePart(hosts, load));
    condition.leave();
  }
  return parts;
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

function roundOf<Name extends string>(forth: Turn<Name>, back: Turn<Name>): Round<Name> {
  const entries = [...forth].map(([name, one]) => {
    const other = back.get(name) ?? one;
    const part: Part = {
      perSecond: (one.perSecond + other.perSecond) / 2,
      perCpuSecond: (one.perCpuSecond + other.perCpuSecond) / 2,
      cpuShare: (one.cpuShare + other.cpuShare) / 2,
    };
    return [name, part] as const;
  });
  return Object.fromEntries(entries) as Round<Name>;
}
