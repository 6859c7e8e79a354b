import { Writable } from "node:stream";
import { status } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PathTable } from "../../../aggregator/core/path-table.ts";
import { pathMatch } from "../../../aggregator/core/query/path-filter.ts";
import type { View } from "../../../aggregator/core/view.ts";
import type { WatchCall } from "../../../aggregator/path-watch.ts";
import { PathWatch } from "../../../aggregator/path-watch.ts";
import type { PathUpdate } from "../../../proto/gen/augmenter/v1/PathUpdate.ts";
import { address, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";

const estimate = estimateOf(row());
let view: View;
let call: PlayedCall;
let watch: PathWatch;

beforeEach(() => {
  view = emptyView();
  call = new PlayedCall();
});

afterEach(() => watch.left());

function put(hostId: string, count: number): void {
  for (let index = 1; index <= count; index += 1) {
    view.table.put(hostId, address(`10.0.${index >> 8}.${index & 255}`), estimate);
  }
}

function watchAll(intervalMs = 0): void {
  watch = new PathWatch(call as unknown as WatchCall, view, pathMatch(view, null), intervalMs, new PlayedClock());
  watch.start();
}

test("PathWatch gives a caller that sleeps the newest state of each path once, never a backlog", async () => {
  put("a", 3_000);
  call.isAwake = false;
  watchAll();
  for (let round = 0; round < 5; round += 1) {
    put("a", 3_000);
    await vi.waitFor(() => undefined);
  }
  // 16 objects are Node's own bound, 64 the chunk between two looks at it.
  expect(call.writableLength).toBeLessThanOrEqual(80);

  call.wake();
  await vi.waitFor(() => expect(call.told.some((update) => update.snapshotEnd)).toBe(true));
  const end = call.told.findIndex((update) => update.snapshotEnd);
  expect(end).toBe(3_000);
  expect(call.told[end]?.snapshotEnd).toEqual({ paths: 3_000 });
  await vi.waitFor(() => expect(call.told).toHaveLength(6_001));
  const names = call.told.slice(end + 1).map((update) => update.estimate?.path?.destination);
  expect(new Set(names).size).toBe(3_000);
});

test("PathWatch tells of paths that were forgotten", async () => {
  put("a", 2);
  watchAll();
  view.table.prune(Number.POSITIVE_INFINITY, 1);
  await vi.waitFor(() => expect(call.told.at(-1)?.forgotten).toEqual({ source: "a", destination: "10.0.0.1" }));
});

test("PathWatch tells a path at most once in its interval", async () => {
  put("a", 1);
  watchAll(300);
  const startedMs = performance.now();
  while (performance.now() - startedMs < 700) {
    put("a", 1);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(call.told.filter((update) => update.estimate).length).toBeGreaterThanOrEqual(2);
  expect(call.told.filter((update) => update.estimate).length).toBeLessThanOrEqual(3);
});

test("PathWatch ends a call that is too far behind", async () => {
  const table = new PathTable({ pathsMax: 4, pathsPerHostMax: 4, forgottenKept: 1 });
  view = { ...view, table };
  watchAll();
  for (let index = 0; index < 2_000; index += 1) put(`host${index}`, 1);
  await vi.waitFor(() => expect(call.problems).toMatchObject([{ code: status.ABORTED }]));
});

test("PathWatch writes nothing after its caller left", async () => {
  put("a", 1);
  watchAll();
  await vi.waitFor(() => expect(call.told).toHaveLength(2));
  watch.left();
  put("a", 2);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(call.told).toHaveLength(2);
});

/** A gRPC call whose caller reads or sleeps. */
class PlayedCall extends Writable {
  readonly told: PathUpdate[] = [];
  readonly problems: unknown[] = [];
  isAwake = true;
  #read: () => void = () => undefined;

  constructor() {
    super({ objectMode: true, highWaterMark: 16 });
    this.on("error", (problem) => this.problems.push(problem));
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
