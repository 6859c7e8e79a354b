/** GetPolicy: every rule, widest scope first, a page at a time. */
import type { GetPolicyRequest__Output } from "../../../proto/gen/augmenter/v1/GetPolicyRequest.ts";
import type { Policy } from "../../../proto/gen/augmenter/v1/Policy.ts";
import type { PolicyState } from "../policy/policy-book.ts";
import { ruleMessage } from "../policy/policy-message.ts";
import { messagesThatFit, pageSizeOf } from "./pages.ts";
import { allValid, invalidField, QueryFault } from "./query-fault.ts";

/** The first page, of as many rules as fit. */
export const wholePolicy = { pageSize: 0, pageToken: "" } as const;

/** Answers GetPolicy. Throws QueryFault. */
export function policyPage(
  { revision, rules }: PolicyState,
  durable: boolean,
  { pageSize, pageToken }: Pick<GetPolicyRequest__Output, "pageSize" | "pageToken">,
): Policy {
  const [size, from] = allValid(
    () => (pageSize === 0 ? rules.length : pageSizeOf(pageSize)),
    () => placeOf(pageToken, revision),
  );
  const told = messagesThatFit(rules.slice(from, from + size), ruleMessage);
  const next = from + told.length;
  return { revision, rules: told, durable, nextPageToken: next < rules.length ? `${revision}-${next}` : "" };
}

// Rules move as others come and go.
function placeOf(pageToken: string, revision: number): number {
  if (pageToken === "") return 0;
  const match = /^(\d{1,15})-(\d{1,6})$/.exec(pageToken);
  if (match === null) throw invalidField("page_token", "a next_page_token of this service", pageToken);
  if (Number(match[1]) === revision) return Number(match[2]);
  throw new QueryFault(
    "ABORTED",
    `Cannot tell the rest of revision ${match[1]} as it is ${revision} by now: begin anew`,
  );
}
