/** The one place where questions read what is believed of a path. */
import { confidenceOf } from "../confidence.ts";
import { addressKey } from "../path-key.ts";
import type { PathRecord } from "../path-table.ts";
import type { View } from "../view.ts";
import type { NamedDestination } from "./names.ts";
import type { Provenance } from "./provenance-numbers.ts";

/** A path of which something is known. */
export interface KnownPath {
  readonly record: PathRecord;
  readonly provenance: Provenance;
  /** 0..1. */
  readonly confidence: number;
  /** Since the newest sample. */
  readonly ageSeconds: number;
}

/** The path from a source to an address; undefined where nothing is known of it. */
export function knownPath(view: View, sourceId: string, address: Uint8Array, nowMs: number): KnownPath | undefined {
  return knownByKey(view, sourceId, addressKey(address), nowMs);
}

function knownByKey(view: View, sourceId: string, key: string, nowMs: number): KnownPath | undefined {
  const record = view.table.getByKey(sourceId, key);
  if (record === undefined) return undefined;
  return {
    record,
    provenance: "PROVENANCE_MEASURED",
    confidence: confidenceOf(record.estimate, nowMs),
    ageSeconds: Math.max(0, nowMs - record.estimate.sampledMs) / 1000,
  };
}

/** The best known path to any of a destination's addresses. */
export function bestPath(
  view: View,
  sourceId: string,
  destination: NamedDestination,
  nowMs: number,
): KnownPath | undefined {
  const [onlyKey] = destination.keys;
  if (onlyKey !== undefined && destination.keys.length === 1) return knownByKey(view, sourceId, onlyKey, nowMs);
  let best: KnownPath | undefined;
  for (const key of destination.keys) {
    const path = knownByKey(view, sourceId, key, nowMs);
    if (path !== undefined && (best === undefined || path.confidence > best.confidence)) best = path;
  }
  return best;
}
