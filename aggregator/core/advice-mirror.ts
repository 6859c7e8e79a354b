/** What hosts hold, as one sees it who does not lead but hears every update of the one who does. */
import type { Advice } from "./advice-change.ts";
import type { HostLedger } from "./host-ledger.ts";
import { settledReviews, settlePending } from "./host-ledger.ts";
import { emptyMap } from "./lazy-collections.ts";
import { addressKey } from "./path-key.ts";

/** An update on its way to a host. */
export interface ObservedUpdate {
  readonly term: number;
  readonly version: number;
  readonly baseTerm: number;
  readonly baseVersion: number;
  readonly snapshot: boolean;
  readonly entries: readonly Advice[];
  /** 16 bytes each. */
  readonly withdrawn: readonly Uint8Array[];
}

/**
 * Takes an update into the ledger of its host as the host will take it. False where it is older than what is known. Where it does not
 * build on what is known, an update was missed, and `isIncomplete` stays set until the next snapshot.
 */
export function observeUpdate(host: HostLedger, update: ObservedUpdate, nowMs: number): boolean {
  const { term, version } = update;
  if (term < host.term || (term === host.term && version <= host.version)) return false;
  const isNext = host.term === (update.baseTerm || term) && host.version === update.baseVersion;
  if (update.snapshot) host.held.clear();
  host.isIncomplete = !update.snapshot && (host.isIncomplete || !isNext);
  for (const advice of update.entries) {
    const key = addressKey(advice.destination);
    // The leader has learned the lesson of a failure, if there was one.
    const loweredVersion = host.lowered.has(key) ? version : (host.held.get(key)?.loweredVersion ?? 0);
    host.held.set(key, { advice, loweredVersion });
    settlePending(host, key);
  }
  for (const destination of update.withdrawn) {
    const key = addressKey(destination);
    host.held.delete(key);
    settlePending(host, key);
  }
  if (update.snapshot) for (const key of [...host.pending.keys()]) settlePending(host, key);
  host.term = term;
  host.version = version;
  host.sentMs = nowMs;
  host.needsSnapshot = false;
  host.fenced = false;
  return true;
}

/**
 * What the host holds against what is wanted here, where that was so at the last review already: whoever leads had the
 * same reports and time to act on them, and did not.
 */
export function disputedAdvice(host: HostLedger): readonly Advice[] {
  const disputed: Advice[] = [];
  const reviews = new Map([...host.pending.keys()].map((key) => [key, (host.disputed.get(key) ?? 0) + 1]));
  host.disputed = reviews.size === 0 ? emptyMap() : reviews;
  for (const [key, count] of reviews) {
    const held = host.held.get(key)?.advice;
    if (count >= settledReviews && held !== undefined) disputed.push(held);
  }
  return disputed;
}
