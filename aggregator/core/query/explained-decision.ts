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
import type { PathRecord } from "../path-table.ts";
import type { EffectivePolicy } from "../policy/effective-policy.ts";
import type { PolicyLimits } from "../policy/policy-rule.ts";
import type { View } from "../view.ts";
import { medianGain, mssBytesOf, rateHeadroom, wantedSegments, windowFor, windowGain } from "../window-policy.ts";

const borrowedFrom = {
  PROVENANCE_MEASURED: undefined,
  PROVENANCE_INFERRED: "inferred from the paths beside it",
  PROVENANCE_PREDICTED: "predicted from where its ends are",
} as const satisfies Record<PathBelief["provenance"], string | undefined>;

/** Why there is advice, or why there is none. */
export function conclusionOf(
  view: View,
  { hostId, destination, estimate }: PathRecord,
  policy: EffectivePolicy,
  { advice, reason }: { readonly advice: Advice | undefined; readonly reason: string },
  nowMs: number,
): string {
  if (advice !== undefined && advice.windowSegments > 0) return reason;
  const none = "The kernel's default";
  if (isLoopback(destination)) return `${none}: the destination is loopback`;
  if (view.hosts.ownerOf(destination)?.hostId === hostId) return `${none}: the destination is the source itself`;
  if (policy.excluded) return `${none}: the policy excludes the path`;
  if (policy.mode !== "apply") return `${none}: the policy's mode for the path is ${policy.mode}`;
  if (windowFor(estimate, destination, adviceBounds, nowMs) !== undefined)
    return `${none}: the policy asks for more confidence`;
  const short = explainedBounds(estimate, policy.limits, nowMs).filter(
    ({ name, hit }) => hit && name?.endsWith("_min"),
  );
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

/** The formula of the window, as docs/estimation.md has it. */
export function explainedSteps(estimate: PathEstimateState): ExplainedStep[] {
  const minRttUs = Math.round(minRttUsOf(estimate));
  const medianUs = Math.round(estimate.rttP50Us);
  const rate = Math.round(estimate.rate.rateBytesPerSecond);
  const mss = mssBytesOf(estimate);
  const roundTripUs = Math.max(windowGain * minRttUs, medianGain * medianUs);
  return [
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
}

/** Every bound, and whether it decided anything. */
export function explainedBounds(estimate: PathEstimateState, limits: PolicyLimits, nowMs: number): ExplainedBound[] {
  const wanted = wantedSegments(estimate);
  const rate = rateHeadroom * estimate.rate.rateBytesPerSecond;
  const isFew = estimate.rateSamples < adviceBounds.rateSamplesEnough;
  const least = (name: string, limit: number, value: number, unit: string, counts = true): ExplainedBound => ({
    name,
    limit,
    value,
    unit,
    hit: counts && value < limit,
  });
  const most = (name: string, limit: number, value: number, unit: string): ExplainedBound[] =>
    Number.isFinite(limit) ? [{ name, limit, value, unit, hit: value > limit }] : [];
  const confidence = confidenceOf(estimate, nowMs);
  return [
    least("rtt_samples_min", adviceBounds.rttSamplesMin, estimate.rttSamples, "samples"),
    least("rate_samples_min", adviceBounds.rateSamplesMin, estimate.rateSamples, "samples"),
    least("connections_min", adviceBounds.connectionsMin, estimate.connections, "", isFew),
    least("confidence_min", Math.max(adviceBounds.confidenceMin, limits.confidenceMin), confidence, "ratio"),
    least("window_least", adviceBounds.windowMinSegments, wanted, "segments"),
    ...most("window_max", adviceBounds.windowMaxSegments, wanted, "segments"),
    ...most("rate_max", adviceBounds.rateMaxBytesPerSecond, rate, "bytes/s"),
    ...most("policy_window_max", limits.windowMaxSegments, wanted, "segments"),
    ...most("policy_rate_max", limits.rateMaxBytesPerSecond, rate, "bytes/s"),
  ];
}
