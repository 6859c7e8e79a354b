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
  reason: "",
};

describe("isAdviceChanged()", () => {
  test("sees advice come and go", () => {
    expect(isAdviceChanged(undefined, held)).toBe(true);
    expect(isAdviceChanged(held, undefined)).toBe(true);
    expect(isAdviceChanged(undefined, undefined)).toBe(false);
    expect(isAdviceChanged(held, { ...held, reason: "another" })).toBe(false);
  });

  test.each(["windowSegments", "receiveWindowBytes", "pathRateBytesPerSecond"] as const)(
    "sees %s move by more than an eighth either way",
    (name) => {
      for (const factor of [1.125, 0.875])
        expect(isAdviceChanged(held, { ...held, [name]: held[name] * factor })).toBe(false);
      for (const factor of [1.13, 0.87, 0])
        expect(isAdviceChanged(held, { ...held, [name]: held[name] * factor })).toBe(true);
      expect(isAdviceChanged({ ...held, [name]: 0 }, held)).toBe(true);
    },
  );

  test("sees the minimum RTT move by more than a quarter", () => {
    expect(isAdviceChanged(held, { ...held, minRttUs: 25_000 })).toBe(false);
    expect(isAdviceChanged(held, { ...held, minRttUs: 25_001 })).toBe(true);
  });
});
