import { describe, expect, it } from "vitest";
import type { Fold } from "../../../../node-agent/core/path-report.ts";
import { reportColumns, rowsMax } from "../../../../node-agent/core/path-report.ts";

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
  rttSamples: 100,
  saturatedSamples: 3,
  unsaturatedSamples: 0,
  rttUs: [30_000, 20_000, 21_000],
  saturatedKbytesPerSecond: [24_000, 23_000, 25_000],
  unsaturatedKbytesPerSecond: [],
};

describe("reportColumns()", () => {
  it("gives medians and quantiles of the samples, whatever their order", () => {
    const [columns] = reportColumns([fold]);
    expect(columns).toMatchObject({
      rttMinUs: [19_000],
      rttP50Us: [21_000],
      rttP95Us: [29_100],
      rttSamples: [100],
      saturatedBytesPerSecond: [24_000_000],
      unsaturatedBytesPerSecond: [0],
      bytesAcked: [5_000_000_000],
      windowsFailed: [7],
    });
    expect(columns?.destinations).toEqual(Buffer.alloc(16, 7));
  });

  it("tells of first trains by what a third are below, and of pacing and bursts as they are", () => {
    const [columns] = reportColumns([fold]);
    expect(columns).toMatchObject({
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
    const unsaturatedKbytesPerSecond = [1, 11, 5, 3, 9, 7, 2, 4, 6, 8, 10].map((each) => each * 1_000);
    const [columns] = reportColumns([{ ...fold, unsaturatedSamples: 11, unsaturatedKbytesPerSecond }]);
    expect(columns?.unsaturatedBytesPerSecond).toEqual([8_000_000]);
  });

  it("never tells a rate that the receiver would refuse", () => {
    const [columns] = reportColumns([{ ...fold, unsaturatedSamples: 1, unsaturatedKbytesPerSecond: [4_000_000_000] }]);
    expect(columns?.unsaturatedBytesPerSecond).toEqual([12_500_000_000]);
  });

  it("makes one report without rows where nothing was sampled: the sequence goes on", () => {
    expect(reportColumns([]).map((columns) => columns.rttMinUs.length)).toEqual([0]);
  });

  it("splits what a payload cannot hold", () => {
    const reports = reportColumns(Array.from({ length: rowsMax + 1 }, () => fold));
    expect(reports.map((columns) => columns.rttMinUs.length)).toEqual([rowsMax, 1]);
    expect(reports.map((columns) => columns.destinations.length)).toEqual([rowsMax * 16, 16]);
  });
});
