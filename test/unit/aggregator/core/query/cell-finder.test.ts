import { expect, test } from "vitest";
import { CellFinder } from "../../../../../aggregator/core/query/cell-finder.ts";
import { address, announcement, emptyView, estimateOf, row } from "../../fixtures.ts";

test("CellFinder finds the cell of a path, and after renew() where its ends are by then", () => {
  const view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"], { zone: "z1" }), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2"], { zone: "z2" }), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  view.table.put("a", address("10.9.9.9"), estimateOf(row()));
  view.table.put("nobody", address("10.0.0.2"), estimateOf(row()));
  const finder = new CellFinder(view, "zone", ["z1", "z2"], ["z1", "z2"]);
  const cells = () => Array.from({ length: view.table.slotsUsed }, (_, slot) => finder.cellOf(slot));
  expect(cells()).toEqual([1, -1, -1]);
  view.hosts.announce(announcement("b", ["10.0.0.2"], { zone: "z1", epoch: 2_000 }), "b", 1);
  finder.renew();
  expect(cells()).toEqual([0, -1, -1]);
});
