/** What a path can carry: the part of an estimate that decides windows and pacing. */
import { reportBounds } from "./bounds.ts";
import { freshnessAfter } from "./confidence.ts";
import type { Draft } from "./draft.ts";
import type { PathReportRow } from "./report-check.ts";
import type { WindowedExtreme } from "./windowed-extreme.ts";
import { foldMaximum, maximumOf, noMaximum } from "./windowed-extreme.ts";

/** Rates are payload bytes a second, times are milliseconds of a monotonic clock. */
export interface PathRate {
  /** What is believed now; 0: nothing is known. */
  readonly rateBytesPerSecond: number;
  /** What the path carried when it was full, by saturated samples, first trains or loss; 0: never seen full. */
  readonly capacityBytesPerSecond: number;
  /** Largest lower bound of the last 5 to 10 minutes. */
  readonly boundBytesPerSecond: WindowedExtreme;
  /** When the newest rate sample came. */
  readonly sampledMs: number;
  /** When the path was last seen full. */
  readonly fullMs: number;
  /** When something else last showed about how much it carries: first trains, or the loss of unpaced connections. */
  readonly knownMs: number;
  /** When the rate was last raised by proof, and lowered by a failed jump. */
  readonly grownMs: number;
  readonly retreatedMs: number;
  /** What was believed before the raises by proof that nothing has contradicted yet, and how many these are. */
  readonly provedBytesPerSecond: number;
  readonly raises: number;
}

/** Before the first rate sample. */
export const unknownRate: PathRate = {
  rateBytesPerSecond: 0,
  capacityBytesPerSecond: 0,
  boundBytesPerSecond: noMaximum,
  sampledMs: Number.NEGATIVE_INFINITY,
  fullMs: Number.NEGATIVE_INFINITY,
  knownMs: Number.NEGATIVE_INFINITY,
  grownMs: Number.NEGATIVE_INFINITY,
  retreatedMs: Number.NEGATIVE_INFINITY,
  provedBytesPerSecond: 0,
  raises: 0,
};

/** Samples that weigh as much as everything known before: one full row of reservoir samples moves the estimate half way. */
const priorSamples = 8;
/** Fewer unsaturated samples than this prove their rate only in part: one may be an artefact of ACK compression. */
const provingSamples = 4;
/**
 * Raises by proof, one after the other: slow start carried across connections. The first is half of the gain with which BBR probes
 * (draft-ietf-ccwg-bbr), because it lasts a whole interval and not one RTT, and just enough for trains to show whether the
 * path follows; what follows it may do so by more, as a path that became four times as fast is to be known within seconds.
 */
const raiseGains = [1.125, 1.25, 1.5, 2] as const;
/** So many first trains in one interval bound the rate, to within these factors. */
const trainSamplesMin = 3;
const trainTrustLow = 0.94;
const trainTrustHigh = 1.15;
/** After a window has failed beside them: they may be squeezed by a fifth. */
const trainTrustLowest = 0.8;
/** For so long; nor is more than what failed tried again before that. */
const failureMemoryMs = 30_000;
/** Back up to a capacity once seen, and while there is none to overshoot yet: BBR's gain from the first raise on. */
const recoveryGain = 1.25;
/** CUBIC's multiplicative decrease (RFC 9438, section 4.6). RFC 9959 retreats at least as far after a failed jump. */
const retreatGain = 0.7;
/** A path seen full this recently has nothing to prove. */
const fullQuietMs = 5_000;
/** After a retreat the way back up to a known capacity starts this soon. */
const retreatQuietMs = 3_000;
/** What trains showed this recently is the capacity: a window that fails beside them was a little too much, or met a random loss. */
const shownFreshMs = 10_000;
const shownGain = 0.85;
/** Half way from a capacity that was shown to the retreat from it. */
const failedCapacityGain = (1 + shownGain) / 2;
/** A capacity counts as current this long. */
const capacityFreshMs = 60_000;
/** And as known this long: as knowledge is worth half by then (confidence.ts). */
const capacityKnownMs = 10 * 60_000;
/** Failures of one moment are one failure. */
const oneMomentMs = 100;
/** Advice takes a part of an interval to arrive, and then one whole interval must have been paced by it. */
const provingIntervals = 1.5;
/** A raise that nothing has contradicted for so many intervals stands. */
const standingIntervals = 4;
/** Proof that pacing was the limit: this many samples that filled their pacing rate. */
const filledSamplesMin = 3;
/** A lower bound may have been an artefact: what is believed beyond this many times the largest recent one is forgotten with it. */
const boundTrust = 1.25;
const boundBucketMs = 5 * 60_000;
/** BBR takes more loss than this for a full path (draft-ietf-ccwg-bbr, BBRLossThresh): then the bound is about what it carries. */
const fullLossRatio = 0.02;
/**
 * So much is lost of short connections that share it only where the path is full of them, whatever they have found out. Of one alone it says that a
 * buffer is smaller than its first segments, and nothing of how fast what they wait for is.
 */
const floodedLossRatio = 0.25;
/** Where more is sent again, most of those that are counted wait for a timeout, and whoever does not has more than its share of the path. */
const repairingLossRatio = 0.125;
/** Two parts in 2^24. */
const singlePrecision = 1.2e-7;
/** AUGMENTER_SAMPLED_CONNECTIONS of bpf/augmenter.h: without advice the others are only counted. */
const sampledConnections = 256;
/** More than the kernel's default sends in its first two round trips. */
const longSegments = 30;

/**
 * Takes one row into a rate, in place and without its failed windows:
 *
 * 1. saturated samples s of count n: capacity' = capacity + (s - capacity) n / (n + 8 f), where f halves with every
 *    10 minutes since the path was last full, so that old knowledge weighs little; rate' likewise, with f counted
 *    from the newest rate sample of either kind; not where unsaturated samples of the same row show an eighth more;
 * 2. three first trains t and more hold rate and capacity within 0.94 t (0.8 t after a failed window) and 1.15 t;
 * 3. unsaturated samples u of count n prove at least u, or 1.15 t where that is less: where u > rate,
 *    rate' = rate + (u - rate) min(1, n / 4);
 * 4. proof with little loss grows it, and its lack takes growth back: `grow`.
 */
export function foldRate(rate: Draft<PathRate>, row: PathReportRow, nowMs: number): void {
  if (row.saturatedSamples > 0 && !isDisproved(row)) foldSaturated(rate, row, nowMs);
  if (row.trainSamples >= trainSamplesMin) foldTrains(rate, row, nowMs);
  if (row.unsaturatedSamples > 0) foldUnsaturated(rate, row, boundOf(row), nowMs);
  grow(rate, row, nowMs);
}

/**
 * Lowers a rate, in place, after a granted first window lost segments: to what was believed before a raise that is not proved yet; otherwise x 0.7,
 * once for all failures within 100 ms or one RTT. Not below 0.85 of a capacity that was shown within 10 s, nor 0.7 of one of the last minute; nor, where of all segments
 * no more than 2 % are lost, of what the path carried within the last minutes: a window of hundreds of segments loses one at random
 * on most links, and that is no sign of a full path. A shown
 * capacity that was itself too much is believed to be 0.925 of that.
 */
export function foldFailure(rate: Draft<PathRate>, rttUs: number, lossRatio: number, nowMs: number): void {
  // A retreat that lies ahead is of before the clock was set back, and not of this moment.
  const sinceRetreatMs = nowMs - rate.retreatedMs;
  if (sinceRetreatMs >= 0 && sinceRetreatMs < Math.max(oneMomentMs, rttUs / 1000)) return;
  if (rate.raises > 0) {
    takeBack(rate);
    rate.retreatedMs = nowMs;
    return;
  }
  const carried = carriedBytesPerSecond(rate, lossRatio, nowMs);
  const isShown = nowMs - rate.knownMs <= shownFreshMs;
  const floor = Math.max(carried * retreatGain, isShown ? rate.capacityBytesPerSecond * shownGain : 0);
  const lowered = Math.max(rate.rateBytesPerSecond * retreatGain, Math.min(floor, rate.rateBytesPerSecond));
  // Without a retreat there is nothing to wait for before the way back up.
  if (lowered === rate.rateBytesPerSecond) return;
  // The way back up must not end where it failed before, again and again.
  if (isShown && rate.rateBytesPerSecond > rate.capacityBytesPerSecond * failedCapacityGain) {
    rate.capacityBytesPerSecond *= failedCapacityGain;
  }
  rate.rateBytesPerSecond = lowered;
  rate.retreatedMs = nowMs;
}

/** Whether the path was seen full, not too long ago. */
export function isCapacityKnown(rate: PathRate, nowMs: number): boolean {
  return rate.capacityBytesPerSecond > 0 && nowMs - Math.max(rate.fullMs, rate.knownMs) <= capacityKnownMs;
}

// Failed windows say nothing against this much.
function carriedBytesPerSecond(rate: PathRate, lossRatio: number, nowMs: number): number {
  const isLosing = lossRatio > fullLossRatio;
  const capacityMs = isLosing ? rate.fullMs : Math.max(rate.fullMs, rate.knownMs);
  const capacity = nowMs - capacityMs <= capacityFreshMs ? rate.capacityBytesPerSecond : 0;
  return isLosing ? capacity : Math.max(capacity, maximumOf(rate.boundBytesPerSecond));
}

function foldSaturated(rate: Draft<PathRate>, row: PathReportRow, nowMs: number): void {
  const { saturatedSamples: samples, saturatedBytesPerSecond: sample } = row;
  const capacityWeight = samples / (samples + priorSamples * freshnessAfter(nowMs - rate.fullMs));
  const rateWeight = samples / (samples + priorSamples * freshnessAfter(nowMs - rate.sampledMs));
  rate.capacityBytesPerSecond = blended(rate.capacityBytesPerSecond, sample, capacityWeight);
  rate.rateBytesPerSecond = blended(rate.rateBytesPerSecond, sample, rateWeight);
  rate.sampledMs = nowMs;
  rate.fullMs = nowMs;
  rate.raises = 0;
}

// Where the RTT is a millisecond, a delay of the hosts looks like a queue: what carried more in the same interval was not full at that.
function isDisproved(row: PathReportRow): boolean {
  const isCarried = row.unsaturatedSamples >= provingSamples && row.unsaturatedSamples > row.saturatedSamples;
  return isCarried && row.saturatedBytesPerSecond * raiseGains[0] < row.unsaturatedBytesPerSecond;
}

// A train is short, and hosts compress or stretch it by a tenth and more: it says in which bounds the rate is, not what it is.
function foldTrains(rate: Draft<PathRate>, row: PathReportRow, nowMs: number): void {
  const train = row.trainBytesPerSecond;
  const lowest = train * (nowMs - rate.retreatedMs < failureMemoryMs ? trainTrustLowest : trainTrustLow);
  const highest = train * trainTrustHigh;
  const believed = Math.min(Math.max(rate.rateBytesPerSecond, lowest), highest);
  // The table keeps single precision: a bound that was taken over exactly is found again a little off.
  const isMoved = Math.abs(believed - rate.rateBytesPerSecond) > believed * singlePrecision;
  rate.capacityBytesPerSecond = Math.min(Math.max(rate.capacityBytesPerSecond, lowest), highest);
  rate.sampledMs = nowMs;
  rate.knownMs = nowMs;
  if (!isMoved) return;
  rate.rateBytesPerSecond = believed;
  rate.fullMs = nowMs;
  rate.raises = 0;
}

// A last train is compressed without bounds where a host is held up: first trains of the same interval say what cannot be.
function boundOf({ unsaturatedBytesPerSecond, trainSamples, trainBytesPerSecond }: PathReportRow): number {
  if (trainSamples < trainSamplesMin) return unsaturatedBytesPerSecond;
  return Math.min(unsaturatedBytesPerSecond, trainBytesPerSecond * trainTrustHigh);
}

function foldUnsaturated(rate: Draft<PathRate>, row: PathReportRow, sample: number, nowMs: number): void {
  const samples = row.unsaturatedSamples;
  foldMaximum(rate.boundBytesPerSecond, sample, nowMs, boundBucketMs);
  const before = rate.rateBytesPerSecond;
  const raised = blended(before, Math.max(sample, before), Math.min(1, samples / provingSamples));
  const trusted = Math.max(rate.capacityBytesPerSecond, maximumOf(rate.boundBytesPerSecond) * boundTrust);
  rate.rateBytesPerSecond = Math.min(raised, trusted);
  rate.sampledMs = nowMs;
  if (raised > before * raiseGains[0]) {
    rate.grownMs = nowMs;
    rate.raises = 0;
  }
  if (samples < provingSamples || !isLossy(row)) return;
  // What came through while the path was full is about what it carries, and nothing that was believed before.
  if (isCapacityKnown(rate, nowMs) && sample < rate.capacityBytesPerSecond) return;
  rate.capacityBytesPerSecond = sample;
  rate.knownMs = nowMs;
}

// Connections that are paced lose to bursts of each other, and short ones end before they have found a limit, unless they lose a quarter.
function isLossy(row: PathReportRow): boolean {
  const connections = Math.min(row.connectionsOpened, sampledConnections);
  const isLong = row.bytesAcked > connections * longSegments * row.mssBytes;
  const ratio = isLong ? fullLossRatio : floodedLossRatio;
  const isPaced = row.windowsGranted + row.pacingFilled + row.pacingMissed > 0;
  if (!isLong && row.connectionsBusyMax <= 1) return false;
  return !isPaced && row.segmentsRetransmitted > row.segmentsSent * ratio;
}

// The first sample is all there is to believe.
function blended(known: number, sample: number, weight: number): number {
  return known === 0 ? sample : known + (sample - known) * weight;
}

/**
 * Growth by proof, at most once a report interval: connections filled their pacing rate without a queue and without loss of
 * what was paced, so the path may carry more. What was paced at the rate before the last raise proves nothing; if what was
 * paced at the raised one came slower than that, the path has shown its capacity: it is what was believed before.
 */
function grow(rate: Draft<PathRate>, row: PathReportRow, nowMs: number): void {
  // Of the retransmissions of the row only many count: some of the unpaced first ten segments of many connections are lost at any rate.
  const isProof = row.pacingFilled >= filledSamplesMin && row.windowsFailed === 0;
  const isContradiction = row.pacingMissed > row.pacingFilled;
  if (!isProof && !isContradiction) return;
  const intervalMs = row.intervalUs / 1000;
  const sinceRaiseMs = nowMs - rate.grownMs;
  if (rate.rateBytesPerSecond === 0 || sinceRaiseMs < intervalMs * provingIntervals) return;
  const isRecent = sinceRaiseMs <= intervalMs * standingIntervals;
  if (isContradiction) {
    if (rate.raises > 0 && isRecent) contradict(rate, nowMs);
    return;
  }
  if (!isQuietLongEnough(rate, nowMs)) return;
  const isBelow = isBelowCapacity(rate);
  if (!isBelow && row.segmentsRetransmitted > row.segmentsSent * repairingLossRatio) return;
  rate.grownMs = nowMs;
  if (isBelow) {
    rate.rateBytesPerSecond = Math.min(rate.rateBytesPerSecond * recoveryGain, rate.capacityBytesPerSecond);
    return;
  }
  const raises = isRecent ? rate.raises : 0;
  rate.provedBytesPerSecond = rate.rateBytesPerSecond;
  rate.rateBytesPerSecond = Math.min(raisedRate(rate, raises), reportBounds.rateMaxBytesPerSecond);
  rate.raises = raises + 1;
}

function contradict(rate: Draft<PathRate>, nowMs: number): void {
  takeBack(rate);
  rate.capacityBytesPerSecond = rate.rateBytesPerSecond;
  rate.fullMs = nowMs;
}

function takeBack(rate: Draft<PathRate>): void {
  rate.rateBytesPerSecond = Math.min(rate.rateBytesPerSecond, rate.provedBytesPerSecond);
  rate.raises = 0;
}

function isQuietLongEnough(rate: PathRate, nowMs: number): boolean {
  // On the way up nothing has contradicted, and back up to a known capacity little can be overshot.
  if (rate.raises > 0) return true;
  if (isBelowCapacity(rate)) return nowMs - rate.retreatedMs >= retreatQuietMs;
  return nowMs - rate.fullMs >= fullQuietMs && nowMs - rate.retreatedMs >= failureMemoryMs;
}

// By more than the table's single precision tells apart.
function isBelowCapacity({ rateBytesPerSecond, capacityBytesPerSecond }: PathRate): boolean {
  return rateBytesPerSecond < capacityBytesPerSecond * (1 - singlePrecision);
}

function raisedRate({ rateBytesPerSecond, capacityBytesPerSecond }: PathRate, raises: number): number {
  const gain = raiseGains[Math.min(raises, raiseGains.length - 1)] ?? 1;
  return rateBytesPerSecond * (capacityBytesPerSecond === 0 ? Math.max(recoveryGain, gain) : gain);
}
