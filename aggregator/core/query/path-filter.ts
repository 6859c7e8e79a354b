/** Which paths a caller asks about. */
import type { Prefix } from "../../../proto/address.ts";
import { prefixContains, prefixFromText } from "../../../proto/address.ts";
import { isHostId } from "../../../proto/subjects.ts";
import type { PathRecord } from "../path-table.ts";
import type { View } from "../view.ts";
import { sourceNamed } from "./names.ts";
import { allValid, invalidField } from "./query-fault.ts";

/** Whose path it is, and where it leads. */
export type PathName = Pick<PathRecord, "hostId" | "destination">;

/** What a filter selects. */
export interface PathMatch {
  /** Where all matches belong to one host. */
  readonly onlyHostId: string | undefined;
  readonly matches: (path: PathName) => boolean;
}

/** A filter as the caller wrote it; empty texts select everything. */
export interface PathFilter {
  readonly source: string;
  readonly destination: string;
}

/**
 * What a filter selects. Host ids are looked up as the paths are matched, so a host may announce itself later. Throws
 * QueryFault where the filter can name nothing.
 */
export function pathMatch(view: View, filter: PathFilter | null): PathMatch {
  const { source = "", destination = "" } = filter ?? {};
  const [onlyHostId, isDestination] = allValid(
    () => (source === "" ? undefined : sourceNamed(view, "filter.source", source)),
    () => destinationMatch(view, destination),
  );
  const isSource = (record: PathName) => onlyHostId === undefined || record.hostId === onlyHostId;
  if (isDestination === undefined) return { onlyHostId, matches: isSource };
  return { onlyHostId, matches: (record) => isSource(record) && isDestination(record) };
}

function destinationMatch(view: View, destination: string): ((path: PathName) => boolean) | undefined {
  if (destination === "") return undefined;
  const prefix = view.hosts.get(destination) === undefined ? prefixFromText(destination) : undefined;
  if (prefix === undefined && !isHostId(destination)) {
    throw invalidField("filter.destination", "an IP address, a prefix or the id of a host", destination);
  }
  return prefix === undefined ? ownedBy(view, destination) : within(prefix);
}

function ownedBy(view: View, hostId: string): (path: PathName) => boolean {
  return (record) => view.hosts.ownerOf(record.destination)?.hostId === hostId;
}

function within(prefix: Prefix): (path: PathName) => boolean {
  return (record) => prefixContains(prefix, record.destination);
}
