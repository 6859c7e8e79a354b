/** The paths and their estimates: bounded, ordered for paging, and followed by change. */
import { LRUCache } from "lru-cache";
import type { Changes } from "./change-log.ts";
import { ChangeLog } from "./change-log.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { addressKey, pathKey } from "./path-key.ts";

/** One path. The estimate is replaced, never written to. */
export interface PathRecord {
  readonly key: string;
  readonly hostId: string;
  /** 16 bytes. */
  readonly destination: Uint8Array;
  readonly destinationKey: string;
  readonly estimate: PathEstimateState;
}

/** Limits of what is kept. */
export interface PathTableBounds {
  readonly pathsMax: number;
  readonly pathsPerHostMax: number;
  readonly forgottenKept: number;
}

interface HostPaths {
  readonly byDestination: Map<string, PathRecord>;
  /** Destination keys in order; undefined while a change has outdated it. */
  ordered: readonly string[] | undefined;
}

/** Least recently sampled paths make room for new ones. */
export class PathTable {
  readonly #bounds: PathTableBounds;
  readonly #index: LRUCache<string, PathRecord>;
  readonly #hosts = new Map<string, HostPaths>();
  readonly #log: ChangeLog<PathRecord>;
  #orderedHosts: readonly string[] | undefined;
  #evicted = 0;

  constructor(bounds: PathTableBounds) {
    this.#bounds = bounds;
    this.#log = new ChangeLog(bounds.forgottenKept);
    this.#index = new LRUCache<string, PathRecord>({
      max: bounds.pathsMax,
      dispose: (record, _key, reason) => {
        if (reason === "set") return;
        if (reason === "evict") this.#evicted += 1;
        this.#forget(record);
      },
    });
  }

  get size(): number {
    return this.#index.size;
  }

  /** Paths that made room for others, since the start. */
  get evicted(): number {
    return this.#evicted;
  }

  /** The newest change: where a reader of changesSince() begins. */
  get newestChange(): number {
    return this.#log.newest;
  }

  get(hostId: string, destination: Uint8Array): PathRecord | undefined {
    return this.#index.peek(pathKey(hostId, destination));
  }

  /** As get(), by the key of the destination (addressKey): for those who ask of one destination again and again. */
  getByKey(hostId: string, destinationKey: string): PathRecord | undefined {
    return this.#hosts.get(hostId)?.byDestination.get(destinationKey);
  }

  /** Keeps a path's new estimate. False where its host already has all the paths it may have. */
  put(hostId: string, destination: Uint8Array, estimate: PathEstimateState): boolean {
    const destinationKey = addressKey(destination);
    const paths = this.#hosts.get(hostId);
    const known = paths?.byDestination.get(destinationKey);
    if (known === undefined && (paths?.byDestination.size ?? 0) >= this.#bounds.pathsPerHostMax) return false;
    const record: PathRecord =
      known === undefined
        ? { key: pathKey(hostId, destination), hostId, destination, destinationKey, estimate }
        : { ...known, estimate };
    this.#index.set(record.key, record);
    this.#remember(record, known === undefined);
    this.#log.changed(record.key, record);
    return true;
  }

  /** Says that something about the path changed beside its estimate. */
  touch(record: PathRecord): void {
    const current = this.#index.peek(record.key);
    if (current !== undefined) this.#log.changed(current.key, current);
  }

  /** At most `limit` paths in order after a key, of one host or of all; "" is before the first. */
  after(key: string, limit: number, onlyHostId?: string): readonly PathRecord[] {
    const records: PathRecord[] = [];
    for (const hostId of onlyHostId === undefined ? this.#hostsInOrder() : [onlyHostId]) {
      // Every key of a host lies below its id followed by "!".
      if (`${hostId}!` <= key) continue;
      this.#appendAfter(hostId, key, limit, records);
      if (records.length >= limit) break;
    }
    return records;
  }

  /** The newest state of what changed after a cursor; undefined where the reader is too far behind. */
  changesSince(cursor: number, limit: number, end?: number): Changes<PathRecord> | undefined {
    return this.#log.since(cursor, limit, end);
  }

  /** Forgets paths without samples since `beforeMs`, at most `limit` of them, the longest unsampled first. */
  prune(beforeMs: number, limit: number): number {
    const outdated: string[] = [];
    for (const record of this.#index.rvalues()) {
      if (record === undefined || outdated.length >= limit || record.estimate.sampledMs >= beforeMs) break;
      outdated.push(record.key);
    }
    for (const key of outdated) this.#index.delete(key);
    return outdated.length;
  }

  #appendAfter(hostId: string, key: string, limit: number, records: PathRecord[]): void {
    const paths = this.#hosts.get(hostId);
    if (paths === undefined) return;
    paths.ordered ??= [...paths.byDestination.keys()].sort(compareText);
    const from = key.startsWith(`${hostId} `) ? firstAfter(paths.ordered, key.slice(hostId.length + 1)) : 0;
    for (let index = from; index < paths.ordered.length && records.length < limit; index += 1) {
      const record = paths.byDestination.get(paths.ordered[index] ?? "");
      if (record !== undefined) records.push(record);
    }
  }

  #remember(record: PathRecord, isNew: boolean): void {
    let paths = this.#hosts.get(record.hostId);
    if (paths === undefined) {
      paths = { byDestination: new Map(), ordered: undefined };
      this.#hosts.set(record.hostId, paths);
      this.#orderedHosts = undefined;
    }
    paths.byDestination.set(record.destinationKey, record);
    if (isNew) paths.ordered = undefined;
  }

  #forget(record: PathRecord): void {
    const paths = this.#hosts.get(record.hostId);
    if (paths?.byDestination.delete(record.destinationKey)) {
      paths.ordered = undefined;
      if (paths.byDestination.size === 0) {
        this.#hosts.delete(record.hostId);
        this.#orderedHosts = undefined;
      }
    }
    this.#log.forgotten(record.key, record);
  }

  #hostsInOrder(): readonly string[] {
    this.#orderedHosts ??= [...this.#hosts.keys()].sort((left, right) => compareText(`${left} `, `${right} `));
    return this.#orderedHosts;
  }
}

function firstAfter(ordered: readonly string[], key: string): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordered[middle] ?? "") <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
