import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PathTable } from "../../../../aggregator/core/path-table.ts";
import { address, estimateOf, pathRate, row } from "../fixtures.ts";

const estimate = estimateOf(row());
const bounds = { pathsMax: 100, pathsPerHostMax: 50, forgottenKept: 10 };

function tableOf(...paths: readonly (readonly [string, string])[]): PathTable {
  const table = new PathTable(bounds);
  for (const [hostId, destination] of paths) table.put(hostId, address(destination), estimate);
  return table;
}

function names(table: PathTable, key: string, limit: number, only?: string): readonly string[] {
  return table.after(key, limit, only).map((record) => `${record.hostId}>${record.destination.at(-1)}`);
}

describe("PathTable", () => {
  test("after() lists paths by host, then by address as bytes, whatever order they came in", () => {
    const table = tableOf(
      ["b", "10.0.0.1"],
      ["a", "10.0.0.200"],
      ["a.b", "10.0.0.9"],
      ["a-b", "10.0.0.8"],
      ["a", "10.0.0.3"],
    );
    expect(names(table, "", 10)).toEqual(["a>3", "a>200", "a-b>8", "a.b>9", "b>1"]);
    expect(names(table, "", 10, "a")).toEqual(["a>3", "a>200"]);
    expect(names(table, "", 10, "nobody")).toEqual([]);
  });

  test("after() goes on from any key, also one that is gone", () => {
    const table = tableOf(["a", "10.0.0.1"], ["a", "10.0.0.2"], ["a", "10.0.0.3"], ["b", "10.0.0.1"]);
    const [first, second] = table.after("", 2);
    expect(names(table, first?.key ?? "", 2)).toEqual(["a>2", "a>3"]);
    for (const hostId of ["c", "d"]) table.put(hostId, address("10.0.0.7"), estimate);
    expect(names(table, second?.key ?? "", 10)).toEqual(["a>3", "b>1", "c>7", "d>7"]);
    expect(names(table, `${second?.key.slice(0, -1)}\u00ff`, 10)).toEqual(["b>1", "c>7", "d>7"]);
  });

  test("put() replaces the estimate of a known path", () => {
    const table = tableOf(["a", "10.0.0.1"]);
    const other = estimateOf(row(), row());
    table.put("a", address("10.0.0.1"), other);
    expect(table.size).toBe(1);
    expect(table.get("a", address("10.0.0.1"))?.estimate).toEqual(other);
    expect(table.after("", 10).map((record) => record.estimate)).toEqual([other]);
  });

  test("put() makes room by forgetting the path longest without samples", () => {
    const table = new PathTable({ ...bounds, pathsMax: 2 });
    table.put("a", address("10.0.0.1"), estimate);
    table.put("a", address("10.0.0.2"), estimate);
    table.put("a", address("10.0.0.1"), estimate);
    table.put("b", address("10.0.0.3"), estimate);
    expect(names(table, "", 10)).toEqual(["a>1", "b>3"]);
    expect(table.evicted).toBe(1);
    expect(table.changesSince(table.changesAfter(0), 10)?.forgotten).toMatchObject([
      { hostId: "a", destination: address("10.0.0.2") },
    ]);
  });

  test("put() lets the path of a host that it was silent about longest make room where the host has its share", () => {
    const table = new PathTable({ ...bounds, pathsPerHostMax: 2 });
    table.put("b", address("10.0.0.9"), estimate);
    for (const last of [1, 2, 1, 3]) table.put("a", address(`10.0.0.${last}`), estimate);
    expect(names(table, "", 10)).toEqual(["a>1", "a>3", "b>9"]);
    expect(table.evicted).toBe(1);
    expect(table.changesSince(table.changesAfter(0), 10)?.forgotten).toMatchObject([
      { hostId: "a", destination: address("10.0.0.2") },
    ]);
  });

  test("a host that scans keeps the paths it uses and pushes out its own others, whatever it lists", () => {
    const share = 512;
    const table = new PathTable({ ...bounds, pathsMax: 2_048, pathsPerHostMax: share });
    table.put("b", address("10.0.0.9"), estimate);
    const used = Array.from({ length: 64 }, (_, index) => address(`10.1.0.${index}`));
    for (let round = 0; round < 40; round += 1) {
      for (const destination of used) table.put("a", destination, estimate);
      for (let last = 0; last < 64; last += 1) table.put("a", address(`10.2.${round}.${last}`), estimate);
    }
    expect(used.filter((destination) => table.get("a", destination) !== undefined)).toHaveLength(used.length);
    expect(table.size).toBe(share + 1);
    expect(table.get("b", address("10.0.0.9"))).toBeDefined();
    expect(table.evicted).toBe(40 * 64 + 64 - share);
  });

  test("hosts that scan push out each other's paths, not the quiet ones of a host with few", () => {
    const table = new PathTable({ ...bounds, pathsMax: 2_048, pathsPerHostMax: 1_024 });
    const quiet = Array.from({ length: 200 }, (_, index) => address(`10.1.0.${index}`));
    for (const destination of quiet) table.put("quiet", destination, estimate);
    for (let round = 0; round < 64; round += 1) {
      for (let last = 0; last < 128; last += 1) {
        table.put(`scan${last % 4}`, address(`10.${2 + (last % 4)}.${round}.${last}`), estimate);
      }
    }
    expect(table.evicted).toBe(64 * 128 + quiet.length - 2_048);
    expect(quiet.filter((destination) => table.get("quiet", destination) !== undefined)).toHaveLength(quiet.length);
  });

  test("hosts with as many paths each lose those they were silent about longest", () => {
    const table = new PathTable({ ...bounds, pathsMax: 1_024, pathsPerHostMax: 1_024 });
    const put = (from: number, to: number) => {
      for (let place = from; place < to; place += 1) {
        table.put(`host${place % 4}`, address(`10.1.${place >> 8}.${place & 255}`), estimate);
      }
    };
    put(0, 1_024);
    put(512, 1_024);
    put(1_024, 1_280);
    const isKept = (place: number) =>
      table.get(`host${place % 4}`, address(`10.1.${place >> 8}.${place & 255}`)) !== undefined;
    const kept = Array.from({ length: 1_280 }, (_, place) => isKept(place));
    expect(kept.slice(512).every(Boolean), "of those in use none").toBe(true);
    expect(kept.slice(0, 512).filter(Boolean)).toHaveLength(256);
  });

  test("prune() forgets what has no samples since a moment", () => {
    const table = new PathTable(bounds);
    table.put("a", address("10.0.0.1"), { ...estimate, sampledMs: 10 });
    table.put("a", address("10.0.0.2"), { ...estimate, sampledMs: 20 });
    table.put("a", address("10.0.0.3"), { ...estimate, sampledMs: 30 });
    expect(table.prune(30, 1)).toBe(1);
    expect(table.prune(30, 10)).toBe(1);
    expect(names(table, "", 10)).toEqual(["a>3"]);
  });

  test("touch() counts as a change, and not for a path that is gone", () => {
    const table = tableOf(["a", "10.0.0.1"]);
    const record = table.get("a", address("10.0.0.1"));
    const before = table.newestChange;
    if (record !== undefined) table.touch(record);
    expect(table.newestChange).toBe(before + 1);
    table.prune(Number.POSITIVE_INFINITY, 10);
    if (record !== undefined) table.touch(record);
    expect(table.newestChange).toBe(before + 2);
  });

  test("touchOf() counts as one change of all paths of a host", () => {
    const table = tableOf(["a", "10.0.0.1"], ["a", "10.0.0.2"], ["b", "10.0.0.3"]);
    const before = table.newestChange;
    table.touchOf("a");
    table.touchOf("nobody");
    expect(table.changesSince(table.changesAfter(before), 10)?.changed.map(({ key }) => key)).toHaveLength(2);
    expect(table.newestChange).toBe(before + 2);
  });

  test("changesSince() gives the newest state of each changed path once, in steps, and what was forgotten", () => {
    const table = tableOf(["a", "10.0.0.1"], ["a", "10.0.0.2"], ["b", "10.0.0.3"]);
    const place = table.changesAfter(table.newestChange);
    for (const last of [2, 3, 2]) table.put(last === 3 ? "b" : "a", address(`10.0.0.${last}`), estimate);
    const first = table.changesSince(place, 1);
    expect(first?.changed.map(({ hostId }) => hostId)).toEqual(["a"]);
    const second = table.changesSince(first?.place ?? place, 10);
    expect(second?.changed.map(({ hostId }) => hostId)).toEqual(["b"]);
    expect(second?.isDone).toBe(true);
    expect(table.changesSince(second?.place ?? place, 10)).toMatchObject({ changed: [], forgotten: [], isDone: true });
  });

  test("toDestination() gives every path there, through additions and removals in any order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.nat(3), fc.boolean()), { maxLength: 200 }), (steps) => {
        const table = new PathTable({ ...bounds, pathsMax: 16 });
        for (const [host, last, isOld] of steps) {
          table.put(`h${host}`, address(`10.0.0.${last}`), { ...estimate, sampledMs: isOld ? 0 : 1_000 });
          if (isOld) table.prune(500, 100);
        }
        const all = table.after("", 100);
        expect(table.size).toBe(all.length);
        for (const last of [0, 1, 2, 3]) {
          const there = [...table.toDestination(address(`10.0.0.${last}`))].map(({ key }) => key).sort();
          expect(there).toEqual(all.filter(({ destination }) => destination.at(-1) === last).map(({ key }) => key));
          for (const { key, hostId, destination } of all) expect(table.get(hostId, destination)?.key).toBe(key);
        }
      }),
    );
  });

  test("fold() tells from which rate failed windows lowered, also after the clock was set back", () => {
    const table = new PathTable(bounds);
    const destination = new DataView(address("10.0.0.1").buffer);
    const fold = (changes: Parameters<typeof row>[0], nowMs: number) => {
      const host = table.beginReport("a");
      return table.fold(table.slotFor(host, destination, 0), row(changes), nowMs);
    };
    const failed = { windowsFailed: 1, saturatedSamples: 0 };
    fold({}, 900_000);
    expect(fold(failed, 901_000)).toBe(pathRate);
    expect(fold({}, 902_000)).toBeUndefined();
    expect(fold(failed, 1_000)).toBeGreaterThan(0.9 * pathRate);
    expect(fold(failed, 1_020)).toBeUndefined();
  });

  test("fold() brings times back that lie ahead, also those of an estimate that was put", () => {
    const table = new PathTable(bounds);
    const [one, other] = [address("10.0.0.1"), address("10.0.0.2")];
    const fold = (destination: Uint8Array, nowMs: number) => {
      const host = table.beginReport("a");
      table.fold(table.slotFor(host, new DataView(destination.buffer), 0), row({ saturatedSamples: 0 }), nowMs);
      return table.peek("a", destination)?.rate;
    };
    fold(one, 1_000);
    table.put("a", other, { ...estimateOf(row()), rate: { ...estimateOf(row()).rate, retreatedMs: 90_000 } });
    expect(fold(one, 2_000)?.retreatedMs).toBe(Number.NEGATIVE_INFINITY);
    expect(fold(other, 3_000)?.retreatedMs).toBe(3_000);
    expect(fold(other, 100_000)?.retreatedMs).toBe(3_000);
    expect(fold(other, 2_000)).toMatchObject({ retreatedMs: 2_000, sampledMs: expect.toSatisfy((ms) => ms <= 2_000) });
  });

  test("takeNews() gives a path again only once something moved that advice rests on", () => {
    const table = new PathTable(bounds);
    const destination = new DataView(address("10.0.0.1").buffer);
    const fold = (changes: Parameters<typeof row>[0], nowMs: number) => {
      const host = table.beginReport("a");
      table.fold(table.slotFor(host, destination, 0), row(changes), nowMs);
      return table.takeNews(10, nowMs).length;
    };
    expect(fold({ rttSamples: 1, saturatedSamples: 1, connectionsOpened: 1 }, 1_000)).toBe(0);
    expect(fold({}, 2_000)).toBe(1);
    expect(fold({}, 3_000)).toBe(0);
    expect(fold({ saturatedBytesPerSecond: 1.01 * pathRate }, 4_000)).toBe(0);
    expect(fold({ saturatedBytesPerSecond: 1.2 * pathRate }, 5_000)).toBe(1);
    expect(fold({ rttMinUs: 15_000, saturatedSamples: 0 }, 6_000)).toBe(1);
    expect(fold({ segmentsRetransmitted: 1_000, saturatedSamples: 0, rttSamples: 0 }, 7_000)).toBe(1);
  });
});
