/** The receivers that many hosts send to at once: bounded, by host. */
import { LRUCache } from "lru-cache";
import type { CrowdBound, CrowdTally } from "./crowd-summary.ts";
import { boundOf } from "./crowd-summary.ts";
import type { FanIn, FanInRow } from "./fan-in.ts";
import {
  crowdHostsMin,
  fanInAfterCrowd,
  fanInAfterRow,
  fanInAfterTally,
  fanInAsTold,
  firstSegmentsOf,
  partSegmentsOf,
  tallyForOthers,
} from "./fan-in.ts";
import type { FanInTally } from "./fan-in-tally.ts";
import { emptyTally, tallySum } from "./fan-in-tally.ts";
import { maximumOf } from "./windowed-extreme.ts";

/** What the sources of one receiver are told. */
export interface FanInPart {
  /** Hosts that are expected to send at once. */
  readonly hosts: number;
  /** What this source may send at once in the beginning, and have in flight from then on. */
  readonly firstSegments: number;
  readonly partSegments: number;
  /** What all of them may have in flight. */
  readonly segments: number;
}

/** Limits of what is kept. */
export interface FanInBounds {
  readonly receiversMax: number;
}

/** Of a receiver that another partition looks after: when it was last told of, and what is to be told back. */
interface Abroad {
  readonly heardMs: number;
  readonly intervalMs: number;
  readonly tally: FanInTally;
}

/** What a bounded crowd had to be is remembered so long after the last of it. */
const memoryMs = 10 * 60_000;

/** Owns the state of every receiver. A row costs a lookup, and nothing while there is no crowd anywhere. */
export class FanIns {
  readonly #receivers: LRUCache<string, FanIn>;
  readonly #changed = new Set<string>();
  readonly #abroad = new Map<string, Abroad>();
  /** To be told to other partitions: what has changed, and what is only told anew. */
  readonly #untold = new Set<string>();
  #unrenewed = new Set<string>();
  #unreviewed: string[] = [];
  readonly #receiversMax: number;
  #evicted = 0;
  #refused = 0;
  /** Of each receiver the sources that have told of the interval at hand. */
  readonly #spoken = new Map<string, Set<string>>();

  constructor(bounds: FanInBounds) {
    this.#receivers = new LRUCache({
      max: bounds.receiversMax,
      // Where one aggregator looks after all hosts nobody takes it.
      dispose: (_, receiverId, reason) => {
        if (reason === "set") return;
        if (reason === "evict") this.#evicted += 1;
        this.#untold.delete(receiverId);
        this.#spoken.delete(receiverId);
      },
    });
    this.#receiversMax = bounds.receiversMax;
  }

  get size(): number {
    return this.#receivers.size;
  }

  /** Receivers that are not kept since the start, by reason: others needed the room, or there was none for what another partition tells. */
  get dropped(): Readonly<Record<"receivers_evicted" | "receivers_full", number>> {
    return { receivers_evicted: this.#evicted, receivers_full: this.#refused };
  }

  /** Whether anything is known of a receiver. */
  has(hostId: string): boolean {
    return this.#receivers.has(hostId);
  }

  /** A host reported that its connections with so many hosts began within one RTT. */
  seen(hostId: string, hostsTogether: number, nowMs: number): void {
    const before = this.#receivers.get(hostId);
    if (before === undefined && hostsTogether < crowdHostsMin) return;
    const after = fanInAfterCrowd(before, hostsTogether, nowMs);
    if (isOver(after, nowMs)) this.forgetHost(hostId);
    else this.#put(hostId, before, after);
  }

  /** Ends the crowds of receivers that tell of none any more, whatever else they report: at most `limit` receivers in turn are looked at. */
  endCrowds(nowMs: number, limit: number): void {
    if (this.#unreviewed.length === 0) this.#unreviewed = [...this.#receivers.keys()];
    for (const receiverId of this.#unreviewed.splice(-limit)) {
      const before = this.#receivers.peek(receiverId);
      if (before === undefined || this.#abroad.has(receiverId)) continue;
      const after = fanInAfterCrowd(before, 0, nowMs);
      if (isOver(after, nowMs)) this.forgetHost(receiverId);
      else if (maximumOf(after.hosts) !== maximumOf(before.hosts)) this.#put(receiverId, before, after);
    }
  }

  /** Forgets a receiver that is gone. */
  forgetHost(hostId: string): void {
    if (this.#abroad.has(hostId)) return;
    if (this.#receivers.delete(hostId)) this.#changed.add(hostId);
  }

  /** A host reported of its sending to the receiver: it has one voice in what is judged together, however many rows it sends. */
  sent(receiverId: string, sourceId: string, row: FanInRow, nowMs: number): void {
    const before = this.#receivers.get(receiverId);
    if (before === undefined) return;
    const abroad = this.#abroad.get(receiverId);
    const isRepeated = this.#hasSpoken(receiverId, sourceId, (abroad ?? before).tally);
    if (abroad === undefined) {
      const intervalMs = row.intervalUs / 1000;
      const after = isRepeated
        ? fanInAfterTally(before, emptyTally, intervalMs, nowMs)
        : fanInAfterRow(before, row, nowMs);
      this.#put(receiverId, before, after);
      return;
    }
    const more = isRepeated ? undefined : tallyForOthers(before, row, nowMs);
    if (more === undefined) return;
    const intervalMs = Math.max(abroad.intervalMs, Math.round(row.intervalUs / 1000));
    this.#abroad.set(receiverId, { ...abroad, intervalMs, tally: tallySum(abroad.tally, more) });
  }

  /** What senders of another partition told of a receiver that is looked after here. */
  sentAbroad({ receiverId, tally, intervalMs }: CrowdTally, nowMs: number): void {
    const before = this.#receivers.get(receiverId);
    if (before === undefined || this.#abroad.has(receiverId)) return;
    // What is judged next begins with it.
    if (before.tally.rows === 0) this.#spoken.get(receiverId)?.clear();
    this.#put(receiverId, before, fanInAfterTally(before, tally, intervalMs, nowMs));
  }

  /** What who looks after a receiver of another partition says of it. */
  told(bound: CrowdBound, nowMs: number): void {
    const { receiverId } = bound;
    const abroad = this.#abroad.get(receiverId);
    if (abroad === undefined && this.#abroad.size >= this.#receiversMax) {
      this.#refused += 1;
      return;
    }
    const before = this.#receivers.get(receiverId);
    const after = fanInAsTold(before, bound, nowMs);
    // What was told under another bound says nothing of this one.
    const kept = before?.changedMs === after.changedMs ? abroad : undefined;
    this.#abroad.set(receiverId, { intervalMs: 0, tally: emptyTally, ...kept, heardMs: nowMs });
    this.#put(receiverId, before, after);
  }

  /** Forgets what was told of receivers and not again since then. */
  forgetToldBefore(heardMs: number): void {
    for (const [receiverId, abroad] of this.#abroad) {
      if (abroad.heardMs >= heardMs) continue;
      this.#abroad.delete(receiverId);
      this.#receivers.delete(receiverId);
      this.#changed.add(receiverId);
    }
  }

  /**
   * What is to be told of receivers that are looked after here: first those of which it has changed, then, from a call with `isAll` on,
   * all of them in turn; at most `limit` of them in one call.
   */
  takeBounds(isAll: boolean, limit: number): readonly CrowdBound[] {
    // Whose turn has not come yet is still before the others.
    if (isAll) {
      const left = [...this.#unrenewed].filter((name) => this.#receivers.has(name));
      this.#unrenewed = new Set([...left, ...this.#receivers.keys()]);
    }
    const names = [...new Set([...this.#untold, ...this.#unrenewed])].filter((name) => !this.#abroad.has(name));
    return names.slice(0, limit).flatMap((receiverId) => {
      this.#untold.delete(receiverId);
      this.#unrenewed.delete(receiverId);
      const fanIn = this.#receivers.peek(receiverId);
      return fanIn === undefined ? [] : [boundOf(receiverId, fanIn)];
    });
  }

  /** What senders here told of receivers of other partitions since the last call, at most `limit` of them. */
  takeTallies(limit: number): readonly CrowdTally[] {
    const tallies: CrowdTally[] = [];
    for (const [receiverId, abroad] of this.#abroad) {
      if (tallies.length >= limit) break;
      if (abroad.tally.rows === 0) continue;
      tallies.push({ receiverId, intervalMs: abroad.intervalMs, tally: abroad.tally });
      this.#abroad.set(receiverId, { ...abroad, intervalMs: 0, tally: emptyTally });
    }
    return tallies;
  }

  /** What a source of a receiver is told; undefined where it is not bounded. */
  partOf(receiverId: string, sourceId: string): FanInPart | undefined {
    if (this.#receivers.size === 0) return undefined;
    const fanIn = this.#receivers.peek(receiverId);
    const part = fanIn === undefined ? 0 : partSegmentsOf(fanIn);
    if (fanIn === undefined || part === 0) return undefined;
    const place = placeOf(sourceId);
    return {
      hosts: maximumOf(fanIn.hosts),
      firstSegments: Math.floor(firstSegmentsOf(fanIn) + place),
      partSegments: Math.floor(part + place),
      segments: fanIn.segments,
    };
  }

  /** Receivers whose part has changed since the last call, at most `limit` of them. */
  takeChanged(limit: number): readonly string[] {
    const taken = [...this.#changed].slice(0, limit);
    for (const hostId of taken) this.#changed.delete(hostId);
    return taken;
  }

  #hasSpoken(receiverId: string, sourceId: string, tally: FanInTally): boolean {
    let spoken = this.#spoken.get(receiverId);
    if (spoken === undefined) {
      spoken = new Set();
      this.#spoken.set(receiverId, spoken);
    }
    if (tally.rows === 0) spoken.clear();
    const before = spoken.size;
    return spoken.add(sourceId).size === before;
  }

  #put(hostId: string, before: FanIn | undefined, after: FanIn): void {
    this.#receivers.set(hostId, after);
    if (before === undefined || !isSameBound(before, after)) this.#untold.add(hostId);
    const isSame = before !== undefined && partSegmentsOf(before) === partSegmentsOf(after);
    if (!isSame || firstSegmentsOf(before) !== firstSegmentsOf(after)) this.#changed.add(hostId);
  }
}

// As long as a crowd is remembered every row to any host is looked at for it.
function isOver({ hosts, crowdMs, segments, firstSegments }: FanIn, nowMs: number): boolean {
  if (maximumOf(hosts) >= crowdHostsMin) return false;
  const isBounded = segments > 0 || firstSegments > 0;
  return !isBounded || nowMs - crowdMs >= memoryMs;
}

function isSameBound(one: FanIn, other: FanIn): boolean {
  const isSame = one.segments === other.segments && one.firstSegments === other.firstSegments;
  return isSame && maximumOf(one.hosts) === maximumOf(other.hosts);
}

// Parts of two and a half segments are two for half of the hosts and three for the others, always the same ones: rounded all alike they would
// leave a part of the link idle, or overflow it. FNV-1a.
function placeOf(hostId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < hostId.length; index += 1) hash = Math.imul(hash ^ hostId.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
