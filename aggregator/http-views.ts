/** The JSON views beside the metrics: what gRPC tells, for curl and browsers. */

import { HttpError } from "../common/http-body.ts";
import type { JsonRoute } from "../common/http-endpoint.ts";
import { addressText } from "../proto/address.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";
import type { HostState } from "./core/hosts.ts";
import { keyOfPageToken, pageTokenFor } from "./core/page-token.ts";
import { pathMatch } from "./core/path-filter.ts";
import { pathMessage } from "./core/path-message.ts";
import type { View } from "./core/view.ts";
import { pageOf } from "./path-service.ts";

/** The routes by path. Both views are pages: `page_size` up to 1000, `page_token` from the page before. */
export function httpViews(view: View, clock: Clock): Readonly<Record<string, JsonRoute>> {
  return {
    "/v1/paths": (query) => paths(view, clock, query),
    "/v1/hosts": (query) => hosts(view, clock, query),
  };
}

function paths(view: View, clock: Clock, query: URLSearchParams) {
  const match = pathMatch(view, query.get("source") ?? "", query.get("destination") ?? "");
  if (!match.ok) throw new HttpError(400, match.problem.replace("filter.", ""));
  const token = query.get("page_token") ?? "";
  const startKey = token === "" ? "" : keyOfPageToken(token);
  if (startKey === undefined) throw refused("page_token", "a next_page_token of this service", token);
  const page = pageOf(view, match.value, pageSizeOf(query), startKey);
  return {
    paths: page.records.map((record) => pathMessage(view, record, clock.nowMs())),
    nextPageToken: page.nextKey === undefined ? "" : pageTokenFor(page.nextKey),
  };
}

function hosts(view: View, clock: Clock, query: URLSearchParams) {
  const after = query.get("page_token") ?? "";
  const size = pageSizeOf(query);
  const rest = view.hosts.all().filter((host) => host.hostId > after);
  const page = rest.slice(0, size);
  return {
    hosts: page.map((host) => hostView(host, clock.nowMs())),
    nextPageToken: rest.length > size ? (page.at(-1)?.hostId ?? "") : "",
  };
}

function hostView(host: HostState, nowMs: number) {
  const { heardMs, addresses, clockOffsetMs, ...told } = host;
  return {
    ...told,
    addresses: addresses.map(addressText),
    clockOffsetMs: Math.round(clockOffsetMs),
    ageSeconds: Math.max(0, nowMs - heardMs) / 1000,
  };
}

function pageSizeOf(query: URLSearchParams): number {
  const text = query.get("page_size") ?? String(queryBounds.pageSizeDefault);
  const size = Number(text);
  if (/^\d{1,4}$/.test(text) && size >= 1 && size <= queryBounds.pageSizeMax) return size;
  throw refused("page_size", `1..${queryBounds.pageSizeMax}`, text);
}

function refused(name: string, requirement: string, value: string): HttpError {
  const shown = JSON.stringify(value.slice(0, queryBounds.textMaxLength));
  return new HttpError(400, `Cannot use ${name} as it must be ${requirement}: current value is ${shown}`);
}
