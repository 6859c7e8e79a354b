import { describe, expect, test } from "vitest";
import type { HttpPath, HttpPlan } from "../../bench/http-plan.ts";
import {
  bufferBdpFromText,
  connectionsFromText,
  httpCells,
  httpSeconds,
  orderOf,
  requestsPerSecondLimit,
  sizesFromText,
} from "../../bench/http-plan.ts";

const path: HttpPath = { rttMs: 20, rateMbitPerSecond: 200, bufferBdp: 0.25, congestion: "cubic" };
const defaults: HttpPlan = {
  sizesBytes: [16 << 10, 64 << 10, 256 << 10, 1 << 20],
  connections: [1, 8],
  repetitions: 3,
  seconds: 4,
};

test("httpCells() is every size with every number of connections", () => {
  expect(httpCells(defaults)).toHaveLength(8);
  expect(httpCells(defaults)[1]).toEqual({ sizeBytes: 16 << 10, connections: 8 });
});

test("orderOf() lets the systems take turns at being first", () => {
  expect([0, 1, 2].map((repetition) => orderOf(repetition)[0])).toEqual(["default", "advised", "default"]);
  expect(new Set(orderOf(1))).toEqual(new Set(orderOf(0)));
});

test("httpSeconds() is less than five minutes for the defaults", () => {
  expect(httpSeconds(defaults)).toBeGreaterThan(8 * 2 * 3 * 4);
  expect(httpSeconds(defaults)).toBeLessThan(270);
});

describe("requestsPerSecondLimit()", () => {
  test("is bound by round trips and sending of one connection alone", () => {
    const sendMs = ((1 << 20) * 8 * 1500) / 1448 / 200_000;
    expect(requestsPerSecondLimit({ sizeBytes: 1 << 20, connections: 1 }, path)).toBeCloseTo(1000 / (40 + sendMs), 9);
  });

  test("is bound by the rate of the path where connections are many", () => {
    const sendMs = ((1 << 20) * 8 * 1500) / 1448 / 200_000;
    expect(requestsPerSecondLimit({ sizeBytes: 1 << 20, connections: 8 }, path)).toBeCloseTo(1000 / sendMs, 9);
  });
});

describe("sizesFromText()", () => {
  test("reads bytes, K and M, each size once", () => {
    expect(sizesFromText("5000,16K,1m,16384")).toEqual([5000, 16384, 1 << 20]);
  });

  test.each(["", "16K,", "0", "17M", "1G", "-1", "1.5M", "1,2,3,4,5,6,7,8,9"])("says what is wrong with %j", (text) => {
    expect(sizesFromText(text)).toMatch(/^at most 8 sizes/);
  });
});

describe("connectionsFromText()", () => {
  test("reads numbers, each once", () => {
    expect(connectionsFromText("1,8,8,256")).toEqual([1, 8, 256]);
  });

  test.each(["", "0", "257", "1;8", "x"])("says what is wrong with %j", (text) => {
    expect(connectionsFromText(text)).toMatch(/^at most 8 numbers/);
  });
});

describe("bufferBdpFromText()", () => {
  test("reads a share of the BDP", () => {
    expect(["0", "0.25", "1", "100"].map(bufferBdpFromText)).toEqual([0, 0.25, 1, 100]);
  });

  test.each(["", "-1", "101", ".5", "1e1", "a"])("says what is wrong with %j", (text) => {
    expect(bufferBdpFromText(text)).toBe("0..100");
  });
});
