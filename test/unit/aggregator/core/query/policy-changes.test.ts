import { describe, expect, test } from "vitest";
import { queryBounds } from "../../../../../aggregator/core/bounds.ts";
import type { PolicyState } from "../../../../../aggregator/core/policy/policy-book.ts";
import { emptyPolicy, policyAfter } from "../../../../../aggregator/core/policy/policy-book.ts";
import { ruleAsked } from "../../../../../aggregator/core/policy/policy-request.ts";
import { policyChanges } from "../../../../../aggregator/core/query/policy-changes.ts";
import type { ListPolicyChangesResponse__Output } from "../../../../../proto/gen/augmenter/v1/ListPolicyChangesResponse.ts";
import { packageDefinition } from "../../../../../proto/messages.ts";

/** So many changes of one rule, each for this reason. */
function changed(count: number, why: string): PolicyState {
  let state = emptyPolicy;
  for (let index = 0; index < count; index += 1) {
    const author = { who: "w".repeat(128), peer: "p", changedUnixMs: 1_700_000_000_000, why };
    const rule = ruleAsked(ruleMessage, author);
    state = policyAfter(state, rule.scope, rule, author, { rulesMax: 10, changesKept: 1_000 });
  }
  return state;
}

const ruleMessage = {
  scope: { zone: "z", source: "zone" as const, prefix: "" },
  mode: "MODE_OFF" as const,
  excluded: false,
  pin: null,
  limits: null,
  author: null,
};

function wireBytes(answer: object): number {
  const type = packageDefinition["augmenter.v1.ListPolicyChangesResponse"] as unknown as {
    serialize(message: object): Buffer;
  };
  return type.serialize(answer).length;
}

describe("policyChanges()", () => {
  test("tells the newest first, a page at a time", () => {
    const { changes } = changed(5, "because");
    const first = policyChanges(changes, { pageSize: 3, pageToken: "" });
    expect(first).toMatchObject({ changes: [{ revision: 5 }, { revision: 4 }, { revision: 3 }], nextPageToken: "3" });
    const last = policyChanges(changes, { pageSize: 3, pageToken: "3" });
    expect(last).toMatchObject({ changes: [{ revision: 2 }, { revision: 1 }], nextPageToken: "" });
    expect(() => policyChanges(changes, { pageSize: 3, pageToken: "x" })).toThrow(/^Cannot use page_token/);
  });

  test("ends a page before it is larger than an answer may be, and loses none", () => {
    const { changes } = changed(1_000, "\u20ac".repeat(1_000));
    const revisions: unknown[] = [];
    let pageToken = "";
    do {
      const page = policyChanges(changes, { pageSize: 1_000, pageToken }) as ListPolicyChangesResponse__Output;
      expect(wireBytes(page)).toBeLessThanOrEqual(queryBounds.pageMaxBytes);
      revisions.push(...page.changes.map(({ revision }) => revision));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(revisions).toEqual(Array.from({ length: 1_000 }, (_, index) => 1_000 - index));
  });
});
