/** The gRPC PathService. */
import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { PathServiceHandlers } from "../proto/gen/augmenter/v1/PathService.ts";
import type { CallRunner } from "./call-runner.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";
import { pathMatch } from "./core/query/path-filter.ts";
import { invalidField, QueryFault } from "./core/query/query-fault.ts";
import type { View } from "./core/view.ts";
import type { WatchCall } from "./path-watch.ts";
import { PathWatch } from "./path-watch.ts";
import type { QueryAnswer, QueryName, QueryRequest } from "./query-calls.ts";
import { queryCalls } from "./query-calls.ts";

/** What the service works with. */
export interface PathServiceParts {
  readonly view: View;
  readonly calls: CallRunner;
  readonly clock: Clock;
}

/** Owns the open watches. */
export class PathService {
  readonly #parts: PathServiceParts;
  readonly #watches = new Set<PathWatch>();

  constructor(parts: PathServiceParts) {
    this.#parts = parts;
  }

  get watchers(): number {
    return this.#watches.size;
  }

  /** What the gRPC server is given. */
  handlers(): UntypedServiceImplementation {
    const unary = Object.keys(queryCalls).map((name) => [name, this.#unary(name as QueryName)]);
    const watches: Pick<PathServiceHandlers, "WatchPaths"> = {
      WatchPaths: (call) => this.#parts.calls.watch("WatchPaths", call, () => this.#watchPaths(call)),
    };
    return { ...Object.fromEntries(unary), ...watches };
  }

  /** Ends every watch. */
  close(): void {
    for (const watch of this.#watches) watch.stop(status.UNAVAILABLE, "Cannot go on watching as the server is ending");
    this.#watches.clear();
  }

  #unary<Name extends QueryName>(name: Name) {
    const { view, clock, calls } = this.#parts;
    const answer = queryCalls[name] as (view: View, request: QueryRequest<Name>, nowMs: number) => QueryAnswer<Name>;
    return (
      call: ServerUnaryCall<QueryRequest<Name>, QueryAnswer<Name>>,
      callback: sendUnaryData<QueryAnswer<Name>>,
    ): void => calls.unary(name, callback, () => answer(view, call.request, clock.nowMs()));
  }

  #watchPaths(call: WatchCall): void {
    const { view, clock } = this.#parts;
    const match = pathMatch(view, call.request.filter);
    const { minIntervalMs } = call.request;
    if (minIntervalMs > queryBounds.watchIntervalMaxMs) {
      throw invalidField("min_interval_ms", `0..${queryBounds.watchIntervalMaxMs}`, minIntervalMs);
    }
    if (this.#watches.size >= queryBounds.watchersMax) {
      throw new QueryFault("RESOURCE_EXHAUSTED", `Cannot take more than ${queryBounds.watchersMax} watchers`);
    }
    const watch = new PathWatch(call, view, match, minIntervalMs, clock);
    this.#watches.add(watch);
    for (const event of ["cancelled", "close", "error"]) {
      call.on(event, () => {
        watch.left();
        this.#watches.delete(watch);
      });
    }
    watch.start();
  }
}
