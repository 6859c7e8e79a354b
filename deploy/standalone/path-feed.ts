/** The aggregator's paths, kept current by one WatchPaths call that is made again whenever it ends. */
import type { ClientReadableStream } from "@grpc/grpc-js";
import { credentials, logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathKey__Output } from "../../proto/gen/augmenter/v1/PathKey.ts";
import type { PathServiceClient } from "../../proto/gen/augmenter/v1/PathService.ts";
import type { PathUpdate__Output } from "../../proto/gen/augmenter/v1/PathUpdate.ts";
import type { ProtoGrpcType } from "../../proto/gen/path_service.ts";
import { grpcPackage } from "../../proto/messages.ts";
import type { SeenPath } from "./path-row.ts";

/** Paths kept; what is beyond is not shown. An agent samples at most as many destinations unless told otherwise. */
const pathsMax = 16_384;
const updateIntervalMs = 1_000;
const retryMs = 1_000;

interface Kept {
  readonly path: SeenPath;
  /** The call that told of it. */
  readonly call: number;
}

/** Owns a gRPC client. */
export class PathFeed {
  readonly #client: PathServiceClient;
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, Kept>();
  #call: ClientReadableStream<PathUpdate__Output> | undefined;
  #calls = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  /** `address` is that of the aggregator's gRPC server. */
  constructor(address: string, nowMs: () => number) {
    // What goes wrong with a call reaches us as its error; the library would print it a second time.
    setLogVerbosity(logVerbosity.NONE);
    const types = grpcPackage() as unknown as ProtoGrpcType;
    // A proxy that the environment names is for addresses elsewhere.
    this.#client = new types.augmenter.v1.PathService(address, credentials.createInsecure(), {
      "grpc.enable_http_proxy": 0,
    });
    this.#nowMs = nowMs;
  }

  /** Every path known, in no order. */
  paths(): SeenPath[] {
    return [...this.#kept.values()].map(({ path }) => path);
  }

  /** Watches until close(). */
  start(): void {
    this.#calls += 1;
    const number = this.#calls;
    const call = this.#client.watchPaths({ minIntervalMs: updateIntervalMs });
    this.#call = call;
    call.on("data", (update: PathUpdate__Output) => this.#take(update, number));
    // Every call ends with one "error" or one "end", and a cancelled one with an error.
    call.on("error", () => this.#again());
    call.on("end", () => this.#again());
  }

  /** Ends the call and the connection. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#call?.cancel();
    this.#client.close();
  }

  #again(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.start(), retryMs);
  }

  #take(update: PathUpdate__Output, call: number): void {
    if (update.estimate) this.#keep(update.estimate, call);
    if (update.forgotten) this.#kept.delete(keyOf(update.forgotten));
    // What the new call's snapshot did not hold was forgotten between the calls.
    if (update.snapshotEnd) {
      for (const [key, kept] of this.#kept) if (kept.call !== call) this.#kept.delete(key);
    }
  }

  #keep(estimate: PathEstimate__Output, call: number): void {
    if (estimate.path === null) return;
    const key = keyOf(estimate.path);
    if (!this.#kept.has(key) && this.#kept.size >= pathsMax) return;
    this.#kept.set(key, { path: { estimate, seenMs: this.#nowMs() }, call });
  }
}

function keyOf(path: PathKey__Output): string {
  return `${path.source} ${path.destination}`;
}
