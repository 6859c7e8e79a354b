import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adviceBounds } from "../../../../aggregator/core/bounds.ts";
import type { PathReportRow } from "../../../../aggregator/core/report-check.ts";
import { receiveWindowFor, windowFor } from "../../../../aggregator/core/window-policy.ts";
import { address, estimateOf, pathRate, pathRttUs, row } from "../fixtures.ts";

const far = address("10.0.0.2");
const nowMs = 1_000;

function windowOf(changes: Partial<PathReportRow>, destination = far, atMs = nowMs) {
  return windowFor(estimateOf(row(changes)), destination, adviceBounds, atMs);
}

function segmentsARoundTrip(segments: number): number {
  return (segments * 1_448 * 1e6) / pathRttUs;
}

describe("windowFor()", () => {
  test("advises two BDP, and 0.96 of the rate", () => {
    const window = windowOf({});
    expect(window).toEqual({
      windowSegments: Math.round((2 * 500_000) / 1_448),
      pathRateBytesPerSecond: 0.96 * pathRate,
      minRttUs: 20_000,
      isCapacityKnown: true,
      burstSegments: 0,
      reason: expect.any(Function),
    });
    expect(window?.reason()).toBe(
      "200 Mbit/s x 2 x 20.0 ms minimum RTT = 691 segments, from 32 rate samples of 8 connections",
    );
  });

  test("fits the round trips of the last seconds where the minimum is of before", () => {
    const grown = { rttP50Us: 60_000, rttP95Us: 60_000 };
    expect(windowOf(grown)?.windowSegments).toBe(Math.round((1.25 * 0.06 * pathRate) / 1_448));
    expect(windowOf(grown)?.reason()).toContain("1.25 x 60.0 ms RTT");
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

  test("advises the rate where two BDP fit into the kernel's own window, which is the least", () => {
    const saturatedBytesPerSecond = segmentsARoundTrip(2);
    expect(windowOf({ saturatedBytesPerSecond })).toMatchObject({
      windowSegments: 10,
      pathRateBytesPerSecond: Math.round(0.96 * saturatedBytesPerSecond),
    });
  });

  test("knows a capacity for ten minutes", () => {
    expect(windowOf({}, far, nowMs + 10 * 60_000)).toMatchObject({ isCapacityKnown: true });
    expect(windowOf({}, far, nowMs + 10 * 60_000 + 1)).toMatchObject({ isCapacityKnown: false });
  });

  describe("where the capacity is not known", () => {
    const unproved = { saturatedSamples: 0, unsaturatedSamples: 8, unsaturatedBytesPerSecond: segmentsARoundTrip(2) };

    test("advises what the default sends in its second round trip, for each of those who are busy", () => {
      const paced = (busy: number) => ({
        windowSegments: 20,
        pathRateBytesPerSecond: Math.round(segmentsARoundTrip(20 * busy)),
        isCapacityKnown: false,
      });
      expect(windowOf({ ...unproved, connectionsBusyMax: 0 })).toMatchObject(paced(1));
      expect(windowOf({ ...unproved, connectionsBusyMax: 4 })).toMatchObject(paced(4));
    });

    test("advises the lower bound where that is more", () => {
      const many = { ...unproved, unsaturatedBytesPerSecond: pathRate };
      expect(windowOf(many)).toMatchObject({ windowSegments: 691, pathRateBytesPerSecond: 0.96 * pathRate });
    });

    test("advises no more than the lower bound where more than 2 % are lost", () => {
      const lossy = { ...unproved, segmentsSent: 10_000 };
      const held = Math.round(0.96 * unproved.unsaturatedBytesPerSecond);
      const lost = windowOf({ ...lossy, unsaturatedSamples: 3, segmentsRetransmitted: 300 });
      expect(lost).toMatchObject({ windowSegments: 20, pathRateBytesPerSecond: held });
      const few = windowOf({ ...lossy, unsaturatedSamples: 3, segmentsRetransmitted: 200 });
      expect(few).toMatchObject({ pathRateBytesPerSecond: Math.round(segmentsARoundTrip(20)) });
    });
  });

  test("advises a second round trip in spite of loss where the bursts that lost are held back", () => {
    const rate = { saturatedSamples: 0, unsaturatedSamples: 3, unsaturatedBytesPerSecond: segmentsARoundTrip(2) };
    const lost = { segmentsSent: 10_000, segmentsRetransmitted: 300, burstsLost: 4, burstLostMean: 40 };
    const held = windowOf({ ...rate, ...lost, connectionsOpened: 8, bytesAcked: 8 * 10 * 1_448 });
    expect(held).toMatchObject({ burstSegments: 28, pathRateBytesPerSecond: Math.round(segmentsARoundTrip(20)) });
    // Below 2.5 ms nothing but the window holds them back, and that is made of the rate.
    const near = { rttMinUs: 2_499, rttP50Us: 2_499, rttP95Us: 2_499 };
    const aggregated = windowOf({ ...rate, ...lost, ...near, connectionsOpened: 8, bytesAcked: 8 * 10 * 1_448 });
    expect(aggregated).toMatchObject({
      burstSegments: 28,
      pathRateBytesPerSecond: Math.round(0.96 * rate.unsaturatedBytesPerSecond),
    });
  });

  describe("burstSegments", () => {
    const lossy = { connectionsBusyMax: 1, burstsLost: 4, burstsKept: 4, burstLostMean: 40 };
    const sized = (segments: number) => ({ connectionsOpened: 8, bytesAcked: 8 * segments * 1_448 });

    test("is what the path bears where connections are shorter than 24 segments", () => {
      expect(windowOf({ ...lossy, ...sized(23) })?.burstSegments).toBe(28);
    });

    test("is open where longer ones repair a loss by what follows it", () => {
      expect(windowOf({ ...lossy, ...sized(24) })?.burstSegments).toBe(0);
    });

    test("is what the path bears below 2.5 ms, where all of a longer one leaves in bursts, too", () => {
      const at = (rttMinUs: number) =>
        windowOf({ ...lossy, ...sized(700), rttMinUs, rttP50Us: rttMinUs, rttP95Us: rttMinUs })?.burstSegments;
      // The bounds of augmenter_window_clamp(), see test/unit/bpf/policy.test.ts.
      expect(at(2_499)).toBe(28);
      expect(at(2_500)).toBe(0);
    });

    test("is what the path bears where those that start together have less than the unpaced segments as their share", () => {
      // 345 segments a round trip.
      const together = (connectionsBusyMax: number) =>
        windowOf({ ...lossy, ...sized(256), connectionsBusyMax })?.burstSegments;
      expect(together(35)).toBe(28);
      expect(together(34)).toBe(0);
    });

    test("is open for one alone, however long", () => {
      expect(windowOf({ ...lossy, ...sized(7_000), connectionsBusyMax: 1 })?.burstSegments).toBe(0);
    });

    test("is open where nothing was lost", () => {
      expect(windowOf({ ...sized(10), burstsKept: 8, burstKeptHighest: 80 })?.burstSegments).toBe(0);
    });
  });

  test("holds the window at its bound and says so", () => {
    const window = windowOf({ saturatedBytesPerSecond: 10 * pathRate });
    expect(window?.windowSegments).toBe(4_096);
    expect(window?.reason()).toContain("held at 4096");
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

  test("asks for the kernel's own at the least, as receivers of the cluster acknowledge promptly", () => {
    expect(of({ rttMinUs: 1_000, rttP50Us: 1_000, rttP95Us: 1_000 })).toBe(65_536);
  });

  test("asks for nothing where no window is advised", () => {
    expect(of({ rttSamples: 1 })).toBe(0);
  });

  test("is held at its bound", () => {
    expect(of({ saturatedBytesPerSecond: 100 * pathRate })).toBe(adviceBounds.receiveWindowMaxBytes);
  });
});
