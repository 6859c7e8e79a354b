/** The parts of a decision about a first window, in words and numbers. */
import { isLoopback } from "../../../proto/address.ts";
import type { ExplainedBound } from "../../../proto/gen/augmenter/v1/ExplainedBound.ts";
import type { ExplainedStep } from "../../../proto/gen/augmenter/v1/ExplainedStep.ts";
import type { ExplainedValue } from "../../../proto/gen/augmenter/v1/ExplainedValue.ts";
import type { Advice } from "../advice-change.ts";
import { adviceBounds } from "../bounds.ts";
import { confidenceOf } from "../confidence.ts";
import type { PathBelief } from "../path-belief.ts";
import type { PathEstimateState } from "../path-estimate.ts";
import { minRttUsOf } from "../path-estimate.ts";
import { isCapacityKnown } from "../path-rate.ts";
import type { EffectivePolicy } from "../policy/effective-policy.ts";
import type { View } from "../view.ts";
import { medianGain, mssBytesOf, rateHeadroom, wantedSegments, windowGain } from "../window-policy.ts";

const borrowedFrom = {
  PROVENANCE_MEASURED: undefined,
  PROVENANCE_INFERRED: "inferred from the paths beside it",
  PROVENANCE_PREDICTED: "predicted from where its ends are",
} as const satisfies Record<PathBelief["provenance"], string | undefined>;

/** What adviceFor() says, and why. */
export interface Decision {
  readonly advice: Advice | undefined;
  readonly reason: string;
}

/** The decision, and what it would have been without some of what it was cut to. */
export interface Decisions {
  readonly made: Decision;
  /** Without any rule of the policy. */
  readonly unpoliced: Decision;
  /** Nor any bound that windows and rates are cut to. */
  readonly uncut: Decision;
}

/** Why there is advice, or why there is none. */
export function conclusionOf(
  view: View,
  belief: PathBelief,
  policy: EffectivePolicy,
  decisions: Decisions,
  nowMs: number,
): string {
  const { hostId, destination } = belief.record;
  if (windowIn(decisions.made) > 0) return decisions.made.reason;
  if (view.abroad?.isAbroad(hostId) === true) {
    return `Not decided here: ${hostId} is advised by the aggregators of partition ${view.abroad.partitionOf(hostId)}`;
  }
  const none = "The kernel's default";
  if (isLoopback(destination)) return `${none}: the destination is loopback`;
  if (view.hosts.isOwnAddress(hostId, destination)) return `${none}: the destination is the source itself`;
  if (policy.excluded) return `${none}: the policy excludes the path`;
  if (policy.mode !== "apply") return `${none}: the policy's mode for the path is ${policy.mode}`;
  const isPinned = policy.pin !== undefined;
  if (isPinned && minRttUsOf(belief.record.estimate) === 0) {
    return `${none}: the policy pins the path, but no RTT of it is known`;
  }
  if (isPinned || windowIn(decisions.unpoliced) > 0) return `${none}: the policy asks for more confidence`;
  const short = evidenceBounds(belief, policy, decisions, nowMs).filter(({ hit }) => hit);
  return `${none}: too little evidence (${short.map(({ name, value, limit }) => `${name} is ${limit}, have ${value}`).join("; ")})`;
}

/** What is believed of the path, and how each number is known. */
export function explainedInputs(belief: PathBelief, nowMs: number): ExplainedValue[] {
  const { estimate } = belief.record;
  const { rate } = estimate;
  // Of a path with few samples or none the numbers are mostly others'.
  const borrowed = borrowedFrom[belief.provenance];
  const value = (name: string, number: number, unit: string, origin: string): ExplainedValue => ({
    name,
    value: number,
    unit,
    origin,
  });
  const raised = rate.raises > 0 ? `, raised ${rate.raises} times by proof` : "";
  const isKnown = isCapacityKnown(rate, nowMs) ? "seen full within ten minutes" : "not seen full within ten minutes";
  return [
    value("min_rtt", minRttUsOf(estimate), "us", borrowed ?? "smallest of the last 5 to 10 minutes"),
    value("rtt_p50", estimate.rttP50Us, "us", borrowed ?? "blended by evidence"),
    value("rtt_p95", estimate.rttP95Us, "us", borrowed ?? "blended by evidence"),
    value("rate", rate.rateBytesPerSecond, "bytes/s", borrowed ?? `of ${estimate.rateSamples} samples${raised}`),
    value("capacity", rate.capacityBytesPerSecond, "bytes/s", isKnown),
    value("loss", estimate.lossRatio, "ratio", borrowed ?? "retransmitted / sent segments, recent"),
    value("full_queue", estimate.fullQueueUs, "us", "waited in front of a buffer that overflowed"),
    value("burst_tolerance", estimate.tolerance.segments, "segments", "unpaced at once; 0: nothing was lost"),
    value("mss", mssBytesOf(estimate), "bytes", "of the newest report"),
    value("connection_size", estimate.connectionBytes, "bytes", "mean of the recent ones"),
    value("connections_at_once", estimate.busyMax, "", "most of about the last ten intervals"),
    value("rtt_samples", estimate.rttSamples, "samples", "since the path is known"),
    value("rate_samples", estimate.rateSamples, "samples", "since the path is known"),
    value("connections", estimate.connections, "", "since the path is known"),
    value("age", Math.max(0, nowMs - estimate.sampledMs) / 1000, "seconds", "since the newest sample"),
    value("confidence", belief.confidence, "ratio", borrowed ?? "from evidence and age"),
  ];
}

/** The formula of the window, as docs/estimation.md has it, and what was made of it where that is something else. */
export function explainedSteps(estimate: PathEstimateState, { advice, reason }: Decision): ExplainedStep[] {
  const minRttUs = Math.round(minRttUsOf(estimate));
  const medianUs = Math.round(estimate.rttP50Us);
  const rate = Math.round(estimate.rate.rateBytesPerSecond);
  const mss = mssBytesOf(estimate);
  const roundTripUs = Math.max(windowGain * minRttUs, medianGain * medianUs);
  const formula = [
    {
      name: "round_trip",
      formula: `max(${windowGain} x ${minRttUs} us, ${medianGain} x ${medianUs} us)`,
      value: roundTripUs,
      unit: "us",
    },
    {
      name: "window",
      formula: `${rate} bytes/s x ${Math.round(roundTripUs)} us / ${mss} bytes`,
      value: wantedSegments(estimate),
      unit: "segments",
    },
    {
      name: "path_rate",
      formula: `${rateHeadroom} x ${rate} bytes/s`,
      value: rateHeadroom * rate,
      unit: "bytes/s",
    },
  ];
  if (advice === undefined || advice.windowSegments === 0) return formula;
  const { windowSegments, pathRateBytesPerSecond } = advice;
  const isAsWorkedOut =
    windowSegments === wantedSegments(estimate) && Math.round(rateHeadroom * rate) === pathRateBytesPerSecond;
  if (isAsWorkedOut) return formula;
  return [
    ...formula,
    { name: "advised_window", formula: reason, value: windowSegments, unit: "segments" },
    { name: "advised_path_rate", formula: reason, value: pathRateBytesPerSecond, unit: "bytes/s" },
  ];
}

/** Every bound, and whether it decided anything. */
export function explainedBounds(
  belief: PathBelief,
  policy: EffectivePolicy,
  decisions: Decisions,
  nowMs: number,
): ExplainedBound[] {
  return [
    ...evidenceBounds(belief, policy, decisions, nowMs),
    ...windowBounds(belief.record.estimate, policy, decisions),
    ...receiveBounds(policy, decisions),
  ];
}

// Where a window comes of it all the same, inferred or pinned, none of them decided anything.
function evidenceBounds(
  { confidence, record: { estimate } }: PathBelief,
  { pin, limits }: EffectivePolicy,
  { unpoliced }: Decisions,
  nowMs: number,
): ExplainedBound[] {
  const isDecisive = pin === undefined && windowIn(unpoliced) === 0;
  const isFew = estimate.rateSamples < adviceBounds.rateSamplesEnough;
  const own = confidenceOf(estimate, nowMs);
  return [
    least("rtt_samples_min", adviceBounds.rttSamplesMin, estimate.rttSamples, "samples", isDecisive),
    least("rate_samples_min", adviceBounds.rateSamplesMin, estimate.rateSamples, "samples", isDecisive),
    least("connections_min", adviceBounds.connectionsMin, estimate.connections, "", isDecisive && isFew),
    least("confidence_min", adviceBounds.confidenceMin, own, "ratio", isDecisive),
    ...(limits.confidenceMin === 0 ? [] : [least("policy_confidence_min", limits.confidenceMin, confidence, "ratio")]),
  ];
}

// What is held against the bounds of the server is what the path asks for, against those of the policy what the server or a pin leaves of it.
function windowBounds(
  estimate: PathEstimateState,
  { pin, limits }: EffectivePolicy,
  { made, unpoliced, uncut }: Decisions,
): ExplainedBound[] {
  const isCut = pin === undefined && windowIn(unpoliced) > 0;
  const wanted = uncut.advice?.windowSegments || wantedSegments(estimate);
  const rate = uncut.advice?.pathRateBytesPerSecond || Math.round(rateHeadroom * estimate.rate.rateBytesPerSecond);
  const left = pin ?? unpoliced.advice;
  const isGiven = windowIn(made) > 0;
  return [
    least("window_least", adviceBounds.windowMinSegments, wanted, "segments", isCut),
    ...most("window_max", adviceBounds.windowMaxSegments, wanted, "segments", isCut),
    ...most("rate_max", adviceBounds.rateMaxBytesPerSecond, rate, "bytes/s", isCut),
    ...most("policy_window_max", limits.windowMaxSegments, left?.windowSegments ?? 0, "segments", isGiven),
    ...most("policy_rate_max", limits.rateMaxBytesPerSecond, left?.pathRateBytesPerSecond ?? 0, "bytes/s", isGiven),
  ];
}

// None where nothing is known of the path back.
function receiveBounds({ limits }: EffectivePolicy, { made, unpoliced, uncut }: Decisions): ExplainedBound[] {
  const wanted = receiveIn(uncut);
  if (wanted === 0) return [];
  const left = receiveIn(unpoliced);
  const given = receiveIn(made);
  const { receiveWindowMinBytes, receiveWindowMaxBytes } = adviceBounds;
  const isOfSender = given > 0 && given < Math.min(left, limits.receiveWindowMaxBytes);
  return [
    least("receive_window_least", receiveWindowMinBytes, wanted, "bytes"),
    ...most("receive_window_max", receiveWindowMaxBytes, wanted, "bytes"),
    ...most("policy_receive_window_max", limits.receiveWindowMaxBytes, left, "bytes", given > 0),
    ...most("policy_receive_window_max_of_sender", isOfSender ? given : Number.POSITIVE_INFINITY, left, "bytes"),
  ];
}

function windowIn({ advice }: Decision): number {
  return advice?.windowSegments ?? 0;
}

function receiveIn({ advice }: Decision): number {
  return advice?.receiveWindowBytes ?? 0;
}

function least(name: string, limit: number, value: number, unit: string, isDecisive = true): ExplainedBound {
  return { name, limit, value, unit, hit: isDecisive && value < limit };
}

function most(name: string, limit: number, value: number, unit: string, isDecisive = true): ExplainedBound[] {
  return Number.isFinite(limit) ? [{ name, limit, value, unit, hit: isDecisive && value > limit }] : [];
}
