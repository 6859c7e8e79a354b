/** One path, its host and its estimate, played interval by interval: truth -> row -> estimate -> advice -> truth. */

import { isAdviceChanged } from "../../aggregator/core/advice-change.ts";
import { adviceBounds } from "../../aggregator/core/bounds.ts";
import type { PathEstimateState } from "../../aggregator/core/path-estimate.ts";
import type { PathReportRow } from "../../aggregator/core/report-check.ts";
import type { WindowAdvice } from "../../aggregator/core/window-policy.ts";
import { windowFor } from "../../aggregator/core/window-policy.ts";
import { estimateAfter, estimateAfterFailedJump, keptEstimate } from "../support/folded.ts";
import type { Bottleneck } from "./bottleneck.ts";
import { IntervalFold, simulatedDestination } from "./interval-fold.ts";
import type { PathTruth } from "./path-truth.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { playBatch } from "./transfers.ts";

/** The agent's default. */
const intervalMs = 1_000;
/** The failed jump's event is polled every 50 ms; new advice is in the map within 250 ms of it. */
const eventMs = 50;
const failureAdviceMs = 250;
/** What follows from a report is in force this long after it. */
const reportAdviceMs = 250;
/** Above this load the path would never be ours alone, and transfers would outlast their interval. */
const loadMax = 0.5;
/** One batch in so many is counted wrongly: a SYN that was not seen, a connection that went idle. */
const miscountedBatches = 0.05;

/** Owns the state of one path. Nothing but the seed and the changes of truth decides what happens. */
export class PlayedPath {
  truth: PathTruth;
  nowMs = intervalMs;
  estimate: PathEstimateState | undefined;
  /** What the host holds. */
  advice: WindowAdvice | undefined;
  readonly #random: SeededRandom;
  #adviceFromMs = 0;
  /** What it held before the advice arrived. */
  #adviceBefore: WindowAdvice | undefined;

  constructor(truth: PathTruth, random: SeededRandom) {
    this.truth = truth;
    this.#random = random;
  }

  /** Plays one interval. Returns its row; undefined where nobody used the path: it is not in the report then. */
  step(): PathReportRow | undefined {
    const random = this.#random;
    const fold = new IntervalFold(random);
    const { batchesPerInterval, connectionsAtOnce } = this.truth.traffic;
    const batches = random.poisson(batchesPerInterval);
    const crossShare = Math.min(0.9, Math.max(0, this.truth.crossShare * (1 + 0.2 * random.normal())));
    const path: Bottleneck = {
      ...this.truth,
      availableBytesPerSecond: this.truth.rateBytesPerSecond * (1 - crossShare),
    };
    let bytesLeft = (path.availableBytesPerSecond * loadMax * intervalMs) / 1000;
    for (let index = 0; index < batches && bytesLeft > 0; index += 1) {
      const startMs = this.nowMs + ((index + random.next()) / batches) * intervalMs;
      const isCounted = connectionsAtOnce === 1 || !random.chance(miscountedBatches);
      const counted = isCounted ? connectionsAtOnce : Math.ceil(connectionsAtOnce * random.uniform(0.5, 2));
      const bytes = this.truth.traffic.transferBytes * 2 ** random.normal();
      const segments = Math.max(1, Math.ceil(Math.min(bytes, bytesLeft / connectionsAtOnce) / mssBytes));
      bytesLeft -= segments * mssBytes * connectionsAtOnce;
      const timeLeftUs = (this.nowMs + intervalMs - startMs) * 1000;
      const batch = { connections: connectionsAtOnce, counted, segments, timeLeftUs };
      if (playBatch(path, batch, this.#adviceAt(startMs), fold, random)) this.#fail(startMs);
    }
    this.nowMs += intervalMs;
    if (fold.connectionsOpened === 0) return undefined;
    const row = fold.row(intervalMs);
    this.take(row);
    return row;
  }

  /** Folds a row into the estimate, and follows with the advice as the advisor does. */
  take(row: PathReportRow): void {
    this.estimate = keptEstimate(estimateAfter(this.estimate, row, this.nowMs));
    const wanted = windowFor(this.estimate, simulatedDestination, adviceBounds, this.nowMs);
    if (isAdviceChanged(adviceOf(this.advice), adviceOf(wanted))) this.#hold(wanted, this.nowMs + reportAdviceMs);
  }

  #fail(atMs: number): void {
    if (this.estimate === undefined) return;
    this.estimate = estimateAfterFailedJump(this.estimate, atMs + eventMs);
    const wanted = windowFor(this.estimate, simulatedDestination, adviceBounds, atMs + eventMs);
    // The kernel dropped what it held, whatever comes next.
    this.advice = undefined;
    this.#hold(wanted, atMs + failureAdviceMs);
  }

  #hold(wanted: WindowAdvice | undefined, fromMs: number): void {
    this.#adviceBefore = this.advice;
    this.advice = wanted;
    this.#adviceFromMs = fromMs;
  }

  #adviceAt(atMs: number): WindowAdvice | undefined {
    return atMs >= this.#adviceFromMs ? this.advice : this.#adviceBefore;
  }
}

function adviceOf(window: WindowAdvice | undefined) {
  return window === undefined
    ? undefined
    : {
        ...window,
        destination: simulatedDestination,
        receiveWindowBytes: 0,
        rtoMinUs: 0,
        togetherSegments: 0,
        togetherHosts: 0,
      };
}
