/** From what a caller wants the policy to say to a rule, field by field. */
import type { Prefix } from "../../../proto/address.ts";
import { prefixFromText } from "../../../proto/address.ts";
import type { AdviceLimits__Output } from "../../../proto/gen/augmenter/v1/AdviceLimits.ts";
import type { AdvicePin__Output } from "../../../proto/gen/augmenter/v1/AdvicePin.ts";
import type { PolicyRule__Output } from "../../../proto/gen/augmenter/v1/PolicyRule.ts";
import type { PolicyScope__Output } from "../../../proto/gen/augmenter/v1/PolicyScope.ts";
import { isHostId } from "../../../proto/subjects.ts";
import { adviceBounds, tableBounds } from "../bounds.ts";
import { allValid, invalidField } from "../query/query-fault.ts";
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

/** The rule that a message stands for, with rates from `rateMin` on. Throws QueryFault. */
export function ruleAsked(
  rule: PolicyRule__Output | null,
  author: PolicyAuthor,
  rateMin = adviceBounds.policyRateMinBytesPerSecond,
): PolicyRule {
  if (rule === null) throw invalidField("rule", "given", null);
  const [scope, mode, pin, limits] = allValid(
    () => scopeAsked("rule.scope", rule.scope),
    () => modeAsked(rule.mode),
    () => (rule.pin === null ? undefined : pinAsked(rule.pin, rateMin)),
    () => (rule.limits === null ? noLimits : limitsAsked(rule.limits, rateMin)),
  );
  const isEmpty = Object.keys(noLimits).every(
    (key) => limits[key as keyof PolicyLimits] === noLimits[key as keyof PolicyLimits],
  );
  if (mode === undefined && pin === undefined && !rule.excluded && isEmpty) {
    throw invalidField("rule", "a mode, a pin, an exclusion or a limit", "none of them");
  }
  return { scope, mode, pin, excluded: rule.excluded, limits, author };
}

/** The scope that a message stands for; an empty one: everything. Throws QueryFault. */
export function scopeAsked(field: string, scope: PolicyScope__Output | null): PolicyScope {
  // One that was forgotten must not stand for every path.
  if (scope === null) throw invalidField(field, "given, if only empty for every path", null);
  const [prefix, sources] = allValid(
    () => prefixAsked(`${field}.prefix`, scope.prefix),
    () => sourcesAsked(field, scope),
  );
  return { ...sources, prefix };
}

function prefixAsked(field: string, text: string): Prefix | undefined {
  const prefix = text === "" ? undefined : prefixFromText(text);
  if (text !== "" && prefix === undefined) throw invalidField(field, "an IP address or a prefix", text);
  return prefix;
}

function sourcesAsked(field: string, scope: PolicyScope__Output): Pick<PolicyScope, "kind" | "name"> {
  const kind = scope.source ?? "all";
  const name = scope.source === undefined ? "" : (scope[scope.source] ?? "");
  if (kind === "host" && !isHostId(name)) throw invalidField(`${field}.host`, "the id of a host", name);
  // A rack is named with its zone.
  const lengthMax = kind === "rack" ? 2 * tableBounds.labelMaxLength + 1 : tableBounds.labelMaxLength;
  if (kind !== "all" && (name === "" || name.length > lengthMax || !isPrintable(name))) {
    throw invalidField(`${field}.${kind}`, `a name of 1..${lengthMax} printable characters`, name);
  }
  return { kind, name };
}

function modeAsked(mode: PolicyRule__Output["mode"]): PolicyMode | undefined {
  if (!Object.hasOwn(modes, mode)) throw invalidField("rule.mode", "a Mode", mode);
  return modes[mode];
}

/** Why a change is made. Throws QueryFault. */
export function whyAsked(why: string): string {
  if (why.trim() !== "" && why.length <= whyMaxLength && isPrintable(why)) return why;
  throw invalidField("why", `a text of 1..${whyMaxLength} printable characters`, why);
}

// Control characters, marks that turn or hide text, and separators of lines would reach the terminals of all who read the policy.
function isPrintable(text: string): boolean {
  return /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u.test(text);
}

function pinAsked({ windowSegments, pathRateBytesPerSecond }: AdvicePin__Output, rateMin: number): PolicyPin {
  const { windowMaxSegments, rateMaxBytesPerSecond } = adviceBounds;
  allValid(
    () => within("rule.pin.window_segments", windowSegments, leastPinSegments, windowMaxSegments),
    () => within("rule.pin.path_rate_bytes_per_second", pathRateBytesPerSecond, rateMin, rateMaxBytesPerSecond),
  );
  return { windowSegments, pathRateBytesPerSecond };
}

function limitsAsked(limits: AdviceLimits__Output, rateMin: number): PolicyLimits {
  const bounds = adviceBounds;
  const limit = (name: string, value: number, lowest: number, highest: number) => {
    if (value === 0) return Number.POSITIVE_INFINITY;
    within(`rule.limits.${name}`, value, lowest, highest);
    return value;
  };
  const [windowMaxSegments, rateMaxBytesPerSecond, receiveWindowMaxBytes] = allValid(
    () => limit("window_max_segments", limits.windowMaxSegments, bounds.windowMinSegments, bounds.windowMaxSegments),
    () => limit("rate_max_bytes_per_second", limits.rateMaxBytesPerSecond, rateMin, bounds.rateMaxBytesPerSecond),
    () =>
      limit(
        "receive_window_max_bytes",
        limits.receiveWindowMaxBytes,
        bounds.receiveWindowMinBytes,
        bounds.receiveWindowMaxBytes,
      ),
    () => limits.confidenceMin === 0 || within("rule.limits.confidence_min", limits.confidenceMin, 0, 1),
  );
  return { windowMaxSegments, rateMaxBytesPerSecond, receiveWindowMaxBytes, confidenceMin: limits.confidenceMin };
}

function within(field: string, value: number, lowest: number, highest: number): void {
  if (!(value >= lowest && value <= highest)) throw invalidField(field, `${lowest}..${highest}`, value);
}
