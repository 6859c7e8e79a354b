/** What all rules together say for one path. */
import { adviceBounds } from "../bounds.ts";
import type { HostState } from "../hosts.ts";
import type { PolicyLimits, PolicyMode, PolicyPin, PolicyRule } from "./policy-rule.ts";
import { noLimits, policyModes } from "./policy-rule.ts";

const rateMin = adviceBounds.policyRateMinBytesPerSecond;

/** For one path. */
export interface EffectivePolicy {
  /** Without the host's own mode. */
  readonly mode: PolicyMode;
  readonly excluded: boolean;
  readonly pin: PolicyPin | undefined;
  readonly limits: PolicyLimits;
  /** The rules that hold, widest scope first. */
  readonly rules: readonly PolicyRule[];
}

/** Without any rule. */
export const freePolicy: EffectivePolicy = {
  mode: "apply",
  excluded: false,
  pin: undefined,
  limits: noLimits,
  rules: [],
};

/**
 * The most restrictive mode, any exclusion, the tightest limits, and the pin of the narrowest scope. Rules come widest first. Rates below
 * the least are raised to it: those of rules that were set before there was one.
 */
export function effectivePolicy(rules: readonly PolicyRule[]): EffectivePolicy {
  if (rules.length === 0) return freePolicy;
  const limits = rules.map((rule) => rule.limits);
  return {
    mode: rules.reduce<PolicyMode>((mode, rule) => stricter(mode, rule.mode ?? "apply"), "apply"),
    excluded: rules.some(({ excluded }) => excluded),
    pin: raised(rules.reduce<PolicyPin | undefined>((pin, rule) => rule.pin ?? pin, undefined)),
    limits: {
      windowMaxSegments: Math.min(...limits.map(({ windowMaxSegments }) => windowMaxSegments)),
      rateMaxBytesPerSecond: Math.max(
        rateMin,
        Math.min(...limits.map(({ rateMaxBytesPerSecond }) => rateMaxBytesPerSecond)),
      ),
      receiveWindowMaxBytes: Math.min(...limits.map(({ receiveWindowMaxBytes }) => receiveWindowMaxBytes)),
      confidenceMin: Math.max(...limits.map(({ confidenceMin }) => confidenceMin)),
    },
    rules,
  };
}

function raised(pin: PolicyPin | undefined): PolicyPin | undefined {
  return pin && { ...pin, pathRateBytesPerSecond: Math.max(rateMin, pin.pathRateBytesPerSecond) };
}

/** The mode that is left of a host's own: the policy only ever restricts. */
export function restrictedMode(own: HostState["mode"], mode: PolicyMode): HostState["mode"] {
  return own === "unknown" ? own : stricter(own, mode);
}

function stricter(left: PolicyMode, right: PolicyMode): PolicyMode {
  return policyModes.indexOf(left) >= policyModes.indexOf(right) ? left : right;
}
