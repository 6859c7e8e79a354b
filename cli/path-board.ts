/** The paths of a watch as they stand. */
import type { PathEstimate__Output } from "../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathKey__Output } from "../proto/gen/augmenter/v1/PathKey.ts";
import type { PathUpdate__Output } from "../proto/gen/augmenter/v1/PathUpdate.ts";

/** Paths kept; an update of a further one is dropped. */
const pathsMax = 100_000;

interface Seen {
  readonly estimate: PathEstimate__Output;
  readonly seenMs: number;
}

/** Fed with updates in their order. */
export class PathBoard {
  readonly #seen = new Map<string, Seen>();
  #isComplete = false;

  /** Whether the state at the time of the call has been told. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  take(update: PathUpdate__Output, nowMs: number): void {
    if (update.snapshotBegin) this.#seen.clear();
    if (update.snapshotEnd) this.#isComplete = true;
    if (update.forgotten) this.#seen.delete(keyOf(update.forgotten));
    if (!update.estimate || update.estimate.path === null) return;
    const key = keyOf(update.estimate.path);
    if (this.#seen.has(key) || this.#seen.size < pathsMax)
      this.#seen.set(key, { estimate: update.estimate, seenMs: nowMs });
  }

  /** Every path with its present age, in no order. */
  paths(nowMs: number): PathEstimate__Output[] {
    return [...this.#seen.values()].map(({ estimate, seenMs }) => ({
      ...estimate,
      ageSeconds: estimate.ageSeconds + Math.max(0, nowMs - seenMs) / 1_000,
    }));
  }
}

function keyOf(path: PathKey__Output): string {
  return `${path.source} ${path.destination}`;
}
