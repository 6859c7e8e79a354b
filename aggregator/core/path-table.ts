/** The paths and their estimates: bounded, in columns, ordered for paging, and followed by change. */
import { AddressTable } from "./address-table.ts";
import type { ChangePlace } from "./change-stamps.ts";
import { ChangeStamps } from "./change-stamps.ts";
import type { Draft } from "./draft.ts";
import { draftEstimate, EstimateRecords } from "./estimate-records.ts";
import { FoundPath } from "./found-path.ts";
import type { PathPlaces } from "./held-advice.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { emptyEstimate, foldRow, latestMsOf } from "./path-estimate.ts";
import { PathEvictions } from "./path-evictions.ts";
import type { HostPaths } from "./path-hosts.ts";
import { PathHosts, placesMax } from "./path-hosts.ts";
import { PathIndex } from "./path-index.ts";
import { addressKey, addressOfKey, pathKey } from "./path-key.ts";
import { PathNews } from "./path-news.ts";
import { PathOrder } from "./path-order.ts";
import { PathPairs } from "./path-pairs.ts";
import { PathRing } from "./path-ring.ts";
import type { PathReportRow } from "./report-check.ts";

/** One path as it was when it was asked for. */
export interface PathRecord {
  readonly hostId: string;
  /** 16 bytes. */
  readonly destination: Uint8Array;
  readonly estimate: PathEstimateState;
  /** Sorts by host id, then by destination. */
  readonly key: string;
}

/** Limits of what is kept. */
export interface PathTableBounds {
  readonly pathsMax: number;
  readonly pathsPerHostMax: number;
  readonly forgottenKept: number;
}

/** What a reader of changes is told. */
export interface PathChanges {
  readonly changed: readonly PathRecord[];
  /** Named as they were; their estimates are gone. */
  readonly forgotten: readonly ForgottenPath[];
  readonly place: ChangePlace;
  readonly isDone: boolean;
}

export type ForgottenPath = Pick<PathRecord, "key" | "hostId" | "destination">;

/** Slots that one prune() looks at: a million in fifteen seconds, as it is called. */
const prunedSlots = 16_384;
const none = 0xffff_ffff;

/** Paths that nothing was heard of for long make room for new ones. */
export class PathTable implements PathPlaces {
  /** For those who ask about many pairs. */
  readonly pairs: PathPairs;
  /** By slot: a number of whoever has to know more of paths than is here; 0 where the path is new, or touchTo() told of its destination. */
  readonly marks: Uint32Array;
  readonly #bounds: PathTableBounds;
  readonly #estimates: EstimateRecords;
  readonly #addresses: AddressTable;
  readonly #index: PathIndex;
  readonly #hosts: PathHosts;
  readonly #log: ChangeStamps<ForgottenPath>;
  readonly #news: PathNews;
  readonly #ring: PathRing;
  readonly #order: PathOrder;
  readonly #freeSlots: Uint32Array;
  readonly #evictions: PathEvictions;
  readonly #peeked: Draft<PathEstimateState> = draftEstimate();
  readonly #peekedBack: Draft<PathEstimateState> = draftEstimate();
  readonly #addressBytes = new Uint8Array(16);
  readonly #addressView = new DataView(this.#addressBytes.buffer);
  #onForget: (slot: number, hostId: string, key: string) => void = () => undefined;
  #freeCount = 0;
  #used = 0;
  #pruneHand = 0;
  #evicted = 0;
  /** No time in any estimate is later. */
  #latestMs = Number.NEGATIVE_INFINITY;
  /** What slotOf() was asked last, until a path comes or goes. */
  readonly #last = { hostId: "", key: "", slot: -1 };

  constructor(bounds: PathTableBounds) {
    const { pathsMax } = bounds;
    this.#bounds = { ...bounds, pathsPerHostMax: Math.min(bounds.pathsPerHostMax, placesMax) };
    this.marks = new Uint32Array(pathsMax);
    this.#estimates = new EstimateRecords(pathsMax);
    this.#addresses = new AddressTable(pathsMax);
    this.#index = new PathIndex(pathsMax);
    this.#hosts = new PathHosts(pathsMax);
    this.#log = new ChangeStamps(pathsMax, bounds.forgottenKept);
    this.#news = new PathNews(pathsMax);
    this.#evictions = new PathEvictions(this.#hosts, this.#index, this.#log);
    this.#order = new PathOrder(this.#hosts, this.#index, this.#addresses);
    this.pairs = new PathPairs({
      hosts: this.#hosts,
      addresses: this.#addresses,
      index: this.#index,
      estimates: this.#estimates,
    });
    this.#ring = new PathRing(this.#addresses, pathsMax);
    this.#freeSlots = new Uint32Array(pathsMax);
  }

  get size(): number {
    return this.#used - this.#freeCount;
  }

  /** Paths that made room for others, since the start. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The newest change: where a reader of changesSince() begins. */
  get newestChange(): number {
    return this.#log.newest;
  }

  get(hostId: string, destination: Uint8Array): PathRecord | undefined {
    const slot = this.#slotOf(hostId, destination);
    return slot === undefined ? undefined : this.#record(slot);
  }

  /** The path in a slot that is in use. */
  at(slot: number): PathRecord {
    return this.#record(slot);
  }

  get slotsMax(): number {
    return this.#bounds.pathsMax;
  }

  /** No slot from here on has ever been used. */
  get slotsUsed(): number {
    return this.#used;
  }

  slotOf(hostId: string, key: string): number {
    // Advice is looked at, compared and written about one path after the other.
    const last = this.#last;
    if (last.key !== key || last.hostId !== hostId) {
      last.slot = this.#slotOf(hostId, addressOfKey(key)) ?? -1;
      last.hostId = hostId;
      last.key = key;
    }
    return last.slot;
  }

  slotsOf(hostId: string): readonly number[] {
    const host = this.#hosts.get(hostId);
    return host === undefined ? [] : this.#hosts.slotsOf(host);
  }

  keyOf(slot: number): string {
    return addressKey(this.destinationOf(slot));
  }

  /** Where the path in a slot that is in use leads to. */
  destinationOf(slot: number): Uint8Array {
    return this.#addresses.bytesOf(this.#index.address[slot] ?? 0);
  }

  eachTo(destination: Uint8Array, visit: (slot: number, hostId: string) => void): void {
    for (const slot of this.#slotsTo(destination)) {
      visit(slot, this.#hosts.numbered(this.#index.host[slot] ?? none).hostId);
    }
  }

  beforeForgetting(listener: (slot: number, hostId: string, key: string) => void): void {
    this.#onForget = listener;
  }

  /** A path's estimate as it is now, valid until the next peek(): for those who look at many. */
  peek(hostId: string, destination: Uint8Array): PathEstimateState | undefined {
    return this.#loaded(this.#slotOf(hostId, destination), this.#peeked);
  }

  /** The same of the way back, valid until the next peekBack(): whoever asks may have the way there in hand. */
  peekBack(hostId: string, destination: Uint8Array): PathEstimateState | undefined {
    return this.#loaded(this.#slotOf(hostId, destination), this.#peekedBack);
  }

  /** Every path to a destination. */
  *toDestination(destination: Uint8Array): Generator<PathRecord> {
    for (const slot of this.#slotsTo(destination)) yield this.#record(slot);
  }

  /** Keeps a path's new estimate. */
  put(hostId: string, destination: Uint8Array, estimate: PathEstimateState): void {
    this.#log.begin();
    const slot = this.slotFor(this.#hosts.take(hostId), this.#viewOf(destination), 0);
    this.#estimates.store(slot, estimate);
    this.#latestMs = Math.max(this.#latestMs, latestMsOf(estimate));
    this.#log.changed(slot);
    this.#news.add(slot);
  }

  /** Begins to fold a report of a host: what it changes has one change number. */
  beginReport(hostId: string): HostPaths {
    this.#log.begin();
    return this.#hosts.take(hostId);
  }

  /** In which order hosts list their paths; whether a slot still is that of a destination says isAt(). */
  get order(): Pick<PathHosts, "listed" | "list"> {
    return this.#hosts;
  }

  /** Whether a slot is that of a host's path to the address at a place. */
  isAt(slot: number, host: HostPaths, view: DataView, at: number): boolean {
    if (slot >= this.#used || this.#index.host[slot] !== host.number) return false;
    return this.#addresses.is(this.#index.address[slot] ?? 0, view, at);
  }

  /**
   * The slot of a host's path to the address at a place, from here on its own. Where the host has all the paths it may have, its own make room;
   * where all hosts together have, rather those of hosts with many.
   */
  slotFor(host: HostPaths, view: DataView, at: number): number {
    const known = this.#addresses.find(view, at);
    const slot = known < 0 ? -1 : this.#index.find(host.number, known);
    if (slot >= 0) return slot;
    if (host.count >= this.#bounds.pathsPerHostMax) this.#evict(this.#evictions.ofHost(host));
    return this.#newPath(host, view, at);
  }

  /** Folds a row into the path in a slot. Returns the rate from which failed windows lowered it; undefined where they did not. */
  fold(slot: number, row: PathReportRow, nowMs: number): number | undefined {
    const estimate = this.#estimates.at(slot);
    const hasFailed = row.windowsFailed > 0;
    const retreatedMs = hasFailed ? estimate.rate.retreatedMs : 0;
    const rateBytesPerSecond = hasFailed ? estimate.rate.rateBytesPerSecond : 0;
    foldRow(estimate, row, nowMs, this.#latestMs);
    if (nowMs > this.#latestMs) this.#latestMs = nowMs;
    this.#log.changed(slot);
    this.#news.consider(slot, estimate, nowMs);
    return hasFailed && estimate.rate.retreatedMs !== retreatedMs ? rateBytesPerSecond : undefined;
  }

  /** Paths that wait for takeNews(). */
  get newsSize(): number {
    return this.#news.size;
  }

  /** Paths of which something moved that advice rests on, at most `limit`; each once until it moves again. */
  takeNews(limit: number, nowMs: number): readonly PathRecord[] {
    return this.#news.take(limit).map((slot) => {
      const record = this.#record(slot);
      this.#news.looked(slot, record.estimate, nowMs);
      return record;
    });
  }

  /** Every path in turn: at most `limit` from a place on, and the place to go on from; 0 where the turn is over. */
  inTurn(place: number, limit: number): { readonly records: readonly PathRecord[]; readonly place: number } {
    const records: PathRecord[] = [];
    const end = Math.min(this.#used, place + 4 * limit);
    let slot = place;
    for (; slot < end && records.length < limit; slot += 1) if (this.#isUsed(slot)) records.push(this.#record(slot));
    return { records, place: slot >= this.#used ? 0 : slot };
  }

  /** Says that something about the path changed beside its estimate. */
  touch({ hostId, destination }: Pick<PathRecord, "hostId" | "destination">): void {
    const slot = this.#slotOf(hostId, destination);
    if (slot === undefined) return;
    this.#log.begin();
    this.#log.changed(slot);
  }

  /** Says that something about all paths to a destination changed, such as whose it is. */
  touchTo(destination: Uint8Array): void {
    this.#log.begin();
    for (const slot of this.#slotsTo(destination)) {
      this.#log.changed(slot);
      if (this.marks[slot] !== 0) this.marks[slot] = 0;
    }
  }

  /** The same of all paths of a host, such as where it is. */
  touchOf(hostId: string): void {
    this.#log.begin();
    for (const slot of this.slotsOf(hostId)) this.#log.changed(slot);
  }

  /** At most `limit` paths in order after a key, of one host or of all; "" is before the first. */
  after(key: string, limit: number, onlyHostId?: string): readonly PathRecord[] {
    return this.#order.after(key, limit, onlyHostId).map((slot) => this.#record(slot));
  }

  /** The place of a reader that knows everything up to a change. */
  changesAfter(change: number): ChangePlace {
    return this.#log.placeAfter(change);
  }

  /** The newest state of what changed since a reader's place; undefined where it is too far behind. */
  changesSince(place: ChangePlace, limit: number): PathChanges | undefined {
    const read = this.#log.read(place, limit, this.#used);
    if (read === undefined) return undefined;
    return { ...read, changed: read.slots.map((slot) => this.#record(slot)) };
  }

  /** Forgets paths without samples since `beforeMs`, at most `limit`, going on where it stopped, and hosts without any, having these told. */
  prune(beforeMs: number, limit: number, onHostForget?: (host: HostPaths) => void): number {
    let pruned = 0;
    for (let looked = Math.min(prunedSlots, this.#used); looked > 0 && pruned < limit; looked -= 1) {
      const slot = this.#pruneHand;
      this.#pruneHand = (slot + 1) % this.#used;
      if (!this.#isUsed(slot) || this.#estimates.at(slot).sampledMs >= beforeMs) continue;
      this.#forget(slot);
      pruned += 1;
    }
    this.#hosts.sweep(onHostForget);
    return pruned;
  }

  #slotsTo(destination: Uint8Array): Generator<number> {
    return this.#ring.slotsTo(this.#addresses.find(this.#viewOf(destination), 0));
  }

  #slotOf(hostId: string, destination: Uint8Array): number | undefined {
    const host = this.#hosts.get(hostId);
    if (host === undefined) return undefined;
    const address = this.#addresses.find(this.#viewOf(destination), 0);
    const slot = address < 0 ? -1 : this.#index.find(host.number, address);
    return slot < 0 ? undefined : slot;
  }

  #loaded(slot: number | undefined, into: Draft<PathEstimateState>): PathEstimateState | undefined {
    if (slot === undefined) return undefined;
    this.#estimates.load(slot, into);
    return into;
  }

  #viewOf(destination: Uint8Array): DataView {
    this.#addressBytes.set(destination);
    return this.#addressView;
  }

  #isUsed(slot: number): boolean {
    return this.#index.host[slot] !== none;
  }

  #record(slot: number): PathRecord {
    const { hostId } = this.#hosts.numbered(this.#index.host[slot] ?? none);
    const estimate = draftEstimate();
    this.#estimates.load(slot, estimate);
    return new FoundPath(hostId, this.destinationOf(slot), estimate);
  }

  #newPath(host: HostPaths, view: DataView, at: number): number {
    this.#last.key = "";
    const slot = this.#freeSlot(host);
    // Not before: making room may have forgotten the last path to the address.
    const address = this.#addresses.take(view, at);
    this.#index.add(slot, host.number, address);
    this.#hosts.add(host, slot);
    this.#order.changed(host);
    this.#ring.join(slot, address);
    this.#estimates.store(slot, emptyEstimate);
    this.#news.forget(slot);
    // A page that is only read takes no memory.
    if (this.marks[slot] !== 0) this.marks[slot] = 0;
    return slot;
  }

  #freeSlot(host: HostPaths): number {
    if (this.#freeCount === 0 && this.#used < this.#bounds.pathsMax) {
      this.#used += 1;
      return this.#used - 1;
    }
    if (this.#freeCount === 0) this.#evict(this.#evictions.ofAll(host, this.#used));
    this.#freeCount -= 1;
    return this.#freeSlots[this.#freeCount] ?? 0;
  }

  #evict(slot: number): void {
    this.#evicted += 1;
    this.#forget(slot);
  }

  #forget(slot: number): void {
    const address = this.#index.address[slot] ?? 0;
    const host = this.#hosts.numbered(this.#index.host[slot] ?? none);
    const destination = this.#addresses.bytesOf(address);
    this.#onForget(slot, host.hostId, addressKey(destination));
    this.#log.forgotten(slot, { key: pathKey(host.hostId, destination), hostId: host.hostId, destination });
    this.#news.forget(slot);
    this.#ring.leave(slot, address);
    this.#index.delete(slot);
    this.#hosts.delete(host, slot);
    this.#order.changed(host);
    this.#index.host[slot] = none;
    this.#last.key = "";
    this.#freeSlots[this.#freeCount] = slot;
    this.#freeCount += 1;
  }
}
