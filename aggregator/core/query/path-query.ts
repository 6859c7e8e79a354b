/** GetPath and ListPaths. */
import type { GetPathRequest__Output } from "../../../proto/gen/augmenter/v1/GetPathRequest.ts";
import type { ListPathsRequest__Output } from "../../../proto/gen/augmenter/v1/ListPathsRequest.ts";
import type { ListPathsResponse } from "../../../proto/gen/augmenter/v1/ListPathsResponse.ts";
import type { PathEstimate__Output } from "../../../proto/gen/augmenter/v1/PathEstimate.ts";
import { confidenceOf } from "../confidence.ts";
import type { PathBelief } from "../path-belief.ts";
import { ageSecondsOf, measuredEstimate } from "../path-belief.ts";
import type { ToldBelief } from "../path-message.ts";
import { beliefMessage, pathMessage } from "../path-message.ts";
import type { View } from "../view.ts";
import { bestPath } from "./known-path.ts";
import { destinationNamed, sourceNamed } from "./names.ts";
import { pageTokenFor } from "./page-token.ts";
import { pageOfPaths, pageSizeOf, startKeyOf } from "./pages.ts";
import { pathMatch } from "./path-filter.ts";
import { notFound } from "./query-fault.ts";

/** Answers GetPath. Throws QueryFault. */
export function getPath(view: View, request: GetPathRequest__Output, nowMs: number): PathEstimate__Output {
  return beliefMessage(view, glance(view, request, nowMs) ?? pathAsked(view, request, nowMs), nowMs);
}

// Most questions are about one address and a path that was measured: its estimate is told from where it lies. Valid until the next look.
function glance(view: View, asked: GetPathRequest__Output, nowMs: number): ToldBelief | undefined {
  const hostId = sourceNamed(view, "source", asked.source);
  const [destination, another] = destinationNamed(view, "destination", asked.destination).addresses;
  if (destination === undefined || another !== undefined) return undefined;
  const estimate = measuredEstimate(view, hostId, destination);
  if (estimate === undefined) return undefined;
  return {
    provenance: "PROVENANCE_MEASURED",
    confidence: confidenceOf(estimate, nowMs),
    ageSeconds: ageSecondsOf(estimate, nowMs),
    record: { hostId, destination, estimate },
  };
}

/** The path that a question names. Throws QueryFault where it names nothing, or nothing is known of it. */
export function pathAsked(view: View, asked: GetPathRequest__Output, nowMs: number): PathBelief {
  const sourceId = sourceNamed(view, "source", asked.source);
  const destination = destinationNamed(view, "destination", asked.destination);
  const path = bestPath(view, sourceId, destination, nowMs);
  if (path !== undefined) return path;
  const unknown = [
    ...(view.hosts.get(sourceId) === undefined ? [`host ${JSON.stringify(asked.source)}`] : []),
    ...(destination.addresses.length === 0 ? [`host ${JSON.stringify(asked.destination)}`] : []),
  ];
  const why = unknown.length === 0 ? "" : `: no ${unknown.join(" and no ")} is known`;
  throw notFound(`a path from ${JSON.stringify(asked.source)} to ${JSON.stringify(asked.destination)}${why}`);
}

/** Answers ListPaths. Throws QueryFault. */
export function listPaths(view: View, request: ListPathsRequest__Output, nowMs: number): ListPathsResponse {
  const match = pathMatch(view, request.filter);
  const page = pageOfPaths(view, match, pageSizeOf(request.pageSize), startKeyOf(request.pageToken));
  return {
    paths: page.records.map((record) => pathMessage(view, record, nowMs)),
    nextPageToken: page.nextKey === undefined ? "" : pageTokenFor(page.nextKey),
  };
}
