/** The gRPC PathService. */
import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { GetPathRequest__Output } from "../proto/gen/augmenter/v1/GetPathRequest.ts";
import type { ListPathsRequest__Output } from "../proto/gen/augmenter/v1/ListPathsRequest.ts";
import type { ListPathsResponse } from "../proto/gen/augmenter/v1/ListPathsResponse.ts";
import type { PathEstimate } from "../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathServiceHandlers } from "../proto/gen/augmenter/v1/PathService.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";
import { keyOfPageToken, pageTokenFor } from "./core/page-token.ts";
import type { PathMatch, Resolved } from "./core/path-filter.ts";
import { findPath, pathMatch, resolveSource } from "./core/path-filter.ts";
import { pathMessage } from "./core/path-message.ts";
import type { PathRecord } from "./core/path-table.ts";
import type { View } from "./core/view.ts";
import type { Metrics } from "./metrics.ts";
import type { WatchCall } from "./path-watch.ts";
import { PathWatch } from "./path-watch.ts";

/** What the service works with. */
export interface PathServiceParts {
  readonly view: View;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** An error that a caller is told as it is. */
class CallError extends Error {
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
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
  handlers(): Pick<PathServiceHandlers, "GetPath" | "ListPaths" | "WatchPaths"> {
    return {
      GetPath: (call, callback) => this.#answer("GetPath", call, callback, (request) => this.#getPath(request)),
      ListPaths: (call, callback) => this.#answer("ListPaths", call, callback, (request) => this.#listPaths(request)),
      WatchPaths: (call) => this.#watchPaths(call),
    };
  }

  /** Ends every watch. */
  close(): void {
    for (const watch of this.#watches) watch.stop(status.UNAVAILABLE, "Cannot go on watching as the server is ending");
    this.#watches.clear();
  }

  #answer<Request, Response>(
    method: string,
    call: ServerUnaryCall<Request, Response>,
    callback: sendUnaryData<Response>,
    answer: (request: Request) => Response,
  ): void {
    try {
      const response = answer(call.request);
      this.#parts.metrics.calls.inc({ method, code: "OK" });
      callback(null, response);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.#parts.metrics.calls.inc({ method, code: status[error.code] });
      callback({ code: error.code, details: error.details });
    }
  }

  #getPath(request: GetPathRequest__Output): PathEstimate {
    const { view, clock } = this.#parts;
    const nowMs = clock.nowMs();
    const sourceId = resolvedValue(resolveSource(view, request.source));
    const record = resolvedValue(findPath(view, sourceId, request.destination, nowMs));
    if (record !== undefined) return pathMessage(view, record, nowMs);
    const path = `${JSON.stringify(request.source)} to ${JSON.stringify(request.destination)}`;
    throw new CallError(status.NOT_FOUND, `Cannot find a path from ${path}`);
  }

  #listPaths(request: ListPathsRequest__Output): ListPathsResponse {
    const { view, clock } = this.#parts;
    const match = this.#matchOf(request.filter);
    const page = pageOf(view, match, pageSizeOf(request.pageSize), startKeyOf(request.pageToken));
    return {
      paths: page.records.map((record) => pathMessage(view, record, clock.nowMs())),
      nextPageToken: page.nextKey === undefined ? "" : pageTokenFor(page.nextKey),
    };
  }

  #watchPaths(call: WatchCall): void {
    const { view, clock, metrics } = this.#parts;
    try {
      const match = this.#matchOf(call.request.filter);
      const { minIntervalMs } = call.request;
      if (minIntervalMs > queryBounds.watchIntervalMaxMs) {
        throw invalid("min_interval_ms", `0..${queryBounds.watchIntervalMaxMs}`, minIntervalMs);
      }
      if (this.#watches.size >= queryBounds.watchersMax) {
        throw new CallError(status.RESOURCE_EXHAUSTED, `Cannot take more than ${queryBounds.watchersMax} watchers`);
      }
      const watch = new PathWatch(call, view, match, minIntervalMs, clock);
      this.#watches.add(watch);
      for (const event of ["cancelled", "close", "error"]) {
        call.on(event, () => {
          watch.left();
          this.#watches.delete(watch);
        });
      }
      metrics.calls.inc({ method: "WatchPaths", code: "OK" });
      watch.start();
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      metrics.calls.inc({ method: "WatchPaths", code: status[error.code] });
      call.emit("error", { code: error.code, details: error.details });
    }
  }

  #matchOf(filter: { readonly source: string; readonly destination: string } | null): PathMatch {
    return resolvedValue(pathMatch(this.#parts.view, filter?.source ?? "", filter?.destination ?? ""));
  }
}

/** At most `size` matching paths after a key, and the key to go on from; undefined at the end. */
export function pageOf(
  view: View,
  match: PathMatch,
  size: number,
  startKey: string,
): { readonly records: readonly PathRecord[]; readonly nextKey: string | undefined } {
  const records: PathRecord[] = [];
  let key = startKey;
  for (let scanned = 0; scanned < queryBounds.rowsScannedPerPage; ) {
    const candidates = view.table.after(key, size, match.onlyHostId);
    for (const candidate of candidates) {
      key = candidate.key;
      if (match.matches(candidate)) records.push(candidate);
      if (records.length === size) return { records, nextKey: hasMore(view, match, key) ? key : undefined };
    }
    if (candidates.length < size) return { records, nextKey: undefined };
    scanned += candidates.length;
  }
  return { records, nextKey: key };
}

function hasMore(view: View, match: PathMatch, key: string): boolean {
  return view.table.after(key, 1, match.onlyHostId).length > 0;
}

function pageSizeOf(pageSize: number): number {
  if (pageSize === 0) return queryBounds.pageSizeDefault;
  if (pageSize >= 1 && pageSize <= queryBounds.pageSizeMax) return pageSize;
  throw invalid("page_size", `1..${queryBounds.pageSizeMax} or 0`, pageSize);
}

function startKeyOf(pageToken: string): string {
  if (pageToken === "") return "";
  const key = keyOfPageToken(pageToken);
  if (key === undefined) throw invalid("page_token", "a next_page_token of this service", pageToken);
  return key;
}

function resolvedValue<T>(resolved: Resolved<T>): T {
  if (resolved.ok) return resolved.value;
  throw new CallError(status.INVALID_ARGUMENT, resolved.problem);
}

function invalid(field: string, requirement: string, value: string | number): CallError {
  const shown = JSON.stringify(value).slice(0, queryBounds.textMaxLength);
  const details = `Cannot use ${field} as it must be ${requirement}: current value is ${shown}`;
  return new CallError(status.INVALID_ARGUMENT, details);
}
