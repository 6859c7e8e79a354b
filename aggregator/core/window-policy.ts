/** From what is believed of a path to what a host is told to do with it. */
import { isLoopback } from "../../proto/address.ts";
import type { AdviceBounds } from "./bounds.ts";
import { confidenceOf } from "./confidence.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { bdpBytesOf, minRttUsOf } from "./path-estimate.ts";

/** A first window and the rate at which it is paced. */
export interface WindowAdvice {
  readonly windowSegments: number;
  /** Payload bytes a second that all connections to the destination share. */
  readonly pathRateBytesPerSecond: number;
  readonly minRttUs: number;
  /** One sentence for a person. */
  readonly reason: string;
}

/**
 * With pacing held, two BDP cost nothing and forgive an estimate that is half the truth (docs/architecture.md: 48
 * cells, one connection alone).
 */
const windowGain = 2;
/** Pacing a little below the rate keeps the bottleneck's queue from standing. */
const rateHeadroom = 0.96;
/** Of a receive buffer, what is left for payload beside the kernel's bookkeeping. */
const receiveMargin = 1.25;
/** Ethernet with timestamps; where no row told the segment size. */
const usualMssBytes = 1448;

/**
 * The first window for connections to `destination`; undefined where the kernel's default stands: on loopback, below
 * the minimum evidence, and where a BDP fits in the kernel's ten segments (RFC 6928).
 */
export function windowFor(
  estimate: PathEstimateState,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
): WindowAdvice | undefined {
  if (!isAdvisable(estimate, destination, bounds, nowMs)) return undefined;
  const wanted = Math.round(windowGain * bdpSegmentsOf(estimate));
  const windowSegments = Math.min(bounds.windowMaxSegments, Math.max(bounds.windowMinSegments, wanted));
  const rate = Math.min(estimate.rate.rateBytesPerSecond, bounds.rateMaxBytesPerSecond);
  return {
    windowSegments,
    pathRateBytesPerSecond: Math.max(1, Math.round(rate * rateHeadroom)),
    minRttUs: minRttUsOf(estimate),
    reason: reasonOf(estimate, wanted, windowSegments),
  };
}

/**
 * What the receiver at the far end of a path should be ready to take at once, bytes; 0 where the kernel's own first
 * receive window is enough or the path is not known well enough to send more.
 */
export function receiveWindowFor(
  estimate: PathEstimateState,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
): number {
  if (!isAdvisable(estimate, destination, bounds, nowMs)) return 0;
  const wanted = Math.round(windowGain * receiveMargin * bdpBytesOf(estimate));
  return wanted <= bounds.receiveWindowMinBytes ? 0 : Math.min(wanted, bounds.receiveWindowMaxBytes);
}

function isAdvisable(
  estimate: PathEstimateState,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
): boolean {
  if (!isEvidenceEnough(estimate, bounds, nowMs)) return false;
  return bdpSegmentsOf(estimate) > bounds.windowMinSegments && !isLoopback(destination);
}

function bdpSegmentsOf(estimate: PathEstimateState): number {
  return bdpBytesOf(estimate) / (estimate.mssBytes > 0 ? estimate.mssBytes : usualMssBytes);
}

function isEvidenceEnough(estimate: PathEstimateState, bounds: AdviceBounds, nowMs: number): boolean {
  const { rttSamples, rateSamples, connections } = estimate;
  if (rttSamples < bounds.rttSamplesMin || rateSamples < bounds.rateSamplesMin) return false;
  if (connections < bounds.connectionsMin && rateSamples < bounds.rateSamplesEnough) return false;
  return confidenceOf(estimate, nowMs) >= bounds.confidenceMin;
}

function reasonOf(estimate: PathEstimateState, wanted: number, given: number): string {
  const megabits = ((estimate.rate.rateBytesPerSecond * 8) / 1e6).toPrecision(3);
  const milliseconds = (minRttUsOf(estimate) / 1000).toPrecision(3);
  const basis = `${windowGain} x ${megabits} Mbit/s x ${milliseconds} ms minimum RTT = ${wanted} segments`;
  const evidence = `from ${estimate.rateSamples} rate samples of ${estimate.connections} connections`;
  return given === wanted ? `${basis}, ${evidence}` : `${basis}, held at ${given}, ${evidence}`;
}
