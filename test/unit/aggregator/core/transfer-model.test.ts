import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Transfer, TransferPath } from "../../../../aggregator/core/transfer-model.ts";
import { allTime, transferTime, wholeUs } from "../../../../aggregator/core/transfer-model.ts";
import { playedTransfer } from "./played-transfer.ts";

/** 200 Mbit/s of packets, 20 ms: a BDP of 333 segments. */
const path: TransferPath = {
  rttUs: 20_000,
  rateBytesPerSecond: 24_130_000,
  mssBytes: 1448,
  bufferBytes: Number.POSITIVE_INFINITY,
};
const kernel: Transfer = { bytes: 64 << 10, concurrent: 1, windowSegments: 10, pacedBytesPerSecond: undefined };

function milliseconds(pathChanges: Partial<TransferPath>, changes: Partial<Transfer>): number {
  return wholeUs(transferTime({ ...path, ...pathChanges }, { ...kernel, ...changes })) / 1000;
}

describe("transferTime()", () => {
  // Medians of the demo (README), under CUBIC.
  test.each([
    [64, 1, 82],
    [256, 1, 123.7],
    [512, 1, 145.7],
    [64, 4, 83.4],
    [64, 16, 90.7],
  ])("meets the kernel's default for %d KiB, %d at once, within a twentieth", (kib, concurrent, measuredMs) => {
    const estimatedMs = milliseconds({}, { bytes: kib << 10, concurrent });
    expect(Math.abs(estimatedMs / measuredMs - 1)).toBeLessThan(0.05);
  });

  test.each([
    [64, 1, 43.2],
    [256, 1, 51.5],
    [1024, 1, 84.5],
    [256, 4, 83.9],
  ])("meets advised transfers of %d KiB, %d at once, within a twentieth", (kib, concurrent, measuredMs) => {
    const advised = { windowSegments: 686, pacedBytesPerSecond: 23_900_000 };
    const estimatedMs = milliseconds({}, { bytes: kib << 10, concurrent, ...advised });
    expect(Math.abs(estimatedMs / measuredMs - 1)).toBeLessThan(0.05);
  });

  // Medians of bench:estimate --plan tuned-too, a path of 60 ms and 120 Mbit/s with a fifth of a BDP.
  test.each([
    [384, 374],
    [1536, 579],
    [4096, 830],
  ])("meets %d KiB that overflow a small buffer once, within a tenth", (kib, measuredMs) => {
    const far = { rttUs: 60_000, rateBytesPerSecond: 14_480_000, bufferBytes: 173_760 };
    expect(Math.abs(milliseconds(far, { bytes: kib << 10 }) / measuredMs - 1)).toBeLessThan(0.1);
  });

  // The same of 8 ms and 40 Mbit/s with a buffer of 0.7 BDP: room for one first window and most of another.
  test.each([
    [48, 98],
    [96, 127],
    [384, 434],
  ])(
    "meets the median of five of %d KiB, of which most lose their first windows, within an eighth",
    (kib, measuredMs) => {
      const near = { rttUs: 8_000, rateBytesPerSecond: 4_826_667, bufferBytes: 27_029 };
      const estimatedMs = milliseconds(near, { bytes: kib << 10, concurrent: 5 });
      expect(Math.abs(estimatedMs / measuredMs - 1)).toBeLessThan(1 / 8);
    },
  );

  test("takes longer where the buffer is a twentieth of the BDP, several times as long for larger transfers", () => {
    const bufferBytes = 24_000;
    expect(milliseconds({ bufferBytes }, { bytes: 1 << 20 })).toBeGreaterThan(2 * milliseconds({}, { bytes: 1 << 20 }));
  });

  test("is never faster than one transfer alone could be", () => {
    const paths = fc.record({
      rttUs: fc.integer({ min: 50, max: 300_000 }),
      rateBytesPerSecond: fc.integer({ min: 10_000, max: 2_000_000_000 }),
      mssBytes: fc.integer({ min: 500, max: 9_000 }),
      bufferBytes: fc.oneof(fc.integer({ min: 1_000, max: 10_000_000 }), fc.constant(Number.POSITIVE_INFINITY)),
    });
    const transfers = fc.record({
      bytes: fc.integer({ min: 1, max: 2 ** 31 }),
      concurrent: fc.integer({ min: 1, max: 64 }),
      windowSegments: fc.integer({ min: 2, max: 4_096 }),
      pacedBytesPerSecond: fc.option(fc.integer({ min: 10_000, max: 2_000_000_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(paths, transfers, (anyPath, transfer) => {
        const us = wholeUs(transferTime(anyPath, transfer));
        const leastUs = 2 * anyPath.rttUs + (transfer.bytes * 1e6) / anyPath.rateBytesPerSecond;
        expect(us).toBeGreaterThanOrEqual(leastUs * 0.999_999);
        expect(us).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });
});

describe("allTime()", () => {
  // Buffers from less than a window to none that was ever seen full; sizes from a segment to 1 TiB.
  const anyPath = fc.record({
    rttUs: fc.double({ min: 50, max: 300_000, noNaN: true }),
    rateBytesPerSecond: fc.double({ min: 50_000, max: 12_500_000_000, noNaN: true }),
    mssBytes: fc.constantFrom(536, 1_448, 8_948),
    bufferBdps: fc.oneof(
      fc.constant(Number.POSITIVE_INFINITY),
      fc.double({ min: 0.05, max: 3, noNaN: true }),
      fc.double({ min: 3, max: 1_000, noNaN: true }),
    ),
  });
  const anyTransfer = fc.record({
    exponent: fc.double({ min: 0, max: 40, noNaN: true }),
    concurrent: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 1_000 })),
    windowSegments: fc.oneof(fc.constant(10), fc.integer({ min: 1, max: 4_096 })),
  });

  test("is what every round of an unpaced transfer comes to, to a thousandth", () => {
    fc.assert(
      fc.property(anyPath, anyTransfer, ({ bufferBdps, ...rest }, { exponent, ...others }) => {
        const bufferBytes = Math.max((bufferBdps * rest.rateBytesPerSecond * rest.rttUs) / 1e6, 4 * rest.mssBytes);
        const transfer = { ...others, bytes: Math.round(2 ** exponent), pacedBytesPerSecond: undefined };
        const anyPlace = { ...rest, bufferBytes };
        const all = allTime(anyPlace, transfer);
        const played = playedTransfer(anyPlace, transfer);
        expect(Math.abs(all.lossUs - played.lossUs)).toBeLessThanOrEqual(played.lossUs / 1_000);
        const sendingUs = ((transfer.bytes * transfer.concurrent) / rest.rateBytesPerSecond) * 1e6;
        const playedUs =
          2 * rest.rttUs + played.lossUs + sendingUs + Math.max(0, played.elapsedUs - played.lossUs - sendingUs);
        expect(Math.abs(wholeUs(all) / playedUs - 1)).toBeLessThan(0.001);
      }),
      { numRuns: 3_000, seed: 5 },
    );
  });

  test("ends playing where the path stays full: 1 TiB takes as many steps as 64 MiB", () => {
    let reads = 0;
    const counted = {
      ...path,
      get rttUs() {
        reads += 1;
        return path.rttUs;
      },
    };
    allTime(counted, { ...kernel, bytes: 2 ** 40 });
    // A round reads it a few times.
    expect(reads).toBeLessThan(100);
  });
});
