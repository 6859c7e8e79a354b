import { beforeEach, describe, expect, test } from "vitest";
import { adviceBounds, policyBounds } from "../../../../../aggregator/core/bounds.ts";
import { adviceFor, reasonFor } from "../../../../../aggregator/core/host-advice.ts";
import { policyAfter } from "../../../../../aggregator/core/policy/policy-book.ts";
import { noLimits } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { explainAdvice } from "../../../../../aggregator/core/query/explain-query.ts";
import { address, announcement, emptyView, estimateOf, pathRate, row } from "../../fixtures.ts";

const nowMs = 3_000;
let view = emptyView();

beforeEach(() => {
  view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"], { mode: "MODE_OBSERVE" }), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row(), row()));
  view.table.put(
    "a",
    address("10.0.0.3"),
    estimateOf(row({ rttSamples: 2, saturatedSamples: 1, connectionsOpened: 1 })),
  );
});

const explain = (destination = "10.0.0.2") => explainAdvice(view, { source: "a", destination }, nowMs);

describe("explainAdvice()", () => {
  test("comes to what is advised, by the formula it tells", () => {
    const advice = adviceFor(view, "a", address("10.0.0.2"), adviceBounds, nowMs);
    const explained = explain();
    expect(explained).toMatchObject({
      wanted: { windowSegments: advice?.windowSegments, mode: "observe" },
      conclusion: reasonFor(view, "a", address("10.0.0.2"), adviceBounds, nowMs),
      hostMode: "observe",
      policy: { mode: "MODE_OBSERVE", rules: [] },
    });
    const steps = Object.fromEntries(explained.steps?.map(({ name, value }) => [name, value]) ?? []);
    expect(steps["window"]).toBe(advice?.windowSegments);
    expect(Math.round(Number(steps["path_rate"]))).toBe(advice?.pathRateBytesPerSecond);
    expect(explained.inputs?.find(({ name }) => name === "rate")?.value).toBeCloseTo(pathRate, -2);
    expect(explained.bounds?.some(({ hit }) => hit)).toBe(false);
  });

  test("says of a standby that another one decides, and how to tell which", () => {
    const conclusion = explain().conclusion;
    view.ledger.standBy();
    expect(explain().conclusion).toBe(
      `${conclusion}; so this aggregator would say, but it stands by: ask the one that leads, whose answers have augmenter-role: leader`,
    );
  });

  test("says which evidence is missing", () => {
    const explained = explain("10.0.0.3");
    expect(explained.wanted).toBeNull();
    expect(explained.conclusion).toMatch(
      /too little evidence \(rtt_samples_min is 8, have 2; rate_samples_min is 3, have 1/,
    );
    expect(explained.bounds?.filter(({ hit }) => hit).map(({ name }) => name)).toContain("rtt_samples_min");
    expect(explained.alternatives?.find(({ without }) => without === "bounds")?.advice).not.toBeNull();
  });

  test("says that the policy keeps advice back, and what it would have been", () => {
    const scope = { kind: "host", name: "a", prefix: undefined } as const;
    const author = { who: "alice", peer: "", changedUnixMs: 0, why: "a test" };
    const rule = { scope, mode: "off", pin: undefined, excluded: false, limits: noLimits, author } as const;
    const before = explain().wanted;
    view.policy.replace(policyAfter(view.policy.state, scope, rule, author, policyBounds));
    const explained = explain();
    expect(explained.wanted).toBeNull();
    expect(explained.conclusion).toBe("The kernel's default: the policy's mode for the path is off");
    expect(explained.alternatives?.find(({ without }) => without === "policy")?.advice?.windowSegments).toBe(
      before?.windowSegments,
    );
    expect(explained.policy?.rules).toHaveLength(1);
  });

  test("tells of windows that failed, and what it would have been without", () => {
    const failed = {
      atMs: 1_000,
      windowSegments: 600,
      segmentsDelivered: 100,
      segmentsLost: 40,
      effect: "lowered",
      rateBeforeBytesPerSecond: 2 * pathRate,
      rateAfterBytesPerSecond: pathRate,
    };
    view.failures.add("a", address("10.0.0.2"), failed);
    const explained = explain();
    expect(explained.failedWindows).toEqual([
      expect.objectContaining({ ageSeconds: 2, segmentsLost: 40, effect: "lowered" }),
    ]);
    const unfailed = explained.alternatives?.find(({ without }) => without === "recent failures")?.advice;
    expect(Number(unfailed?.windowSegments)).toBeGreaterThan(1.9 * Number(explained.wanted?.windowSegments));
  });
});
