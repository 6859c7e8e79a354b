import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adviceBounds } from "../../../../aggregator/core/bounds.ts";
import type { PathReportRow } from "../../../../aggregator/core/report-check.ts";
import { receiveWindowFor, windowFor } from "../../../../aggregator/core/window-policy.ts";
import { address, estimateOf, pathRate, row } from "../fixtures.ts";

const far = address("10.0.0.2");
const nowMs = 1_000;

function windowOf(changes: Partial<PathReportRow>, destination = far, atMs = nowMs) {
  return windowFor(estimateOf(row(changes)), destination, adviceBounds, atMs);
}

describe("windowFor()", () => {
  test("advises two BDP, and 0.96 of the rate", () => {
    expect(windowOf({})).toEqual({
      windowSegments: Math.round((2 * 500_000) / 1_448),
      pathRateBytesPerSecond: 0.96 * pathRate,
      minRttUs: 20_000,
      reason: "2 x 200 Mbit/s x 20.0 ms minimum RTT = 691 segments, from 32 rate samples of 8 connections",
    });
  });

  test.each<[string, Partial<PathReportRow>]>([
    ["no rate", { saturatedSamples: 0 }],
    ["no RTT", { rttSamples: 0 }],
    ["too few RTT samples", { rttSamples: 7 }],
    ["too few rate samples", { saturatedSamples: 2 }],
    ["too few connections", { connectionsOpened: 2, saturatedSamples: 31 }],
  ])("returns the kernel default below the minimum evidence: %s", (_, changes) => {
    expect(windowOf(changes)).toBeUndefined();
  });

  test("takes many samples of few connections", () => {
    expect(windowOf({ connectionsOpened: 0, saturatedSamples: 32 })).toBeDefined();
  });

  test("returns the kernel default where the evidence is old", () => {
    expect(windowOf({}, far, 15 * 60_000)).toBeDefined();
    expect(windowOf({}, far, 60 * 60_000)).toBeUndefined();
  });

  test.each(["127.0.0.1", "127.9.9.9", "::1"])("returns the kernel default on loopback %s", (text) => {
    expect(windowOf({}, address(text))).toBeUndefined();
  });

  test("returns the kernel default where a BDP fits in ten segments", () => {
    const tenSegmentsRate = (10 * 1_448 * 1e6) / 20_000;
    expect(windowOf({ saturatedBytesPerSecond: tenSegmentsRate })).toBeUndefined();
    expect(windowOf({ saturatedBytesPerSecond: 1.05 * tenSegmentsRate })).toMatchObject({ windowSegments: 21 });
  });

  test("holds the window at its bound and says so", () => {
    const window = windowOf({ saturatedBytesPerSecond: 10 * pathRate });
    expect(window).toMatchObject({ windowSegments: 4_096, reason: expect.stringContaining("held at 4096") });
  });

  test("assumes the usual segment size where none is known", () => {
    expect(windowOf({ mssBytes: 0 })?.windowSegments).toBe(windowOf({ mssBytes: 1_448 })?.windowSegments);
  });

  test("never leaves its bounds", () => {
    const anyRow = fc.record({
      rttMinUs: fc.integer({ min: 1, max: 60_000_000 }),
      saturatedBytesPerSecond: fc.integer({ min: 1, max: 12_500_000_000 }),
      mssBytes: fc.integer({ min: 0, max: 65_535 }),
    });
    fc.assert(
      fc.property(anyRow, (changes) => {
        const window = windowOf(changes);
        if (window === undefined) return;
        expect(window.windowSegments).toBeGreaterThanOrEqual(10);
        expect(window.windowSegments).toBeLessThanOrEqual(4_096);
        expect(Number.isSafeInteger(window.windowSegments)).toBe(true);
        expect(Number.isSafeInteger(window.pathRateBytesPerSecond)).toBe(true);
        expect(window.pathRateBytesPerSecond).toBeGreaterThan(0);
      }),
    );
  });
});

describe("receiveWindowFor()", () => {
  const of = (changes: Partial<PathReportRow>) => receiveWindowFor(estimateOf(row(changes)), far, adviceBounds, nowMs);

  test("asks for two BDP and a quarter", () => {
    expect(of({})).toBe(1_250_000);
  });

  test("asks for nothing where the kernel's own is enough or no window is advised", () => {
    expect(of({ rttMinUs: 1_000 })).toBe(0);
    expect(of({ rttSamples: 1 })).toBe(0);
  });

  test("is held at its bound", () => {
    expect(of({ saturatedBytesPerSecond: 100 * pathRate })).toBe(adviceBounds.receiveWindowMaxBytes);
  });
});
