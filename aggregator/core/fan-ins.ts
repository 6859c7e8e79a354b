/** The receivers that many hosts send to at once: bounded, by host. */
import { LRUCache } from "lru-cache";
import type { FanIn, FanInRow } from "./fan-in.ts";
import { crowdHostsMin, fanInAfterCrowd, fanInAfterRow, firstSegmentsOf, partSegmentsOf } from "./fan-in.ts";
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

/** Owns the state of every receiver. A row costs a lookup, and nothing while there is no crowd anywhere. */
export class FanIns {
  readonly #receivers: LRUCache<string, FanIn>;
  readonly #changed = new Set<string>();

  constructor(bounds: FanInBounds) {
    this.#receivers = new LRUCache({ max: bounds.receiversMax });
  }

  get size(): number {
    return this.#receivers.size;
  }

  /** A host reported that its connections with so many hosts began within one RTT. */
  seen(hostId: string, hostsTogether: number, nowMs: number): void {
    const before = this.#receivers.get(hostId);
    if (before === undefined && hostsTogether < crowdHostsMin) return;
    this.#put(hostId, before, fanInAfterCrowd(before, hostsTogether, nowMs));
  }

  /** A host reported of its sending to the receiver. */
  sent(receiverId: string, row: FanInRow, nowMs: number): void {
    const before = this.#receivers.get(receiverId);
    if (before !== undefined) this.#put(receiverId, before, fanInAfterRow(before, row, nowMs));
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

  #put(hostId: string, before: FanIn | undefined, after: FanIn): void {
    this.#receivers.set(hostId, after);
    const isSame = before !== undefined && partSegmentsOf(before) === partSegmentsOf(after);
    if (!isSame || firstSegmentsOf(before) !== firstSegmentsOf(after)) this.#changed.add(hostId);
  }
}

// Parts of two and a half segments are two for half of the hosts and three for the others, always the same ones: rounded all alike they would
// leave a part of the link idle, or overflow it. FNV-1a.
function placeOf(hostId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < hostId.length; index += 1) hash = Math.imul(hash ^ hostId.charCodeAt(index), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}
