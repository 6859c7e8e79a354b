/**
 * What each host should hold, what it was sent, and what is therefore to be sent next.
 *
 * Versions of one host rise by one with each update, and each update names the one before it. A host that missed one
 * refuses the next (VERSION_GAP) and gets a snapshot, so a lost message costs one round and no state.
 *
 * While another aggregator leads, its updates are taken in as they pass (advice-mirror.ts). Whoever leads next goes on from there: its
 * first update builds on the last one of the term before, and changes nothing by itself.
 */
import type { Advice } from "./advice-change.ts";
import { adviceAbout, isAdviceChanged } from "./advice-change.ts";
import type { ObservedUpdate } from "./advice-mirror.ts";
import { disputedAdvice, observeUpdate } from "./advice-mirror.ts";
import type { PathPlaces } from "./held-advice.ts";
import { HeldAdvice } from "./held-advice.ts";
import type { HostLedger, LedgerBounds } from "./host-ledger.ts";
import {
  endInherited,
  holdsAnything,
  inheritDisputed,
  isInherited,
  newHostLedger,
  nextAdvice,
  releaseSent,
  setPending,
  settlePending,
} from "./host-ledger.ts";
import { addressKey, addressOfKey } from "./path-key.ts";
import type { UpdateDraft } from "./update-draft.ts";

/** What holds for all hosts. */
export interface LedgerOptions {
  /** Fencing term to begin with; 0: another leads. */
  readonly term: number;
  readonly ttlMs: number;
  /** Beside which advice is kept. */
  readonly paths: PathPlaces;
  readonly bounds: LedgerBounds;
}

/** How a host answered an update, in the words of the log and the metrics. */
export type AnswerKind = "in_force" | "resend" | "refused" | "fenced" | "not_ours" | "unknown_update";

/** Owns the state of every host's advice. */
export class AdviceLedger {
  readonly #options: LedgerOptions;
  readonly #held: HeldAdvice;
  readonly #hosts = new Map<string, HostLedger>();
  readonly #waiting = new Set<string>();
  #term: number;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.#held = new HeldAdvice(options.paths);
    this.#term = options.term;
  }

  /** Fencing term; 0 while another leads. */
  get term(): number {
    return this.#term;
  }

  /** Hosts of which it is not known what they hold. */
  get incompleteHosts(): readonly string[] {
    return [...this.#hosts].filter(([, host]) => host.isIncomplete).map(([hostId]) => hostId);
  }

  /** Hosts that follow a higher term, as far as they told. */
  get fencedHosts(): number {
    return [...this.#hosts.values()].filter((host) => host.fenced).length;
  }

  /**
   * From now on updates are sent from here, those to hosts first whose advice runs out first. A view `isYoung` that has not heard
   * of every host and path yet.
   */
  lead(term: number, nowMs: number, isYoung = false): void {
    this.#term = term;
    const bySentMs = [...this.#hosts].sort(([, left], [, right]) => left.sentMs - right.sentMs);
    for (const [hostId, host] of bySentMs) {
      inheritDisputed(host, isYoung, nowMs + this.#options.bounds.inheritedMaxMs);
      host.fenced = false;
      host.settledVersion = 0;
      host.settlingVersion = 0;
      if (host.isIncomplete) {
        // What is not known of is kept until there was time to learn as much anew.
        host.needsSnapshot = true;
        host.snapshotMs = nowMs;
        host.snapshotIntervalMs = this.#options.bounds.inheritedKeptMs;
      }
      this.#waiting.add(hostId);
    }
  }

  /** From now on another leads. What was sent counts as held until something else is observed. */
  standBy(): void {
    this.#term = 0;
  }

  /** Takes in an update that another sent. False where it tells nothing new. */
  observe(hostId: string, update: ObservedUpdate, nowMs: number): boolean {
    return observeUpdate(this.#hosts.get(hostId) ?? this.#newHost(hostId), update, nowMs);
  }

  /**
   * What hosts hold although something else is wanted here, since two reviews: for a while then whoever leads has thought otherwise.
   * To be called in turn, some seconds apart, while another leads.
   */
  reviewDisputes(): readonly { readonly hostId: string; readonly held: Advice }[] {
    const disputes: { hostId: string; held: Advice }[] = [];
    for (const hostId of [...this.#waiting]) {
      const host = this.#hosts.get(hostId);
      if (host === undefined || host.pending.size === 0) this.#waiting.delete(hostId);
      if (host !== undefined) for (const held of disputedAdvice(host)) disputes.push({ hostId, held });
    }
    return disputes;
  }

  /** Advice held or about to be held, over all hosts. */
  get entries(): number {
    let entries = 0;
    for (const host of this.#hosts.values()) entries += host.held.size;
    return entries;
  }

  /** Advice that one host holds. */
  entriesOf(hostId: string): number {
    return this.#hosts.get(hostId)?.held.size ?? 0;
  }

  /** Hosts that may have something to be sent. */
  get waitingHosts(): readonly string[] {
    return [...this.#waiting];
  }

  /** What a host holds about a destination, or will with the next update from here. */
  adviceFor(hostId: string, destination: Uint8Array): Advice | undefined {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return undefined;
    const key = addressKey(destination);
    if (!this.#isPending(host, key)) return host.held.get(key)?.advice;
    const terms = host.pending.get(key);
    return terms === undefined ? undefined : adviceAbout(key, terms);
  }

  /** What a host is told to receive at once from the destination of a key, or will be with what waits to be sent, bytes; 0: nothing. */
  nextReceiveWindowBytes(hostId: string, destinationKey: string): number {
    const host = this.#hosts.get(hostId);
    return host === undefined ? 0 : (nextAdvice(host, destinationKey)?.receiveWindowBytes ?? 0);
  }

  /** First window that a host holds, or will with the next update, about the destination of a key (addressKey); 0: none. */
  windowSegmentsOf(hostId: string, destinationKey: string): number {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return 0;
    return this.#isPending(host, destinationKey)
      ? (host.pending.get(destinationKey)?.windowSegments ?? 0)
      : host.held.windowSegments(destinationKey);
  }

  /** The same for many destinations of one host, by the slots of its paths there (-1: none); valid until something changes. */
  windowsOf(hostId: string): (slot: number, destinationKey: string) => number {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return () => 0;
    return (slot, destinationKey) => this.#windowSegmentsAt(host, slot, destinationKey);
  }

  /** The destinations a host holds advice for, 16 bytes each, whatever is sent and withdrawn between two of them. */
  *destinationsOf(hostId: string): Generator<Uint8Array, undefined> {
    for (const key of this.#hosts.get(hostId)?.held.keys() ?? []) yield addressOfKey(key);
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
   * after a failed jump the host has dropped its entry and needs one even if it is the same, and what an operator withholds is
   * withdrawn whatever another leader thought of it. Returns whether anything is to be sent.
   */
  want(hostId: string, destination: Uint8Array, advice: Advice | undefined, force = false): boolean {
    const key = addressKey(destination);
    const known = this.#hosts.get(hostId);
    if (known === undefined && advice === undefined) return false;
    const host = known ?? this.#newHost(hostId);
    const isLowered = force && advice !== undefined;
    if (!isLowered && isInherited(host, key, advice, force)) return false;
    const next = nextAdvice(host, key);
    if (!isAdviceChanged(next, advice) && !isLowered) {
      // What has not been sent yet costs nothing to correct.
      if (host.pending.has(key)) setPending(host, key, advice);
      return false;
    }
    if (advice !== undefined && next === undefined && this.#isFull(host)) return false;
    setPending(host, key, advice, isLowered);
    // Back at what the host holds there is nothing to send, unless the host has dropped it.
    if (!host.lowered.has(key)) settlePending(host, key);
    this.#waiting.add(hostId);
    return true;
  }

  /** What a host says that it holds decides whether it can go on from there or needs everything anew. */
  announced(hostId: string, term: number, version: number, nowMs: number): void {
    // Versions must go on rising where a host that was forgotten comes back.
    if (this.#term === 0) return;
    const isReturn = term === this.#term && version > 0;
    const host = this.#hosts.get(hostId) ?? (isReturn ? this.#newHost(hostId) : undefined);
    if (host === undefined) return;
    this.#settle(host, nowMs);
    host.fenced = term > this.#term;
    // Updates may be on their way: the host need not hold the newest, but what is settled.
    const isOurs = term === this.#term;
    const isBehind = isOurs ? version < host.settledVersion : host.settledVersion > 0;
    if (!isBehind && !(isOurs && version > host.version)) return;
    if (isOurs) host.version = Math.max(host.version, version);
    if (isOurs) host.term = term;
    this.#askSnapshot(hostId, host, this.#options.bounds.snapshotIntervalMs);
  }

  /** The host is to be sent all it should hold: its agent started anew, or somebody else missed a part. */
  resend(hostId: string): void {
    const host = this.#hosts.get(hostId);
    if (host !== undefined) this.#askSnapshot(hostId, host, this.#options.bounds.snapshotIntervalMs);
  }

  /** Takes in the answer to one update. `refusal` is undefined where the update is in force. */
  answered(hostId: string, term: number, version: number, refusal: string | undefined): AnswerKind {
    const host = this.#hosts.get(hostId);
    if (term !== this.#term) return "not_ours";
    if (host === undefined || version > host.version) return "unknown_update";
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

  /** The hosts that hold a first window for a destination and will still with the next update, and those with a path there that will. */
  holdersOf(destination: Uint8Array): readonly string[] {
    const key = addressKey(destination);
    const holders = new Set<string>();
    this.#held.places.eachTo(destination, (slot, hostId) => {
      const host = this.#hosts.get(hostId);
      if (host !== undefined && this.#windowSegmentsAt(host, slot, key) > 0) holders.add(hostId);
    });
    for (const hostId of this.#held.strayHolders(key)) if (this.windowSegmentsOf(hostId, key) > 0) holders.add(hostId);
    return [...holders];
  }

  /** Forgets everything a host was told. */
  forgetHost(hostId: string): void {
    this.#held.forgetHost(hostId);
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
    if (host === undefined || host.fenced || this.#term === 0) return drafts;
    endInherited(host, nowMs);
    while (drafts.length < limit) {
      const draft = this.#nextDraft(host, nowMs);
      if (draft === undefined) break;
      drafts.push(draft);
      host.sentMs = nowMs;
      this.#settle(host, nowMs);
    }
    if (releaseSent(host) && !host.needsSnapshot) this.#waiting.delete(hostId);
    return drafts;
  }

  /**
   * An update that renews what a host holds and changes nothing of it, where that is due: what is pending waits. For a leader that knows what
   * the host was told, and not enough to tell it anything else. Whether that may be is asked only where it is due.
   */
  takeRenewal(hostId: string, nowMs: number, mayRenew: () => boolean): UpdateDraft | undefined {
    const host = this.#hosts.get(hostId);
    if (host === undefined || this.#term === 0 || !this.#isRenewalDue(host, nowMs)) return undefined;
    if ((host.needsSnapshot && !host.isIncomplete) || !mayRenew()) return undefined;
    host.sentMs = nowMs;
    return this.#delta(host, false, 0);
  }

  /** Hosts whose entries must be renewed before they run out, those first that run out first: an update without entries does. */
  hostsToRenew(nowMs: number): readonly string[] {
    const due = [...this.#hosts].filter(([, host]) => this.#isRenewalDue(host, nowMs));
    return due.sort(([, one], [, other]) => one.sentMs - other.sentMs).map(([hostId]) => hostId);
  }

  #nextDraft(host: HostLedger, nowMs: number): UpdateDraft | undefined {
    if (host.needsSnapshot && nowMs - host.snapshotMs >= host.snapshotIntervalMs) return this.#snapshot(host, nowMs);
    if (host.needsSnapshot && !host.isIncomplete) return undefined;
    const isDue = host.pending.size > 0 || this.#isRenewalDue(host, nowMs);
    return isDue || this.#isOfOtherTerm(host) ? this.#delta(host, false) : undefined;
  }

  #windowSegmentsAt(host: HostLedger, slot: number, key: string): number {
    if (this.#isPending(host, key)) return host.pending.get(key)?.windowSegments ?? 0;
    return host.held.windowSegmentsAt(slot, key);
  }

  // While another leads, what is pending here is an opinion.
  #isPending(host: HostLedger, key: string): boolean {
    return this.#term !== 0 && host.pending.size > 0 && host.pending.has(key);
  }

  // Everything is pending again; the first update drops what the host holds beside it.
  #snapshot(host: HostLedger, nowMs: number): UpdateDraft | undefined {
    for (const key of host.held.keys()) if (!host.pending.has(key)) setPending(host, key, host.held.get(key)?.advice);
    for (const [key, advice] of host.pending) if (advice === undefined) host.pending.delete(key);
    host.held.clear();
    // Nothing to say and nothing ever said: the first entry will be the snapshot.
    if (host.pending.size === 0 && host.version === 0) return undefined;
    host.needsSnapshot = false;
    host.isIncomplete = false;
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

  #delta(host: HostLedger, snapshot: boolean, entriesMax = this.#options.bounds.entriesPerUpdate): UpdateDraft {
    const entries: Advice[] = [];
    const withdrawn: Uint8Array[] = [];
    const baseTerm = host.term === this.#term ? 0 : host.term;
    host.term = this.#term;
    host.version += 1;
    for (const [key, terms] of host.pending) {
      if (entries.length + withdrawn.length >= entriesMax) break;
      const before = host.held.get(key);
      const loweredVersion = host.lowered.delete(key) ? host.version : (before?.loweredVersion ?? 0);
      host.pending.delete(key);
      if (terms !== undefined) {
        const advice = adviceAbout(key, terms);
        entries.push(advice);
        host.held.set(key, { advice, loweredVersion });
      } else if (before !== undefined) {
        withdrawn.push(before.advice.destination);
        host.held.delete(key);
      }
    }
    return { version: host.version, baseTerm, baseVersion: host.version - 1, snapshot, entries, withdrawn };
  }

  #isFull(host: HostLedger): boolean {
    return host.held.size + host.pending.size >= this.#options.bounds.entriesPerHostMax;
  }

  // It holds something that was sent in another term: until it is told of this one, it follows whoever sent that.
  #isOfOtherTerm(host: HostLedger): boolean {
    return host.term !== this.#term && holdsAnything(host);
  }

  #isRenewalDue(host: HostLedger, nowMs: number): boolean {
    return !host.fenced && holdsAnything(host) && nowMs - host.sentMs >= this.#options.ttlMs / 3;
  }

  #askSnapshot(hostId: string, host: HostLedger, intervalMs: number): void {
    host.needsSnapshot = true;
    host.snapshotIntervalMs = intervalMs;
    this.#waiting.add(hostId);
  }

  #newHost(hostId: string): HostLedger {
    const host = newHostLedger(this.#held.ofHost(hostId), this.#options.bounds.snapshotIntervalMs);
    this.#hosts.set(hostId, host);
    return host;
  }
}
