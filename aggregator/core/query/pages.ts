/** Pages of paths and of names. */
import { queryBounds } from "../bounds.ts";
import type { PathRecord } from "../path-table.ts";
import type { Steps } from "../steps.ts";
import type { View } from "../view.ts";
import { keyOfPageToken } from "./page-token.ts";
import type { PathMatch } from "./path-filter.ts";
import { invalidField } from "./query-fault.ts";

/** Paths that are looked at in one go where a first look, at as many as are wanted, did not do: few may match. */
const chunkSize = 1_000;

/** At most `size` matching paths after a key, and the key to go on from; undefined at the end. */
export function* pageOfPaths(
  view: View,
  match: PathMatch,
  size: number,
  startKey: string,
): Steps<{ readonly records: readonly PathRecord[]; readonly nextKey: string | undefined }> {
  const records: PathRecord[] = [];
  let key = startKey;
  let limit = size;
  for (let scanned = 0; scanned < queryBounds.rowsScannedPerPage; ) {
    const candidates = view.table.after(key, limit, match.onlyHostId);
    for (const candidate of candidates) {
      key = candidate.key;
      if (match.matches(candidate)) records.push(candidate);
      if (records.length === size) return { records, nextKey: hasMore(view, match, key) ? key : undefined };
    }
    if (candidates.length < limit) return { records, nextKey: undefined };
    scanned += candidates.length;
    limit = chunkSize;
    yield;
  }
  return { records, nextKey: key };
}

/** As many messages of a page as an answer may hold together; the first in any case. */
export function messagesThatFit<Value, Message>(
  values: readonly Value[],
  messageOf: (value: Value) => Message,
): Message[] {
  const messages: Message[] = [];
  let bytes = 0;
  for (const value of values) {
    const message = messageOf(value);
    // Never less than what it takes on the wire, where fields have no names.
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (messages.length > 0 && bytes > queryBounds.pageMaxBytes) break;
    messages.push(message);
  }
  return messages;
}

/** The size of a page; 0 is the usual one. Throws QueryFault out of range. */
export function pageSizeOf(pageSize: number): number {
  if (pageSize === 0) return queryBounds.pageSizeDefault;
  if (pageSize >= 1 && pageSize <= queryBounds.pageSizeMax) return pageSize;
  throw invalidField("page_size", `1..${queryBounds.pageSizeMax} or 0`, pageSize);
}

/** The key that a page of paths begins after. Throws QueryFault for what is no token of ours. */
export function startKeyOf(pageToken: string): string {
  if (pageToken === "") return "";
  const key = keyOfPageToken(pageToken);
  if (key === undefined) throw invalidField("page_token", "a next_page_token of this service", pageToken);
  return key;
}

function hasMore(view: View, match: PathMatch, key: string): boolean {
  return view.table.after(key, 1, match.onlyHostId).length > 0;
}
