import { describe, expect, test } from "vitest";
import { SharedFailures } from "../../../../aggregator/core/shared-failures.ts";
import { address } from "../fixtures.ts";

const far = address("10.0.0.2");
const other = address("10.0.0.3");

function failures(): SharedFailures {
  return new SharedFailures({ destinationsMax: 3, reportersMax: 4, reportersPerDestinationMax: 2 });
}

describe("SharedFailures", () => {
  test("takes nothing where nothing failed, nor from other destinations, nor from the reporter", () => {
    const shared = failures();
    expect(shared.shareLeft("b", far, 0)).toBe(1);
    shared.failed("a", far, 0);
    expect(shared.shareLeft("b", other, 0)).toBe(1);
    expect(shared.shareLeft("a", far, 0)).toBe(1);
  });

  test("takes half of the decrease at one reporter's word, all of it at two, and never more", () => {
    const shared = failures();
    shared.failed("a", far, 0);
    expect(shared.shareLeft("z", far, 0)).toBeCloseTo(0.85);
    shared.failed("b", far, 0);
    expect(shared.shareLeft("z", far, 0)).toBeCloseTo(0.7);
    expect(shared.shareLeft("a", far, 0)).toBeCloseTo(0.85);
    shared.failed("c", far, 0);
    shared.failed("d", far, 0);
    expect(shared.shareLeft("z", far, 0)).toBeCloseTo(0.7);
  });

  test("gives it back evenly within 30 s", () => {
    const shared = failures();
    shared.failed("a", far, 1_000);
    expect(shared.shareLeft("z", far, 16_000)).toBeCloseTo(0.925);
    expect(shared.shareLeft("z", far, 31_000)).toBe(1);
    expect(shared.shareLeft("z", far, 500_000)).toBe(1);
  });

  test("counts a reporter that nobody confirms half as much each time", () => {
    const shared = failures();
    shared.failed("a", far, 0);
    shared.failed("a", far, 40_000);
    expect(shared.shareLeft("z", far, 40_000)).toBeCloseTo(0.925);
    shared.failed("a", other, 40_100);
    expect(shared.shareLeft("z", other, 40_100)).toBeCloseTo(0.9625);
  });

  test("holds the others by far less than 15 % on the whole, however often one host repeats itself", () => {
    const shared = failures();
    const left: number[] = [];
    for (let second = 0; second < 600; second += 1) {
      if (second % 5 === 0) shared.failed("liar", far, second * 1000);
      left.push(shared.shareLeft("z", far, second * 1000));
    }
    expect(Math.min(...left)).toBeCloseTo(0.85);
    expect(left.reduce((sum, share) => sum + share, 0) / left.length).toBeGreaterThan(0.99);
  });

  test("hears a reporter in full again once another host has confirmed it, or after ten minutes", () => {
    const shared = failures();
    shared.failed("a", far, 0);
    shared.failed("a", far, 40_000);
    shared.failed("b", far, 41_000);
    shared.failed("a", far, 80_000);
    expect(shared.shareLeft("z", far, 80_000)).toBeCloseTo(0.85);
    shared.failed("a", far, 120_000);
    expect(shared.shareLeft("z", far, 120_000)).toBeCloseTo(0.925);
    shared.failed("a", far, 720_000);
    expect(shared.shareLeft("z", far, 720_000)).toBeCloseTo(0.85);
  });

  test("remembers so many destinations and no more", () => {
    const shared = failures();
    for (const [index, text] of ["10.0.1.1", "10.0.1.2", "10.0.1.3", "10.0.1.4"].entries()) {
      shared.failed(`host-${index}`, address(text), 0);
    }
    expect(shared.shareLeft("z", address("10.0.1.1"), 0)).toBe(1);
    expect(shared.shareLeft("z", address("10.0.1.4"), 0)).toBeCloseTo(0.85);
  });
});

test("failed() says whether the others are left less: no more where enough has failed lately", () => {
  const shared = failures();
  expect(shared.failed("a", far, 0)).toBe(true);
  expect(shared.failed("b", far, 0)).toBe(true);
  expect(shared.failed("c", far, 0)).toBe(false);
  expect(shared.failed("a", far, 0)).toBe(false);
  expect(shared.failed("a", far, 10_000)).toBe(true);
});

test("failed() says so only once it is more than would be sent, however slowly it comes to that", () => {
  const shared = failures();
  shared.failed("a", far, 0);
  shared.failed("b", far, 0);
  // A thirtieth of the 0.3 is given back in a second, and taken again: never as much as a thirty-second of all.
  const told = Array.from({ length: 60 }, (_, second) =>
    shared.failed(second % 2 === 0 ? "a" : "b", far, (second + 1) * 1_000),
  );
  expect(told.filter(Boolean)).toHaveLength(0);
  expect(shared.shareLeft("z", far, 60_000)).toBeCloseTo(0.7, 1);
});

test("failed() says it once where more hosts fail again and again than are remembered", () => {
  const shared = failures();
  const told = Array.from({ length: 300 }, (_, second) => shared.failed(`host-${second % 4}`, far, second * 1_000));
  expect(told.map((isTold, second) => (isTold ? second : -1)).filter((second) => second >= 0)).toEqual([0, 1]);
  expect(shared.shareLeft("z", far, 300_000)).toBeCloseTo(0.7, 1);
});

test("failed() says so as long as it leaves those less that have failed themselves", () => {
  const shared = new SharedFailures({ destinationsMax: 3, reportersMax: 4, reportersPerDestinationMax: 8 });
  const shares = ["a", "b", "c", "d"].map((hostId) => [shared.failed(hostId, far, 0), shared.shareLeft("a", far, 0)]);
  expect(shares.map(([isNews]) => isNews)).toEqual([true, true, true, false]);
  expect(shares.map(([, share]) => Number(share).toFixed(2))).toEqual(["1.00", "0.85", "0.70", "0.70"]);
});
