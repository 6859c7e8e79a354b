import { describe, expect, test } from "vitest";
import type { Advice } from "../../../../aggregator/core/advice-change.ts";
import { isAdviceChanged } from "../../../../aggregator/core/advice-change.ts";
import { address } from "../fixtures.ts";

const held: Advice = {
  destination: address("10.0.0.2"),
  windowSegments: 800,
  receiveWindowBytes: 80_000,
  pathRateBytesPerSecond: 8_000_000,
  minRttUs: 20_000,
  isCapacityKnown: true,
  burstSegments: 0,
  rtoMinUs: 0,
  togetherSegments: 100,
  togetherHosts: 100,
};

describe("isAdviceChanged()", () => {
  test("sees advice come and go", () => {
    expect(isAdviceChanged(undefined, held)).toBe(true);
    expect(isAdviceChanged(held, undefined)).toBe(true);
    expect(isAdviceChanged(undefined, undefined)).toBe(false);
    expect(isAdviceChanged(held, { ...held })).toBe(false);
  });

  test.each(["windowSegments", "receiveWindowBytes", "togetherSegments", "togetherHosts"] as const)(
    "sees %s move by more than an eighth either way",
    (name) => {
      for (const factor of [1.125, 0.875])
        expect(isAdviceChanged(held, { ...held, [name]: held[name] * factor })).toBe(false);
      for (const factor of [1.13, 0.87, 0])
        expect(isAdviceChanged(held, { ...held, [name]: held[name] * factor })).toBe(true);
      expect(isAdviceChanged({ ...held, [name]: 0 }, held)).toBe(true);
    },
  );

  test.each(["pathRateBytesPerSecond", "burstSegments"] as const)(
    "sees %s, which pacing and bursts rest on, move by more than a thirty-second",
    (name) => {
      const before = { ...held, [name]: 3_200 };
      for (const value of [3_300, 3_100]) expect(isAdviceChanged(before, { ...before, [name]: value })).toBe(false);
      for (const value of [3_301, 3_099, 0]) expect(isAdviceChanged(before, { ...before, [name]: value })).toBe(true);
      expect(isAdviceChanged({ ...before, [name]: 0 }, before)).toBe(true);
    },
  );

  test.each(["minRttUs", "rtoMinUs"] as const)("sees %s move by more than a quarter", (name) => {
    const before = { ...held, [name]: 20_000 };
    expect(isAdviceChanged(before, { ...before, [name]: 25_000 })).toBe(false);
    expect(isAdviceChanged(before, { ...before, [name]: 25_001 })).toBe(true);
    expect(isAdviceChanged({ ...before, [name]: 0 }, before)).toBe(true);
  });

  test("sees the capacity become known, and not any more", () => {
    const unknown = { ...held, isCapacityKnown: false };
    expect(isAdviceChanged(unknown, held)).toBe(true);
    expect(isAdviceChanged(held, unknown)).toBe(true);
  });
});
