import { describe, expect, test } from "vitest";
import { PathTable } from "../../../../aggregator/core/path-table.ts";
import { address, estimateOf, row } from "../fixtures.ts";

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
    expect(table.get("a", address("10.0.0.1"))?.estimate).toBe(other);
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
    expect(table.changesSince(0, 10)?.changes).toContainEqual(expect.objectContaining({ kind: "forgotten" }));
  });

  test("put() refuses a host more paths than its share", () => {
    const table = new PathTable({ ...bounds, pathsPerHostMax: 1 });
    expect(table.put("a", address("10.0.0.1"), estimate)).toBe(true);
    expect(table.put("a", address("10.0.0.2"), estimate)).toBe(false);
    expect(table.put("a", address("10.0.0.1"), estimate)).toBe(true);
    expect(table.put("b", address("10.0.0.2"), estimate)).toBe(true);
    expect(table.size).toBe(2);
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
});
