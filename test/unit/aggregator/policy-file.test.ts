import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { emptyPolicy, policyAfter } from "../../../aggregator/core/policy/policy-book.ts";
import type { PolicyRule } from "../../../aggregator/core/policy/policy-rule.ts";
import { noLimits } from "../../../aggregator/core/policy/policy-rule.ts";
import { PolicyFile } from "../../../aggregator/policy-file.ts";
import { exitCodes } from "../../../common/exit-codes.ts";
import { prefixFromText } from "../../../proto/address.ts";

const author = { who: "alice", peer: "127.0.0.1:1", changedUnixMs: 5, why: "a test" };
const rule: PolicyRule = {
  scope: { kind: "rack", name: "z1/r1", prefix: prefixFromText("2001:db8::/32") },
  mode: "observe",
  pin: { windowSegments: 20, pathRateBytesPerSecond: 1_000 },
  excluded: true,
  limits: { ...noLimits, windowMaxSegments: 100 },
  author,
};
const bounds = { rulesMax: 10, changesKept: 2 };
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "augmenter-policy-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

test("PolicyFile gives back what it was given, and keeps the newest changes", () => {
  const file = new PolicyFile(join(directory, "policy.json"));
  expect(file.load()).toEqual(emptyPolicy);
  let state = emptyPolicy;
  for (const next of [rule, undefined, { ...rule, mode: undefined, pin: undefined }]) {
    state = policyAfter(state, rule.scope, next, author, bounds);
    file.save(state);
    expect(file.load()).toEqual(state);
  }
  expect(state.changes.map(({ revision }) => revision)).toEqual([2, 3]);
  expect(readdirSync(directory)).toEqual(["policy.json"]);
});

test("PolicyFile ends the program where the folder of the file does not exist", () => {
  const path = join(directory, "nowhere", "policy.json");
  expect(() => new PolicyFile(path).load()).toThrow(
    expect.objectContaining({
      code: exitCodes.badConfiguration,
      message: `Cannot use the policy file ${path} as its folder ${join(directory, "nowhere")} does not exist`,
    }),
  );
});

test.each(["", "{", '{"format":2}', '{"format":1,"revision":1,"rules":[{"scope":{"kind":"planet"}}],"changes":[]}'])(
  "PolicyFile ends the program where the file is %j",
  (text) => {
    const path = join(directory, "policy.json");
    writeFileSync(path, text);
    expect(() => new PolicyFile(path).load()).toThrow(
      expect.objectContaining({
        code: exitCodes.badConfiguration,
        message: expect.stringMatching(/^Cannot read the policy file/),
      }),
    );
  },
);
