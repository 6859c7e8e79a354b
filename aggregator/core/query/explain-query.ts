/**
 * ExplainAdvice: the decision of host-advice.ts, with everything it rests on said aloud. What it would have been otherwise is the same
 * decision in a view without one of its parts.
 */
import type { Alternative } from "../../../proto/gen/augmenter/v1/Alternative.ts";
import type { ExplainAdviceRequest__Output } from "../../../proto/gen/augmenter/v1/ExplainAdviceRequest.ts";
import type { ExplainAdviceResponse } from "../../../proto/gen/augmenter/v1/ExplainAdviceResponse.ts";
import type { AdviceBounds } from "../bounds.ts";
import { adviceBounds } from "../bounds.ts";
import type { FailedWindow } from "../failure-log.ts";
import type { KnownPath } from "../host-advice.ts";
import { adviceFor, reasonFor } from "../host-advice.ts";
import type { PathBelief } from "../path-belief.ts";
import { adviceMessage, beliefMessage } from "../path-message.ts";
import { PolicyBook } from "../policy/policy-book.ts";
import { effectiveMessage } from "../policy/policy-message.ts";
import { SharedFailures } from "../shared-failures.ts";
import type { View } from "../view.ts";
import type { Decision, Decisions } from "./explained-decision.ts";
import { conclusionOf, explainedBounds, explainedInputs, explainedSteps } from "./explained-decision.ts";
import { pathAsked } from "./path-query.ts";

/** Nothing is ever cut to these. */
const uncutting: AdviceBounds = {
  ...adviceBounds,
  windowMinSegments: 1,
  windowMaxSegments: Number.MAX_SAFE_INTEGER,
  receiveWindowMinBytes: 1,
  receiveWindowMaxBytes: Number.MAX_SAFE_INTEGER,
  rateMaxBytesPerSecond: Number.MAX_SAFE_INTEGER,
};

/** Nor is any evidence too little. */
const unbounded: AdviceBounds = {
  ...uncutting,
  rttSamplesMin: 1,
  rateSamplesMin: 1,
  connectionsMin: 0,
  confidenceMin: 0,
};

/** Answers ExplainAdvice. Throws QueryFault. */
export function explainAdvice(view: View, request: ExplainAdviceRequest__Output, nowMs: number): ExplainAdviceResponse {
  const belief = pathAsked(view, request, nowMs);
  const { hostId, destination } = belief.record;
  const host = view.hosts.get(hostId);
  const hostMode = host?.mode ?? "unknown";
  const policy = view.policy.forPath(hostId, host, destination);
  const decide = (asIf: View, bounds: AdviceBounds, known?: KnownPath): Decision => ({
    advice: adviceFor(asIf, hostId, destination, bounds, nowMs, known),
    reason: reasonFor(asIf, hostId, destination, bounds, nowMs, known) ?? "",
  });
  const free = { ...view, policy: new PolicyBook() };
  const decisions: Decisions = {
    made: decide(view, adviceBounds),
    unpoliced: decide(free, adviceBounds),
    uncut: decide(free, uncutting),
  };
  const messageOf = ({ advice, reason }: Decision) =>
    advice === undefined ? null : adviceMessage(advice, reason, hostMode);
  const alternative = (without: string, decision: Decision): Alternative => ({ without, advice: messageOf(decision) });
  // Who advises the host has other bounds to hit, and other alternatives.
  const isDecidedHere = view.abroad?.isAbroad(hostId) !== true;
  return {
    path: beliefMessage(view, belief, nowMs),
    wanted: messageOf(decisions.made),
    conclusion: `${conclusionOf(view, belief, policy, decisions, nowMs)}${isDecidedHere ? byStandby(view) : ""}`,
    inputs: explainedInputs(belief, nowMs),
    steps: explainedSteps(belief.record.estimate, decisions.made),
    bounds: isDecidedHere ? explainedBounds(belief, policy, decisions, nowMs) : [],
    failedWindows: view.failures.of(hostId, destination).map((failed) => failedMessage(failed, nowMs)),
    alternatives: isDecidedHere
      ? [
          alternative("bounds", decide(view, unbounded)),
          alternative("policy", decisions.unpoliced),
          alternative("recent failures", decide(withoutSharedFailures(view), adviceBounds, unfailed(view, belief))),
        ]
      : [],
    policy: effectiveMessage(policy, hostMode),
    hostMode,
  };
}

// Both have the same reports, but what decides is what the leader remembers, such as of paths that were full before this one started.
function byStandby({ ledger }: View): string {
  if (ledger.term !== 0) return "";
  return "; so this aggregator would say, but it stands by: ask the one that leads, whose answers have augmenter-role: leader";
}

function withoutSharedFailures(view: View): View {
  const none = { destinationsMax: 1, reportersMax: 1, reportersPerDestinationMax: 1 };
  return { ...view, sharedFailures: new SharedFailures(none) };
}

// The path as if none of its own windows had failed; undefined where none has.
function unfailed(view: View, belief: PathBelief): KnownPath | undefined {
  const { record, confidence, provenance } = belief;
  const { estimate } = record;
  const [newest] = view.failures.of(record.hostId, record.destination).filter(({ effect }) => effect === "lowered");
  if (newest === undefined && estimate.windowsFailed === 0) return undefined;
  // Before it retreats, a rate is what trains and full paths showed; a retreat is at least a factor.
  const before = Math.max(newest?.rateBeforeBytesPerSecond ?? 0, estimate.rate.rateBytesPerSecond);
  const healthy = { ...estimate, windowsFailed: 0, rate: { ...estimate.rate, rateBytesPerSecond: before } };
  if (provenance === "PROVENANCE_MEASURED") return { estimate: healthy, confidence };
  return { estimate: healthy, confidence, belief: { ...belief, record: { ...record, estimate: healthy } } };
}

function failedMessage(failed: FailedWindow, nowMs: number) {
  return {
    ageSeconds: Math.max(0, nowMs - failed.atMs) / 1000,
    windowSegments: failed.windowSegments,
    segmentsDelivered: failed.segmentsDelivered,
    segmentsLost: failed.segmentsLost,
    effect: failed.effect,
    rateBeforeBytesPerSecond: Math.round(failed.rateBeforeBytesPerSecond),
    rateAfterBytesPerSecond: Math.round(failed.rateAfterBytesPerSecond),
  };
}
