import { describe, expect, test } from "vitest";
import { pathMatch } from "../../../../../aggregator/core/query/path-filter.ts";
import { address, announcement, emptyView, estimateOf, row } from "../../fixtures.ts";

describe("pathMatch()", () => {
  const view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2", "10.1.0.2"]), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.table.put("a", address("10.1.0.2"), estimateOf(row(), row()));
  view.table.put("a", address("192.0.2.1"), estimateOf(row()));
  view.table.put("b", address("10.0.0.1"), estimateOf(row()));

  const matched = (source: string, destination: string) => {
    const { onlyHostId, matches } = pathMatch(view, { source, destination });
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

  test("selects everything without a filter", () => {
    expect(view.table.after("", 10).filter(pathMatch(view, null).matches)).toHaveLength(4);
  });

  test("names the field that is wrong", () => {
    expect(() => matched("a b", "")).toThrow(/^Cannot use filter.source as/);
    expect(() => matched("", "10.0.0.0/99")).toThrow(/^Cannot use filter.destination as .*"10.0.0.0\/99"$/);
  });
});
