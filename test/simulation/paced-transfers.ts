/** Connections with a granted window: paced at their share, probing upward, and let go of in doubt (bpf/grant.h). */
import type { Batch, Bottleneck } from "./bottleneck.ts";
import {
  countSent,
  defaultRateOf,
  deliveredRate,
  initialSegments,
  isLostAtRandom,
  roundsMax,
  roundsPerRate,
  rttSeenUs,
  togetherRate,
  trainRate,
} from "./bottleneck.ts";
import type { FirstSegments } from "./first-segments.ts";
import { playFirstSegments } from "./first-segments.ts";
import type { IntervalFold } from "./interval-fold.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** The part of an advice that the sending kernel acts on. */
export interface Granted {
  readonly windowSegments: number;
  readonly pathRateBytesPerSecond: number;
  readonly minRttUs: number;
  readonly isCapacityKnown: boolean;
  readonly burstSegments: number;
}

// The constants of bpf/policy.h.
const longTrainSegments = 64;
const clampRttUs = 2_500;
const clampRttLowestUs = 1_000;
const clampSpareSegments = 3;
const clampBurstsLowestSegments = 6;
const smallestWindowSegments = 2;
const cleanRoundsWaited = 4;
const waitingFactor = 4;
const waitingRoundsMax = 1_024;
const queuedRoundsMax = 16;
const gains = [1, 17 / 16, 9 / 8, 5 / 4, 3 / 2, 2, 3];
const filledShare = 31 / 32;
/** SO_MAX_PACING_RATE is set anew where it moves by more. */
const paceStep = 1 / 32;

/** What one round showed. */
interface Round {
  readonly segments: number;
  /** Those of them that were never paced. */
  readonly burst: number;
  readonly isLost: boolean;
  readonly queueUs: number;
  readonly isQueued: boolean;
  /** Delivered to one connection. */
  readonly bytesPerSecond: number;
}

/** All connections of a batch behave as one does; what differs is the noise of their samples. Played once. */
export class PacedTransfers {
  readonly #path: Bottleneck;
  readonly #batch: Batch;
  readonly #granted: Granted;
  readonly #fold: IntervalFold;
  readonly #random: SeededRandom;
  readonly #share: number;
  /** A path that is known not to bear the default is not given it. */
  readonly #leastPace: number;
  readonly #window: number;
  #pace: number;
  #pacedRounds = 0;
  #cleanRounds = 0;
  #waitingRounds = cleanRoundsWaited;
  #queuedRounds = 0;
  #queueBytes = 0;
  #left: number;
  #elapsedUs = 0;
  #fastest = 0;
  #isFailed = false;

  constructor(path: Bottleneck, batch: Batch, granted: Granted, fold: IntervalFold, random: SeededRandom) {
    this.#path = path;
    this.#batch = batch;
    this.#granted = granted;
    this.#fold = fold;
    this.#random = random;
    this.#leastPace = granted.isCapacityKnown ? 0 : defaultRateOf(path.rttUs);
    this.#share = Math.max(granted.pathRateBytesPerSecond / batch.counted, this.#leastPace);
    this.#window = firstWindow(granted, batch.counted);
    this.#pace = this.#share;
    this.#left = batch.segments;
  }

  /** Folds what they show. Returns true where a granted window failed. */
  play(): boolean {
    const { connections, segments, timeLeftUs } = this.#batch;
    this.#fold.windowsGranted += connections;
    const first = playFirstSegments(this.#path, this.#batch, this.#window, this.#fold, this.#random);
    for (let number = 0; number < roundsMax && this.#elapsedUs < timeLeftUs; number += 1) {
      const round = this.#send(number === 0 ? first : undefined);
      if (this.#left === 0) {
        this.#foldTrain(round);
        break;
      }
      this.#foldRound(round, number);
      if (!this.#renewShare(round)) break;
      if ((number + 1) % roundsPerRate === 0) this.#tellFastest();
    }
    this.#tellFastest();
    if (!this.#isFailed && segments - this.#left >= this.#window) {
      this.#fold.windowsCompleted += connections;
    }
    return this.#isFailed;
  }

  #send(first: FirstSegments | undefined): Round {
    const { availableBytesPerSecond: available, bufferBytes, rttUs } = this.#path;
    const { connections } = this.#batch;
    const pace = this.#pace;
    // What does not fit into the buffer of the first, unpaced segments says nothing against the advice.
    const burst = first?.segments ?? 0;
    const segments = Math.min(this.#left, burst + Math.max(1, Math.round((pace * rttUs) / 1e6 / mssBytes)));
    const pacedUs = ((segments - burst) * mssBytes * 1e6) / pace;
    const burstBytes = Math.min(bufferBytes, burst * mssBytes * connections);
    const arrivedBytes = burstBytes + (segments - burst) * mssBytes * connections;
    const queueBytes = this.#queueBytes + arrivedBytes - (available * pacedUs) / 1e6;
    const pacedOverflowBytes = segments > burst ? Math.max(0, queueBytes - bufferBytes) : 0;
    const isRandom = isLostAtRandom(this.#path, segments - burst, this.#random);
    const isLost = pacedOverflowBytes > 0 || isRandom;
    const burstOverflowBytes = first?.overflowBytes ?? 0;
    countSent(this.#fold, connections, segments, { overflowBytes: pacedOverflowBytes + burstOverflowBytes, isRandom });
    if (isLost || burstOverflowBytes > 0) this.#lose(burstOverflowBytes > 0);
    this.#queueBytes = Math.max(0, Math.min(bufferBytes, queueBytes));
    this.#left -= segments;
    this.#elapsedUs += Math.max(pacedUs, 1) + (first === undefined ? 0 : rttUs);
    const queueUs = (this.#queueBytes / available) * 1e6;
    const isQueued = queueUs > Math.max(1_000, rttUs / 8);
    return { segments, burst, isLost, queueUs, isQueued, bytesPerSecond: Math.min(pace, available / connections) };
  }

  // What follows unpaced segments that had filled the buffer, or was sent beside others, says nothing against the advice.
  #lose(isExcused: boolean): void {
    this.#waitingRounds = Math.min(waitingRoundsMax, this.#waitingRounds * waitingFactor);
    if (isExcused || this.#batch.counted > 1) return;
    if (this.#isFailed || this.#batch.segments - this.#left >= this.#window) return;
    this.#isFailed = true;
    this.#fold.windowsFailed += 1;
  }

  // A connection that ends: the spacing of its last train.
  #foldTrain({ segments, burst, isLost, isQueued, bytesPerSecond }: Round): void {
    const { connections, counted } = this.#batch;
    // The unpaced segments before a short train come as fast as the path lets them.
    const firstUs = (burst * mssBytes * 1e6 * connections) / this.#path.availableBytesPerSecond;
    const spreadUs = firstUs + ((segments - burst) * mssBytes * 1e6) / bytesPerSecond;
    const train = trainRate(this.#path, segments, (segments * mssBytes * 1e6) / spreadUs, this.#random);
    if (train === 0) return;
    const isFilled = train >= this.#pace * filledShare;
    if (counted === 1 && segments >= longTrainSegments && !isFilled && isQueued) {
      for (let each = 0; each < connections; each += 1) this.#fold.takeRate(train, true);
      return;
    }
    if (isLost) return;
    for (let each = 0; each < connections; each += 1) this.#fold.takeFilling(isFilled, isQueued);
    this.#fastest = Math.max(this.#fastest, this.#impliedRate(train));
  }

  // A connection that goes on: its delivery rate over an RTT, if all of that was sent at one pace.
  #foldRound({ isLost, queueUs, isQueued, bytesPerSecond }: Round, number: number): void {
    const { connections, counted } = this.#batch;
    const isCrowded = counted > 1;
    if (isCrowded && number % 2 === 1) {
      this.#fold.takeRate(togetherRate(bytesPerSecond * connections, this.#random), false);
    }
    for (let each = 0; each < connections; each += 1) {
      this.#fold.takeRtt(rttSeenUs(this.#path, queueUs, this.#random));
      if (this.#pacedRounds === 0 || isLost) continue;
      const seen = deliveredRate(bytesPerSecond, this.#random);
      this.#fold.takeFilling(seen >= this.#pace * filledShare, isQueued);
      if (isQueued && isCrowded) continue;
      if (isQueued) this.#fold.takeRate(this.#impliedRate(seen), true);
      else this.#fastest = Math.max(this.#fastest, this.#impliedRate(seen));
    }
  }

  // Returns false where the cap is lifted: from there on the kernel's own congestion control finds what there is.
  #renewShare({ isQueued, isLost }: Round): boolean {
    this.#pacedRounds += 1;
    this.#cleanRounds = isQueued || isLost ? 0 : this.#cleanRounds + 1;
    this.#queuedRounds = isQueued ? this.#queuedRounds + 1 : 0;
    const gain = gainAfter(this.#cleanRounds, this.#waitingRounds);
    if (gain === 0 || this.#queuedRounds > queuedRoundsMax) {
      const rest = this.#path.availableBytesPerSecond / this.#batch.connections;
      this.#fastest = Math.max(this.#fastest, deliveredRate(rest, this.#random));
      return false;
    }
    const next = Math.max(this.#share * gain, this.#leastPace);
    if (Math.abs(next - this.#pace) > this.#pace * paceStep) {
      this.#pace = next;
      this.#pacedRounds = 0;
    }
    return true;
  }

  // What one of several is delivered implies what all are, but never more than they were advised.
  #impliedRate(bytesPerSecond: number): number {
    const { counted } = this.#batch;
    return counted <= 1 ? bytesPerSecond : Math.min(bytesPerSecond * counted, this.#granted.pathRateBytesPerSecond);
  }

  #tellFastest(): void {
    for (let each = 0; each < this.#batch.connections; each += 1) this.#fold.takeRate(this.#fastest, false);
    this.#fastest = 0;
  }
}

// augmenter_first_window() and augmenter_window_clamp() of bpf/policy.h.
function firstWindow(granted: Granted, among: number): number {
  const { windowSegments, burstSegments, minRttUs, pathRateBytesPerSecond } = granted;
  const rttUs = Math.max(clampRttLowestUs, minRttUs);
  const bdpSegments = Math.floor(((pathRateBytesPerSecond / among) * rttUs) / 1e6 / mssBytes);
  const part = Math.floor(burstSegments / among);
  const bursts = Math.max(clampBurstsLowestSegments, part + Math.min(part, Math.floor(bdpSegments / 2)));
  const borne = burstSegments > 0 ? bursts : windowSegments;
  const clamp = minRttUs < clampRttUs ? Math.min(2 * bdpSegments + clampSpareSegments, borne) : windowSegments;
  const burst = burstSegments > 0 && part < initialSegments ? part : windowSegments;
  return Math.max(smallestWindowSegments, Math.min(windowSegments, clamp, burst));
}

/** 0: the advice is wrong, lift the cap. */
function gainAfter(cleanRounds: number, waitingRounds: number): number {
  if (cleanRounds < waitingRounds) return 1;
  const rounds = cleanRounds - waitingRounds;
  return gains[Math.floor(rounds / 2) + (rounds % 2 === 0 ? 1 : 0)] ?? 0;
}
