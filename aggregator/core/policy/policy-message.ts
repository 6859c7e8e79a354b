/** Policies as the query service tells them. */
import { prefixText } from "../../../proto/address.ts";
import type { EffectivePolicy as EffectivePolicyMessage } from "../../../proto/gen/augmenter/v1/EffectivePolicy.ts";
import type { PolicyChange as PolicyChangeMessage } from "../../../proto/gen/augmenter/v1/PolicyChange.ts";
import type { PolicyRule as PolicyRuleMessage } from "../../../proto/gen/augmenter/v1/PolicyRule.ts";
import type { PolicyScope as PolicyScopeMessage } from "../../../proto/gen/augmenter/v1/PolicyScope.ts";
import type { HostState } from "../hosts.ts";
import type { EffectivePolicy } from "./effective-policy.ts";
import { restrictedMode } from "./effective-policy.ts";
import type { PolicyChange } from "./policy-book.ts";
import type { PolicyLimits, PolicyRule, PolicyScope } from "./policy-rule.ts";
import { noLimits } from "./policy-rule.ts";

/** Modes as the wire has them. */
export const modeNames = {
  unknown: "MODE_UNSPECIFIED",
  observe: "MODE_OBSERVE",
  apply: "MODE_APPLY",
  off: "MODE_OFF",
} as const;

/** What holds for one path, of a host in this mode. */
export function effectiveMessage(policy: EffectivePolicy, ownMode: HostState["mode"]): EffectivePolicyMessage {
  return {
    mode: modeNames[restrictedMode(ownMode, policy.mode)],
    excluded: policy.excluded,
    pin: policy.pin ?? null,
    limits: limitsMessage(policy.limits),
    rules: policy.rules.map(ruleMessage),
  };
}

/** One change. */
export function changeMessage({ revision, author, scope, before, after }: PolicyChange): PolicyChangeMessage {
  return {
    revision,
    author,
    scope: scopeMessage(scope),
    before: before === undefined ? null : ruleMessage(before),
    after: after === undefined ? null : ruleMessage(after),
  };
}

/** One rule. */
export function ruleMessage(rule: PolicyRule): PolicyRuleMessage {
  return {
    scope: scopeMessage(rule.scope),
    mode: modeNames[rule.mode ?? "unknown"],
    pin: rule.pin ?? null,
    excluded: rule.excluded,
    limits: limitsMessage(rule.limits),
    author: rule.author,
  };
}

function scopeMessage({ kind, name, prefix }: PolicyScope): PolicyScopeMessage {
  return {
    ...(kind === "all" ? {} : { [kind]: name }),
    prefix: prefix === undefined ? "" : prefixText(prefix),
  };
}

// 0 is "not limited" on the wire.
function limitsMessage(limits: PolicyLimits) {
  const known = (value: number) => (Number.isFinite(value) ? value : 0);
  const message = {
    windowMaxSegments: known(limits.windowMaxSegments),
    rateMaxBytesPerSecond: known(limits.rateMaxBytesPerSecond),
    receiveWindowMaxBytes: known(limits.receiveWindowMaxBytes),
    confidenceMin: limits.confidenceMin,
  };
  return limits === noLimits || Object.values(message).every((value) => value === 0) ? null : message;
}
