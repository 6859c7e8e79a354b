/** Estimates as 128 bytes each: two cache lines, and a million of them in 128 MB. */
import type { Draft } from "./draft.ts";
import { EstimatePlace } from "./estimate-place.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { emptyEstimate, minRttUsOf } from "./path-estimate.ts";
import type { PathGlance } from "./path-glance.ts";
import type { PathRate } from "./path-rate.ts";
import type { RecordWords } from "./record-words.ts";
import { recordWords } from "./record-words.ts";
import type { WindowedExtreme } from "./windowed-extreme.ts";

const words = 32;

/** A table of estimates by slot. */
export class EstimateRecords {
  readonly #memory: RecordWords;
  readonly #place: EstimatePlace;

  constructor(slots: number) {
    this.#memory = recordWords(words * slots);
    this.#place = new EstimatePlace(this.#memory);
  }

  /** The estimate in a slot itself, to be read and folded into; valid until the next call of anything here. */
  at(slot: number): EstimatePlace {
    this.#place.move(words * slot);
    return this.#place;
  }

  /** Reads an estimate into `draft`. */
  load(slot: number, draft: Draft<PathEstimateState>): void {
    copyEstimate(this.at(slot), draft);
  }

  /** Reads what an estimate says in short. */
  look(slot: number, glance: Draft<PathGlance>): void {
    const estimate = this.at(slot);
    glance.sampledMs = estimate.sampledMs;
    glance.minRttUs = minRttUsOf(estimate);
    glance.rttP50Us = estimate.rttP50Us;
    glance.rttP95Us = estimate.rttP95Us;
    glance.rateBytesPerSecond = estimate.rate.rateBytesPerSecond;
    glance.lossRatio = estimate.lossRatio;
    glance.rttSamples = estimate.rttSamples;
    glance.rateSamples = estimate.rateSamples;
    glance.connections = estimate.connections;
  }

  /** Keeps an estimate. */
  store(slot: number, estimate: PathEstimateState): void {
    copyEstimate(estimate, this.at(slot));
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

function copyEstimate(from: PathEstimateState, to: Draft<PathEstimateState>): void {
  to.sampledMs = from.sampledMs;
  copyExtreme(from.minRtt, to.minRtt);
  to.rttP50Us = from.rttP50Us;
  to.rttP95Us = from.rttP95Us;
  copyRate(from.rate, to.rate);
  to.tolerance.segments = from.tolerance.segments;
  to.tolerance.changedMs = from.tolerance.changedMs;
  to.connectionBytes = from.connectionBytes;
  to.lossRatio = from.lossRatio;
  to.markRatio = from.markRatio;
  to.fullQueueUs = from.fullQueueUs;
  to.mssBytes = from.mssBytes;
  to.rttSamples = from.rttSamples;
  to.rateSamples = from.rateSamples;
  to.connections = from.connections;
  to.busyMax = from.busyMax;
  to.windowsGranted = from.windowsGranted;
  to.windowsCompleted = from.windowsCompleted;
  to.windowsFailed = from.windowsFailed;
  to.failuresAhead = from.failuresAhead;
}

function copyRate(from: PathRate, to: Draft<PathRate>): void {
  to.rateBytesPerSecond = from.rateBytesPerSecond;
  to.capacityBytesPerSecond = from.capacityBytesPerSecond;
  copyExtreme(from.boundBytesPerSecond, to.boundBytesPerSecond);
  to.sampledMs = from.sampledMs;
  to.fullMs = from.fullMs;
  to.knownMs = from.knownMs;
  to.grownMs = from.grownMs;
  to.retreatedMs = from.retreatedMs;
  to.provedBytesPerSecond = from.provedBytesPerSecond;
  to.raises = from.raises;
}

function copyExtreme(from: WindowedExtreme, to: Draft<WindowedExtreme>): void {
  to.bucketStartMs = from.bucketStartMs;
  to.current = from.current;
  to.previous = from.previous;
}
