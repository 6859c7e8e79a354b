/** Which paths a caller asks about: texts to hosts and addresses. */
import type { Prefix } from "../../proto/address.ts";
import { addressFromText, prefixContains, prefixFromText } from "../../proto/address.ts";
import { isHostId } from "../../proto/subjects.ts";
import { queryBounds } from "./bounds.ts";
import { confidenceOf } from "./confidence.ts";
import type { PathRecord } from "./path-table.ts";
import type { View } from "./view.ts";

export type Resolved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** What a filter selects. */
export interface PathMatch {
  /** Where all matches belong to one host. */
  readonly onlyHostId: string | undefined;
  readonly matches: (record: PathRecord) => boolean;
}

/** The id of a source given as host id or announced address; it need not be known. */
export function resolveSource(view: View, text: string): Resolved<string> {
  if (view.hosts.get(text) !== undefined) return { ok: true, value: text };
  const address = addressFromText(text);
  const owner = address === undefined ? undefined : view.hosts.ownerOf(address);
  if (owner !== undefined) return { ok: true, value: owner.hostId };
  if (isHostId(text)) return { ok: true, value: text };
  // A well-formed address of nobody: no path starts there.
  if (address !== undefined) return { ok: true, value: "" };
  return refused("source", "the id or an address of a host", text);
}

/** The path from a source to a destination given as IP address or id of a known host; undefined where none is known. */
export function findPath(
  view: View,
  sourceId: string,
  destination: string,
  nowMs: number,
): Resolved<PathRecord | undefined> {
  const host = view.hosts.get(destination);
  const address = addressFromText(destination);
  if (host === undefined && address === undefined) {
    return refused("destination", "an IP address or the id of a known host", destination);
  }
  const addresses = host !== undefined ? host.addresses : address !== undefined ? [address] : [];
  let best: PathRecord | undefined;
  for (const candidate of addresses) {
    const record = view.table.get(sourceId, candidate);
    if (record === undefined) continue;
    if (best === undefined || confidenceOf(record.estimate, nowMs) > confidenceOf(best.estimate, nowMs)) best = record;
  }
  return { ok: true, value: best };
}

/** What a filter selects. Host ids are looked up as the paths are matched, so a host may announce itself later. */
export function pathMatch(view: View, source: string, destination: string): Resolved<PathMatch> {
  const sourceId = source === "" ? { ok: true as const, value: undefined } : resolveSource(view, source);
  if (!sourceId.ok) return { ok: false, problem: sourceId.problem.replace("source", "filter.source") };
  const onlyHostId = sourceId.value;
  const isSource = (record: PathRecord) => onlyHostId === undefined || record.hostId === onlyHostId;
  if (destination === "") return { ok: true, value: { onlyHostId, matches: isSource } };
  const prefix = view.hosts.get(destination) === undefined ? prefixFromText(destination) : undefined;
  if (prefix === undefined && !isHostId(destination)) {
    return refused("filter.destination", "an IP address, a prefix or the id of a host", destination);
  }
  const isDestination = prefix === undefined ? ownedBy(view, destination) : within(prefix);
  return { ok: true, value: { onlyHostId, matches: (record) => isSource(record) && isDestination(record) } };
}

function ownedBy(view: View, hostId: string): (record: PathRecord) => boolean {
  return (record) => view.hosts.ownerOf(record.destination)?.hostId === hostId;
}

function within(prefix: Prefix): (record: PathRecord) => boolean {
  return (record) => prefixContains(prefix, record.destination);
}

function refused(field: string, requirement: string, value: string): { readonly ok: false; readonly problem: string } {
  const shown = JSON.stringify(value.slice(0, queryBounds.textMaxLength));
  return { ok: false, problem: `Cannot use ${field} as it must be ${requirement}: current value is ${shown}` };
}
