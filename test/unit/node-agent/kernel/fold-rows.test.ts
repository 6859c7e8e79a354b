import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowsMax } from "../../../../node-agent/core/path-report.ts";
import type { Batch } from "../../../../node-agent/kernel/bpf-map.ts";
import { addFolds } from "../../../../node-agent/kernel/fold-rows.ts";
import { foldLayout } from "../../../../node-agent/kernel/layout.gen.ts";
import type { PathReport__Output } from "../../../../proto/gen/augmenter/v1/PathReport.ts";
import { PathReportWriter } from "../../../../proto/path-report-writer.ts";
import type { Fold } from "../../../support/folds.ts";
import { openedReport } from "../../proto/opened-report.ts";

const fold: Fold = {
  destination: new Uint8Array(16).fill(7),
  bytesAcked: 5_000_000_000,
  segmentsSent: 362,
  segmentsRetransmitted: 1,
  segmentsMarked: 2,
  connectionsOpened: 3,
  connectionsBusyMax: 4,
  hostsTogether: 2,
  lossFlightHighest: 9,
  mssBytes: 1448,
  windowsGranted: 5,
  windowsCompleted: 6,
  windowsFailed: 7,
  pacingFilled: 8,
  pacingMissed: 9,
  burstsKept: 10,
  burstsLost: 11,
  burstKeptHighest: 80,
  burstLostSum: 440,
  trainSamples: 5,
  trainKbytesPerSecond: [24_000, 20_000, 28_000, 25_000, 8_000],
  rttMinUs: 19_000,
  rttSamples: 3,
  saturatedSamples: 3,
  unsaturatedSamples: 0,
  rttUs: [30_000, 20_000, 21_000],
  saturatedKbytesPerSecond: [24_000, 23_000, 25_000],
  unsaturatedKbytesPerSecond: [],
};

const kept = {
  rttUs: "rttUs",
  saturatedKbytesPerSecond: "saturatedKbytesPerS",
  unsaturatedKbytesPerSecond: "unsaturatedKbytesPerS",
  trainKbytesPerSecond: "trainKbytesPerS",
} as const;

/** The entries as the kernel would give them. */
function batchOf(folds: readonly Fold[]): Batch {
  const keys = Buffer.concat(folds.map((each) => each.destination));
  const values = Buffer.alloc(foldLayout.size * folds.length);
  for (const [index, { destination, bytesAcked, ...rest }] of folds.entries()) {
    const at = index * foldLayout.size;
    values.writeBigUInt64LE(BigInt(bytesAcked), at + foldLayout.bytesAcked);
    for (const [name, value] of Object.entries(rest)) {
      if (typeof value === "number") values.writeUInt32LE(value, at + foldLayout[name as keyof typeof foldLayout]);
      else {
        const place = at + foldLayout[kept[name as keyof typeof kept]];
        for (const [sample, each] of value.entries()) values.writeUInt32LE(each, place + 4 * sample);
      }
    }
  }
  return { count: folds.length, keys, values };
}

function reportOf(folds: readonly Fold[], rows = new PathReportWriter(rowsMax), from = 0): PathReport__Output {
  addFolds(rows, batchOf(folds), from);
  const frame = { hostId: "a", epoch: 1, sequence: 1, endedUnixMs: 1, intervalUs: 1, reportsDropped: 0 };
  return openedReport(rows.seal(frame));
}

describe("addFolds()", () => {
  it("gives what was counted, and medians and quantiles of the samples, whatever their order", () => {
    expect(reportOf([fold])).toMatchObject({
      destinations: Buffer.alloc(16, 7),
      rttMinUs: [19_000],
      rttP50Us: [21_000],
      rttP95Us: [29_100],
      rttSamples: [3],
      saturatedBytesPerSecond: [24_000_000],
      saturatedSamples: [3],
      unsaturatedBytesPerSecond: [0],
      unsaturatedSamples: [0],
      bytesAcked: [5_000_000_000],
      segmentsSent: [362],
      segmentsRetransmitted: [1],
      segmentsMarked: [2],
      connectionsOpened: [3],
      connectionsBusyMax: [4],
      mssBytes: [1_448],
      windowsGranted: [5],
      windowsCompleted: [6],
      windowsFailed: [7],
    });
  });

  it("tells of first trains by what a third are below, and of pacing and bursts as they are", () => {
    expect(reportOf([fold])).toMatchObject({
      trainBytesPerSecond: [21_600_000],
      trainSamples: [5],
      pacingFilled: [8],
      pacingMissed: [9],
      burstsKept: [10],
      burstsLost: [11],
      burstKeptHighest: [80],
      burstLostMean: [40],
    });
  });

  it("takes of lower bounds the one that seven of ten are below", () => {
    const unsaturatedKbytesPerSecond = [11, 5, 1, 9, 7, 3, 2].map((each) => each * 1_000);
    const [rate = 0] = reportOf([
      { ...fold, unsaturatedSamples: 7, unsaturatedKbytesPerSecond },
    ]).unsaturatedBytesPerSecond;
    expect(rate).toBe(7_400_000);
  });

  it("looks at no more samples than the kernel keeps", () => {
    const unsaturatedKbytesPerSecond = [1, 2, 3, 4, 5, 6, 7, 8].map((each) => each * 10);
    const report = reportOf([{ ...fold, unsaturatedSamples: 4_000_000_000, unsaturatedKbytesPerSecond }]);
    expect(report).toMatchObject({ unsaturatedSamples: [4_000_000_000], unsaturatedBytesPerSecond: [59_000] });
  });

  it("never tells a rate that the receiver would refuse", () => {
    const report = reportOf([{ ...fold, unsaturatedSamples: 1, unsaturatedKbytesPerSecond: [4_000_000_000] }]);
    expect(report.unsaturatedBytesPerSecond).toEqual([12_500_000_000]);
  });

  it("adds rows behind those of earlier batches, and no more than there is room for", () => {
    fc.assert(
      fc.property(fc.nat(6), fc.nat(6), fc.nat(3), (before, count, from) => {
        const rows = new PathReportWriter(8);
        reportOf(
          Array.from({ length: before }, (_, index) => ({ ...fold, segmentsSent: index })),
          rows,
        );
        const folds = Array.from({ length: count + from }, (_, index) => ({ ...fold, segmentsSent: 100 + index }));
        const { segmentsSent } = reportOf(folds, rows, from);
        const expected = [...Array(before).keys(), ...folds.slice(from).map((each) => each.segmentsSent)].slice(0, 8);
        expect(segmentsSent).toEqual(expected);
      }),
    );
  });
});
