import { expect, test } from "vitest";
import {
  incastCellName,
  incastCellsFromText,
  incastLimitMs,
  incastMatrix,
  incastSpread,
} from "../../bench/incast-cells.ts";

test("incastSpread meets every value with every other as evenly as sixteen cells can", () => {
  expect(incastSpread).toHaveLength(16);
  for (const bufferBytes of incastMatrix.bufferBytes) {
    const cells = incastSpread.filter((cell) => cell.bufferBytes === bufferBytes);
    expect(new Set(cells.map(({ sources }) => sources)).size).toBe(4);
    expect(new Set(cells.map(({ sizeBytes }) => sizeBytes)).size).toBe(4);
    expect(cells.filter(({ rttMs }) => rttMs === 1)).toHaveLength(2);
  }
});

test("incastCellsFromText() selects by what is named and leaves the rest at all values", () => {
  expect(incastCellsFromText("")).toBe(incastSpread);
  expect(incastCellsFromText("n=32,rtt=1")).toHaveLength(16);
  expect(incastCellsFromText("n=4,size=64K,rtt=1,buffer=64 n=4,size=64K,rtt=1")).toHaveLength(4);
  for (const cell of incastSpread) expect(incastCellsFromText(incastCellName(cell))).toEqual([cell]);
});

test("incastCellsFromText() says what is wrong", () => {
  expect(incastCellsFromText("n=5")).toContain('not "n=5"');
});

test("incastLimitMs() is two RTTs and all answers one after the other", () => {
  expect(incastLimitMs({ sources: 4, sizeBytes: 1448 * 10, rttMs: 5, bufferBytes: 0 })).toBeCloseTo(10 + 2.4);
});
