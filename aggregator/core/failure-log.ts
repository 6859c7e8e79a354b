/** Which granted first windows lost segments lately, for those who ask why advice is what it is. */
import { LRUCache } from "lru-cache";
import { pathKey } from "./path-key.ts";

/** One window that failed; zeros where only a report told of it. */
export interface FailedWindow {
  /** Of a monotonic clock. */
  readonly atMs: number;
  readonly windowSegments: number;
  readonly segmentsDelivered: number;
  readonly segmentsLost: number;
  /** "lowered", "known" or another word of the metrics. */
  readonly effect: string;
  readonly rateBeforeBytesPerSecond: number;
  readonly rateAfterBytesPerSecond: number;
}

/** Limits of what is kept. */
export interface FailureBounds {
  readonly pathsMax: number;
  readonly perPathMax: number;
}

/** Keeps the newest of each path, of the paths that failed last. */
export class FailureLog {
  readonly #bounds: FailureBounds;
  readonly #byPath: LRUCache<string, readonly FailedWindow[]>;

  constructor(bounds: FailureBounds) {
    this.#bounds = bounds;
    this.#byPath = new LRUCache({ max: bounds.pathsMax });
  }

  add(hostId: string, destination: Uint8Array, failed: FailedWindow): void {
    const key = pathKey(hostId, destination);
    const known = this.#byPath.get(key) ?? [];
    this.#byPath.set(key, [failed, ...known].slice(0, this.#bounds.perPathMax));
  }

  /** Newest first. */
  of(hostId: string, destination: Uint8Array): readonly FailedWindow[] {
    return this.#byPath.peek(pathKey(hostId, destination)) ?? [];
  }
}
