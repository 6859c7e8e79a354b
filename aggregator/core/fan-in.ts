/** What one receiver's link and its buffer hold of all hosts that send to it at once: pure, time is an argument. */
import type { FanInTally } from "./fan-in-tally.ts";
import { burstShareOf, emptyTally, lossFlightOf, lossShareOf, tallySum } from "./fan-in-tally.ts";
import type { WindowedExtreme } from "./windowed-extreme.ts";
import { foldMaximum, maximumOf, noMaximum } from "./windowed-extreme.ts";

/** Milliseconds of a monotonic clock; segments are full ones. */
export interface FanIn {
  /** Most hosts with which its connections began within one RTT, of the last one to two minutes. */
  readonly hosts: WindowedExtreme;
  /** When it last told of a crowd. */
  readonly crowdMs: number;
  /** What all of them together may have in flight; 0: nothing was lost to their coming together, so nothing bounds them. */
  readonly segments: number;
  /** What all of them together may send at once in the beginning; 0: nothing was lost of that. */
  readonly firstSegments: number;
  /** What it was after it was last lowered: what has been tried since then is what few losses take back. */
  readonly keptSegments: number;
  /** What it was when segments were last lost to it, and when. */
  readonly lostSegments: number;
  readonly lostMs: number;
  /** When a bound was last changed: until hosts have used it for an interval, what they tell is of before. */
  readonly changedMs: number;
  /** Told since `talliedMs`, to be judged together. */
  readonly talliedMs: number;
  readonly tally: FanInTally;
}

/** As who looks after a receiver tells it to others. */
export interface FanInBound {
  /** Hosts that are expected at once. */
  readonly hosts: number;
  /** Of all hosts together, in flight and at once in the beginning; 0: not bounded. */
  readonly segments: number;
  readonly firstSegments: number;
}

/** What a source told of one interval of sending to the receiver. */
export interface FanInRow {
  readonly intervalUs: number;
  /** Smallest and median round trip of the interval. */
  readonly rttMinUs: number;
  readonly rttP50Us: number;
  readonly segmentsSent: number;
  readonly segmentsRetransmitted: number;
  /** Mean size of the connections it opened; 0: none began. */
  readonly connectionSegments: number;
  /** Most that one of them had in flight when it found segments lost, but for its first ones; 0: none did. */
  readonly lossFlightHighest: number;
  /** Connections whose first segments came through, whose did not, and how many these had sent at once, in the mean. */
  readonly burstsKept: number;
  readonly burstsLost: number;
  readonly burstLostMean: number;
}

/** Two that begin together are everywhere, and each has half of the path at the least. */
export const crowdHostsMin = 3;
/** With less a loss is repaired only by a timeout (bpf/policy.h); of the first one, by a tail loss probe. */
const partMinSegments = 2;
const firstMinSegments = 1;
/** RFC 6928. */
const kernelWindowSegments = 10;
/** One lost segment in 200: below it is the random loss of links, above it a queue that overflows. */
const lossRatioMax = 1 / 200;
/**
 * Of what was in flight when segments were lost, so much is kept at the most (BBR keeps 0.85, draft-ietf-ccwg-bbr, BBRHeadroom; a rack's
 * BDP can spare less), and so much at the least. Slow start has sent twice what fits before it hears of a loss.
 */
const keptFraction = 0.9;
const leastFraction = 0.6;
/** Up to what was not lost, an eighth more in every interval without loss: an idle link costs every answer. */
const growthGain = 1.125;
const slowStartFraction = 0.5;
/** Slow start's second round trip, where only first segments were told as lost. */
const secondRoundSegments = 2 * kernelWindowSegments;
/** Of more than this it is lowered in any case: buffers of a few packets lose without a queue that could be seen. */
const seriousLossRatio = 0.03;
/** The queue of a crowd, as augmenter_queued_together() of bpf/policy.h sees it: what is less are the delays of hosts. */
const queueSlack = 1 / 16;
const queueSlackLowestUs = 250;
/** In-flight losses of one host in eight are the crowd's, never those of a single one. */
const lossRowsMin = 1 / 8;
const lossRowsLeast = 2;
/** One connection in twenty may lose of its first segments; CUBIC's decrease (RFC 9438) where more do, half where most do. */
const burstLossMax = 1 / 20;
const burstFraction = 0.7;
const overwhelmedFraction = 0.5;
/** Beyond it a twentieth, seldom. */
const probeGain = 1.05;
const probeQuietMs = 60_000;
const judgingIntervals = 1.3;
/** Hosts that report seldom are waited for so long: one that reports often must not end what is told of an interval. */
const tallyMaxMs = 5_000;
const hostsBucketMs = 60_000;

/** After a report of the receiver itself told that connections with `hosts` different hosts began within one RTT. */
export function fanInAfterCrowd(fanIn: FanIn | undefined, hosts: number, nowMs: number): FanIn {
  const most = { ...(fanIn?.hosts ?? noMaximum) };
  foldMaximum(most, hosts, nowMs, hostsBucketMs);
  const crowdMs = hosts >= crowdHostsMin ? nowMs : (fanIn?.crowdMs ?? Number.NEGATIVE_INFINITY);
  if (fanIn !== undefined) return { ...fanIn, hosts: most, crowdMs };
  return {
    hosts: most,
    crowdMs,
    segments: 0,
    firstSegments: 0,
    keptSegments: 0,
    lostSegments: 0,
    lostMs: Number.NEGATIVE_INFINITY,
    changedMs: Number.NEGATIVE_INFINITY,
    talliedMs: Number.NEGATIVE_INFINITY,
    tally: emptyTally,
  };
}

/** After a row of one of the hosts that send to it. Rows are judged together, once an interval. */
export function fanInAfterRow(fanIn: FanIn, row: FanInRow, nowMs: number): FanIn {
  if (!isJudged(fanIn, row.intervalUs / 1000, nowMs)) return fanIn;
  return fanInAfterTally(fanIn, tallyOf(row, fanIn), row.intervalUs / 1000, nowMs);
}

/** After several rows of an interval, as another partition's aggregator has summed them up. */
export function fanInAfterTally(fanIn: FanIn, more: FanInTally, intervalMs: number, nowMs: number): FanIn {
  if (!isJudged(fanIn, intervalMs, nowMs)) return fanIn;
  const tally = tallySum(fanIn.tally, more);
  const talliedMs = fanIn.tally.rows === 0 ? nowMs : fanIn.talliedMs;
  const isThin = isTooFew(tally, fanIn) && nowMs - talliedMs < tallyMaxMs;
  if (isThin || nowMs - talliedMs < intervalMs) return { ...fanIn, tally, talliedMs };
  return { ...judged({ ...fanIn, tally }, nowMs), tally: emptyTally, talliedMs: nowMs };
}

/** What a row adds to the sums that another partition's aggregator will judge; undefined: it is of before the newest bounds. */
export function tallyForOthers(fanIn: FanIn, row: FanInRow, nowMs: number): FanInTally | undefined {
  return isJudged(fanIn, row.intervalUs / 1000, nowMs) ? tallyOf(row, fanIn) : undefined;
}

/** As who looks after the receiver tells it. */
export function fanInAsTold(
  before: FanIn | undefined,
  { hosts, segments, firstSegments }: FanInBound,
  nowMs: number,
): FanIn {
  const known = before ?? fanInAfterCrowd(undefined, hosts, nowMs);
  const isSame = known.segments === segments && known.firstSegments === firstSegments;
  const fresh = fanInAfterCrowd(undefined, hosts, nowMs);
  return { ...fresh, segments, firstSegments, changedMs: isSame ? known.changedMs : nowMs };
}

/** What each of the hosts may have in flight, not rounded; 0: unbounded, as they are few or nothing was lost. */
export function partSegmentsOf(fanIn: FanIn): number {
  const hosts = maximumOf(fanIn.hosts);
  if (fanIn.segments === 0 || hosts < crowdHostsMin) return 0;
  return Math.max(partMinSegments, fanIn.segments / hosts);
}

/**
 * What each of them may send at once in the beginning, not rounded: until some of it was lost, half of its part, as the buffer must hold
 * alone what the link and the buffer hold of what is in flight, or the kernel's own window if that is more.
 */
export function firstSegmentsOf(fanIn: FanIn): number {
  const part = partSegmentsOf(fanIn);
  const unproved = Math.max(kernelWindowSegments, part * slowStartFraction);
  const first = fanIn.firstSegments === 0 ? unproved : fanIn.firstSegments / maximumOf(fanIn.hosts);
  return Math.max(firstMinSegments, Math.min(part, first));
}

// Advice takes a part of an interval to arrive, and then one whole interval must have been sent under it.
function isJudged(fanIn: FanIn, intervalMs: number, nowMs: number): boolean {
  return nowMs - fanIn.changedMs >= intervalMs * judgingIntervals;
}

function tallyOf(row: FanInRow, fanIn: FanIn): FanInTally {
  const isLoss = row.lossFlightHighest > 0;
  const lossShare = partOf(row.segmentsRetransmitted, row.segmentsSent);
  const burstShare = partOf(row.burstsLost, row.burstsKept + row.burstsLost);
  return {
    rows: 1,
    lossShares: lossShare,
    lossShareHighest: lossShare,
    lossRows: isLoss ? 1 : 0,
    lossFlights: row.lossFlightHighest,
    lossFlightHighest: row.lossFlightHighest,
    burstShares: burstShare,
    burstShareHighest: burstShare,
    burstRows: row.burstsLost > 0 ? 1 : 0,
    // More than it was told of says nothing of what it was told.
    burstSegments: row.burstsLost > 0 ? Math.min(row.burstLostMean, firstSegmentsMax(fanIn)) : 0,
    filledRows: row.connectionSegments > partSegmentsOf(fanIn) ? 1 : 0,
    queuedRows: isQueued(row) ? 1 : 0,
  };
}

function firstSegmentsMax(fanIn: FanIn): number {
  return fanIn.segments === 0 ? kernelWindowSegments : firstSegmentsOf(fanIn) + 1;
}

function partOf(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, part / whole) : 0;
}

function isQueued({ rttMinUs, rttP50Us }: FanInRow): boolean {
  return rttP50Us > rttMinUs + Math.max(queueSlackLowestUs, rttMinUs * queueSlack);
}

function isTooFew({ rows }: FanInTally, fanIn: FanIn): boolean {
  return rows < maximumOf(fanIn.hosts) / 2;
}

// What a few of them lost says nothing about all.
function judged(fanIn: FanIn, nowMs: number): FanIn {
  const { tally } = fanIn;
  const hosts = maximumOf(fanIn.hosts);
  if (hosts < crowdHostsMin || isTooFew(tally, fanIn)) return fanIn;
  if (lossShareOf(tally) <= lossRatioMax) {
    if (tally.lossRows === 0) return probed(fanIn, nowMs);
    return isFull(fanIn) ? takenBack(fanIn, nowMs) : fanIn;
  }
  // Before there was a bound, first segments were lost to what the others had in flight.
  const isBounded = fanIn.segments > 0;
  const isBurst = isBounded && burstShareOf(tally) > burstLossMax;
  const lossRows = isBounded ? tally.lossRows : Math.max(tally.lossRows, tally.burstRows);
  const isOverflow = isFull(fanIn) && lossRows >= Math.max(lossRowsLeast, tally.rows * lossRowsMin);
  // What was lost then is of connections that had grown beyond their part.
  if (!isBurst && !isOverflow) return tally.lossRows === 0 ? probed(fanIn, nowMs) : fanIn;
  const firstSegments = isBurst ? firstAfterLoss(fanIn, hosts) : fanIn.firstSegments;
  const bounded = isOverflow ? boundedAfterLoss(fanIn, hosts) : fanIn;
  return { ...bounded, firstSegments, lostMs: nowMs, changedMs: nowMs };
}

// Where most see no queue, less is in flight than the link alone holds: less of it would leave the link idle, and what is lost is lost to
// single bursts or at random.
function isFull({ segments, tally }: FanIn): boolean {
  if (segments === 0 || tally.queuedRows * 2 >= tally.rows) return true;
  return lossShareOf(tally) > seriousLossRatio;
}

// Unbounded, every host had about as much in flight as one that lost: all of it together did not fit.
function boundedAfterLoss(fanIn: FanIn, hosts: number): FanIn {
  const { tally } = fanIn;
  const lossRatio = lossShareOf(tally);
  const flight = lossFlightOf(tally) ?? secondRoundSegments;
  const isFirst = fanIn.segments === 0;
  const kept = isFirst ? slowStartFraction : Math.min(keptFraction, Math.max(leastFraction, 1 - 3 * lossRatio));
  const lostSegments = isFirst ? hosts * flight : fanIn.segments;
  const segments = Math.max(lostSegments * kept, partMinSegments * hosts);
  return { ...fanIn, lostSegments, segments, keptSegments: segments };
}

// A few losses may be random; but where it has grown since it was last lowered, crowds that lose now and then are what it grew into, and each
// of these answers waits for a timeout.
function takenBack(fanIn: FanIn, nowMs: number): FanIn {
  const { segments, keptSegments } = fanIn;
  if (segments <= keptSegments) return fanIn;
  const before = Math.max(keptSegments, segments / growthGain);
  return { ...fanIn, segments: before, lostSegments: before / keptFraction, lostMs: nowMs, changedMs: nowMs };
}

// What is less than the default's is only for where the default's was lost, too.
function firstAfterLoss(fanIn: FanIn, hosts: number): number {
  const { tally, firstSegments } = fanIn;
  if (firstSegmentsOf(fanIn) > kernelWindowSegments) return kernelWindowSegments * hosts;
  const used = (hosts * tally.burstSegments) / tally.burstRows;
  const fraction = burstShareOf(tally) > 0.5 ? overwhelmedFraction : burstFraction;
  const bound = firstSegments === 0 ? Number.POSITIVE_INFINITY : firstSegments;
  return Math.max(firstMinSegments * hosts, Math.min(used * fraction, bound));
}

function probed(fanIn: FanIn, nowMs: number): FanIn {
  const isFilled = fanIn.segments > 0 && fanIn.tally.filledRows * 2 >= fanIn.tally.rows;
  const safe = fanIn.lostSegments * keptFraction;
  if (isFilled && fanIn.segments < safe) {
    return { ...fanIn, segments: Math.min(safe, fanIn.segments * growthGain), changedMs: nowMs };
  }
  if (!isFilled || nowMs - Math.max(fanIn.lostMs, fanIn.changedMs) < probeQuietMs) return fanIn;
  return {
    ...fanIn,
    segments: fanIn.segments * probeGain,
    firstSegments: fanIn.firstSegments * probeGain,
    changedMs: nowMs,
  };
}
