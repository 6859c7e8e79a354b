import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { pathRow } from "../../../../deploy/standalone/path-row.ts";
import type { TableLook } from "../../../../deploy/standalone/path-table.ts";
import { tableLines } from "../../../../deploy/standalone/path-table.ts";
import { playedPath } from "./played-path.ts";

const wide: TableLook = { widthMax: 160, linesMax: 50, isColoured: false, isApplied: false };
const rowsTo = (...destinations: string[]) => destinations.map((to) => pathRow(playedPath(to), 0));

describe("tableLines()", () => {
  test("aligns numbers to the right and names the window as what it is", () => {
    expect(tableLines(rowsTo("10.0.0.2", "2001:db8::1:2"), wide)).toEqual([
      "destination    RTT min  RTT p50         rate    loss      BDP  would-be window   age  samples RTT/rate",
      "10.0.0.2       20.0 ms  21.5 ms   200 Mbit/s     0 %   500 kB              690   1 s            120/30",
      "2001:db8::1:2  20.0 ms  21.5 ms   200 Mbit/s     0 %   500 kB              690   1 s            120/30",
    ]);
    expect(tableLines(rowsTo("10.0.0.2"), { ...wide, isApplied: true })[0]).toMatch(/BDP {2}window {3}age/);
  });

  test("has a column for the source only where there are several", () => {
    const rows = [...rowsTo("10.0.0.2"), pathRow(playedPath("10.0.0.2", {}, "b"), 0)];
    expect(tableLines(rows, wide)[0]).toMatch(/^source {2}destination/);
    expect(tableLines(rows.slice(1), wide)[0]).toMatch(/^destination/);
  });

  test.each([101, 84, 60, 45, 30, 20])("fits %d characters by leaving columns out", (widthMax) => {
    const lines = tableLines(rowsTo("10.0.0.2", "fd00:1234:5678:9abc:def0:1234:5678:9abc"), { ...wide, widthMax });
    if (widthMax >= 45) expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(widthMax);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^dest.*would-be window/);
  });

  test("says how many rows do not fit the height", () => {
    const rows = rowsTo(...Array.from({ length: 20 }, (_, index) => `10.0.0.${index + 1}`));
    const lines = tableLines(rows, { ...wide, linesMax: 6 });
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toBe("and 16 more");
    expect(tableLines(rows, { ...wide, linesMax: 21 }).at(-1)).toMatch(/^10\.0\.0\.20 /);
  });

  test("colours nothing but on demand, and is as wide with colours", () => {
    const rows = rowsTo("10.0.0.2", "10.0.0.3");
    const coloured = tableLines(rows, { ...wide, isColoured: true });
    expect(coloured.join("")).toContain("\x1b[");
    expect(coloured.map(stripVTControlCharacters)).toEqual(tableLines(rows, wide));
  });
});
