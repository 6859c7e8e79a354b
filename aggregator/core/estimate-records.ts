/** Estimates as 128 bytes each: two cache lines, and a million of them in 128 MB. */
import type { Draft } from "./draft.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { emptyEstimate } from "./path-estimate.ts";
import type { PathGlance } from "./path-glance.ts";

const words = 32;
/** Times are kept in steps of 10 ms, which lasts for 497 days; no decision rests on less than 100. 0: never. */
const stepMs = 10;
const countMax = 0xffff_ffff;

/** A table of estimates by slot. Real numbers have single precision: 24 bits, where samples have eight at most. */
export class EstimateRecords {
  readonly #reals: Float32Array;
  readonly #counts: Uint32Array;

  constructor(slots: number) {
    // Zeroed pages of the system: what is not used costs nothing.
    const memory = new ArrayBuffer(4 * words * slots);
    this.#reals = new Float32Array(memory);
    this.#counts = new Uint32Array(memory);
  }

  /** Reads an estimate into `draft`. */
  load(slot: number, draft: Draft<PathEstimateState>): void {
    const reals = this.#reals;
    const counts = this.#counts;
    const at = slot * words;
    draft.sampledMs = timeOf(counts[at] ?? 0);
    draft.minRtt.bucketStartMs = timeOf(counts[at + 1] ?? 0);
    draft.minRtt.current = reals[at + 2] ?? 0;
    draft.minRtt.previous = reals[at + 3] ?? 0;
    draft.rttP50Us = reals[at + 4] ?? 0;
    draft.rttP95Us = reals[at + 5] ?? 0;
    const { rate } = draft;
    rate.rateBytesPerSecond = reals[at + 6] ?? 0;
    rate.capacityBytesPerSecond = reals[at + 7] ?? 0;
    rate.boundBytesPerSecond.bucketStartMs = timeOf(counts[at + 8] ?? 0);
    rate.boundBytesPerSecond.current = reals[at + 9] ?? 0;
    rate.boundBytesPerSecond.previous = reals[at + 10] ?? 0;
    rate.sampledMs = timeOf(counts[at + 11] ?? 0);
    rate.fullMs = timeOf(counts[at + 12] ?? 0);
    rate.knownMs = timeOf(counts[at + 13] ?? 0);
    rate.grownMs = timeOf(counts[at + 14] ?? 0);
    rate.retreatedMs = timeOf(counts[at + 15] ?? 0);
    rate.provedBytesPerSecond = reals[at + 16] ?? 0;
    const packed = counts[at + 17] ?? 0;
    draft.mssBytes = packed & 0xffff;
    rate.raises = packed >>> 16;
    draft.tolerance.segments = reals[at + 18] ?? 0;
    draft.tolerance.changedMs = timeOf(counts[at + 19] ?? 0);
    draft.connectionBytes = reals[at + 20] ?? 0;
    draft.lossRatio = reals[at + 21] ?? 0;
    draft.markRatio = reals[at + 22] ?? 0;
    draft.rttSamples = counts[at + 23] ?? 0;
    draft.rateSamples = counts[at + 24] ?? 0;
    draft.connections = counts[at + 25] ?? 0;
    draft.busyMax = reals[at + 26] ?? 0;
    draft.windowsGranted = counts[at + 27] ?? 0;
    draft.windowsCompleted = counts[at + 28] ?? 0;
    draft.windowsFailed = counts[at + 29] ?? 0;
    draft.failuresAhead = counts[at + 30] ?? 0;
    draft.fullQueueUs = reals[at + 31] ?? 0;
  }

  /** Reads what an estimate says in short. */
  look(slot: number, glance: Draft<PathGlance>): void {
    const reals = this.#reals;
    const counts = this.#counts;
    const at = slot * words;
    glance.sampledMs = timeOf(counts[at] ?? 0);
    const minRttUs = Math.min(reals[at + 2] ?? 0, reals[at + 3] ?? 0);
    glance.minRttUs = minRttUs === Number.POSITIVE_INFINITY ? 0 : minRttUs;
    glance.rttP50Us = reals[at + 4] ?? 0;
    glance.rttP95Us = reals[at + 5] ?? 0;
    glance.rateBytesPerSecond = reals[at + 6] ?? 0;
    glance.lossRatio = reals[at + 21] ?? 0;
    glance.rttSamples = counts[at + 23] ?? 0;
    glance.rateSamples = counts[at + 24] ?? 0;
    glance.connections = counts[at + 25] ?? 0;
  }

  /** Keeps an estimate. */
  store(slot: number, estimate: PathEstimateState): void {
    const reals = this.#reals;
    const counts = this.#counts;
    const at = slot * words;
    counts[at] = stepsOf(estimate.sampledMs);
    counts[at + 1] = stepsOf(estimate.minRtt.bucketStartMs);
    reals[at + 2] = estimate.minRtt.current;
    reals[at + 3] = estimate.minRtt.previous;
    reals[at + 4] = estimate.rttP50Us;
    reals[at + 5] = estimate.rttP95Us;
    const { rate } = estimate;
    reals[at + 6] = rate.rateBytesPerSecond;
    reals[at + 7] = rate.capacityBytesPerSecond;
    counts[at + 8] = stepsOf(rate.boundBytesPerSecond.bucketStartMs);
    reals[at + 9] = rate.boundBytesPerSecond.current;
    reals[at + 10] = rate.boundBytesPerSecond.previous;
    counts[at + 11] = stepsOf(rate.sampledMs);
    counts[at + 12] = stepsOf(rate.fullMs);
    counts[at + 13] = stepsOf(rate.knownMs);
    counts[at + 14] = stepsOf(rate.grownMs);
    counts[at + 15] = stepsOf(rate.retreatedMs);
    reals[at + 16] = rate.provedBytesPerSecond;
    counts[at + 17] = estimate.mssBytes | (rate.raises << 16);
    reals[at + 18] = estimate.tolerance.segments;
    counts[at + 19] = stepsOf(estimate.tolerance.changedMs);
    reals[at + 20] = estimate.connectionBytes;
    reals[at + 21] = estimate.lossRatio;
    reals[at + 22] = estimate.markRatio;
    counts[at + 23] = Math.min(countMax, estimate.rttSamples);
    counts[at + 24] = Math.min(countMax, estimate.rateSamples);
    counts[at + 25] = Math.min(countMax, estimate.connections);
    reals[at + 26] = estimate.busyMax;
    counts[at + 27] = Math.min(countMax, estimate.windowsGranted);
    counts[at + 28] = Math.min(countMax, estimate.windowsCompleted);
    counts[at + 29] = Math.min(countMax, estimate.windowsFailed);
    counts[at + 30] = estimate.failuresAhead;
    reals[at + 31] = estimate.fullQueueUs;
  }

  /** When a path was last sampled. */
  sampledMs(slot: number): number {
    return timeOf(this.#counts[slot * words] ?? 0);
  }
}

/** An estimate of its own that can be folded into, before its first row. */
export function draftEstimate(): Draft<PathEstimateState> {
  const { minRtt, rate, tolerance } = emptyEstimate;
  return {
    ...emptyEstimate,
    minRtt: { ...minRtt },
    rate: { ...rate, boundBytesPerSecond: { ...rate.boundBytesPerSecond } },
    tolerance: { ...tolerance },
  };
}

function timeOf(steps: number): number {
  return steps === 0 ? Number.NEGATIVE_INFINITY : (steps - 1) * stepMs;
}

function stepsOf(timeMs: number): number {
  if (timeMs <= 0) return timeMs === Number.NEGATIVE_INFINITY ? 0 : 1;
  return ((timeMs / stepMs) >>> 0) + 1;
}
