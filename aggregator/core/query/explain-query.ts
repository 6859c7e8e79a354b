/** ExplainAdvice: the decision of window-policy.ts again, with everything it rests on said aloud. */
import type { Alternative } from "../../../proto/gen/augmenter/v1/Alternative.ts";
import type { ExplainAdviceRequest__Output } from "../../../proto/gen/augmenter/v1/ExplainAdviceRequest.ts";
import type { ExplainAdviceResponse } from "../../../proto/gen/augmenter/v1/ExplainAdviceResponse.ts";
import type { PathAdvice } from "../../../proto/gen/augmenter/v1/PathAdvice.ts";
import type { AdviceBounds } from "../bounds.ts";
import { adviceBounds } from "../bounds.ts";
import type { FailedWindow } from "../failure-log.ts";
import { adviceFor, reasonFor } from "../host-advice.ts";
import { adviceMessage, beliefMessage } from "../path-message.ts";
import type { PathRecord } from "../path-table.ts";
import { effectiveMessage } from "../policy/policy-message.ts";
import type { View } from "../view.ts";
import { windowFor } from "../window-policy.ts";
import { conclusionOf, explainedBounds, explainedInputs, explainedSteps } from "./explained-decision.ts";
import { pathAsked } from "./path-query.ts";

/** Beyond these nothing is ever cut. */
const unbounded: AdviceBounds = {
  ...adviceBounds,
  windowMinSegments: 1,
  windowMaxSegments: Number.MAX_SAFE_INTEGER,
  rateMaxBytesPerSecond: Number.MAX_SAFE_INTEGER,
  rttSamplesMin: 1,
  rateSamplesMin: 1,
  connectionsMin: 0,
  confidenceMin: 0,
};

/** Answers ExplainAdvice. Throws QueryFault. */
export function explainAdvice(view: View, request: ExplainAdviceRequest__Output, nowMs: number): ExplainAdviceResponse {
  const belief = pathAsked(view, request, nowMs);
  const { record } = belief;
  const { hostId, destination, estimate } = record;
  const host = view.hosts.get(hostId);
  const hostMode = host?.mode ?? "unknown";
  const policy = view.policy.forPath(hostId, host, destination);
  const advice = adviceFor(view, hostId, destination, adviceBounds, nowMs);
  const reason = reasonFor(view, hostId, destination, adviceBounds, nowMs) ?? "";
  return {
    path: beliefMessage(view, belief, nowMs),
    wanted: advice === undefined ? null : adviceMessage(advice, reason, hostMode),
    conclusion: `${conclusionOf(view, record, policy, { advice, reason }, nowMs)}${byStandby(view)}`,
    inputs: explainedInputs(belief, nowMs),
    steps: explainedSteps(estimate),
    bounds: explainedBounds(estimate, policy.limits, nowMs),
    failedWindows: view.failures.of(hostId, destination).map((failed) => failedMessage(failed, nowMs)),
    alternatives: alternatives(view, record, hostMode, nowMs),
    policy: effectiveMessage(policy, hostMode),
    hostMode,
  };
}

// Both have the same reports, but what decides is what the leader remembers, such as of paths that were full before this one started.
function byStandby({ ledger }: View): string {
  if (ledger.term !== 0) return "";
  return "; so this aggregator would say, but it stands by: ask the one that leads, whose answers have augmenter-role: leader";
}

function alternatives(view: View, record: PathRecord, hostMode: string, nowMs: number): Alternative[] {
  const { estimate, destination } = record;
  const { rate } = estimate;
  // Before it retreats, a rate is what trains and full paths showed; a retreat is at least a factor.
  const [newest] = view.failures.of(record.hostId, destination).filter(({ effect }) => effect === "lowered");
  const before = Math.max(newest?.rateBeforeBytesPerSecond ?? 0, rate.rateBytesPerSecond);
  const unfailed = { ...estimate, rate: { ...rate, rateBytesPerSecond: before } };
  const otherwise = (without: string, window: ReturnType<typeof windowFor>): Alternative => ({
    without,
    advice:
      window === undefined
        ? null
        : adviceMessage(
            { ...window, destination, receiveWindowBytes: 0, rtoMinUs: 0, togetherSegments: 0, togetherHosts: 0 },
            window.reason(),
            hostMode,
          ),
  });
  return [
    otherwise("bounds", windowFor(estimate, destination, unbounded, nowMs)),
    otherwise("policy", windowFor(estimate, destination, adviceBounds, nowMs)),
    otherwise("recent failures", windowFor(unfailed, destination, adviceBounds, nowMs)),
  ] satisfies { readonly advice?: PathAdvice | null }[];
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
