/** Entries of the fold maps as plain values, for tests to look into. */
import type { Batch } from "../../node-agent/kernel/bpf-map.ts";
import { foldLayout, limit } from "../../node-agent/kernel/layout.gen.ts";

/** What the kernel folded for one destination; see struct augmenter_fold. Rates in kilobytes (1000 bytes) a second. */
export interface Fold {
  /** 16 bytes. */
  readonly destination: Uint8Array;
  readonly bytesAcked: number;
  readonly segmentsSent: number;
  readonly segmentsRetransmitted: number;
  readonly segmentsMarked: number;
  readonly connectionsOpened: number;
  readonly connectionsBusyMax: number;
  readonly hostsTogether: number;
  readonly lossFlightHighest: number;
  readonly mssBytes: number;
  readonly windowsGranted: number;
  readonly windowsCompleted: number;
  readonly windowsFailed: number;
  readonly pacingFilled: number;
  readonly pacingMissed: number;
  readonly burstsKept: number;
  readonly burstsLost: number;
  readonly burstKeptHighest: number;
  readonly burstLostSum: number;
  readonly rttMinUs: number;
  readonly rttSamples: number;
  readonly saturatedSamples: number;
  readonly unsaturatedSamples: number;
  readonly trainSamples: number;
  /** At most as many as the kernel keeps, a uniform choice of those counted above. */
  readonly rttUs: readonly number[];
  readonly saturatedKbytesPerSecond: readonly number[];
  readonly unsaturatedKbytesPerSecond: readonly number[];
  readonly trainKbytesPerSecond: readonly number[];
}

/** The folds of a drained batch. They own their memory. */
export function foldsOf(batch: Batch, keySize: number): Fold[] {
  const folds: Fold[] = [];
  for (let index = 0; index < batch.count; index += 1) {
    folds.push(foldOf(batch.keys.subarray(index * keySize), batch.values, index * foldLayout.size));
  }
  return folds;
}

function foldOf(key: Buffer, values: Buffer, start: number): Fold {
  const u32 = (offset: number): number => values.readUInt32LE(start + offset);
  const rttSamples = u32(foldLayout.rttSamples);
  const saturatedSamples = u32(foldLayout.saturatedSamples);
  const unsaturatedSamples = u32(foldLayout.unsaturatedSamples);
  const trainSamples = u32(foldLayout.trainSamples);
  const kept = (offset: number, samples: number): number[] =>
    Array.from({ length: Math.min(samples, limit.reservoir) }, (_, index) => u32(offset + 4 * index));
  return {
    destination: Uint8Array.prototype.slice.call(key, 0, 16),
    bytesAcked: Number(values.readBigUInt64LE(start + foldLayout.bytesAcked)),
    segmentsSent: u32(foldLayout.segmentsSent),
    segmentsRetransmitted: u32(foldLayout.segmentsRetransmitted),
    segmentsMarked: u32(foldLayout.segmentsMarked),
    connectionsOpened: u32(foldLayout.connectionsOpened),
    connectionsBusyMax: u32(foldLayout.connectionsBusyMax),
    hostsTogether: u32(foldLayout.hostsTogether),
    lossFlightHighest: u32(foldLayout.lossFlightHighest),
    mssBytes: u32(foldLayout.mssBytes),
    windowsGranted: u32(foldLayout.windowsGranted),
    windowsCompleted: u32(foldLayout.windowsCompleted),
    windowsFailed: u32(foldLayout.windowsFailed),
    pacingFilled: u32(foldLayout.pacingFilled),
    pacingMissed: u32(foldLayout.pacingMissed),
    burstsKept: u32(foldLayout.burstsKept),
    burstsLost: u32(foldLayout.burstsLost),
    burstKeptHighest: u32(foldLayout.burstKeptHighest),
    burstLostSum: u32(foldLayout.burstLostSum),
    rttMinUs: u32(foldLayout.rttMinUs),
    rttSamples,
    saturatedSamples,
    unsaturatedSamples,
    trainSamples,
    rttUs: kept(foldLayout.rttUs, rttSamples),
    saturatedKbytesPerSecond: kept(foldLayout.saturatedKbytesPerS, saturatedSamples),
    unsaturatedKbytesPerSecond: kept(foldLayout.unsaturatedKbytesPerS, unsaturatedSamples),
    trainKbytesPerSecond: kept(foldLayout.trainKbytesPerS, trainSamples),
  };
}
