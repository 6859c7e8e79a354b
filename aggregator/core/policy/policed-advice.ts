/** Advice as the policy leaves it. */
import type { PathEstimateState } from "../path-estimate.ts";
import { minRttUsOf } from "../path-estimate.ts";
import type { WindowAdvice } from "../window-policy.ts";
import type { EffectivePolicy } from "./effective-policy.ts";

/** Whether the policy keeps all advice about a path from being sent. */
export function isWithheld({ mode, excluded }: EffectivePolicy): boolean {
  return excluded || mode !== "apply";
}

/**
 * The window that the policy leaves of what would be advised, which is undefined where the evidence does not suffice: a pin stands
 * whatever the evidence, but needs the RTT, as no window is granted without.
 */
export function policedWindow(
  window: WindowAdvice | undefined,
  estimate: PathEstimateState,
  policy: EffectivePolicy,
  confidence: number,
): WindowAdvice | undefined {
  if (policy.rules.length === 0) return window;
  if (isWithheld(policy)) return undefined;
  const { limits } = policy;
  if (confidence < limits.confidenceMin) return undefined;
  const wanted = policy.pin === undefined ? window : pinnedWindow(window, estimate, policy);
  if (wanted === undefined) return undefined;
  const windowSegments = Math.min(wanted.windowSegments, limits.windowMaxSegments);
  const pathRateBytesPerSecond = Math.min(wanted.pathRateBytesPerSecond, limits.rateMaxBytesPerSecond);
  const isCut = windowSegments < wanted.windowSegments || pathRateBytesPerSecond < wanted.pathRateBytesPerSecond;
  const reason = isCut ? () => `${wanted.reason()}; cut to the limits of the policy` : wanted.reason;
  return { ...wanted, windowSegments, pathRateBytesPerSecond, reason };
}

function pinnedWindow(
  window: WindowAdvice | undefined,
  estimate: PathEstimateState,
  { pin, rules }: EffectivePolicy,
): WindowAdvice | undefined {
  const minRttUs = minRttUsOf(estimate);
  if (pin === undefined || minRttUs === 0) return undefined;
  const author = rules.findLast((rule) => rule.pin !== undefined)?.author;
  return {
    ...pin,
    minRttUs,
    isCapacityKnown: window?.isCapacityKnown ?? false,
    burstSegments: window?.burstSegments ?? 0,
    reason: () => `Pinned by ${author?.who ?? "an operator"}: ${author?.why ?? ""}`,
  };
}
