/** One WatchPaths call: the paths as they are, then the newest state of whatever changes, as fast as the caller reads. */
import type { ServerWritableStream } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { PathUpdate } from "../proto/gen/augmenter/v1/PathUpdate.ts";
import type { WatchPathsRequest__Output } from "../proto/gen/augmenter/v1/WatchPathsRequest.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";
import { pathKeyMessage, pathMessage } from "./core/path-message.ts";
import type { PathMatch } from "./core/query/path-filter.ts";
import type { View } from "./core/view.ts";

export type WatchCall = ServerWritableStream<WatchPathsRequest__Output, PathUpdate>;

/** Messages written between two looks at whether the caller keeps up. */
const chunk = 64;
/** Paths looked at before other work has its turn. */
const slice = 1_024;

/** Holds a place in the order of paths and one in the order of changes, so a caller that sleeps costs nothing more. */
export class PathWatch {
  readonly #call: WatchCall;
  readonly #view: View;
  readonly #match: PathMatch;
  readonly #intervalMs: number;
  readonly #clock: Clock;
  #snapshotKey: string | undefined = "";
  #snapshotPaths = 0;
  #changeCursor: number;
  #changeEnd: number;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #ended = false;

  constructor(call: WatchCall, view: View, match: PathMatch, intervalMs: number, clock: Clock) {
    this.#call = call;
    this.#view = view;
    this.#match = match;
    this.#intervalMs = Math.max(queryBounds.watchIntervalMinMs, intervalMs);
    this.#clock = clock;
    this.#changeCursor = view.table.newestChange;
    this.#changeEnd = this.#changeCursor;
  }

  /** Sends until the caller leaves or stop(). */
  start(): void {
    this.#pump();
  }

  /** Sends nothing more, and ends the call. */
  stop(code: status, details: string): void {
    if (this.#ended) return;
    this.left();
    this.#call.emit("error", { code, details });
  }

  /** The caller is gone. */
  left(): void {
    this.#ended = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
  }

  #pump(): void {
    for (let looked = 0; !this.#ended; looked += chunk) {
      if (this.#call.writableNeedDrain) {
        this.#call.once("drain", () => this.#pump());
        return;
      }
      if (looked >= slice) {
        this.#timer = setImmediate(() => this.#pump());
        return;
      }
      const isDone = this.#snapshotKey === undefined ? this.#sendChanges() : this.#sendSnapshot(this.#snapshotKey);
      if (isDone) {
        this.#rest();
        return;
      }
    }
  }

  // The interval runs from the end of one round to the start of the next, so no path is told twice within it.
  #rest(): void {
    if (this.#ended) return;
    this.#timer = setTimeout(() => {
      this.#changeEnd = this.#view.table.newestChange;
      this.#pump();
    }, this.#intervalMs);
  }

  #sendSnapshot(afterKey: string): boolean {
    const records = this.#view.table.after(afterKey, chunk, this.#match.onlyHostId);
    for (const record of records) {
      if (!this.#match.matches(record)) continue;
      this.#snapshotPaths += 1;
      this.#call.write({ estimate: pathMessage(this.#view, record, this.#clock.nowMs()) });
    }
    this.#snapshotKey = records.at(-1)?.key;
    if (this.#snapshotKey !== undefined) return false;
    this.#call.write({ snapshotEnd: { paths: this.#snapshotPaths } });
    return true;
  }

  #sendChanges(): boolean {
    const found = this.#view.table.changesSince(this.#changeCursor, chunk, this.#changeEnd);
    if (found === undefined) {
      this.stop(status.ABORTED, "Cannot go on watching as the caller is too far behind: call again");
      return true;
    }
    this.#changeCursor = found.cursor;
    for (const change of found.changes) {
      if (!this.#match.matches(change.value)) continue;
      this.#call.write(
        change.kind === "changed"
          ? { estimate: pathMessage(this.#view, change.value, this.#clock.nowMs()) }
          : { forgotten: pathKeyMessage(change.value) },
      );
    }
    return found.changes.length < chunk;
  }
}
