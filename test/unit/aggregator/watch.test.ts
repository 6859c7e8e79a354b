import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PathTable } from "../../../aggregator/core/path-table.ts";
import type { PathFilter } from "../../../aggregator/core/query/path-filter.ts";
import type { View } from "../../../aggregator/core/view.ts";
import { pathWatchSource } from "../../../aggregator/path-watch-source.ts";
import type { WatchOptions } from "../../../aggregator/watch.ts";
import { Watch } from "../../../aggregator/watch.ts";
import type { PathUpdate } from "../../../proto/gen/augmenter/v1/PathUpdate.ts";
import { address, announcement, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";

const estimate = estimateOf(row());
const options: WatchOptions = { intervalMs: 50, heartbeatMs: 10_000, epoch: 7, resumeAfter: undefined };
let view: View;
let call: PlayedCall;
let clock: PlayedClock;
let watch: Watch<PathUpdate> | undefined;

beforeEach(() => {
  view = emptyView();
  call = new PlayedCall();
  clock = new PlayedClock();
});

afterEach(() => watch?.left());

function put(hostId: string, count: number, first = 1): void {
  for (let index = first; index < first + count; index += 1) {
    view.table.put(hostId, address(`10.0.${index >> 8}.${index & 255}`), estimate);
  }
}

function watchAll(changes: Partial<WatchOptions> = {}, filter: PathFilter | null = null): void {
  const source = pathWatchSource(view, filter, clock);
  watch = new Watch(call as unknown as ConstructorParameters<typeof Watch<PathUpdate>>[0], source, clock, {
    ...options,
    ...changes,
  });
  watch.start();
}

function destinations(updates: readonly PathUpdate[]): (string | undefined)[] {
  return updates.flatMap(({ estimate: told }) => (told ? [told.path?.destination] : []));
}

describe("Watch", () => {
  test("tells a state between its begin and its end, then changes with versions", async () => {
    put("a", 2);
    watchAll();
    await vi.waitFor(() => expect(call.told.at(-1)?.snapshotEnd).toEqual({ paths: 2 }));
    expect(call.told[0]).toEqual({ snapshotBegin: {} });
    expect(call.told.slice(1, 3).every(({ version }) => version === undefined)).toBe(true);
    expect(call.told.at(-1)?.version).toEqual({ epoch: 7, number: view.table.newestChange });

    put("a", 1, 2);
    await vi.waitFor(() => expect(call.told).toHaveLength(5));
    expect(call.told.at(-1)).toMatchObject({
      estimate: { path: { destination: "10.0.0.2" } },
      version: { epoch: 7, number: view.table.newestChange },
    });
  });

  test("lets other work have its turn where telling takes long", async () => {
    put("a", 3_000);
    let told = 0;
    const write = () => {
      told += 1;
      clock.now += 1;
      return true;
    };
    const slow = { write, writableNeedDrain: false, once: () => slow, emit: () => true };
    watch = new Watch(
      slow as unknown as ConstructorParameters<typeof Watch<PathUpdate>>[0],
      pathWatchSource(view, null, clock),
      clock,
      options,
    );
    watch.start();
    expect(told).toBe(1 + 16);
    await vi.waitFor(() => expect(told).toBe(3_002));
  });

  test("gives a caller that sleeps the newest state of each path once, never a backlog", async () => {
    put("a", 3_000);
    call.isAwake = false;
    watchAll();
    for (let round = 0; round < 5; round += 1) {
      put("a", 3_000);
      await vi.waitFor(() => undefined);
    }
    // 16 objects are Node's own bound, and as many the part between two looks at it.
    expect(call.writableLength).toBeLessThanOrEqual(33);

    call.wake();
    await vi.waitFor(() => expect(call.told.some((update) => update.snapshotEnd)).toBe(true));
    const end = call.told.findIndex((update) => update.snapshotEnd);
    expect(call.told[end]?.snapshotEnd).toEqual({ paths: 3_000 });
    await vi.waitFor(() => expect(call.told).toHaveLength(6_002));
    expect(new Set(destinations(call.told.slice(end + 1))).size).toBe(3_000);
  });

  test("tells only what changed since, where it is resumed", async () => {
    put("a", 3);
    const number = view.table.newestChange;
    put("a", 2, 2);
    watchAll({ resumeAfter: number });
    await vi.waitFor(() => expect(destinations(call.told)).toEqual(["10.0.0.2", "10.0.0.3"]));
    expect(call.told.some(({ snapshotBegin }) => snapshotBegin)).toBe(false);
  });

  test.each([
    ["that this server has not reached", 1_000_000, {}],
    ["before what is no longer known", 1, { pathsMax: 4, pathsPerHostMax: 4, forgottenKept: 1 }],
  ])("tells the whole state where it is resumed at a number %s", async (_, resumeAfter, bounds) => {
    if ("pathsMax" in bounds)
      view = { ...view, table: new PathTable(bounds as ConstructorParameters<typeof PathTable>[0]) };
    for (let index = 0; index < 2_000; index += 1) put(`host${index}`, 1);
    watchAll({ resumeAfter });
    await vi.waitFor(() => expect(call.told.at(-1)?.snapshotEnd).toEqual({ paths: view.table.size }));
    expect(call.told[0]).toEqual({ snapshotBegin: {} });
  });

  test("begins anew for a caller that fell too far behind", async () => {
    view = { ...view, table: new PathTable({ pathsMax: 4, pathsPerHostMax: 4, forgottenKept: 1 }) };
    watchAll();
    for (let index = 0; index < 2_000; index += 1) put(`host${index}`, 1);
    await vi.waitFor(() => expect(call.told.filter(({ snapshotBegin }) => snapshotBegin)).toHaveLength(2));
    await vi.waitFor(() => expect(call.told.at(-1)?.snapshotEnd).toEqual({ paths: 4 }));
  });

  test("tells of paths that were forgotten", async () => {
    put("a", 2);
    watchAll();
    view.table.prune(Number.POSITIVE_INFINITY, 1);
    await vi.waitFor(() => expect(call.told.at(-1)?.forgotten).toEqual({ source: "a", destination: "10.0.0.1" }));
  });

  test("tells who filters by a destination host of paths that were forgotten, and that the host is gone", async () => {
    view.hosts.announce(announcement("b", ["10.0.0.1"]), "b", 0);
    put("a", 2);
    watchAll({}, { source: "", destination: "b" });
    await vi.waitFor(() => expect(call.told.at(-1)?.snapshotEnd).toEqual({ paths: 1 }));
    const before = call.told.at(-1)?.version;
    view.table.prune(Number.POSITIVE_INFINITY, 1);
    await vi.waitFor(() => expect(call.told.at(-1)?.forgotten).toEqual({ source: "a", destination: "10.0.0.1" }));
    put("a", 1);
    await vi.waitFor(() => expect(destinations(call.told)).toEqual(["10.0.0.1", "10.0.0.1"]));
    view.hosts.expire(1e9);
    await vi.waitFor(() =>
      expect(call.told.slice(-2)).toMatchObject([{ snapshotBegin: {} }, { snapshotEnd: { paths: 0 } }]),
    );
    // A place in the changes of what was selected before is no place to resume at.
    expect(call.told.at(-1)?.version?.epoch).not.toBe(before?.epoch);
  });

  test("tells who filters by a source's address of its paths once a host announced it", async () => {
    put("late", 1);
    watchAll({}, { source: "10.0.0.9", destination: "" });
    await vi.waitFor(() => expect(call.told.at(-1)?.snapshotEnd).toEqual({ paths: 0 }));
    view.hosts.announce(announcement("late", ["10.0.0.9"]), "late", 0);
    await vi.waitFor(() => expect(call.told.at(-1)?.snapshotEnd).toEqual({ paths: 1 }));
    expect(call.told.at(-2)).toMatchObject({ estimate: { path: { source: "late" } } });
  });

  test("tells of a destination that is another host's now, though nothing was measured anew", async () => {
    view.hosts.announce(announcement("b", ["10.0.0.1"]), "b", 0);
    put("a", 1);
    watchAll();
    await vi.waitFor(() => expect(call.told).toHaveLength(3));
    view.hosts.announce(announcement("b2", ["10.0.0.1"]), "b2", 0);
    await vi.waitFor(() => expect(call.told.at(-1), "of two").toMatchObject({ estimate: { destinationHost: "" } }));
    view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
    await vi.waitFor(() => expect(call.told.at(-1)).toMatchObject({ estimate: { destinationHost: "b2" } }));
  });

  test("sends a heartbeat with a version where nothing was told for as long as that", async () => {
    watchAll({ heartbeatMs: 1_000 });
    await vi.waitFor(() => expect(call.told).toHaveLength(2));
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(call.told).toHaveLength(2);
    clock.now += 1_000;
    await vi.waitFor(() => expect(call.told.at(-1)).toEqual({ heartbeat: {}, version: { epoch: 7, number: 0 } }));
    expect(call.told).toHaveLength(3);
  });

  test("tells a path at most once in its interval", async () => {
    put("a", 1);
    watchAll({ intervalMs: 300 });
    const startedMs = performance.now();
    while (performance.now() - startedMs < 700) {
      put("a", 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(destinations(call.told).length).toBeGreaterThanOrEqual(2);
    expect(destinations(call.told).length).toBeLessThanOrEqual(3);
  });

  test("writes nothing after its caller left", async () => {
    put("a", 1);
    watchAll();
    await vi.waitFor(() => expect(call.told).toHaveLength(3));
    watch?.left();
    put("a", 2);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(call.told).toHaveLength(3);
  });
});

/** A gRPC call whose caller reads or sleeps. */
class PlayedCall extends Writable {
  readonly told: PathUpdate[] = [];
  isAwake = true;
  #read: () => void = () => undefined;

  constructor() {
    super({ objectMode: true, highWaterMark: 16 });
  }

  override _write(update: PathUpdate, _: string, done: () => void): void {
    const read = () => {
      this.told.push(update);
      done();
    };
    if (this.isAwake) setImmediate(read);
    else this.#read = read;
  }

  wake(): void {
    this.isAwake = true;
    this.#read();
  }
}
