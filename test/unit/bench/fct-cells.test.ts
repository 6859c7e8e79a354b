import { describe, expect, test } from "vitest";
import type { Cell } from "../../bench/fct-cells.ts";
import { bufferBytesOf, cellName, cellsOf, limitMsOf, matrix, spread } from "../../bench/fct-cells.ts";
import { cellsFromText } from "../../bench/fct-filter.ts";
import { blocks, expectedSeconds, orderInBlock, roundsInBlock, roundsOf } from "../../bench/fct-plan.ts";
import { quickCells } from "../../bench/fct-quick.ts";
import { systemNames } from "../../bench/fct-systems.ts";

const cell: Cell = {
  rttMs: 20,
  rateMbitPerSecond: 200,
  bufferBdp: 0.25,
  sizeBytes: 65536,
  connectionsAtOnce: 4,
  congestion: "cubic",
};
const quick = { systems: systemNames, rounds: 0, quick: true };
const full = { ...quick, quick: false };

test("limitMsOf() is two round trips and the bytes of all connections on the wire", () => {
  expect(limitMsOf(cell)).toBeCloseTo(40 + (4 * 65536 * 8 * 1500) / 1448 / 200_000, 9);
});

test("bufferBytesOf() is a share of the BDP, and never less than four packets", () => {
  expect(bufferBytesOf(cell)).toBe(125_000);
  expect(bufferBytesOf({ ...cell, rttMs: 1, rateMbitPerSecond: 50, bufferBdp: 0.05 })).toBe(6000);
});

test("spread() keeps every cell and has every RTT early on", () => {
  const cells = cellsOf(matrix);
  expect(cells).toHaveLength(576);
  expect(new Set(spread(cells))).toEqual(new Set(cells));
  expect(
    new Set(
      spread(cells)
        .slice(0, 12)
        .map(({ rttMs }) => rttMs),
    ).size,
  ).toBe(4);
});

describe("cellsFromText()", () => {
  test("reads a cell's name as that cell", () => {
    expect(cellsFromText(cellName(cell))).toEqual([cell]);
  });

  test("takes every value of the matrix where none is named, and values outside of it", () => {
    const cells = cellsFromText("rtt=7,size=48K,n=2") as readonly Cell[];
    expect(cells).toHaveLength(2 * 3 * 2);
    expect(new Set(cells.map(({ sizeBytes }) => sizeBytes))).toEqual(new Set([49152]));
  });

  test("joins alternatives and filters, each cell once", () => {
    const one = "rtt=20,rate=200,buffer=0.25,n=1,cc=bbr";
    const cells = cellsFromText(`${one},size=64K|1MiB; ${one},size=65536`) as readonly Cell[];
    expect(cells.map(({ sizeBytes }) => sizeBytes)).toEqual([65536, 1048576]);
  });

  test.each([
    "",
    "rtt",
    "rtt=0",
    "rtt=-1",
    "rate=1e9",
    "n=1.5",
    "n=0",
    "size=5G",
    "cc=vegas",
    "delay=20",
    "rtt=20,",
    "buffer=x",
  ])("says what is wrong with %j", (text) => {
    expect(cellsFromText(text)).toBeTypeOf("string");
  });
});

describe("quickCells", () => {
  test.each(Object.entries(matrix))("have every value of %s several times", (name, values) => {
    for (const value of values) {
      expect(quickCells.filter((quickCell) => quickCell[name as keyof Cell] === value).length).toBeGreaterThanOrEqual(
        5,
      );
    }
  });

  test("are all of the matrix, once, and expected to take at most 11 minutes", () => {
    const names = quickCells.map(cellName);
    expect(new Set(names).size).toBe(names.length);
    expect(cellsOf(matrix).map(cellName)).toEqual(expect.arrayContaining(names));
    const seconds = quickCells.reduce((sum, quickCell) => sum + expectedSeconds(quickCell, quick), 0);
    expect(seconds).toBeLessThan(660);
  });

  test("have 100 transfers of default and augmenter in most", () => {
    const enough = quickCells.filter(
      (quickCell) => roundsOf(quickCell, "default", quick) * quickCell.connectionsAtOnce >= 100,
    );
    expect(enough.length).toBeGreaterThanOrEqual(quickCells.length * 0.75);
  });
});

describe("roundsOf()", () => {
  test("makes 100 transfers of the systems whose tail is judged", () => {
    expect([1, 4, 16].map((n) => roundsOf({ ...cell, connectionsAtOnce: n }, "default", full))).toEqual([100, 25, 7]);
    expect(roundsOf(cell, "augmenter", full)).toBe(25);
  });

  test("makes fewer of the others, and what is asked for where it is", () => {
    expect(roundsOf(cell, "iw45", full)).toBe(3);
    expect(roundsOf(cell, "default", { ...full, rounds: 50 })).toBe(50);
    expect(roundsOf(cell, "iw45", { ...full, rounds: 1 })).toBe(1);
  });

  test("makes fewer in quick runs where they take long", () => {
    const slow = { ...cell, sizeBytes: 1 << 20, rateMbitPerSecond: 50, connectionsAtOnce: 1 };
    expect(roundsOf(slow, "default", quick)).toBeLessThan(100);
    expect(roundsOf(slow, "default", full)).toBe(100);
  });
});

test("roundsInBlock() spreads all rounds over the blocks", () => {
  for (const rounds of [1, 2, 7, 25, 100]) {
    const each = Array.from({ length: blocks }, (_, block) => roundsInBlock(rounds, block));
    expect(each.reduce((sum, count) => sum + count, 0)).toBe(rounds);
    expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
    expect(each[0]).toBeGreaterThan(0);
  }
});

test("orderInBlock() has every system in every block, and begins with another in each", () => {
  const orders = Array.from({ length: blocks }, (_, block) => orderInBlock(systemNames, block));
  for (const order of orders) expect(new Set(order)).toEqual(new Set(systemNames));
  expect(new Set(orders.map(([first]) => first)).size).toBe(blocks);
});
