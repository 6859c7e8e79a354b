/** Folds of one interval as the columns of PathReport messages. */
import type { PathReport } from "../../proto/gen/augmenter/v1/PathReport.ts";
import { ascendingOf, quantileOf } from "./quantile.ts";

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

/** The columns of a PathReport; the frame (host, epoch, sequence ...) is the uplink's. */
export type PathColumns = Required<
  Omit<PathReport, "hostId" | "epoch" | "sequence" | "endedUnixMs" | "intervalUs" | "reportsDropped">
>;

/** 100 Gbit/s, the most the wire contract takes: on a loopback or a veth pair a burst can look faster than that. */
const rateMaxBytesPerSecond = 12_500_000_000;

/** What the path carried when it was full scatters to both sides. */
const saturatedQuantile = 0.5;
/** Hosts that wake up late squeeze a train more often than anything stretches it. */
const trainQuantile = 0.35;
/** The others are lower bounds, some far below; the spacing of a train is off by a tenth now and then, so not the largest. */
const unsaturatedQuantile = 0.7;

/** Rows of one report: keeps a payload well below NATS' 1 MiB. */
export const rowsMax = 4096;

/** The folds as columns, at most rowsMax rows each; one element without rows where there are no folds. */
export function reportColumns(folds: readonly Fold[]): PathColumns[] {
  const reports: PathColumns[] = [];
  for (let start = 0; start === 0 || start < folds.length; start += rowsMax) {
    reports.push(columnsOf(folds.slice(start, start + rowsMax)));
  }
  return reports;
}

function columnsOf(folds: readonly Fold[]): PathColumns {
  const rtts = folds.map((fold) => ascendingOf(fold.rttUs));
  return {
    destinations: Buffer.concat(folds.map((fold) => fold.destination)),
    rttMinUs: folds.map((fold) => fold.rttMinUs),
    rttP50Us: rtts.map((rtt) => Math.round(quantileOf(rtt, 0.5))),
    rttP95Us: rtts.map((rtt) => Math.round(quantileOf(rtt, 0.95))),
    rttSamples: folds.map((fold) => fold.rttSamples),
    saturatedBytesPerSecond: folds.map((fold) => bytesPerSecond(fold.saturatedKbytesPerSecond, saturatedQuantile)),
    saturatedSamples: folds.map((fold) => fold.saturatedSamples),
    unsaturatedBytesPerSecond: folds.map((fold) =>
      bytesPerSecond(fold.unsaturatedKbytesPerSecond, unsaturatedQuantile),
    ),
    unsaturatedSamples: folds.map((fold) => fold.unsaturatedSamples),
    trainBytesPerSecond: folds.map((fold) => bytesPerSecond(fold.trainKbytesPerSecond, trainQuantile)),
    trainSamples: folds.map((fold) => fold.trainSamples),
    bytesAcked: folds.map((fold) => fold.bytesAcked),
    segmentsSent: folds.map((fold) => fold.segmentsSent),
    segmentsRetransmitted: folds.map((fold) => fold.segmentsRetransmitted),
    segmentsMarked: folds.map((fold) => fold.segmentsMarked),
    connectionsOpened: folds.map((fold) => fold.connectionsOpened),
    connectionsBusyMax: folds.map((fold) => fold.connectionsBusyMax),
    mssBytes: folds.map((fold) => fold.mssBytes),
    windowsGranted: folds.map((fold) => fold.windowsGranted),
    windowsCompleted: folds.map((fold) => fold.windowsCompleted),
    windowsFailed: folds.map((fold) => fold.windowsFailed),
    pacingFilled: folds.map((fold) => fold.pacingFilled),
    pacingMissed: folds.map((fold) => fold.pacingMissed),
    burstsKept: folds.map((fold) => fold.burstsKept),
    burstsLost: folds.map((fold) => fold.burstsLost),
    burstKeptHighest: folds.map((fold) => fold.burstKeptHighest),
    hostsTogether: folds.map((fold) => fold.hostsTogether),
    lossFlightHighest: folds.map((fold) => fold.lossFlightHighest),
    burstLostMean: folds.map((fold) => Math.round(fold.burstLostSum / Math.max(1, fold.burstsLost))),
  };
}

function bytesPerSecond(kbytesPerSecond: readonly number[], quantile: number): number {
  return Math.min(rateMaxBytesPerSecond, Math.round(quantileOf(ascendingOf(kbytesPerSecond), quantile) * 1000));
}
