/** What one host holds if nothing was lost, and what it is to be sent. */
import type { Advice, AdviceTerms } from "./advice-change.ts";
import { isAdviceChanged, termsOf } from "./advice-change.ts";
import type { HeldByHost } from "./held-advice.ts";
import { emptyMap, emptySet, writableMap, writableSet } from "./lazy-collections.ts";

/** Limits of size and pace; milliseconds. */
export interface LedgerBounds {
  readonly entriesPerUpdate: number;
  readonly entriesPerHostMax: number;
  readonly answerWaitMs: number;
  readonly snapshotIntervalMs: number;
  readonly refusedSnapshotIntervalMs: number;
  /** How long advice of the term before is kept that is not known here. */
  readonly inheritedKeptMs: number;
  /** How long advice of the term before stands, at the most, that the view here speaks against. */
  readonly inheritedMaxMs: number;
}

/** Pending at so many reviews, advice was in dispute for the time between two at the least. */
export const settledReviews = 2;

/** The state of one host's advice; milliseconds of a monotonic clock. */
export interface HostLedger {
  /** By destination key: what the host holds if nothing was lost. */
  readonly held: HeldByHost;
  /** By destination key: not sent yet; undefined withdraws. This and the next three are made when something comes in (lazy-collections.ts). */
  pending: Map<string, AdviceTerms | undefined>;
  /** Keys of pending advice that a failed jump lowered. */
  lowered: Set<string>;
  /** While another leads: keys of pending advice, and at how many reviews it has been pending. */
  disputed: Map<string, number>;
  /**
   * Since this one leads: what was wanted here against what the host held, and was not settled. While just that is wanted, the host keeps
   * what it has.
   */
  inherited: Map<string, AdviceTerms | undefined>;
  inheritedUntilMs: number;
  /** Term and version of the newest update, whoever sent it; 0: none. Versions go on rising from term to term. */
  term: number;
  version: number;
  /** A version sent so long ago that the host holds it or missed it; 0: none yet. */
  settledVersion: number;
  /** The version that is next to settle, and since when. */
  settlingVersion: number;
  settlingMs: number;
  sentMs: number;
  snapshotMs: number;
  snapshotIntervalMs: number;
  needsSnapshot: boolean;
  /** An update that another sent was missed: the host holds more, or other things, than `held`. */
  isIncomplete: boolean;
  /** It follows a higher term. */
  fenced: boolean;
}

/** Of a host that was never sent anything. */
export function newHostLedger(held: HeldByHost, snapshotIntervalMs: number): HostLedger {
  return {
    held,
    pending: emptyMap(),
    lowered: emptySet(),
    disputed: emptyMap(),
    inherited: emptyMap(),
    inheritedUntilMs: 0,
    term: 0,
    version: 0,
    settledVersion: 0,
    settlingVersion: 0,
    settlingMs: Number.NEGATIVE_INFINITY,
    sentMs: Number.NEGATIVE_INFINITY,
    snapshotMs: Number.NEGATIVE_INFINITY,
    snapshotIntervalMs,
    needsSnapshot: true,
    isIncomplete: false,
    fenced: false,
  };
}

/** Whether there is advice on the host that must be renewed. */
export function holdsAnything(host: HostLedger): boolean {
  return host.held.size > 0 || host.isIncomplete;
}

/** What the host holds, or will with the next update, about a destination. */
export function nextAdvice(host: HostLedger, key: string): AdviceTerms | undefined {
  // Most hosts wait for nothing, and batches ask of every path.
  const isPending = host.pending.size > 0 && host.pending.has(key);
  return isPending ? host.pending.get(key) : host.held.get(key)?.advice;
}

/** Has something sent about a destination with the next update; undefined withdraws. `isLowered`: after a failed jump. */
export function setPending(host: HostLedger, key: string, advice: Advice | undefined, isLowered = false): void {
  host.pending = writableMap(host.pending);
  host.pending.set(key, advice === undefined ? undefined : termsOf(advice));
  if (!isLowered) return;
  host.lowered = writableSet(host.lowered);
  host.lowered.add(key);
}

/** Gives back the room of what was sent, as most hosts wait for nothing. Returns whether nothing is left to be sent. */
export function releaseSent(host: HostLedger): boolean {
  if (host.pending.size === 0) host.pending = emptyMap();
  if (host.lowered.size === 0) host.lowered = emptySet();
  return host.pending.size === 0;
}

/** Drops what is pending about a destination where the host holds it already, but for small differences. */
export function settlePending(host: HostLedger, key: string): void {
  if (!host.pending.has(key) || isAdviceChanged(host.held.get(key)?.advice, host.pending.get(key))) return;
  host.pending.delete(key);
  host.lowered.delete(key);
}

/**
 * What is in dispute when this one begins to lead stays as the host has it, until the data moves, or until a moment. Where the view is
 * young, so does all that the host holds: here it is not known yet who has which address, nor every path.
 */
export function inheritDisputed(host: HostLedger, isYoung: boolean, untilMs: number): void {
  host.inherited = emptyMap();
  host.inheritedUntilMs = untilMs;
  for (const [key, advice] of host.pending) {
    const isSettled = (host.disputed.get(key) ?? 0) >= settledReviews || (isYoung && host.held.has(key));
    if (!isSettled || host.lowered.has(key)) continue;
    host.inherited = writableMap(host.inherited);
    host.inherited.set(key, advice);
    host.pending.delete(key);
  }
  host.disputed = emptyMap();
}

/** Ends what was inherited where its time is over. */
export function endInherited(host: HostLedger, nowMs: number): void {
  if (nowMs >= host.inheritedUntilMs) host.inherited = emptyMap();
}

/** Whether advice, unless it `isNews` in any case, is none against what was inherited. Once it is, nothing of that destination is inherited any more. */
export function isInherited(host: HostLedger, key: string, advice: AdviceTerms | undefined, isNews: boolean): boolean {
  if (!host.inherited.has(key)) return false;
  if (!isNews && !isAdviceChanged(host.inherited.get(key), advice)) return true;
  host.inherited.delete(key);
  return false;
}
