/** What is known of paths that end here and begin at hosts that another partition looks after. */
import { LRUCache } from "lru-cache";
import type { Partition } from "../../proto/partition.ts";
import { holdsSlot, partitionText } from "../../proto/partition.ts";
import { slotOf } from "../../proto/subjects.ts";

/** Limits of what is kept; milliseconds. */
export interface AbroadBounds {
  readonly needsMax: number;
  readonly needLifeMs: number;
}

interface Need {
  readonly receiveWindowBytes: number;
  readonly heardMs: number;
}

/** Owns what the leaders of other partitions told. */
export class Abroad {
  readonly #partition: Partition;
  readonly #bounds: AbroadBounds;
  /** Those heard the longest ago first to go. */
  readonly #needs: LRUCache<string, Need>;
  readonly #terms = new Map<string, number>();
  #needsEvicted = 0;

  constructor(partition: Partition, bounds: AbroadBounds) {
    this.#partition = partition;
    this.#bounds = bounds;
    this.#needs = new LRUCache({
      max: bounds.needsMax,
      dispose: (_need, _key, reason) => {
        if (reason === "evict") this.#needsEvicted += 1;
      },
    });
  }

  /** Whether a host is another partition's to look after. */
  isAbroad(hostId: string): boolean {
    return !holdsSlot(this.#partition, slotOf(hostId));
  }

  /** The partition, of as many as there are here, that looks after a host: "2/4". */
  partitionOf(hostId: string): string {
    const { of } = this.#partition;
    return partitionText({ index: slotOf(hostId) % of, of });
  }

  /** Every partition but this one. */
  get others(): readonly string[] {
    const { index: own, of } = this.#partition;
    return Array.from({ length: of }, (_, index) => ({ index, of }))
      .filter(({ index }) => index !== own)
      .map(partitionText);
  }

  get size(): number {
    return this.#needs.size;
  }

  /** What was told and is not kept, since the start, by reason. */
  get dropped(): Readonly<Record<"needs_evicted", number>> {
    return { needs_evicted: this.#needsEvicted };
  }

  /** Whether the leader of a partition speaks in its newest term. */
  isNewest({ index, of }: Partition, term: number): boolean {
    const key = `${of} ${index}`;
    if (term < (this.#terms.get(key) ?? 0)) return false;
    this.#terms.set(key, term);
    return true;
  }

  /** Keeps what a receiver should be ready for from a source. Returns whether that is news. */
  put(receiverId: string, sourceId: string, receiveWindowBytes: number, nowMs: number): boolean {
    const before = this.receiveWindowBytes(receiverId, sourceId, nowMs);
    const key = `${receiverId} ${sourceId}`;
    if (receiveWindowBytes > 0) this.#needs.set(key, { receiveWindowBytes, heardMs: nowMs });
    else this.#needs.delete(key);
    return before !== receiveWindowBytes;
  }

  /** What a receiver should be ready for from a source, bytes; 0 where nothing was heard lately. */
  receiveWindowBytes(receiverId: string, sourceId: string, nowMs: number): number {
    this.#forgetUntold(nowMs);
    return this.#needs.peek(`${receiverId} ${sourceId}`)?.receiveWindowBytes ?? 0;
  }

  #forgetUntold(nowMs: number): void {
    for (const key of this.#needs.rkeys()) {
      const need = this.#needs.peek(key);
      if (need !== undefined && nowMs - need.heardMs <= this.#bounds.needLifeMs) break;
      this.#needs.delete(key);
    }
  }
}
