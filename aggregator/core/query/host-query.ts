/** ListHosts, and which hosts a filter selects. */
import type { HostFilter__Output } from "../../../proto/gen/augmenter/v1/HostFilter.ts";
import type { ListHostsRequest__Output } from "../../../proto/gen/augmenter/v1/ListHostsRequest.ts";
import type { ListHostsResponse } from "../../../proto/gen/augmenter/v1/ListHostsResponse.ts";
import { isHostId } from "../../../proto/subjects.ts";
import type { HostState } from "../hosts.ts";
import type { View } from "../view.ts";
import { hostMessage } from "./host-message.ts";
import { pageSizeOf } from "./pages.ts";
import { allValid, invalidField } from "./query-fault.ts";

/** Answers ListHosts. Throws QueryFault. */
export function listHosts(view: View, request: ListHostsRequest__Output, nowMs: number): ListHostsResponse {
  const [matches, size, after] = allValid(
    () => hostMatch(request.filter),
    () => pageSizeOf(request.pageSize),
    () => hostIdOfToken(request.pageToken),
  );
  const warnings = [...(view.warnings?.() ?? [])];
  const page: HostState[] = [];
  for (const host of view.hosts.after(after)) {
    if (!matches(host)) continue;
    // One more than the page: there is a next one.
    if (page.length === size) return { hosts: messages(view, page, nowMs), nextPageToken: tokenOf(page), warnings };
    page.push(host);
  }
  return { hosts: messages(view, page, nowMs), nextPageToken: "", warnings };
}

/** Whether a filter selects a host. Throws QueryFault where it can name nothing. */
export function hostMatch(filter: HostFilter__Output | null): (host: HostState) => boolean {
  const { hostId = "", rack = "", zone = "" } = filter ?? {};
  if (hostId !== "" && !isHostId(hostId)) throw invalidField("filter.host_id", "the id of a host", hostId);
  return (host) =>
    (hostId === "" || host.hostId === hostId) &&
    (rack === "" || host.rack === rack) &&
    (zone === "" || host.zone === zone);
}

function messages(view: View, hosts: readonly HostState[], nowMs: number) {
  return hosts.map((host) => hostMessage(view, host, nowMs));
}

function tokenOf(page: readonly HostState[]): string {
  return Buffer.from(page.at(-1)?.hostId ?? "").toString("base64url");
}

function hostIdOfToken(token: string): string {
  const hostId = Buffer.from(token, "base64url").toString();
  const isOurs = isHostId(hostId) && Buffer.from(hostId).toString("base64url") === token;
  if (token === "" || isOurs) return hostId;
  throw invalidField("page_token", "a next_page_token of this service", token);
}
