/**
 * The one place that says what is believed of a path and how that is known: measured on the path itself, inferred from the paths beside it,
 * or predicted from where its ends are.
 */

import { adviceBounds } from "./bounds.ts";
import { confidenceOf, freshnessAfter } from "./confidence.ts";
import type { HostState } from "./hosts.ts";
import { slowerLinkOf } from "./hosts.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { emptyEstimate, minRttUsOf } from "./path-estimate.ts";
import { pathKey } from "./path-key.ts";
import type { PathRecord } from "./path-table.ts";
import type { Common, ParentEstimate } from "./rollups.ts";
import type { View } from "./view.ts";
import { hasEvidence } from "./window-policy.ts";

/** What is believed of one path. */
export interface PathBelief {
  readonly provenance: "PROVENANCE_MEASURED" | "PROVENANCE_INFERRED" | "PROVENANCE_PREDICTED";
  /** 0..1. */
  readonly confidence: number;
  /** Since the newest sample of it, or of the paths beside it. */
  readonly ageSeconds: number;
  /** The numbers; counts are of the path's own samples only, and 0 where it has none. */
  readonly record: PathRecord;
  /** How far apart the logarithms of the rates of the paths are that the rate was borrowed from; 0: it was measured. */
  readonly rateDeviation: number;
}

/** One sample of the RTT says as much as the paths beside it do; of the rate it takes eight, as in path-rate.ts. */
const ownRttSamples = 1;
const ownRateSamples = 8;
/** Coordinates that were off by more than this lately tell nothing. */
const coordinateErrorMax = 0.5;
/** A path that nobody beside it ever measured is trusted a quarter at most. */
const predictedTrust = 0.25;
/** Of an estimate that agrees with others to the last bit: RTTs vary by a twentieth from path to path. */
const leastDeviation = 0.05;

/**
 * What is believed of a path; undefined where nothing is. A path with enough samples of its own is measured. One with fewer is drawn
 * to what its pair of racks, and that to what its pair of zones, has in common: inferred. Without these, RTT and rate are what
 * network coordinates and the ends' other paths tell: predicted.
 */
export function beliefOf(view: View, sourceId: string, destination: Uint8Array, nowMs: number): PathBelief | undefined {
  return believed(view, sourceId, destination, view.table.get(sourceId, destination), nowMs);
}

/**
 * A path's own estimate where it has samples enough to be believed by itself, as beliefOf() does then; undefined where not. Valid until the
 * next call, for those who look at many.
 */
export function measuredEstimate(view: View, sourceId: string, destination: Uint8Array): PathEstimateState | undefined {
  const estimate = view.table.peek(sourceId, destination);
  return estimate !== undefined && hasEvidence(estimate, adviceBounds) ? estimate : undefined;
}

/** What is believed of a path that is in the table. */
export function beliefOfRecord(view: View, record: PathRecord, nowMs: number): PathBelief {
  const belief = believed(view, record.hostId, record.destination, record, nowMs);
  return belief ?? measuredBelief(record, nowMs);
}

/** Since the newest sample. */
export function ageSecondsOf(estimate: Pick<PathEstimateState, "sampledMs">, nowMs: number): number {
  return Math.max(0, nowMs - estimate.sampledMs) / 1000;
}

function measuredBelief(record: PathRecord, nowMs: number): PathBelief {
  const { estimate } = record;
  return {
    provenance: "PROVENANCE_MEASURED",
    confidence: confidenceOf(estimate, nowMs),
    ageSeconds: ageSecondsOf(estimate, nowMs),
    record,
    rateDeviation: 0,
  };
}

function believed(
  view: View,
  sourceId: string,
  destination: Uint8Array,
  record: PathRecord | undefined,
  nowMs: number,
): PathBelief | undefined {
  const measured = record && measuredBelief(record, nowMs);
  if (record !== undefined && hasEvidence(record.estimate, adviceBounds)) return measured;
  const source = view.hosts.get(sourceId);
  const owner = view.hosts.ownerOf(destination);
  if (source === undefined || owner === undefined || owner.hostId === sourceId) return measured;
  return borrowed(view, source, owner, destination, record, nowMs) ?? measured;
}

function borrowed(
  view: View,
  source: HostState,
  owner: HostState,
  destination: Uint8Array,
  record: PathRecord | undefined,
  nowMs: number,
): PathBelief | undefined {
  const parent = view.inference.rollups.parentOf(source.place, owner.place, nowMs);
  const near = view.inference.coordinates.rttBetween(source, owner);
  const logRtt = combined(parent?.logMinRttUs, near === undefined ? undefined : asCommon(near.rttUs, near.error));
  if (logRtt === undefined) return undefined;
  const common = parent?.logRate ?? view.inference.rollups.rateOfEnds(source.place, owner.place);
  const rate = common && view.inference.throughLinks(common, source, owner, nowMs);
  const own = record?.estimate ?? { ...emptyEstimate, sampledMs: parent?.updatedMs ?? nowMs };
  const trust = parent?.confidence ?? predictedTrust * (1 - Math.min(1, near?.error ?? 1));
  const ownConfidence = confidenceOf(own, nowMs);
  return {
    provenance: parent === undefined ? "PROVENANCE_PREDICTED" : "PROVENANCE_INFERRED",
    confidence: ownConfidence + (1 - ownConfidence) * (rate === undefined ? trust / 2 : trust),
    ageSeconds: ageSecondsOf(own, nowMs),
    record: {
      key: pathKey(source.hostId, destination),
      hostId: source.hostId,
      destination,
      estimate: blended(own, logRtt.mean, rate, parent, slowerLinkOf(source, owner), nowMs),
    },
    rateDeviation: rate?.deviation ?? 0,
  };
}

function blended(
  own: PathEstimateState,
  logRtt: number,
  logRate: Common | undefined,
  parent: ParentEstimate | undefined,
  rateMax: number,
  nowMs: number,
): PathEstimateState {
  const freshness = freshnessAfter(nowMs - own.sampledMs);
  const rttWeight = weightOf(own.rttSamples * freshness, ownRttSamples);
  const rateWeight = weightOf(own.rateSamples * freshness, ownRateSamples);
  const minRttUs = drawn(Math.exp(logRtt), minRttUsOf(own), rttWeight);
  const rate = Math.min(
    drawn(logRate === undefined ? 0 : Math.exp(logRate.mean), own.rate.rateBytesPerSecond, rateWeight),
    rateMax,
  );
  return {
    ...own,
    minRtt: { bucketStartMs: nowMs, current: minRttUs, previous: Number.POSITIVE_INFINITY },
    rttP50Us: drawn(minRttUs * Math.exp(parent?.logStretchP50 ?? 0), own.rttP50Us, rttWeight),
    rttP95Us: drawn(minRttUs * Math.exp(parent?.logStretchP95 ?? 0), own.rttP95Us, rttWeight),
    rate: { ...own.rate, rateBytesPerSecond: rate },
    lossRatio: own.lossRatio * rateWeight + (parent?.lossRatio ?? 0) * (1 - rateWeight),
    mssBytes: own.mssBytes > 0 ? own.mssBytes : (parent?.mssBytes ?? 0),
  };
}

// Between logarithms; either may be unknown.
function drawn(common: number, own: number, weight: number): number {
  if (own === 0) return common;
  if (common === 0) return own;
  return Math.exp(Math.log(common) * (1 - weight) + Math.log(own) * weight);
}

function weightOf(samples: number, prior: number): number {
  return samples / (samples + prior);
}

// Two opinions weigh as the inverse of their variances.
function combined(left: Common | undefined, right: Common | undefined): Common | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const [leftWeight, rightWeight] = [precisionOf(left), precisionOf(right)];
  const sum = leftWeight + rightWeight;
  return { mean: (left.mean * leftWeight + right.mean * rightWeight) / sum, deviation: Math.sqrt(1 / sum) };
}

function precisionOf(common: Common): number {
  return 1 / (leastDeviation ** 2 + common.deviation ** 2);
}

function asCommon(rttUs: number, error: number): Common | undefined {
  return error <= coordinateErrorMax ? { mean: Math.log(rttUs), deviation: error } : undefined;
}
