/**
 * Collects what the connection made of what was sent. It is memory outside of V8's heap that objects of the young generation hold, and those
 * are small: left to itself V8 begins to collect when tens of megabytes of it have come together.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** So much may come together, bytes. */
const mostBytes = 2 << 20;

// V8 gives its collector to contexts that are made while this flag is set, and to no other.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as (options: { readonly type: "minor" }) => void;
setFlagsFromString("--no-expose-gc");

/** Counts what becomes garbage. */
export class YoungGarbage {
  #bytes = 0;

  /** So many bytes outside of V8's heap are young, and no longer in use. Collects all that is, where it is worth its while. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < mostBytes) return;
    this.#bytes = 0;
    collect({ type: "minor" });
  }
}
