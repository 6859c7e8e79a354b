import { describe, expect, test } from "vitest";
import { effectivePolicy, restrictedMode } from "../../../../../aggregator/core/policy/effective-policy.ts";
import type { PolicyRule, PolicyScope } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { byWidth, holdsPath, noLimits } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { prefixFromText } from "../../../../../proto/address.ts";
import { address, announcement, emptyView } from "../../fixtures.ts";

const author = { who: "alice", peer: "", changedUnixMs: 0, why: "a test" };
const everything: PolicyScope = { kind: "all", name: "", prefix: undefined };

function rule(changes: Partial<PolicyRule>): PolicyRule {
  return { scope: everything, mode: undefined, pin: undefined, excluded: false, limits: noLimits, author, ...changes };
}

describe("effectivePolicy()", () => {
  test("takes the most restrictive mode, whatever the scope", () => {
    expect(effectivePolicy([rule({ mode: "off" }), rule({ mode: "apply" })]).mode).toBe("off");
    expect(effectivePolicy([rule({ mode: "apply" }), rule({ mode: "observe" })]).mode).toBe("observe");
    expect(effectivePolicy([rule({ excluded: true })])).toMatchObject({ mode: "apply", excluded: true });
  });

  test("takes the tightest limits and the narrowest pin", () => {
    const pin = { windowSegments: 20, pathRateBytesPerSecond: 200_000 };
    const policy = effectivePolicy([
      rule({ limits: { ...noLimits, windowMaxSegments: 100, confidenceMin: 0.5 } }),
      rule({
        limits: { ...noLimits, windowMaxSegments: 300, rateMaxBytesPerSecond: 700_000 },
        pin: { ...pin, windowSegments: 30 },
      }),
      rule({ pin }),
    ]);
    expect(policy.limits).toMatchObject({ windowMaxSegments: 100, rateMaxBytesPerSecond: 700_000, confidenceMin: 0.5 });
    expect(policy.pin).toEqual(pin);
  });

  test("raises rates at which connections would stall, of rules from before they were refused", () => {
    const pin = { windowSegments: 20, pathRateBytesPerSecond: 1 };
    const policy = effectivePolicy([rule({ pin, limits: { ...noLimits, rateMaxBytesPerSecond: 7 } })]);
    expect(policy).toMatchObject({
      pin: { windowSegments: 20, pathRateBytesPerSecond: 125_000 },
      limits: { rateMaxBytesPerSecond: 125_000 },
    });
  });
});

test.each([
  ["observe", "apply", "observe"],
  ["apply", "observe", "observe"],
  ["off", "apply", "off"],
  ["apply", "off", "off"],
  ["unknown", "off", "unknown"],
] as const)("restrictedMode() of a host in %s under %s is %s", (own, mode, left) => {
  expect(restrictedMode(own, mode)).toBe(left);
});

describe("holdsPath()", () => {
  const view = emptyView();
  view.hosts.announce(announcement("a", [], { rack: "r1", zone: "z1" }), "a", 0);
  const prefix = prefixFromText("10.0.0.0/8");

  test.each([
    [{ kind: "all", name: "" }, "10.0.0.1", true],
    [{ kind: "zone", name: "z1" }, "192.0.2.1", true],
    [{ kind: "zone", name: "z2" }, "192.0.2.1", false],
    [{ kind: "rack", name: "z1/r1" }, "192.0.2.1", true],
    [{ kind: "rack", name: "r1" }, "192.0.2.1", false],
    [{ kind: "host", name: "a" }, "192.0.2.1", true],
    [{ kind: "host", name: "b" }, "192.0.2.1", false],
    [{ kind: "all", name: "", prefix }, "10.1.2.3", true],
    [{ kind: "host", name: "a", prefix }, "192.0.2.1", false],
  ] as const)("of %j to %s is %s", (scope, destination, holds) => {
    const whole = { prefix: undefined, ...scope } as PolicyScope;
    expect(holdsPath(whole, "a", view.hosts.get("a"), address(destination))).toBe(holds);
  });

  test("sorts from wide to narrow", () => {
    const scopes = (["host", "all", "rack", "zone"] as const).map((kind) => ({ kind, name: "x", prefix: undefined }));
    const all = [...scopes, { ...everything, prefix }].sort(byWidth);
    expect(all.map(({ kind, prefix: to }) => `${kind}${to ? " to" : ""}`)).toEqual([
      "all",
      "all to",
      "zone",
      "rack",
      "host",
    ]);
  });
});
