/** Which paths a caller asks about. */
import type { Prefix } from "../../../proto/address.ts";
import { prefixContains, prefixFromText } from "../../../proto/address.ts";
import { isHostId } from "../../../proto/subjects.ts";
import { addressKey } from "../path-key.ts";
import type { PathRecord } from "../path-table.ts";
import type { View } from "../view.ts";
import { sourceNamed } from "./names.ts";
import { allValid, invalidField } from "./query-fault.ts";

/** Whose path it is, and where it leads. */
export type PathName = Pick<PathRecord, "hostId" | "destination">;

/** What a filter selects, as its names stand. */
export interface PathMatch {
  /** Where all matches belong to one host. */
  readonly onlyHostId: string | undefined;
  readonly matches: (path: PathName) => boolean;
  /** What the names stand for: another text once that is other hosts or addresses; empty: there are no such names. */
  readonly selection: string;
}

/** A filter as the caller wrote it; empty texts select everything. */
export interface PathFilter {
  readonly source: string;
  readonly destination: string;
}

/** Which paths lead there; of a host, its addresses as they are. */
interface DestinationMatch {
  readonly matches: (path: PathName) => boolean;
  readonly addressKeys: readonly string[] | undefined;
}

/**
 * What a filter selects. Hosts are looked up once, so that a path is still told apart when its hosts are gone; once `hosts.renames` is
 * another one, look again. Throws QueryFault where the filter can name nothing.
 */
export function pathMatch(view: View, filter: PathFilter | null): PathMatch {
  const { source = "", destination = "" } = filter ?? {};
  const [onlyHostId, leadsThere] = allValid(
    () => (source === "" ? undefined : sourceNamed(view, "filter.source", source)),
    () => destinationMatch(view, destination),
  );
  const selection = selectionOf(onlyHostId, leadsThere?.addressKeys);
  const isSource = (path: PathName) => onlyHostId === undefined || path.hostId === onlyHostId;
  if (leadsThere === undefined) return { onlyHostId, matches: isSource, selection };
  return { onlyHostId, matches: (path) => isSource(path) && leadsThere.matches(path), selection };
}

function destinationMatch(view: View, destination: string): DestinationMatch | undefined {
  if (destination === "") return undefined;
  const prefix = view.hosts.get(destination) === undefined ? prefixFromText(destination) : undefined;
  if (prefix === undefined && !isHostId(destination)) {
    throw invalidField("filter.destination", "an IP address, a prefix or the id of a host", destination);
  }
  return prefix === undefined ? ownedBy(view, destination) : within(prefix);
}

function ownedBy(view: View, hostId: string): DestinationMatch {
  const addresses = view.hosts.get(hostId)?.addresses ?? [];
  const own = addresses.filter((address) => view.hosts.ownerOf(address)?.hostId === hostId);
  const addressKeys = own.map(addressKey).sort();
  const keys = new Set(addressKeys);
  return { matches: (path) => keys.has(addressKey(path.destination)), addressKeys };
}

function within(prefix: Prefix): DestinationMatch {
  return { matches: (path) => prefixContains(prefix, path.destination), addressKeys: undefined };
}

function selectionOf(hostId: string | undefined, addressKeys: readonly string[] | undefined): string {
  return hostId === undefined && addressKeys === undefined ? "" : JSON.stringify([hostId, addressKeys]);
}
