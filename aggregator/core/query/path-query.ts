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
import type { Steps } from "../steps.ts";
import { inParts } from "../steps.ts";
import type { View } from "../view.ts";
import { bestPath } from "./known-path.ts";
import type { NamedDestination } from "./names.ts";
import { destinationNamed, ownerIdOf, sourceNamed } from "./names.ts";
import { pageTokenFor } from "./page-token.ts";
import { pageOfPaths, pageSizeOf, startKeyOf } from "./pages.ts";
import { pathMatch } from "./path-filter.ts";
import { allValid, notFound } from "./query-fault.ts";

const pathsPerStep = 16;

/** What a question about one path names: the source's host, and where to. */
export interface Ends {
  /** As the caller wrote it. */
  readonly source: string;
  readonly sourceId: string;
  readonly named: NamedDestination;
}

/** Answers GetPath. Throws QueryFault. */
export function getPath(view: View, request: GetPathRequest__Output, nowMs: number): PathEstimate__Output {
  const ends = endsAsked(view, request);
  return beliefMessage(view, glance(view, ends, nowMs) ?? pathBetween(view, ends, nowMs), nowMs);
}

// Most questions are about one address and a path that was measured: its estimate is told from where it lies. Valid until the next look.
function glance(view: View, { sourceId: hostId, named }: Ends, nowMs: number): ToldBelief | undefined {
  const [destination, another] = named.addresses;
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

/** What the ends of a question name. Throws QueryFault with both where both name nothing. */
export function endsAsked(view: View, { source, destination }: GetPathRequest__Output): Ends {
  const [sourceId, named] = allValid(
    () => sourceNamed(view, "source", source),
    () => destinationNamed(view, "destination", destination),
  );
  return { source, sourceId, named };
}

/** The path that a question names. Throws QueryFault where it names nothing, or nothing is known of it. */
export function pathAsked(view: View, asked: GetPathRequest__Output, nowMs: number): PathBelief {
  return pathBetween(view, endsAsked(view, asked), nowMs);
}

/** The path between two ends. Throws QueryFault where nothing is known of it. */
export function pathBetween(view: View, ends: Ends, nowMs: number): PathBelief {
  const { source, sourceId, named } = ends;
  const path = bestPath(view, sourceId, named, nowMs);
  if (path !== undefined) return path;
  const unknown = [
    ...(view.hosts.get(sourceId) === undefined ? [`host ${JSON.stringify(source)}`] : []),
    ...(named.addresses.length === 0 ? [`host ${JSON.stringify(named.text)}`] : []),
  ];
  const asked = `a path from ${JSON.stringify(source)} to ${JSON.stringify(named.text)}`;
  if (isSourceItself(view, ends, named)) {
    throw notFound(`${asked} as source and destination are the same host`);
  }
  const why = unknown.length === 0 ? "" : `: no ${unknown.join(" and no ")} is known`;
  throw notFound(`${asked}${why}`);
}

/** Whether a destination is the source, by whichever of its names. */
export function isSourceItself(
  view: View,
  { source, sourceId }: Pick<Ends, "source" | "sourceId">,
  named: NamedDestination,
): boolean {
  return named.text === source || ownerIdOf(view, named) === sourceId;
}

/** Answers ListPaths. Throws QueryFault. */
export function* listPaths(view: View, request: ListPathsRequest__Output, nowMs: number): Steps<ListPathsResponse> {
  const [match, size, startKey] = allValid(
    () => pathMatch(view, request.filter),
    () => pageSizeOf(request.pageSize),
    () => startKeyOf(request.pageToken),
  );
  const page = yield* pageOfPaths(view, match, size, startKey);
  return {
    paths: yield* inParts(page.records, pathsPerStep, (record) => pathMessage(view, record, nowMs)),
    nextPageToken: page.nextKey === undefined ? "" : pageTokenFor(page.nextKey),
  };
}
