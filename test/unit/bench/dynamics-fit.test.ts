import { describe, expect, test } from "vitest";
import { baseCondition, offerOf } from "../../bench/dynamics-condition.ts";
import { adviceFits, rttFits, secondsToFit, secondsToRtt, secondsToTransfers } from "../../bench/dynamics-fit.ts";
import { look, transfer } from "./dynamics-fixtures.ts";

const large = 256 << 10;

describe("offerOf()", () => {
  test("is the payload that the link carries, and its BDP in full segments", () => {
    const offer = offerOf(baseCondition);
    expect(offer.bytesPerSecond).toBeCloseTo((25e6 * 1448) / 1500, 3);
    expect(offer.bdpSegments).toBeCloseTo(333.3, 1);
    expect(offerOf({ ...baseCondition, rttMs: 60 }).bdpSegments).toBeCloseTo(1000, 6);
    expect(offerOf({ ...baseCondition, crossShare: 0.8 }).bytesPerSecond).toBeCloseTo((5e6 * 1448) / 1500, 3);
  });
});

describe("adviceFits()", () => {
  const truth = offerOf(baseCondition).bytesPerSecond;

  test.each([
    [0.79, false],
    [0.81, true],
    [1.19, true],
    [1.21, false],
  ])("of %d of the rate is %s", (share, expected) => {
    expect(adviceFits(look(0, { rateBytesPerSecond: share * truth }), baseCondition)).toBe(expected);
  });

  test("wants a window of four fifths of the BDP, and bears a larger one", () => {
    expect(adviceFits(look(0, { windowSegments: 266 }), baseCondition)).toBe(false);
    expect(adviceFits(look(0, { windowSegments: 267 }), baseCondition)).toBe(true);
    expect(adviceFits(look(0, { windowSegments: 4096 }), baseCondition)).toBe(true);
    expect(adviceFits(look(0), { ...baseCondition, rttMs: 60 })).toBe(false);
  });
});

test("rttFits() is within a fifth", () => {
  const longer = { ...baseCondition, rttMs: 60 };
  expect([20_000, 48_000, 72_000, 73_000].map((minRttUs) => rttFits(look(0, { minRttUs }), longer))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

describe("secondsToFit()", () => {
  const low = { rateBytesPerSecond: 6e6 };

  test("is the first look of the last run that fits", () => {
    const looks = [look(-0.1, low), look(0.1, low), look(0.3), look(0.5, low), look(0.7), look(0.9)];
    expect(secondsToFit(looks, baseCondition)).toBe(0.7);
  });

  test("is 0 where advice never ceased to fit", () => {
    expect(secondsToFit([look(-0.1), look(0.1), look(0.3)], baseCondition)).toBe(0);
  });

  test("is null where the last look does not fit, and where there is none", () => {
    expect(secondsToFit([look(-0.1), look(0.1, low)], baseCondition)).toBeNull();
    expect(secondsToFit([], baseCondition)).toBeNull();
  });

  test("begins anew with a first window that failed, but for random loss", () => {
    const looks = [look(-0.1), look(0.1), look(0.3, { windowsFailed: 1 }), look(0.5, { windowsFailed: 1 })];
    expect(secondsToFit(looks, baseCondition)).toBe(0.5);
    expect(secondsToFit(looks, { ...baseCondition, lossRatio: 0.01 })).toBe(0);
  });
});

test("secondsToRtt() looks at the minimum RTT alone", () => {
  const looks = [look(-0.1), look(1), look(2, { minRttUs: 60_000, windowSegments: 0 })];
  expect(secondsToRtt(looks, { ...baseCondition, rttMs: 60 })).toBe(2);
});

describe("secondsToTransfers()", () => {
  const defaults = [0.2, 1.2, 2.2, 3.2].map((seconds) => transfer(seconds, 100));

  test("is the second from which on transfers are no slower", () => {
    const ours = [transfer(0.3, 90), transfer(1.3, 120), transfer(2.3, 109), transfer(3.3, 50)];
    expect(secondsToTransfers(defaults, ours)).toBe(2);
  });

  test("is 0 where they never were, and null where they are in the end", () => {
    expect(secondsToTransfers(defaults, [transfer(0.3, 90), transfer(3.3, 100)])).toBe(0);
    expect(secondsToTransfers(defaults, [transfer(0.3, 90), transfer(3.3, 120)])).toBeNull();
  });

  test("compares sizes with themselves, and passes over what one of the two lacks", () => {
    const mixed = [transfer(0.1, 100), transfer(0.2, 400, { bytes: large })];
    expect(secondsToTransfers(mixed, [transfer(0.1, 200), transfer(0.2, 160, { bytes: large })])).toBe(0);
    expect(secondsToTransfers([transfer(0.1, 100)], [transfer(0.2, 400, { bytes: large })])).toBe(0);
  });

  test("counts what the change met with to the first second", () => {
    expect(secondsToTransfers([transfer(-0.1, 100)], [transfer(-0.1, 300), transfer(1.5, 1)])).toBeNull();
  });
});
