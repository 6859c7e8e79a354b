/** Policy rules as tables. */
import { bytesText, rateText } from "../../common/quantities.ts";
import type { EffectivePolicy__Output } from "../../proto/gen/augmenter/v1/EffectivePolicy.ts";
import type { Policy__Output } from "../../proto/gen/augmenter/v1/Policy.ts";
import type { PolicyChange__Output } from "../../proto/gen/augmenter/v1/PolicyChange.ts";
import type { PolicyRule__Output } from "../../proto/gen/augmenter/v1/PolicyRule.ts";
import type { PolicyScope__Output } from "../../proto/gen/augmenter/v1/PolicyScope.ts";
import type { Report, Table } from "../core/report.ts";
import { factsTable } from "../core/report.ts";
import { modeText } from "./hosts-report.ts";

/** Every rule there is. */
export function policyReport(policy: Policy__Output): Report {
  const kept = policy.durable ? "" : "; the server keeps them no longer than it runs";
  return {
    value: policy,
    tables: [rulesTable(policy.rules, "No rules: every host does as its agent was started.")],
    notes: [
      `revision ${policy.revision}${kept}`,
      ...(policy.nextPageToken === "" ? [] : ["and more rules: see augmenter policy get"]),
    ],
  };
}

/** What holds for one path. */
export function effectivePolicyReport(policy: EffectivePolicy__Output): Report {
  const says = ruleText({ ...policy, scope: null, author: null });
  return {
    value: policy,
    tables: [
      factsTable("", [
        ["mode", modeText(policy.mode)],
        ["says", says || "nothing else"],
      ]),
      { ...rulesTable(policy.rules, "No rule holds for this path."), heading: "from" },
    ],
  };
}

/** Who changed what, newest first. */
export function changesReport(changes: readonly PolicyChange__Output[], notes: readonly string[] = []): Report {
  return {
    value: { changes },
    tables: [
      {
        columns: ["revision", "when", "who", "scope", "before", "after", "why"].map((title) => ({
          title,
          isText: true,
        })),
        rows: changes.map(({ revision, author, scope, before, after }) => [
          String(revision),
          timeText(author?.changedUnixMs ?? 0),
          author?.who ?? "",
          scopeText(scope),
          before === null ? "-" : ruleText(before),
          after === null ? "-" : ruleText(after),
          author?.why ?? "",
        ]),
        empty: "No changes.",
      },
    ],
    notes,
  };
}

function rulesTable(rules: readonly PolicyRule__Output[], empty: string): Table {
  return {
    columns: ["scope", "says", "who", "when", "why"].map((title) => ({ title, isText: true })),
    rows: rules.map((rule) => [
      scopeText(rule.scope),
      ruleText(rule),
      rule.author?.who ?? "",
      timeText(rule.author?.changedUnixMs ?? 0),
      rule.author?.why ?? "",
    ]),
    empty,
  };
}

function scopeText(scope: PolicyScope__Output | null): string {
  const from = scope?.source === undefined ? "" : `${scope.source} ${scope[scope.source] ?? ""}`;
  const to = scope?.prefix ? `to ${scope.prefix}` : "";
  return [from, to].filter((part) => part !== "").join(" ") || "everything";
}

function ruleText({ mode, excluded, pin, limits }: PolicyRule__Output): string {
  const parts = [
    mode === "MODE_UNSPECIFIED" ? "" : modeText(mode),
    excluded ? "excluded" : "",
    pin === null ? "" : `pinned to ${pin.windowSegments} segments at ${rateText(pin.pathRateBytesPerSecond)}`,
    limits?.windowMaxSegments ? `window <= ${limits.windowMaxSegments}` : "",
    limits?.rateMaxBytesPerSecond ? `rate <= ${rateText(limits.rateMaxBytesPerSecond)}` : "",
    limits?.receiveWindowMaxBytes ? `receive window <= ${bytesText(limits.receiveWindowMaxBytes)}` : "",
    limits?.confidenceMin ? `confidence >= ${limits.confidenceMin}` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function timeText(unixMs: number): string {
  return unixMs === 0
    ? "-"
    : new Date(unixMs)
        .toISOString()
        .replace("T", " ")
        .replace(/\.\d+Z$/, " UTC");
}
