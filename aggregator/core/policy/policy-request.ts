/** From what a caller wants the policy to say to a rule, field by field. */
import { prefixFromText } from "../../../proto/address.ts";
import type { AdviceLimits__Output } from "../../../proto/gen/augmenter/v1/AdviceLimits.ts";
import type { AdvicePin__Output } from "../../../proto/gen/augmenter/v1/AdvicePin.ts";
import type { PolicyRule__Output } from "../../../proto/gen/augmenter/v1/PolicyRule.ts";
import type { PolicyScope__Output } from "../../../proto/gen/augmenter/v1/PolicyScope.ts";
import { isHostId } from "../../../proto/subjects.ts";
import { adviceBounds, tableBounds } from "../bounds.ts";
import { invalidField } from "../query/query-fault.ts";
import type { PolicyAuthor, PolicyLimits, PolicyMode, PolicyPin, PolicyRule, PolicyScope } from "./policy-rule.ts";
import { noLimits } from "./policy-rule.ts";

const modes: Readonly<Record<string, PolicyMode | undefined>> = {
  MODE_UNSPECIFIED: undefined,
  MODE_OBSERVE: "observe",
  MODE_APPLY: "apply",
  MODE_OFF: "off",
};

const leastPinSegments = 2;
const whyMaxLength = 1_000;

/** The rule that a message stands for. Throws QueryFault. */
export function ruleAsked(rule: PolicyRule__Output | null, author: PolicyAuthor): PolicyRule {
  if (rule === null) throw invalidField("rule", "given", null);
  const scope = scopeAsked("rule.scope", rule.scope);
  if (!Object.hasOwn(modes, rule.mode)) throw invalidField("rule.mode", "a Mode", rule.mode);
  const mode = modes[rule.mode];
  const pin = rule.pin === null ? undefined : pinAsked(rule.pin);
  const limits = rule.limits === null ? noLimits : limitsAsked(rule.limits);
  const isEmpty = Object.keys(noLimits).every(
    (key) => limits[key as keyof PolicyLimits] === noLimits[key as keyof PolicyLimits],
  );
  if (mode === undefined && pin === undefined && !rule.excluded && isEmpty) {
    throw invalidField("rule", "a mode, a pin, an exclusion or a limit", "none of them");
  }
  return { scope, mode, pin, excluded: rule.excluded, limits, author };
}

/** The scope that a message stands for; absent: everything. Throws QueryFault. */
export function scopeAsked(field: string, scope: PolicyScope__Output | null): PolicyScope {
  const kind = scope?.source ?? "all";
  const name = scope?.source === undefined ? "" : (scope[scope.source] ?? "");
  const prefix = scope === null || scope.prefix === "" ? undefined : prefixFromText(scope.prefix);
  if (scope !== null && scope.prefix !== "" && prefix === undefined) {
    throw invalidField(`${field}.prefix`, "an IP address or a prefix", scope.prefix);
  }
  if (kind === "host" && !isHostId(name)) throw invalidField(`${field}.host`, "the id of a host", name);
  // A rack is named with its zone.
  const lengthMax = kind === "rack" ? 2 * tableBounds.labelMaxLength + 1 : tableBounds.labelMaxLength;
  if (kind !== "all" && (name === "" || name.length > lengthMax)) {
    throw invalidField(`${field}.${kind}`, `a name of 1..${lengthMax} characters`, name);
  }
  return { kind, name, prefix };
}

/** Why a change is made. Throws QueryFault. */
export function whyAsked(why: string): string {
  if (why.trim() !== "" && why.length <= whyMaxLength) return why;
  throw invalidField("why", `a text of 1..${whyMaxLength} characters`, why);
}

function pinAsked({ windowSegments, pathRateBytesPerSecond }: AdvicePin__Output): PolicyPin {
  const { windowMaxSegments, rateMaxBytesPerSecond } = adviceBounds;
  within("rule.pin.window_segments", windowSegments, leastPinSegments, windowMaxSegments);
  within("rule.pin.path_rate_bytes_per_second", pathRateBytesPerSecond, 1, rateMaxBytesPerSecond);
  return { windowSegments, pathRateBytesPerSecond };
}

function limitsAsked(limits: AdviceLimits__Output): PolicyLimits {
  const bounds = adviceBounds;
  const limit = (name: string, value: number, lowest: number, highest: number) => {
    if (value === 0) return Number.POSITIVE_INFINITY;
    within(`rule.limits.${name}`, value, lowest, highest);
    return value;
  };
  if (limits.confidenceMin !== 0) within("rule.limits.confidence_min", limits.confidenceMin, 0, 1);
  return {
    windowMaxSegments: limit(
      "window_max_segments",
      limits.windowMaxSegments,
      bounds.windowMinSegments,
      bounds.windowMaxSegments,
    ),
    rateMaxBytesPerSecond: limit(
      "rate_max_bytes_per_second",
      limits.rateMaxBytesPerSecond,
      1,
      bounds.rateMaxBytesPerSecond,
    ),
    receiveWindowMaxBytes: limit(
      "receive_window_max_bytes",
      limits.receiveWindowMaxBytes,
      bounds.receiveWindowMinBytes,
      bounds.receiveWindowMaxBytes,
    ),
    confidenceMin: limits.confidenceMin,
  };
}

function within(field: string, value: number, lowest: number, highest: number): void {
  if (!(value >= lowest && value <= highest)) throw invalidField(field, `${lowest}..${highest}`, value);
}
