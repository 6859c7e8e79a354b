/** What a host folds of one path in one interval, and the row of its report. */
import type { PathReportRow } from "../../aggregator/core/report-check.ts";
import { ascendingOf, quantileOf } from "../../node-agent/core/quantile.ts";
import { address, quietRow } from "../unit/aggregator/fixtures.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** As many as the kernel keeps: a uniform choice (Vitter's algorithm R). */
const samplesKept = 8;

class Reservoir {
  count = 0;
  readonly #kept: number[] = [];

  take(value: number, random: SeededRandom): void {
    const place = this.count < samplesKept ? this.count : Math.floor(random.next() * (this.count + 1));
    if (place < samplesKept) this.#kept[place] = value;
    this.count += 1;
  }

  quantile(q: number): number {
    return Math.round(quantileOf(ascendingOf(this.#kept), q));
  }
}

/** What the model knows nothing of is as the other tests of the aggregator have it. */
const quiet = quietRow();
/** Where the simulated path leads. */
export const simulatedDestination = address("10.0.0.2");

/** Counts are added to while the interval lasts. */
export class IntervalFold {
  readonly #random: SeededRandom;
  readonly #rtt = new Reservoir();
  readonly #saturated = new Reservoir();
  readonly #unsaturated = new Reservoir();
  readonly #trains = new Reservoir();
  #rttMinUs = Number.POSITIVE_INFINITY;
  connectionsOpened = 0;
  connectionsBusyMax = 0;
  segmentsSent = 0;
  segmentsRetransmitted = 0;
  windowsGranted = 0;
  windowsCompleted = 0;
  windowsFailed = 0;
  pacingFilled = 0;
  pacingMissed = 0;
  #burstsKept = 0;
  #burstsLost = 0;
  #burstKeptHighest = 0;
  #burstLostSum = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  takeRtt(rttUs: number): void {
    const wholeUs = Math.max(1, Math.round(rttUs));
    this.#rtt.take(wholeUs, this.#random);
    this.#rttMinUs = Math.min(this.#rttMinUs, wholeUs);
  }

  /** As the kernel and the agent do: whole kilobytes, at most what the wire contract takes, nothing of nothing. */
  takeRate(bytesPerSecond: number, isSaturated: boolean): void {
    this.#take(isSaturated ? this.#saturated : this.#unsaturated, bytesPerSecond);
  }

  /** What the first segments of a connection showed of the path. */
  takeTrain(bytesPerSecond: number): void {
    this.#take(this.#trains, bytesPerSecond);
  }

  /** So many segments at once, those of all connections that began together. */
  takeBurst(segments: number, isLost: boolean): void {
    if (isLost) {
      this.#burstLostSum += segments;
      this.#burstsLost += 1;
    } else {
      this.#burstKeptHighest = Math.max(this.#burstKeptHighest, segments);
      this.#burstsKept += 1;
    }
  }

  /** Whether what was paced came as fast as that, and left no queue. */
  takeFilling(isFilled: boolean, isQueued: boolean): void {
    if (!isFilled) this.pacingMissed += 1;
    else if (!isQueued) this.pacingFilled += 1;
  }

  /** The row of the report; every field of it that the model knows is set here and nowhere else. */
  row(intervalMs: number): PathReportRow {
    return {
      ...quiet,
      intervalUs: intervalMs * 1000,
      rttMinUs: this.#rtt.count === 0 ? 0 : this.#rttMinUs,
      rttP50Us: Math.max(this.#rtt.quantile(0.5), this.#rtt.count === 0 ? 0 : this.#rttMinUs),
      rttP95Us: Math.max(this.#rtt.quantile(0.95), this.#rtt.count === 0 ? 0 : this.#rttMinUs),
      rttSamples: this.#rtt.count,
      saturatedBytesPerSecond: this.#saturated.quantile(0.5),
      saturatedSamples: this.#saturated.count,
      unsaturatedBytesPerSecond: this.#unsaturated.quantile(0.7),
      unsaturatedSamples: this.#unsaturated.count,
      trainBytesPerSecond: this.#trains.quantile(0.35),
      trainSamples: this.#trains.count,
      bytesAcked: (this.segmentsSent - this.segmentsRetransmitted) * mssBytes,
      segmentsSent: this.segmentsSent,
      segmentsRetransmitted: this.segmentsRetransmitted,
      connectionsOpened: this.connectionsOpened,
      connectionsBusyMax: this.connectionsBusyMax,
      hostsTogether: 1,
      lossFlightHighest: 0,
      mssBytes,
      windowsGranted: this.windowsGranted,
      windowsCompleted: this.windowsCompleted,
      windowsFailed: this.windowsFailed,
      pacingFilled: this.pacingFilled,
      pacingMissed: this.pacingMissed,
      burstsKept: this.#burstsKept,
      burstsLost: this.#burstsLost,
      burstKeptHighest: this.#burstKeptHighest,
      burstLostMean: Math.round(this.#burstLostSum / Math.max(1, this.#burstsLost)),
    };
  }

  #take(reservoir: Reservoir, bytesPerSecond: number): void {
    const rate = Math.min(12_500_000_000, Math.floor(bytesPerSecond / 1000) * 1000);
    if (rate > 0) reservoir.take(rate, this.#random);
  }
}
