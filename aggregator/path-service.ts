/** The gRPC PathService. */
import { randomInt } from "node:crypto";
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import { Metadata, status } from "@grpc/grpc-js";
import type { PathServiceHandlers } from "../proto/gen/augmenter/v1/PathService.ts";
import type { ViewVersion__Output } from "../proto/gen/augmenter/v1/ViewVersion.ts";
import type { CallRunner, CallStatus } from "./call-runner.ts";
import { callStatus } from "./call-runner.ts";
import type { CallOrigin } from "./caller.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";
import { hostMatch } from "./core/query/host-query.ts";
import { allValid, invalidField, QueryFault } from "./core/query/query-fault.ts";
import { checkTexts } from "./core/query/text-lengths.ts";
import type { View } from "./core/view.ts";
import { HostNews } from "./host-news.ts";
import { pathWatchSource } from "./path-watch-source.ts";
import type { LongName, QueryAnswer, QueryRequest, ShortName } from "./query-calls.ts";
import { answerOf, longCalls, shortCalls, stepsOf } from "./query-calls.ts";
import type { WatchOptions, WatchSource, WatchUpdate } from "./watch.ts";
import { epochOf, intervalOf, Watch } from "./watch.ts";

/** What the service works with. */
export interface PathServiceParts {
  readonly view: View;
  readonly calls: CallRunner;
  readonly clock: Clock;
  /** Whether who made a call would still be let in. */
  readonly isKnown: (call: CallOrigin) => boolean;
}

/** Owns the open watches. */
export class PathService {
  readonly #parts: PathServiceParts;
  readonly #watches = new Map<Pick<Watch<WatchUpdate>, "stop">, CallOrigin>();
  readonly #hostNews: HostNews;
  // Numbers of changes mean nothing to another aggregator or after a start, whoever leads.
  readonly #epoch = randomInt(1, 2 ** 47);

  constructor(parts: PathServiceParts) {
    this.#parts = parts;
    this.#hostNews = new HostNews(parts.view, parts.clock);
  }

  get watchers(): number {
    return this.#watches.size;
  }

  /** What the gRPC server is given. */
  handlers(): UntypedServiceImplementation {
    const short = Object.keys(shortCalls).map((name) => [name, this.#short(name as ShortName)]);
    const long = Object.keys(longCalls).map((name) => [name, this.#long(name as LongName)]);
    const watches: Pick<PathServiceHandlers, "WatchPaths" | "WatchHosts"> = {
      WatchPaths: (call) => this.#begin("WatchPaths", call, () => this.#watchPaths(call)),
      WatchHosts: (call) => this.#begin("WatchHosts", call, () => this.#watchHosts(call)),
    };
    return { ...Object.fromEntries([...short, ...long]), ...watches };
  }

  /** Ends every watch. */
  close(): void {
    const ending = new QueryFault("UNAVAILABLE", "Cannot go on watching as the server is ending");
    for (const watch of this.#watches.keys()) watch.stop(callStatus(ending));
    this.#watches.clear();
  }

  /** Ends the watches of who may not read any more. */
  endUnknown(): void {
    for (const [watch, call] of this.#watches) if (!this.#parts.isKnown(call)) watch.stop(noLongerKnown);
  }

  #short<Name extends ShortName>(name: Name) {
    const { view, clock, calls } = this.#parts;
    return (
      call: ServerUnaryCall<QueryRequest<Name>, QueryAnswer<Name>>,
      callback: sendUnaryData<QueryAnswer<Name>>,
    ): void => calls.unary(name, callback, () => answerOf(name, view, call.request, clock.nowMs()));
  }

  #long<Name extends LongName>(name: Name) {
    const { view, clock, calls } = this.#parts;
    return (
      call: ServerUnaryCall<QueryRequest<Name>, QueryAnswer<Name>>,
      callback: sendUnaryData<QueryAnswer<Name>>,
    ): void =>
      calls.long(name, callback, stepsOf(name, view, call.request, clock.nowMs()), () => endingOf(call, clock));
  }

  #begin<Update>(name: string, call: ServerWritableStream<WatchRequest, Update>, watch: () => void): void {
    this.#parts.calls.watch(name, call, () => {
      checkTexts(call.request);
      watch();
    });
  }

  #watchPaths(call: Parameters<PathServiceHandlers["WatchPaths"]>[0]): void {
    const { view, clock } = this.#parts;
    const { filter, minIntervalMs } = call.request;
    const [source, intervalMs, heartbeatMs] = allValid(
      () => pathWatchSource(view, filter, clock),
      () => intervalAsked(minIntervalMs),
      () => heartbeatOf(call.request.heartbeatIntervalMs),
    );
    this.#watch(call, source, { intervalMs, heartbeatMs });
  }

  #watchHosts(call: Parameters<PathServiceHandlers["WatchHosts"]>[0]): void {
    const [matches, heartbeatMs] = allValid(
      () => hostMatch(call.request.filter),
      () => heartbeatOf(call.request.heartbeatIntervalMs),
    );
    this.#watch(call, this.#hostNews.source(matches), { intervalMs: hostIntervalMs, heartbeatMs });
  }

  #watch<Update extends WatchUpdate>(
    call: ServerWritableStream<WatchRequest, Update>,
    source: WatchSource<Update>,
    pace: Pick<WatchOptions, "intervalMs" | "heartbeatMs">,
  ): void {
    if (this.#watches.size >= queryBounds.watchersMax) {
      throw new QueryFault("RESOURCE_EXHAUSTED", `Cannot take more than ${queryBounds.watchersMax} watches`);
    }
    const { clock } = this.#parts;
    const { resumeAfter } = call.request;
    const epoch = this.#epoch;
    const watch = new Watch(call, source, clock, {
      ...pace,
      epoch,
      resumeAfter: resumeAfter?.epoch === epochOf(epoch, source.selection) ? resumeAfter.number : undefined,
    });
    this.#watches.set(watch, call);
    for (const event of ["cancelled", "close", "error"]) {
      call.on(event, () => {
        watch.left();
        this.#watches.delete(watch);
      });
    }
    watch.start();
  }
}

const noLongerKnown: CallStatus = {
  code: status.UNAUTHENTICATED,
  details: "Cannot go on watching as the token or the certificate of this call no longer says who calls",
  metadata: new Metadata(),
};

/** What both requests have, and is not read before. */
interface WatchRequest {
  readonly resumeAfter: ViewVersion__Output | null;
}

/** What is announced changes seldom. */
const hostIntervalMs = 500;

function endingOf(call: ServerUnaryCall<unknown, unknown>, clock: Clock): QueryFault | undefined {
  if (Number(call.getDeadline()) <= clock.unixMs()) {
    return new QueryFault("DEADLINE_EXCEEDED", "Cannot answer as the deadline has passed");
  }
  return call.cancelled ? new QueryFault("CANCELLED", "Cannot answer as the caller has left") : undefined;
}

function intervalAsked(minIntervalMs: number): number {
  if (minIntervalMs <= queryBounds.watchIntervalMaxMs) return intervalOf(minIntervalMs);
  throw invalidField("min_interval_ms", `0..${queryBounds.watchIntervalMaxMs}`, minIntervalMs);
}

function heartbeatOf(heartbeatIntervalMs: number): number {
  const { heartbeatDefaultMs, heartbeatMinMs, heartbeatMaxMs } = queryBounds;
  if (heartbeatIntervalMs === 0) return heartbeatDefaultMs;
  if (heartbeatIntervalMs >= heartbeatMinMs && heartbeatIntervalMs <= heartbeatMaxMs) return heartbeatIntervalMs;
  throw invalidField("heartbeat_interval_ms", `${heartbeatMinMs}..${heartbeatMaxMs} or 0`, heartbeatIntervalMs);
}
