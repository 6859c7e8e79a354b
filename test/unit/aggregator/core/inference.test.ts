import { expect, test } from "vitest";
import { emptyView } from "../fixtures.ts";

test.each([1, 2, 3, 8, 16, 24, 100])("turnOf() comes to all of %d rows in either order", (rows) => {
  const { inference } = emptyView();
  const turns: [number, number] = [0, 0];
  const seen = [new Set<number>(), new Set<number>()];
  for (let sequence = 1; sequence <= 2 * Math.ceil(rows / 8); sequence += 1) {
    const parity = sequence % 2 === 0 ? 0 : 1;
    for (const place of inference.turnOf(turns, parity, rows)) seen[parity]?.add(place);
  }
  expect(seen.map(({ size }) => size)).toEqual([rows, rows]);
});

test("turnOf() has no rows of a report that has none, and stays within one that has fewer than the last", () => {
  const { inference } = emptyView();
  const turns: [number, number] = [0, 0];
  expect(inference.turnOf(turns, 0, 0)).toEqual([]);
  for (let report = 0; report < 12; report += 1) inference.turnOf(turns, 0, 100);
  expect(Math.max(...inference.turnOf(turns, 0, 3))).toBeLessThan(3);
});
