import { expect, test } from "vitest";
import { emptyMap, emptySet, writableMap, writableSet } from "../../../../aggregator/core/lazy-collections.ts";

test("writableMap() and writableSet() give a collection of their own for the empty one, and any other itself", () => {
  const map = writableMap(emptyMap<string, number>());
  map.set("a", 1);
  const set = writableSet(emptySet<string>());
  set.add("a");
  expect([writableMap(map), writableSet(set)]).toEqual([new Map([["a", 1]]), new Set(["a"])]);
  expect(writableMap(map)).toBe(map);
  expect(writableSet(set)).toBe(set);
  expect([emptyMap().size, emptySet().size]).toEqual([0, 0]);
});

test("emptyMap() and emptySet() cannot be written to", () => {
  expect(() => emptyMap<string, number>().set("a", 1)).toThrow("Cannot write");
  expect(() => emptySet<string>().add("a")).toThrow("Cannot write");
});
