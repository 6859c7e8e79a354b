import { beforeEach, describe, expect, test } from "vitest";
import type { View } from "../../../aggregator/core/view.ts";
import { pathWatchSource } from "../../../aggregator/path-watch-source.ts";
import { address, announcement, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";

let view: View;

beforeEach(() => {
  view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2", "10.0.1.2"]), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.table.put("a", address("10.0.1.2"), estimateOf(row()));
  view.table.put("b", address("10.0.0.1"), estimateOf(row()));
  view.table.put("a", address("10.9.9.9"), estimateOf(row()));
});

/** The paths that a watcher is told of after something happened, and where their ends are then. */
function toldAfter(happens: () => void): Record<string, string> {
  const { newest } = pathWatchSource(view, null, new PlayedClock(1_000));
  happens();
  const source = pathWatchSource(view, null, new PlayedClock(1_000));
  const { updates = [] } = source.changes(newest, source.newest) ?? {};
  return Object.fromEntries(
    updates.map(({ estimate }) => [
      `${estimate?.path?.source} ${estimate?.path?.destination}`,
      `${estimate?.sourceZone}/${estimate?.sourceRack} ${estimate?.destinationZone}/${estimate?.destinationRack}`,
    ]),
  );
}

describe("pathWatchSource()", () => {
  test.each([
    ["rack", { rack: "new" }, "/new"],
    ["zone", { zone: "new" }, "new/rack of b"],
    ["mode", { mode: "MODE_OFF" as const }, "/rack of b"],
  ])("tells of the paths from and to a host whose %s is another", (_, changes, place) => {
    const announced = announcement("b", ["10.0.0.2", "10.0.1.2"], changes);
    const told = toldAfter(() => view.hosts.announce(announced, "b", 1));
    expect(told).toEqual({
      "a 10.0.0.2": `/rack of a ${place}`,
      "a 10.0.1.2": `/rack of a ${place}`,
      "b 10.0.0.1": `${place} /rack of a`,
    });
  });

  test("tells nothing where a host announces itself as before", () => {
    expect(toldAfter(() => view.hosts.announce(announcement("b", ["10.0.0.2", "10.0.1.2"]), "b", 1))).toEqual({});
  });

  test("tells of the paths from and to a host that is gone", () => {
    const told = toldAfter(() => {
      view.hosts.heard("a", 1_000, 0, 600_000);
      view.hosts.expire(600_000);
    });
    expect(told).toEqual({
      "a 10.0.0.2": "/rack of a /",
      "a 10.0.1.2": "/rack of a /",
      "b 10.0.0.1": "/ /rack of a",
    });
  });
});
