/** ListPolicyChanges: who changed what, newest first, a page at a time. */
import type { ListPolicyChangesRequest__Output } from "../../../proto/gen/augmenter/v1/ListPolicyChangesRequest.ts";
import type { ListPolicyChangesResponse } from "../../../proto/gen/augmenter/v1/ListPolicyChangesResponse.ts";
import type { PolicyChange } from "../policy/policy-book.ts";
import { changeMessage } from "../policy/policy-message.ts";
import { messagesThatFit, pageSizeOf } from "./pages.ts";
import { allValid, invalidField } from "./query-fault.ts";

/** Answers ListPolicyChanges from the changes that are kept, oldest first. Throws QueryFault. */
export function policyChanges(
  kept: readonly PolicyChange[],
  { pageSize, pageToken }: Pick<ListPolicyChangesRequest__Output, "pageSize" | "pageToken">,
): ListPolicyChangesResponse {
  const [size, before] = allValid(
    () => pageSizeOf(pageSize),
    () => revisionOf(pageToken),
  );
  const older = kept.filter(({ revision }) => revision < before).reverse();
  const changes = messagesThatFit(older.slice(0, size), changeMessage);
  const isLast = changes.length === older.length;
  return { changes, nextPageToken: isLast ? "" : String(changes.at(-1)?.revision ?? "") };
}

function revisionOf(pageToken: string): number {
  if (!/^\d{0,15}$/.test(pageToken)) throw invalidField("page_token", "a next_page_token of this service", pageToken);
  return pageToken === "" ? Number.POSITIVE_INFINITY : Number(pageToken);
}
