/** From what is believed of a path to what a host is told to do with it. */
import { isLoopback } from "../../proto/address.ts";
import type { AdviceBounds } from "./bounds.ts";
import { shortSegments } from "./burst-tolerance.ts";
import { confidenceOf } from "./confidence.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { minRttUsOf } from "./path-estimate.ts";
import { isCapacityKnown } from "./path-rate.ts";

/** A first window and the rate at which it is paced. */
export interface WindowAdvice {
  readonly windowSegments: number;
  /** Payload bytes a second that all connections to the destination share. */
  readonly pathRateBytesPerSecond: number;
  readonly minRttUs: number;
  /** Whether the path was seen full at about that rate. */
  readonly isCapacityKnown: boolean;
  /** Unpaced segments that all connections together may send at once; 0: as many as they would. */
  readonly burstSegments: number;
  /** One sentence for a person; made when one asks. */
  readonly reason: () => string;
}

/**
 * With pacing held, two BDP cost nothing and forgive an estimate that is half the truth (docs/architecture.md: 48
 * cells, one connection alone).
 */
export const windowGain = 2;
/** Where the RTT has grown, the minimum is believed for minutes: what most samples of the last seconds show must fit as well. */
export const medianGain = 1.25;
/** Pacing a little below the rate keeps the bottleneck's queue from standing. */
export const rateHeadroom = 0.96;
/**
 * In its second RTT the kernel's default sends twice ten segments (RFC 6928, slow start of RFC 5681): with no loss there, or with what is
 * lost held back, and no sign of the path being full, connections may begin with that, paced.
 */
export const secondRoundSegments = 20;
/** AUGMENTER_UNPACED_SEGMENTS of bpf/policy.h: the kernel paces what comes after them. */
const unpacedSegments = 10;
/** AUGMENTER_CLAMP_RTT_US of bpf/policy.h: below it the kernel sends in large aggregates, whatever the pacing. */
const aggregatesRttUs = 2500;
/** BBR takes more than 2 % of loss for a full path (draft-ietf-ccwg-bbr, BBRLossThresh). */
export const lossRatioMax = 0.02;
/** Of a receive buffer, what is left for payload beside the kernel's bookkeeping. */
const receiveMargin = 1.25;
/** Ethernet with timestamps; where no row told the segment size. */
export const usualMssBytes = 1448;

/**
 * The first window for connections to `destination`; undefined where the kernel's default stands: on loopback and below
 * the minimum evidence.
 */
export function windowFor(
  estimate: PathEstimateState,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
): WindowAdvice | undefined {
  if (!isAdvisable(estimate, destination, bounds, nowMs)) return undefined;
  const known = isCapacityKnown(estimate.rate, nowMs);
  const wanted = wantedSegments(estimate);
  const least = known ? bounds.windowMinSegments : secondRoundSegments;
  const windowSegments = Math.min(bounds.windowMaxSegments, Math.max(least, wanted));
  const rate = Math.max(estimate.rate.rateBytesPerSecond * rateHeadroom, known ? 0 : unprovedRate(estimate));
  return {
    windowSegments,
    pathRateBytesPerSecond: Math.max(1, Math.round(Math.min(rate, bounds.rateMaxBytesPerSecond))),
    minRttUs: minRttUsOf(estimate),
    isCapacityKnown: known,
    burstSegments: burstSegmentsFor(estimate),
    reason: () => reasonOf(estimate, wanted, windowSegments),
  };
}

/** What a window is sized for: with pacing held two minimum RTT, or what most samples of the last seconds took. */
export function roundTripUsOf(estimate: PathEstimateState): number {
  return Math.max(windowGain * minRttUsOf(estimate), medianGain * estimate.rttP50Us);
}

/**
 * What else decides advice, as one number to compare with an earlier one; 0: nothing, as there is too little evidence. Above its first
 * four bits are the burst tolerance and, as long as the capacity is not known, how many connections start together.
 */
export function adviceFactsOf(estimate: PathEstimateState, bounds: AdviceBounds, nowMs: number): number {
  if (!hasEvidence(estimate, bounds)) return 0;
  const known = isCapacityKnown(estimate.rate, nowMs);
  const losing = estimate.lossRatio > lossRatioMax;
  const burst = Math.min(0x3fff, burstSegmentsFor(estimate));
  const connections = known ? 0 : Math.min(0x3fff, Math.round(estimate.busyMax));
  return (1 | (known ? 2 : 0) | (losing ? 4 : 0) | (burst << 4) | (connections << 18)) >>> 0;
}

/** Whether a path has samples enough to be advised on, however old. */
export function hasEvidence(
  { rttSamples, rateSamples, connections }: Pick<PathEstimateState, "rttSamples" | "rateSamples" | "connections">,
  bounds: AdviceBounds,
): boolean {
  if (rttSamples < bounds.rttSamplesMin || rateSamples < bounds.rateSamplesMin) return false;
  return connections >= bounds.connectionsMin || rateSamples >= bounds.rateSamplesEnough;
}

/**
 * What the receiver at the far end of a path should be ready to take at once, bytes: at least the kernel's own first
 * receive window; 0 where the path is not known well enough.
 */
export function receiveWindowFor(
  estimate: PathEstimateState,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
): number {
  if (!isAdvisable(estimate, destination, bounds, nowMs)) return 0;
  const wanted = Math.round(receiveMargin * windowBytes(estimate));
  return Math.min(Math.max(wanted, bounds.receiveWindowMinBytes), bounds.receiveWindowMaxBytes);
}

function isAdvisable(
  estimate: PathEstimateState,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
): boolean {
  return isEvidenceEnough(estimate, bounds, nowMs) && !isLoopback(destination);
}

// Of a longer transfer enough is paced behind the first segments that their loss is repaired meanwhile, at no cost: holding it back would
// cost round trips. A short one would wait for a tail loss probe or a timeout; where the kernel sends aggregates, all of it is bursts; and
// where those that start together have less than the unpaced segments as their share of a round trip, nothing is behind these but a queue.
function burstSegmentsFor(estimate: PathEstimateState): number {
  const segments = Math.round(estimate.tolerance.segments);
  if (segments === 0) return 0;
  const isShort = estimate.connectionBytes < shortSegments * mssBytesOf(estimate);
  return isShort || minRttUsOf(estimate) < aggregatesRttUs || isCrowded(estimate) ? segments : 0;
}

function isCrowded(estimate: PathEstimateState): boolean {
  const bdpBytes = (estimate.rate.rateBytesPerSecond * minRttUsOf(estimate)) / 1e6;
  return bdpBytes < unpacedSegments * mssBytesOf(estimate) * estimate.busyMax;
}

// What short transfers, of which the windows were the limit, would have sent in their second round trip.
function unprovedRate(estimate: PathEstimateState): number {
  const minRttUs = minRttUsOf(estimate);
  const isLosing = estimate.lossRatio > lossRatioMax;
  const burstSegments = burstSegmentsFor(estimate);
  if (minRttUs === 0 || (isLosing && burstSegments === 0)) return 0;
  // Of aggregates nothing is held back but by the window, and that is made of the rate.
  if (minRttUs < aggregatesRttUs && burstSegments > 0) return 0;
  // Bursts that are held back do not bound what is paced behind them.
  const connections = isLosing ? 1 : Math.max(1, estimate.busyMax);
  return (secondRoundSegments * connections * mssBytesOf(estimate) * 1e6) / minRttUs;
}

/** What rate and RTT ask for, before any bound. */
export function wantedSegments(estimate: PathEstimateState): number {
  return Math.round(windowBytes(estimate) / mssBytesOf(estimate));
}

/** What is in flight on a full path, with room to spare, bytes. */
export function windowBytes(estimate: PathEstimateState): number {
  return (estimate.rate.rateBytesPerSecond * roundTripUsOf(estimate)) / 1e6;
}

/** Payload bytes of a full segment; the usual ones where no row told. */
export function mssBytesOf(estimate: PathEstimateState): number {
  return estimate.mssBytes > 0 ? estimate.mssBytes : usualMssBytes;
}

function isEvidenceEnough(estimate: PathEstimateState, bounds: AdviceBounds, nowMs: number): boolean {
  return hasEvidence(estimate, bounds) && confidenceOf(estimate, nowMs) >= bounds.confidenceMin;
}

function reasonOf(estimate: PathEstimateState, wanted: number, given: number): string {
  const megabits = ((estimate.rate.rateBytesPerSecond * 8) / 1e6).toPrecision(3);
  const isMinimum = windowGain * minRttUsOf(estimate) >= medianGain * estimate.rttP50Us;
  const milliseconds = ((isMinimum ? minRttUsOf(estimate) : estimate.rttP50Us) / 1000).toPrecision(3);
  const roundTrip = isMinimum
    ? `${windowGain} x ${milliseconds} ms minimum RTT`
    : `${medianGain} x ${milliseconds} ms RTT`;
  const basis = `${megabits} Mbit/s x ${roundTrip} = ${wanted} segments`;
  const evidence = `from ${estimate.rateSamples} rate samples of ${estimate.connections} connections`;
  return given === wanted ? `${basis}, ${evidence}` : `${basis}, held at ${given}, ${evidence}`;
}
