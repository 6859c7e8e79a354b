import { beforeEach, describe, expect, test } from "vitest";
import { adviceBounds, policyBounds } from "../../../../../aggregator/core/bounds.ts";
import { adviceFor, reasonFor } from "../../../../../aggregator/core/host-advice.ts";
import { policyAfter } from "../../../../../aggregator/core/policy/policy-book.ts";
import type { PolicyRule } from "../../../../../aggregator/core/policy/policy-rule.ts";
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

  /** One rule for host a, or another. */
  function rule(changes: object, name = "a") {
    const scope = { kind: "host", name, prefix: undefined } as const;
    const author = { who: "alice", peer: "", changedUnixMs: 0, why: "a test" };
    const limits = { ...noLimits, ...("limits" in changes ? (changes.limits as object) : {}) };
    const asked = { scope, mode: undefined, pin: undefined, excluded: false, author, ...changes, limits } as PolicyRule;
    view.policy.replace(policyAfter(view.policy.state, scope, asked, author, policyBounds));
  }
  const withoutOf = ({ alternatives = [] }: ReturnType<typeof explain>) =>
    Object.fromEntries(alternatives.map(({ without, advice }) => [without, advice?.windowSegments ?? null]));
  const hitsOf = ({ bounds = [] }: ReturnType<typeof explain>) =>
    bounds.filter(({ hit }) => hit).map(({ name, limit, value }) => [name, limit, value]);

  test("holds to the policy in every alternative but the one without it", () => {
    const free = Number(explain().wanted?.windowSegments);
    rule({ excluded: true });
    expect(withoutOf(explain())).toEqual({ bounds: null, policy: free, "recent failures": null });
    rule({ limits: { windowMaxSegments: 20 } });
    expect(withoutOf(explain())).toEqual({ bounds: 20, policy: free, "recent failures": 20 });
    rule({ pin: { windowSegments: 50, pathRateBytesPerSecond: 1e6 } });
    expect(withoutOf(explain())).toEqual({ bounds: 50, policy: free, "recent failures": 50 });
  });

  test("tells of a pin which bounds it hit, and none that it passed by", () => {
    rule({ pin: { windowSegments: 400, pathRateBytesPerSecond: 1e6 }, limits: { windowMaxSegments: 200 } });
    const explained = explain("10.0.0.3");
    expect(explained.wanted?.windowSegments).toBe(200);
    expect(hitsOf(explained)).toEqual([["policy_window_max", 200, 400]]);
    expect(explained.steps?.find(({ name }) => name === "advised_window")).toMatchObject({
      value: 200,
      formula: expect.stringMatching(/^Pinned by alice: a test; cut/),
    });
  });

  test("tells that a window was cut to the bounds of the server, and then to the policy's", () => {
    const fast = row({ saturatedBytesPerSecond: 1e10 });
    view.table.put("a", address("10.0.0.2"), estimateOf(fast, fast));
    const wanted = expect.any(Number);
    expect(hitsOf(explain())).toEqual([["window_max", adviceBounds.windowMaxSegments, wanted]]);
    rule({ limits: { windowMaxSegments: 100 } });
    expect(hitsOf(explain())).toEqual([
      ["window_max", adviceBounds.windowMaxSegments, wanted],
      ["policy_window_max", 100, adviceBounds.windowMaxSegments],
    ]);
  });

  test("tells which bounds the receive window hit", () => {
    view.table.put("b", address("10.0.0.1"), estimateOf(row(), row()));
    expect(explain().bounds?.map(({ name }) => name)).toContain("receive_window_max");
    expect(hitsOf(explain())).toEqual([]);
    const given = Number(explain().wanted?.receiveWindowBytes);
    rule({ limits: { receiveWindowMaxBytes: 100_000 } });
    expect(hitsOf(explain())).toEqual([["policy_receive_window_max", 100_000, given]]);
    rule({ limits: { receiveWindowMaxBytes: 80_000 } }, "b");
    expect(hitsOf(explain())).toEqual([
      ["policy_receive_window_max", 100_000, given],
      ["policy_receive_window_max_of_sender", 80_000, given],
    ]);
    const fast = row({ saturatedBytesPerSecond: 1e10 });
    view.table.put("b", address("10.0.0.1"), estimateOf(fast, fast));
    expect(hitsOf(explain())[0]).toEqual([
      "receive_window_max",
      adviceBounds.receiveWindowMaxBytes,
      expect.any(Number),
    ]);
  });

  test("tells that a policy asks for more confidence, of pins too", () => {
    for (const pin of [undefined, { windowSegments: 50, pathRateBytesPerSecond: 1e6 }]) {
      rule({ pin, limits: { confidenceMin: 1 } });
      expect(explain().conclusion).toBe("The kernel's default: the policy asks for more confidence");
      expect(hitsOf(explain())).toEqual([["policy_confidence_min", 1, expect.any(Number)]]);
    }
  });

  test("takes failures of other hosts out of the alternative without failures", () => {
    for (const host of ["x", "y"]) view.sharedFailures.failed(host, address("10.0.0.2"), nowMs);
    const explained = explain();
    const full = withoutOf(explained)["recent failures"];
    expect(Number(full)).toBeGreaterThan(Number(explained.wanted?.windowSegments));
  });
});
