import { describe, expect, test } from "vitest";
import { emptyPolicy, policyAfter } from "../../../../../aggregator/core/policy/policy-book.ts";
import type { PolicyRule } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { noLimits } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { stateOfWord, wordOf } from "../../../../../aggregator/core/policy/policy-word.ts";
import { QueryFault } from "../../../../../aggregator/core/query/query-fault.ts";
import { prefixFromText } from "../../../../../proto/address.ts";
import type { PolicyWord } from "../../../../../proto/gen/augmenter/v1/PolicyWord.ts";
import { policyWord } from "../../../../../proto/messages.ts";

const bounds = { rulesMax: 3, changesKept: 3 };
const author = { who: "alice", peer: "127.0.0.1:1", changedUnixMs: 5, why: "a test" };
const rule: PolicyRule = {
  scope: { kind: "rack", name: "z1/r1", prefix: prefixFromText("2001:db8::/32") },
  mode: "observe",
  pin: { windowSegments: 20, pathRateBytesPerSecond: 1_000 },
  excluded: true,
  limits: { ...noLimits, windowMaxSegments: 100 },
  author,
};
const everywhere = { ...rule, scope: { kind: "all", name: "", prefix: undefined } as const, limits: noLimits };
let state = policyAfter(emptyPolicy, rule.scope, rule, author, bounds);
state = policyAfter(state, everywhere.scope, everywhere, author, bounds);
state = policyAfter(state, rule.scope, undefined, author, bounds);

function heard(word: PolicyWord) {
  const opened = policyWord.open(policyWord.seal(word));
  if (!opened.ok) throw new Error(opened.refusal);
  return stateOfWord(opened.message, bounds);
}

describe("stateOfWord()", () => {
  test("is what wordOf() told, with as many of the changes", () => {
    expect(heard(wordOf(state, 3))).toEqual(state);
    expect(heard(wordOf(state, 1))).toEqual({ ...state, changes: state.changes.slice(-1) });
    expect(heard(wordOf(state, 0))).toEqual({ ...state, changes: [] });
    expect(heard(wordOf(emptyPolicy, 3))).toEqual(emptyPolicy);
  });

  const good = wordOf(state, 3);
  const [known] = good.rules ?? [];
  const [change] = good.changes ?? [];
  test.each([
    ["a rule without an author", { ...good, rules: [{ ...known, author: null }] }],
    ["a rule that says nothing", { ...good, rules: [{ scope: null, author }] }],
    ["a limit out of bounds", { ...good, rules: [{ ...known, limits: { windowMaxSegments: 5 } }] }],
    ["two rules of one scope", { ...good, rules: [known ?? {}, known ?? {}] }],
    ["too many rules", { ...good, rules: [1, 2, 3, 4].map(() => known ?? {}) }],
    ["changes of other revisions", { ...good, revision: 9 }],
    ["a change without a reason", { ...good, revision: 1, changes: [{ ...change, author: { ...author, why: "" } }] }],
    ["a revision that cannot be counted on", { revision: Number.MAX_SAFE_INTEGER * 2 }],
  ])("refuses %s", (_, word) => {
    expect(() => heard(word)).toThrow(QueryFault);
  });
});
