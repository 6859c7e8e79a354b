import { describe, expect, test } from "vitest";
import type { PolicyState } from "../../../../../aggregator/core/policy/policy-book.ts";
import { emptyPolicy, policyAfter } from "../../../../../aggregator/core/policy/policy-book.ts";
import type { IdentifiedPolicy } from "../../../../../aggregator/core/policy/policy-merge.ts";
import { isAhead, mergedPolicy } from "../../../../../aggregator/core/policy/policy-merge.ts";
import type { PolicyMode } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { noLimits } from "../../../../../aggregator/core/policy/policy-rule.ts";

const bounds = { rulesMax: 10, changesKept: 4 };

/** A state after a rule for a host was set, or taken away, at a time. */
function decided(state: PolicyState, host: string, mode: PolicyMode | undefined, changedUnixMs: number, kept = bounds) {
  const scope = { kind: "host", name: host, prefix: undefined } as const;
  const author = { who: "alice", peer: "127.0.0.1:1", changedUnixMs, why: "a test" };
  const rule = { scope, mode, pin: undefined, excluded: false, limits: noLimits, author };
  return policyAfter(state, scope, mode === undefined ? undefined : rule, author, kept);
}

function identified(state: PolicyState, digest = JSON.stringify(state.rules)): IdentifiedPolicy {
  return { state, digest };
}

function modesOf(state: PolicyState): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(state.rules.map(({ scope, mode }) => [scope.name, mode]));
}

const common = decided(emptyPolicy, "a", "off", 1);

describe("mergedPolicy()", () => {
  test("is the one that has gone on where the other has not, with the older changes of both", () => {
    const ahead = decided(decided(common, "b", "off", 2), "c", "off", 3);
    for (const [one, other] of [
      [common, ahead],
      [ahead, common],
    ] as const) {
      expect(mergedPolicy(identified(one), identified(other), bounds)).toEqual({ state: ahead, overruled: [] });
    }
    const short = { ...ahead, changes: ahead.changes.slice(-1) };
    expect(mergedPolicy(identified(common), identified(short), bounds).state.changes).toMatchObject([
      { revision: 1 },
      { revision: 3 },
    ]);
  });

  test("keeps what was decided on both sides, and is the same on both", () => {
    const one = decided(decided(common, "b", "observe", 5), "c", "off", 6);
    const other = decided(common, "a", undefined, 7);
    const merged = mergedPolicy(identified(one), identified(other), bounds);
    expect(merged.overruled).toEqual([]);
    expect(modesOf(merged.state)).toEqual({ b: "observe", c: "off" });
    expect(merged.state.revision).toBe(4);
    expect(mergedPolicy(identified(other), identified(one), bounds)).toEqual(merged);
    // Whoever hears of it after having taken one of the sides ends with the same.
    for (const side of [one, other]) {
      const heard = mergedPolicy(identified(side), identified(merged.state), bounds);
      expect(heard).toMatchObject({ overruled: [], state: { revision: 4, rules: merged.state.rules } });
    }
  });

  test("of two changes of one scope keeps the later one, and names the other", () => {
    const one = decided(common, "b", "observe", 5);
    const other = decided(common, "b", "off", 6);
    const merged = mergedPolicy(identified(one, "x"), identified(other, "y"), bounds);
    expect(modesOf(merged.state)).toEqual({ a: "off", b: "off" });
    const overruled = [{ author: { changedUnixMs: 5 } }];
    expect(merged).toMatchObject({ overruled });
    expect(mergedPolicy(identified(other, "y"), identified(one, "x"), bounds)).toEqual(merged);
    // The later one is on top where the earlier one is ahead.
    const swapped = mergedPolicy(identified(one, "y"), identified(other, "x"), bounds);
    expect(modesOf(swapped.state)).toEqual({ a: "off", b: "off" });
  });

  test("keeps both on record where one is overruled", () => {
    const one = decided(common, "b", "observe", 5);
    const other = decided(common, "b", "off", 6);
    const { state } = mergedPolicy(identified(one, "x"), identified(other, "y"), bounds);
    expect(state.changes.map(({ author, after }) => [author.changedUnixMs, after?.mode])).toEqual([
      [1, "off"],
      [6, "off"],
      [5, "observe"],
      [6, "off"],
    ]);
    // A side that hears of it takes it as it is.
    const heard = mergedPolicy(identified(one, "x"), identified(state), bounds);
    expect(heard).toEqual({ state, overruled: [] });
    // What was taken away later stays away.
    const gone = decided(common, "a", undefined, 8);
    const late = decided(decided(common, "c", "off", 6), "a", "apply", 7);
    const both = mergedPolicy(identified(late), identified(decided(gone, "d", "off", 9)), {
      ...bounds,
      changesKept: 20,
    });
    expect(modesOf(both.state)).toEqual({ c: "off", d: "off" });
  });

  test("holds no more rules than there may be", () => {
    const tight = { ...bounds, rulesMax: 2 };
    const one = decided(common, "b", "off", 5);
    const other = decided(common, "c", "off", 6);
    const merged = mergedPolicy(identified(one, "y"), identified(other, "x"), tight);
    expect(modesOf(merged.state)).toEqual({ a: "off", b: "off" });
    expect(merged.overruled).toHaveLength(1);
  });
});

test("isAhead() is by revision, then by digest", () => {
  const one = decided(common, "b", "off", 5);
  expect(isAhead(identified(one, "a"), identified(common, "z"))).toBe(true);
  expect(isAhead(identified(common, "z"), identified(one, "a"))).toBe(false);
  expect(isAhead(identified(one, "b"), identified(one, "a"))).toBe(true);
  expect(isAhead(identified(one, "a"), identified(one, "a"))).toBe(false);
});
