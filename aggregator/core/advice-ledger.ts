/**
 * What each host should hold, what it was sent, and what is therefore to be sent next.
 *
 * Versions of one host rise by one with each update of a term, and each update names the one before it. A host that
 * missed one refuses the next (VERSION_GAP) and gets a snapshot, so a lost message costs one round and no state.
 */
import type { Advice } from "./advice-change.ts";
import { isAdviceChanged } from "./advice-change.ts";
import { addressKey } from "./path-key.ts";

/** Limits of size and pace; milliseconds. */
export interface LedgerBounds {
  readonly entriesPerUpdate: number;
  readonly entriesPerHostMax: number;
  readonly answerWaitMs: number;
  readonly snapshotIntervalMs: number;
  readonly refusedSnapshotIntervalMs: number;
}

/** What holds for all hosts. */
export interface LedgerOptions {
  /** Fencing term: later aggregators have higher ones. */
  readonly term: number;
  readonly ttlMs: number;
  readonly bounds: LedgerBounds;
}

/** One update, ready to be addressed and sealed. */
export interface UpdateDraft {
  readonly version: number;
  readonly baseVersion: number;
  readonly snapshot: boolean;
  readonly entries: readonly Advice[];
  /** 16 bytes each. */
  readonly withdrawn: readonly Uint8Array[];
}

/** How a host answered an update, in the words of the log and the metrics. */
export type AnswerKind = "in_force" | "resend" | "refused" | "fenced" | "unknown_update";

interface Held {
  readonly advice: Advice;
  /** Of the update that last lowered it after a failed jump; 0: none did. */
  readonly loweredVersion: number;
}

interface HostLedger {
  /** By destination key: what the host holds if nothing was lost. */
  readonly held: Map<string, Held>;
  /** By destination key: not sent yet; undefined withdraws. */
  readonly pending: Map<string, Advice | undefined>;
  /** Keys of pending advice that a failed jump lowered. */
  readonly lowered: Set<string>;
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
  /** It follows a higher term. */
  fenced: boolean;
}

/** Owns the state of every host's advice. */
export class AdviceLedger {
  readonly #options: LedgerOptions;
  readonly #hosts = new Map<string, HostLedger>();
  readonly #waiting = new Set<string>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  get term(): number {
    return this.#options.term;
  }

  /** Advice held or about to be held, over all hosts. */
  get entries(): number {
    let entries = 0;
    for (const host of this.#hosts.values()) entries += host.held.size;
    return entries;
  }

  /** First window that a host holds, or will with the next update, about the destination of a key (addressKey); 0: none. */
  windowSegmentsOf(hostId: string, destinationKey: string): number {
    const host = this.#hosts.get(hostId);
    return host === undefined ? 0 : (nextOf(host, destinationKey)?.windowSegments ?? 0);
  }

  /** Advice that one host holds. */
  entriesOf(hostId: string): number {
    return this.#hosts.get(hostId)?.held.size ?? 0;
  }

  /** Hosts that may have something to be sent. */
  get waitingHosts(): readonly string[] {
    return [...this.#waiting];
  }

  /** What a host holds, or will with the next update, about a destination. */
  adviceFor(hostId: string, destination: Uint8Array): Advice | undefined {
    const host = this.#hosts.get(hostId);
    const key = addressKey(destination);
    return host === undefined ? undefined : nextOf(host, key);
  }

  /** The destinations a host holds advice for, 16 bytes each. */
  destinationsOf(hostId: string): readonly Uint8Array[] {
    return [...(this.#hosts.get(hostId)?.held.values() ?? [])].map((held) => held.advice.destination);
  }

  /** The hosts that were told anything, in no order. */
  hostIds(): readonly string[] {
    return [...this.#hosts.keys()];
  }

  /** Whether a window that failed was granted out of advice that has been lowered since: the lesson is learned already. */
  isLoweredSince(hostId: string, destination: Uint8Array, adviceVersion: number): boolean {
    const host = this.#hosts.get(hostId);
    const key = addressKey(destination);
    if (host === undefined) return false;
    return host.lowered.has(key) || adviceVersion < (host.held.get(key)?.loweredVersion ?? 0);
  }

  /**
   * Says what a host should hold about a destination. Small differences to what it holds are left out unless `force`:
   * after a failed jump the host has dropped its entry and needs one even if it is the same. Returns whether anything
   * is to be sent.
   */
  want(hostId: string, destination: Uint8Array, advice: Advice | undefined, force = false): boolean {
    const key = addressKey(destination);
    const known = this.#hosts.get(hostId);
    if (known === undefined && advice === undefined) return false;
    const host = known ?? this.#newHost(hostId);
    const next = nextOf(host, key);
    const isLowered = force && advice !== undefined;
    if (!isAdviceChanged(next, advice) && !isLowered) {
      // What has not been sent yet costs nothing to correct.
      if (host.pending.has(key)) host.pending.set(key, advice);
      return false;
    }
    if (advice !== undefined && next === undefined && this.#isFull(host)) return false;
    if (isLowered) host.lowered.add(key);
    host.pending.set(key, advice);
    this.#waiting.add(hostId);
    return true;
  }

  /** What a host says that it holds decides whether it can go on from there or needs everything anew. */
  announced(hostId: string, term: number, version: number, nowMs: number): void {
    // Versions must go on rising where a host that was forgotten comes back.
    const isReturn = term === this.#options.term && version > 0;
    const host = this.#hosts.get(hostId) ?? (isReturn ? this.#newHost(hostId) : undefined);
    if (host === undefined) return;
    this.#settle(host, nowMs);
    host.fenced = term > this.#options.term;
    // Updates may be on their way: the host need not hold the newest, but what is settled.
    const isOurs = term === this.#options.term;
    const isBehind = isOurs ? version < host.settledVersion : host.settledVersion > 0;
    if (!isBehind && !(isOurs && version > host.version)) return;
    if (isOurs) host.version = Math.max(host.version, version);
    this.#askSnapshot(hostId, host, this.#options.bounds.snapshotIntervalMs);
  }

  /** The host's agent started anew: what it holds is not known. */
  restarted(hostId: string): void {
    const host = this.#hosts.get(hostId);
    if (host !== undefined) this.#askSnapshot(hostId, host, this.#options.bounds.snapshotIntervalMs);
  }

  /** Takes in the answer to one update. `refusal` is undefined where the update is in force. */
  answered(hostId: string, term: number, version: number, refusal: string | undefined): AnswerKind {
    const host = this.#hosts.get(hostId);
    if (host === undefined || term !== this.#options.term || version > host.version) return "unknown_update";
    if (refusal === undefined) {
      host.fenced = false;
      return "in_force";
    }
    const { snapshotIntervalMs, refusedSnapshotIntervalMs } = this.#options.bounds;
    if (refusal === "ADVICE_REFUSAL_OLD_TERM") {
      host.fenced = true;
      return "fenced";
    }
    const isMended = ["ADVICE_REFUSAL_VERSION_GAP", "ADVICE_REFUSAL_TOO_LATE"].includes(refusal);
    this.#askSnapshot(hostId, host, isMended ? snapshotIntervalMs : refusedSnapshotIntervalMs);
    return isMended ? "resend" : "refused";
  }

  /** The hosts that hold, or will hold with the next update, a first window for a destination. Looks at every host. */
  holdersOf(destination: Uint8Array): readonly string[] {
    const key = addressKey(destination);
    const holders: string[] = [];
    for (const [hostId, host] of this.#hosts) if ((nextOf(host, key)?.windowSegments ?? 0) > 0) holders.push(hostId);
    return holders;
  }

  /** Forgets everything a host was told. */
  forgetHost(hostId: string): void {
    this.#hosts.delete(hostId);
    this.#waiting.delete(hostId);
  }

  /**
   * At most `limit` updates for a host, in the order in which they must be sent; from then on they count as held.
   * A host that holds nothing and is to hold nothing gets nothing: an empty first snapshot would wipe what an earlier
   * term left in force.
   */
  takeUpdates(hostId: string, limit: number, nowMs: number): readonly UpdateDraft[] {
    const host = this.#hosts.get(hostId);
    const drafts: UpdateDraft[] = [];
    if (host === undefined || host.fenced) return drafts;
    while (drafts.length < limit) {
      const draft = this.#nextDraft(host, nowMs);
      if (draft === undefined) break;
      drafts.push(draft);
      host.sentMs = nowMs;
      this.#settle(host, nowMs);
    }
    if (host.pending.size === 0 && !host.needsSnapshot) this.#waiting.delete(hostId);
    return drafts;
  }

  /** Hosts whose entries must be renewed before they run out: an update without entries does. */
  hostsToRenew(nowMs: number): readonly string[] {
    const due: string[] = [];
    for (const [hostId, host] of this.#hosts) if (this.#isRenewalDue(host, nowMs)) due.push(hostId);
    return due;
  }

  #nextDraft(host: HostLedger, nowMs: number): UpdateDraft | undefined {
    if (host.needsSnapshot) {
      return nowMs - host.snapshotMs < host.snapshotIntervalMs ? undefined : this.#snapshot(host, nowMs);
    }
    return host.pending.size > 0 || this.#isRenewalDue(host, nowMs) ? this.#delta(host, false) : undefined;
  }

  // Everything is pending again; the first update drops what the host holds beside it.
  #snapshot(host: HostLedger, nowMs: number): UpdateDraft | undefined {
    for (const [key, held] of host.held) if (!host.pending.has(key)) host.pending.set(key, held.advice);
    for (const [key, advice] of host.pending) if (advice === undefined) host.pending.delete(key);
    host.held.clear();
    // Nothing to say and nothing ever said: the first entry will be the snapshot.
    if (host.pending.size === 0 && host.version === 0) return undefined;
    host.needsSnapshot = false;
    host.snapshotMs = nowMs;
    host.settledVersion = 0;
    host.settlingVersion = host.version + 1;
    host.settlingMs = nowMs;
    return this.#delta(host, true);
  }

  #settle(host: HostLedger, nowMs: number): void {
    if (nowMs - host.settlingMs < this.#options.bounds.answerWaitMs) return;
    host.settledVersion = host.settlingVersion;
    host.settlingVersion = host.version;
    host.settlingMs = nowMs;
  }

  #delta(host: HostLedger, snapshot: boolean): UpdateDraft {
    const entries: Advice[] = [];
    const withdrawn: Uint8Array[] = [];
    host.version += 1;
    for (const [key, advice] of host.pending) {
      if (entries.length + withdrawn.length >= this.#options.bounds.entriesPerUpdate) break;
      const before = host.held.get(key);
      const loweredVersion = host.lowered.delete(key) ? host.version : (before?.loweredVersion ?? 0);
      host.pending.delete(key);
      if (advice !== undefined) {
        entries.push(advice);
        host.held.set(key, { advice, loweredVersion });
      } else if (before !== undefined) {
        withdrawn.push(before.advice.destination);
        host.held.delete(key);
      }
    }
    return { version: host.version, baseVersion: host.version - 1, snapshot, entries, withdrawn };
  }

  #isFull(host: HostLedger): boolean {
    return host.held.size + host.pending.size >= this.#options.bounds.entriesPerHostMax;
  }

  #isRenewalDue(host: HostLedger, nowMs: number): boolean {
    return !host.fenced && host.held.size > 0 && nowMs - host.sentMs >= this.#options.ttlMs / 3;
  }

  #askSnapshot(hostId: string, host: HostLedger, intervalMs: number): void {
    host.needsSnapshot = true;
    host.snapshotIntervalMs = intervalMs;
    this.#waiting.add(hostId);
  }

  #newHost(hostId: string): HostLedger {
    const host: HostLedger = {
      held: new Map(),
      pending: new Map(),
      lowered: new Set(),
      version: 0,
      settledVersion: 0,
      settlingVersion: 0,
      settlingMs: Number.NEGATIVE_INFINITY,
      sentMs: Number.NEGATIVE_INFINITY,
      snapshotMs: Number.NEGATIVE_INFINITY,
      snapshotIntervalMs: this.#options.bounds.snapshotIntervalMs,
      needsSnapshot: true,
      fenced: false,
    };
    this.#hosts.set(hostId, host);
    return host;
  }
}

function nextOf(host: HostLedger, key: string): Advice | undefined {
  return host.pending.has(key) ? host.pending.get(key) : host.held.get(key)?.advice;
}
