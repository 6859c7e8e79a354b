import { describe, expect, test } from "vitest";
import { findPath, pathMatch, resolveSource } from "../../../../aggregator/core/path-filter.ts";
import { address, announcement, emptyView, estimateOf, row } from "../fixtures.ts";

function viewOfPaths() {
  const view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2", "10.1.0.2"]), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.table.put("a", address("10.1.0.2"), estimateOf(row(), row()));
  view.table.put("a", address("192.0.2.1"), estimateOf(row()));
  view.table.put("b", address("10.0.0.1"), estimateOf(row()));
  return view;
}

describe("resolveSource()", () => {
  const view = viewOfPaths();

  test.each([
    ["a", "a"],
    ["10.1.0.2", "b"],
    ["not-heard-of", "not-heard-of"],
    ["2001:db8::1", ""],
  ])("takes %j for %j", (text, value) => {
    expect(resolveSource(view, text)).toEqual({ ok: true, value });
  });

  test.each(["", "a b", "-a", "x".repeat(129)])("refuses %j", (text) => {
    expect(resolveSource(view, text)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^Cannot use source as/),
    });
  });
});

describe("findPath()", () => {
  const view = viewOfPaths();

  test("finds a path by address, and by host id the one known best", () => {
    expect(findPath(view, "a", "10.0.0.2", 2_000)).toMatchObject({ value: { destination: address("10.0.0.2") } });
    expect(findPath(view, "a", "b", 2_000)).toMatchObject({ value: { destination: address("10.1.0.2") } });
    expect(findPath(view, "b", "192.0.2.1", 2_000)).toEqual({ ok: true, value: undefined });
  });

  test.each(["", "nobody", "10.0.0.0/8"])("refuses destination %j", (text) => {
    expect(findPath(view, "a", text, 0)).toMatchObject({ ok: false, problem: expect.stringContaining("destination") });
  });
});

describe("pathMatch()", () => {
  const view = viewOfPaths();
  const matched = (source: string, destination: string) => {
    const match = pathMatch(view, source, destination);
    if (!match.ok) return match.problem;
    const { onlyHostId, matches } = match.value;
    return view.table.after("", 10, onlyHostId).filter(matches).length;
  };

  test.each([
    ["", "", 4],
    ["a", "", 3],
    ["10.0.0.1", "10.0.0.0/8", 2],
    ["", "b", 2],
    ["", "10.0.0.1", 1],
    ["", "not-heard-of", 0],
    ["192.0.2.9", "", 0],
  ])("selects from %j to %j %d paths", (source, destination, count) => {
    expect(matched(source, destination)).toBe(count);
  });

  test("names the field that is wrong", () => {
    expect(matched("a b", "")).toMatch(/^Cannot use filter.source as/);
    expect(matched("", "10.0.0.0/99")).toMatch(/^Cannot use filter.destination as .*"10.0.0.0\/99"$/);
  });
});
