import { describe, expect, test } from "vitest";
import { queryBounds } from "../../../../../aggregator/core/bounds.ts";
import type { PolicyState } from "../../../../../aggregator/core/policy/policy-book.ts";
import type { PolicyRule } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { noLimits } from "../../../../../aggregator/core/policy/policy-rule.ts";
import { policyPage, wholePolicy } from "../../../../../aggregator/core/query/policy-pages.ts";
import type { Policy__Output } from "../../../../../proto/gen/augmenter/v1/Policy.ts";
import { packageDefinition } from "../../../../../proto/messages.ts";

function policyOf(count: number, why: string, revision = 7): PolicyState {
  const author = { who: "w", peer: "p", changedUnixMs: 1_700_000_000_000, why };
  const rules = Array.from({ length: count }, (_, index): PolicyRule => {
    const scope = { kind: "host", name: `host${index}`, prefix: undefined } as const;
    return { scope, mode: "off", pin: undefined, excluded: false, limits: noLimits, author };
  });
  return { revision, rules, changes: [] };
}

const page = (state: PolicyState, request: { readonly pageSize: number; readonly pageToken: string }) =>
  policyPage(state, true, request) as Policy__Output;
const hostsOf = ({ rules }: Policy__Output) => rules.map(({ scope }) => scope?.host);

function wireBytes(policy: object): number {
  const type = packageDefinition["augmenter.v1.Policy"] as unknown as { serialize(message: object): Buffer };
  return type.serialize(policy).length;
}

describe("policyPage()", () => {
  test("tells all rules at once where they fit, or as many as are asked for", () => {
    const state = policyOf(200, "because");
    expect(page(state, wholePolicy)).toMatchObject({ revision: 7, durable: true, nextPageToken: "" });
    expect(page(state, wholePolicy).rules).toHaveLength(200);
    const first = page(state, { pageSize: 150, pageToken: "" });
    expect(first.rules).toHaveLength(150);
    const last = page(state, { pageSize: 150, pageToken: first.nextPageToken });
    expect([...hostsOf(first), ...hostsOf(last)]).toEqual(Array.from({ length: 200 }, (_, index) => `host${index}`));
    expect(last.nextPageToken).toBe("");
  });

  test("ends a page before it is larger than an answer may be, and loses none", () => {
    const state = policyOf(1_024, "\u20ac".repeat(1_000));
    const hosts: unknown[] = [];
    let pageToken = "";
    let pages = 0;
    do {
      const answer = page(state, { pageSize: 0, pageToken });
      expect(wireBytes(answer)).toBeLessThanOrEqual(queryBounds.pageMaxBytes);
      hosts.push(...hostsOf(answer));
      pageToken = answer.nextPageToken;
      pages += 1;
    } while (pageToken !== "");
    expect(pages).toBeGreaterThan(1);
    expect(hosts).toEqual(Array.from({ length: 1_024 }, (_, index) => `host${index}`));
  });

  test("refuses to go on in a policy that has changed, and what is no token", () => {
    const { nextPageToken } = page(policyOf(3, "x", 7), { pageSize: 2, pageToken: "" });
    const changed = policyOf(3, "x", 8);
    expect(() => page(changed, { pageSize: 2, pageToken: nextPageToken })).toThrow(
      expect.objectContaining({ code: "ABORTED", message: expect.stringMatching(/revision 7 as it is 8 by now/) }),
    );
    expect(() => page(changed, { pageSize: -1, pageToken: "x" })).toThrow(/^Cannot use page_size/);
    expect(() => page(changed, { pageSize: 2, pageToken: "x" })).toThrow(/^Cannot use page_token/);
  });
});
