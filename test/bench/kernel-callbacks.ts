/** How long the program runs in a callback, by the kernel's own clock (BPF_STATS_RUN_TIME). */
import { setTimeout as sleep } from "node:timers/promises";
import type { Load } from "./kernel-load.ts";
import type { MeasuredProgram } from "./kernel-program.ts";
import { medianOf } from "./kernel-ratio.ts";

/** Callbacks under one kind of load. */
export interface CallbackCost {
  /** Mean of each window; the median of those. */
  readonly nsPerCallback: number;
  readonly callbacksPerSecond: number;
  /** Callbacks for one unit of the load: a connection, at both ends, or a byte. */
  readonly callbacksPerUnit: number;
  /** Of the time: how much one CPU spent in the program. */
  readonly cpuShare: number;
}

// Several windows, so that one in which the machine was taken away does not count.
const windows = 12;
const windowMs = 300;
const settleMs = 300;

/** Times the attached program under load that is under way. Leaves it detached. */
export async function measureCallbacks(program: MeasuredProgram, load: Load): Promise<CallbackCost> {
  program.attach();
  const endTiming = program.timeRuns();
  try {
    await sleep(settleMs);
    const measured: CallbackCost[] = [];
    for (let index = 0; index < windows; index += 1) measured.push(await measureWindow(program, load));
    const median = (of: (cost: CallbackCost) => number): number => medianOf(measured.map(of));
    return {
      nsPerCallback: median((cost) => cost.nsPerCallback),
      callbacksPerSecond: median((cost) => cost.callbacksPerSecond),
      callbacksPerUnit: median((cost) => cost.callbacksPerUnit),
      cpuShare: median((cost) => cost.cpuShare),
    };
  } finally {
    endTiming();
    program.detach();
  }
}

async function measureWindow(program: MeasuredProgram, load: Load): Promise<CallbackCost> {
  const before = { done: load.done(), atMs: performance.now(), ...program.runTime() };
  await sleep(windowMs);
  const after = { done: load.done(), atMs: performance.now(), ...program.runTime() };
  const nanoseconds = after.nanoseconds - before.nanoseconds;
  const callbacks = after.callbacks - before.callbacks;
  const seconds = (after.atMs - before.atMs) / 1000;
  return {
    nsPerCallback: nanoseconds / callbacks,
    callbacksPerSecond: callbacks / seconds,
    callbacksPerUnit: callbacks / (after.done - before.done),
    cpuShare: nanoseconds / 1e9 / seconds,
  };
}
