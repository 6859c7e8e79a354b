/** One watch: the state as it is, then the newest state of whatever changes, as fast as the caller reads (proto/augmenter/v1/watch.proto). */
import { createHash } from "node:crypto";
import type { ServerWritableStream } from "@grpc/grpc-js";
import type { ViewVersion } from "../proto/gen/augmenter/v1/ViewVersion.ts";
import type { CallStatus } from "./call-runner.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";

/** What the two kinds of updates have in common. */
export interface WatchUpdate {
  readonly snapshotBegin?: object | null;
  readonly snapshotEnd?: { readonly paths?: number | string | object } | null;
  readonly heartbeat?: object | null;
  readonly version?: ViewVersion | null;
}

/** What is watched: a state in the order of keys, and its changes in the order of numbers. */
export interface WatchSource<Update> {
  /** The newest change. */
  readonly newest: number;
  /** What the names in the filter stand for, empty where there are none: of anything else the numbers say nothing. It changes with state(""). */
  readonly selection: string;
  /** What is selected of the next part of the state after a key ("" is before the first); no next key: that was all. */
  state(afterKey: string): { readonly updates: readonly Update[]; readonly nextKey: string | undefined };
  /** What is selected of the next changes after a number and up to `end`; undefined: some of them are no longer known, or something else is selected. */
  changes(after: number, end: number): { readonly updates: readonly Update[]; readonly reached: number } | undefined;
}

/** How a watch goes about it. */
export interface WatchOptions {
  /** Between the end of one round of changes and the start of the next. */
  readonly intervalMs: number;
  readonly heartbeatMs: number;
  /** Which server's numbers these are. */
  readonly epoch: number;
  /** Where an earlier call ended; undefined: tell the whole state. */
  readonly resumeAfter: number | undefined;
}

type WatchStream<Update> = Pick<ServerWritableStream<unknown, Update>, "write" | "writableNeedDrain" | "once"> & {
  emit(event: "error", error: CallStatus): unknown;
};

/** Parts of the state or of the changes that are told before other work has its turn, and how long that may take. */
const partsPerSlice = 16;
const sliceMs = 4;

/** Holds a place in the order of keys and one in the order of changes, so a caller that sleeps costs nothing more. */
export class Watch<Update extends WatchUpdate> {
  readonly #call: WatchStream<Update>;
  readonly #source: WatchSource<Update>;
  readonly #clock: Clock;
  readonly #options: WatchOptions;
  /** The next part of the state comes after it; undefined: all of it is told. */
  #stateKey: string | undefined;
  #stateCount = 0;
  #epoch: number;
  #number = 0;
  #roundEnd = 0;
  #toldMs: number;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
  #ended = false;

  constructor(call: WatchStream<Update>, source: WatchSource<Update>, clock: Clock, options: WatchOptions) {
    this.#call = call;
    this.#source = source;
    this.#clock = clock;
    this.#options = options;
    this.#epoch = epochOf(options.epoch, source.selection);
    this.#toldMs = clock.nowMs();
  }

  /** Sends until the caller leaves or stop(). */
  start(): void {
    const { resumeAfter } = this.#options;
    // A number that this server has not reached is none of its own.
    if (resumeAfter === undefined || resumeAfter > this.#source.newest) {
      this.#beginState();
    } else {
      this.#number = resumeAfter;
      this.#roundEnd = this.#source.newest;
    }
    this.#pump();
  }

  /** Sends nothing more, and ends the call. */
  stop(status: CallStatus): void {
    if (this.#ended) return;
    this.left();
    this.#call.emit("error", status);
  }

  /** The caller is gone. */
  left(): void {
    this.#ended = true;
    clearTimeout(this.#timer as NodeJS.Timeout);
    clearImmediate(this.#timer as NodeJS.Immediate);
  }

  #beginState(): void {
    this.#stateKey = "";
    this.#stateCount = 0;
    this.#number = this.#source.newest;
    this.#roundEnd = this.#number;
    this.#tell({ snapshotBegin: {} } as Update);
  }

  #pump(): void {
    const untilMs = this.#clock.nowMs() + sliceMs;
    for (let part = 0; !this.#ended; part += 1) {
      if (this.#call.writableNeedDrain) {
        this.#call.once("drain", () => this.#pump());
        return;
      }
      if (part >= partsPerSlice || this.#clock.nowMs() >= untilMs) {
        this.#timer = setImmediate(() => this.#pump());
        return;
      }
      const isDone = this.#stateKey === undefined ? this.#tellChanges() : this.#tellState(this.#stateKey);
      if (isDone) {
        this.#rest();
        return;
      }
    }
  }

  // The interval runs from the end of one round to the start of the next, so nothing is told twice within it.
  #rest(): void {
    if (this.#ended) return;
    this.#timer = setTimeout(() => {
      this.#roundEnd = this.#source.newest;
      this.#pump();
    }, this.#options.intervalMs);
  }

  #tellState(afterKey: string): boolean {
    const { updates, nextKey } = this.#source.state(afterKey);
    if (afterKey === "") this.#epoch = epochOf(this.#options.epoch, this.#source.selection);
    for (const update of updates) this.#tell(update);
    this.#stateCount += updates.length;
    this.#stateKey = nextKey;
    if (nextKey !== undefined) return false;
    this.#tell({
      snapshotEnd: { paths: this.#stateCount },
      version: this.#versionOf(this.#number),
    } as unknown as Update);
    return true;
  }

  #tellChanges(): boolean {
    const found = this.#source.changes(this.#number, this.#roundEnd);
    if (found === undefined) {
      this.#beginState();
      return false;
    }
    // A caller that resumes at a part's last update has seen all of the part; at an earlier one it hears some again.
    for (const [index, update] of found.updates.entries()) {
      const number = index === found.updates.length - 1 ? found.reached : this.#number;
      this.#tell({ ...update, version: this.#versionOf(number) });
    }
    this.#number = found.reached;
    if (found.reached < this.#roundEnd) return false;
    const isSilent = this.#clock.nowMs() - this.#toldMs >= this.#options.heartbeatMs;
    if (isSilent) this.#tell({ heartbeat: {}, version: this.#versionOf(this.#number) } as unknown as Update);
    return true;
  }

  #tell(update: Update): void {
    this.#toldMs = this.#clock.nowMs();
    this.#call.write(update);
  }

  #versionOf(number: number): ViewVersion {
    return { epoch: this.#epoch, number };
  }
}

/** The epoch of versions: a server's, and another one for each selection. */
export function epochOf(serverEpoch: number, selection: string): number {
  if (selection === "") return serverEpoch;
  return serverEpoch + createHash("sha256").update(selection).digest().readUInt32BE(0);
}

/** The interval of a request, within bounds. */
export function intervalOf(minIntervalMs: number): number {
  return Math.max(queryBounds.watchIntervalMinMs, minIntervalMs);
}
