/** How much is measured in a cell, and how long that will take. */
import type { Cell } from "./fct-cells.ts";
import { bufferBytesOf, limitMsOf, packetBytes, payloadBytes } from "./fct-cells.ts";
import { transfersForP99 } from "./fct-summary.ts";
import type { SystemName } from "./fct-systems.ts";

/** Every system's rounds are spread over so many blocks, so that a change of the machine's mood meets all of them. */
export const blocks = 5;

/** Systems of which the p99 is judged, and which therefore get all the rounds; the others' medians need fewer. */
const judgedByTail: readonly SystemName[] = ["default", "augmenter"];
/** Ten transfers alone, twelve of four at once, thirty-two of sixteen. */
const shareOfOthers = 0.1;
const roundsOfOthersMin = 2;

const warmUpBurstSeconds = 0.5;

/** Starting and ending the programs, and learning, usually. */
const overheadSeconds = 10;
const gapSeconds = 0.005;
const kernelWindow = 10;
const toleratedOverload = 4;
const stallSecondsOfOverload = 0.025;
const blockSeconds = 0.04;
/** A round's usual time over its limit: a guess that only spreads the time over the cells. */
const usualSlowness = { others: 1.9, augmenter: 1.15 };
/** What default's rounds in one cell of a quick run may take. */
const quickSecondsOfDefault = 10;

/** What is to be measured in each cell. */
export interface Plan {
  readonly systems: readonly SystemName[];
  /** Of the systems whose tail is judged; 0: as many as a p99 needs. */
  readonly rounds: number;
  /** Whether cells in which that many rounds take long get fewer. */
  readonly quick: boolean;
}

/** The rounds of a system in a cell. */
export function roundsOf(cell: Cell, system: SystemName, plan: Plan): number {
  const full = judgedRounds(cell, plan);
  if (judgedByTail.includes(system)) return full;
  return Math.min(full, Math.max(roundsOfOthersMin, Math.ceil(full * shareOfOthers)));
}

/** Of so many rounds, those in one block of 0..blocks-1; the first has at least one. */
export function roundsInBlock(rounds: number, block: number): number {
  return Math.ceil((rounds * (block + 1)) / blocks) - Math.ceil((rounds * block) / blocks);
}

/** The order of the systems in a block: each block begins with another. */
export function orderInBlock(systems: readonly SystemName[], block: number): readonly SystemName[] {
  const first = (block * 2) % Math.max(1, systems.length);
  return [...systems.slice(first), ...systems.slice(0, first)];
}

/** So many rounds of warm-up traffic as take half a second, judged by the time of those before; one without any. */
export function warmUpRounds(roundsBefore: number, secondsBefore: number): number {
  return roundsBefore === 0 ? 1 : Math.max(1, Math.floor((warmUpBurstSeconds * roundsBefore) / secondsBefore));
}

/** How long a cell probably takes, seconds. */
export function expectedSeconds(cell: Cell, plan: Plan): number {
  const measuring = plan.systems.map((system) => {
    const slowness = usualSlowness[system === "augmenter" ? system : "others"];
    return roundsOf(cell, system, plan) * (slowness * limitSeconds(cell) + stallSeconds(cell)) + blocks * blockSeconds;
  });
  return overheadSeconds + measuring.reduce((sum, seconds) => sum + seconds, 0);
}

function judgedRounds(cell: Cell, plan: Plan): number {
  if (plan.rounds > 0) return plan.rounds;
  const enough = Math.ceil(transfersForP99 / cell.connectionsAtOnce);
  const affordable = Math.ceil(
    quickSecondsOfDefault / (usualSlowness.others * limitSeconds(cell) + stallSeconds(cell)),
  );
  return plan.quick ? Math.min(enough, affordable) : enough;
}

/** Timeouts, where the first packets of all connections are many times what the buffer holds. */
function stallSeconds(cell: Cell): number {
  const burstPackets = cell.connectionsAtOnce * Math.min(kernelWindow, cell.sizeBytes / payloadBytes);
  const overload = (burstPackets * packetBytes) / bufferBytesOf(cell);
  return gapSeconds + (overload < toleratedOverload ? 0 : overload * stallSecondsOfOverload);
}

function limitSeconds(cell: Cell): number {
  return limitMsOf(cell) / 1000;
}
