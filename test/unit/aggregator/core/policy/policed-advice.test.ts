import { beforeEach, describe, expect, test } from "vitest";
import { adviceBounds, policyBounds } from "../../../../../aggregator/core/bounds.ts";
import { adviceFor, reasonFor } from "../../../../../aggregator/core/host-advice.ts";
import { policyAfter } from "../../../../../aggregator/core/policy/policy-book.ts";
import type { PolicyRule, PolicyScope } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { noLimits } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { address, announcement, emptyView, estimateOf, row } from "../../fixtures.ts";

const author = { who: "alice", peer: "", changedUnixMs: 0, why: "a test" };
const nowMs = 2_000;
let view = emptyView();

beforeEach(() => {
  view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row(), row()));
  view.table.put(
    "a",
    address("10.0.0.3"),
    estimateOf(row({ rttSamples: 1, saturatedSamples: 1, connectionsOpened: 1 })),
  );
});

function set(changes: Partial<PolicyRule>, scope: Partial<PolicyScope> = {}): void {
  const whole = { kind: "host", name: "a", prefix: undefined, ...scope } as PolicyScope;
  const rule = { scope: whole, mode: undefined, pin: undefined, excluded: false, limits: noLimits, author, ...changes };
  view.policy.replace(policyAfter(view.policy.state, whole, rule, author, policyBounds));
}

const advised = (hostId = "a", destination = "10.0.0.2") =>
  adviceFor(view, hostId, address(destination), adviceBounds, nowMs);

const reason = (hostId = "a", destination = "10.0.0.2") =>
  reasonFor(view, hostId, address(destination), adviceBounds, nowMs);

describe("adviceFor() under a policy", () => {
  test.each([{ mode: "observe" }, { mode: "off" }, { excluded: true }] as const)(
    "is nothing for either end where it says %j, and as before without",
    (change) => {
      const before = [advised(), advised("b", "10.0.0.1")];
      expect(before.every((advice) => advice !== undefined)).toBe(true);
      set(change);
      expect([advised(), advised("b", "10.0.0.1")]).toEqual([undefined, undefined]);
      view.policy.replace(
        policyAfter(view.policy.state, { kind: "host", name: "a", prefix: undefined }, undefined, author, policyBounds),
      );
      expect([advised(), advised("b", "10.0.0.1")]).toEqual(before);
    },
  );

  test("is what it was for other hosts", () => {
    const before = advised();
    set({ mode: "off" }, { name: "c" });
    expect(advised()).toEqual(before);
  });

  test("is cut to limits, at both ends", () => {
    set({
      limits: { ...noLimits, windowMaxSegments: 50, rateMaxBytesPerSecond: 200_000, receiveWindowMaxBytes: 70_000 },
    });
    expect(advised()).toMatchObject({ windowSegments: 50, pathRateBytesPerSecond: 200_000 });
    expect(reason()).toContain("limits of the policy");
    expect(advised("b", "10.0.0.1")?.receiveWindowBytes).toBe(70_000);
  });

  test("tells of no more hosts that send at once than a window may be multiplied by", () => {
    view.fanIns.seen("b", 24, 0);
    const lost = { ...row(), segmentsRetransmitted: 100, connectionSegments: 90, lossFlightHighest: 20 };
    for (let ms = 1_000; ms < 4_000; ms += 50) view.fanIns.sent("b", `source-${ms}`, lost, ms);
    expect(advised()).toMatchObject({ windowSegments: 10, togetherHosts: 24 });
    set({ limits: { ...noLimits, windowMaxSegments: 16 } });
    // The host grants up to togetherHosts / 6 times the window: 15.
    expect(advised()).toMatchObject({ windowSegments: 10, togetherHosts: 9 });
  });

  test("needs the confidence that is asked for", () => {
    set({ limits: { ...noLimits, confidenceMin: 1 } });
    expect(advised()).toBeUndefined();
  });

  test("is a pin, also where the evidence would not do, but not without an RTT", () => {
    set({ pin: { windowSegments: 33, pathRateBytesPerSecond: 500_000 } });
    expect(advised("a", "10.0.0.3")).toMatchObject({
      windowSegments: 33,
      pathRateBytesPerSecond: 500_000,
    });
    expect(reason("a", "10.0.0.3")).toBe("Pinned by alice: a test");
    view.table.put("a", address("10.0.0.4"), estimateOf(row({ rttSamples: 0 })));
    expect(advised("a", "10.0.0.4")).toBeUndefined();
  });
});
