import { expect, test } from "vitest";
import { ruleAsked, scopeAsked, whyAsked } from "../../../../../aggregator/core/policy/policy-request.ts";
import type { PolicyRule__Output } from "../../../../../proto/gen/augmenter/v1/PolicyRule.ts";
import type { PolicyScope__Output } from "../../../../../proto/gen/augmenter/v1/PolicyScope.ts";

const author = { who: "alice", peer: "127.0.0.1:1", changedUnixMs: 5, why: "a test" };
const everything: PolicyScope__Output = { prefix: "" };
const rule: PolicyRule__Output = {
  scope: everything,
  mode: "MODE_OBSERVE",
  pin: null,
  excluded: false,
  limits: null,
  author: null,
};

function violationsOf(fields: readonly string[]) {
  return expect.objectContaining({
    code: "INVALID_ARGUMENT",
    violations: fields.map((field) => expect.objectContaining({ field })),
  });
}

test("ruleAsked() takes an empty scope for every path", () => {
  const scope = { kind: "all", name: "", prefix: undefined };
  expect(ruleAsked(rule, author)).toMatchObject({ scope, mode: "observe", excluded: false, author });
});

test("ruleAsked() and scopeAsked() do not take a scope that is not given for every path", () => {
  expect(() => ruleAsked({ ...rule, scope: null }, author)).toThrow(violationsOf(["rule.scope"]));
  expect(() => scopeAsked("scope", null)).toThrow(violationsOf(["scope"]));
});

test("ruleAsked() names every wrong field", () => {
  const scope: PolicyScope__Output = { prefix: "10.0.0.0/99", source: "host", host: "a b" };
  expect(() => ruleAsked({ ...rule, scope }, author)).toThrow(violationsOf(["rule.scope.prefix", "rule.scope.host"]));
  const pin = { windowSegments: 1, pathRateBytesPerSecond: 0 };
  const limits = { windowMaxSegments: 1, rateMaxBytesPerSecond: 0, receiveWindowMaxBytes: 1, confidenceMin: 2 };
  expect(() => ruleAsked({ ...rule, pin, limits: { ...limits, confidenceMin: 0 } }, author)).toThrow(
    violationsOf([
      "rule.pin.window_segments",
      "rule.pin.path_rate_bytes_per_second",
      "rule.limits.window_max_segments",
      "rule.limits.receive_window_max_bytes",
    ]),
  );
  expect(() => ruleAsked({ ...rule, limits }, author)).toThrow(
    violationsOf([
      "rule.limits.window_max_segments",
      "rule.limits.receive_window_max_bytes",
      "rule.limits.confidence_min",
    ]),
  );
});

test.each(["", " ", "a\nb", "\u001b[2J", "a\u009bb", "a\u202eb", "a\u200bb", "a\u2028b", "x".repeat(1_001)])(
  "whyAsked() refuses %j",
  (why) => {
    expect(() => whyAsked(why)).toThrow(violationsOf(["why"]));
  },
);

test.each(["zone", "rack"] as const)("scopeAsked() refuses a %s that terminals would not show as it is", (source) => {
  for (const name of ["a\u001b[31mb", "a\u202eb", "a\u200bb", "a\u2028b", "a\u2029b"]) {
    const scope: PolicyScope__Output = { prefix: "", source, [source]: name };
    expect(() => scopeAsked("scope", scope)).toThrow(violationsOf([`scope.${source}`]));
  }
  expect(scopeAsked("scope", { prefix: "", source, [source]: "Köln 2" })).toMatchObject({
    kind: source,
    name: "Köln 2",
  });
});

test("whyAsked() takes any printable text", () => {
  expect(whyAsked("Wartung für züge-7 ✓")).toBe("Wartung für züge-7 ✓");
});

test("ruleAsked() takes no rate at which connections would stall", () => {
  const pin = { windowSegments: 10, pathRateBytesPerSecond: 124_999 };
  const limits = {
    windowMaxSegments: 0,
    rateMaxBytesPerSecond: 124_999,
    receiveWindowMaxBytes: 0,
    confidenceMin: 0,
  };
  expect(() => ruleAsked({ ...rule, pin, limits }, author)).toThrow(
    violationsOf(["rule.pin.path_rate_bytes_per_second", "rule.limits.rate_max_bytes_per_second"]),
  );
  const least = {
    ...rule,
    pin: { ...pin, pathRateBytesPerSecond: 125_000 },
    limits: { ...limits, rateMaxBytesPerSecond: 125_000 },
  };
  expect(ruleAsked(least, author)).toMatchObject({
    pin: { pathRateBytesPerSecond: 125_000 },
    limits: { rateMaxBytesPerSecond: 125_000 },
  });
});
