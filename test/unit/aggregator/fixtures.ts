/** Rows, reports and views as the tests of the aggregator need them: a healthy path, and what differs from it. */

import type { Advice } from "../../../aggregator/core/advice-change.ts";
import { AdviceLedger } from "../../../aggregator/core/advice-ledger.ts";
import {
  failureBounds,
  fanInBounds,
  inferenceBounds,
  pushBounds,
  sharedFailureBounds,
  tableBounds,
} from "../../../aggregator/core/bounds.ts";
import { FailureLog } from "../../../aggregator/core/failure-log.ts";
import { FanIns } from "../../../aggregator/core/fan-ins.ts";
import { Hosts } from "../../../aggregator/core/hosts.ts";
import { Inference } from "../../../aggregator/core/inference.ts";
import type { PathEstimateState } from "../../../aggregator/core/path-estimate.ts";
import { PathTable } from "../../../aggregator/core/path-table.ts";
import { PolicyBook } from "../../../aggregator/core/policy/policy-book.ts";
import type { PathReportRow } from "../../../aggregator/core/report-check.ts";
import { SharedFailures } from "../../../aggregator/core/shared-failures.ts";
import type { View } from "../../../aggregator/core/view.ts";
import { addressFromText } from "../../../proto/address.ts";
import type { HostAnnouncement__Output } from "../../../proto/gen/augmenter/v1/HostAnnouncement.ts";
import type { PathReport__Output } from "../../../proto/gen/augmenter/v1/PathReport.ts";
import { estimateAfter } from "../../support/folded.ts";

/** 200 Mbit/s and 20 ms: a BDP of 500,000 bytes. */
export const pathRate = 25_000_000;
export const pathRttUs = 20_000;

export function address(text: string): Uint8Array {
  const bytes = addressFromText(text);
  if (bytes === undefined) throw new Error(`Cannot read address ${text}`);
  return bytes;
}

/** The far end of a path. */
export const far = address("10.0.0.2");

/** A window for it, and nothing else. */
export function advice(windowSegments: number, destination = far): Advice {
  return {
    destination,
    windowSegments,
    receiveWindowBytes: 0,
    pathRateBytesPerSecond: 1_000_000,
    minRttUs: 20_000,
    isCapacityKnown: true,
    burstSegments: 0,
    rtoMinUs: 0,
    togetherSegments: 0,
    togetherHosts: 0,
  };
}

/** One interval of a full path without trouble. */
export function row(changes: Partial<PathReportRow> = {}): PathReportRow {
  return {
    intervalUs: 1_000_000,
    rttMinUs: pathRttUs,
    rttP50Us: pathRttUs + 500,
    rttP95Us: pathRttUs + 2_000,
    rttSamples: 64,
    saturatedBytesPerSecond: pathRate,
    saturatedSamples: 32,
    unsaturatedBytesPerSecond: 0,
    unsaturatedSamples: 0,
    bytesAcked: 4_000_000,
    segmentsSent: 3_000,
    segmentsRetransmitted: 0,
    segmentsMarked: 0,
    connectionsOpened: 8,
    connectionsBusyMax: 1,
    hostsTogether: 1,
    lossFlightHighest: 0,
    mssBytes: 1_448,
    windowsGranted: 0,
    windowsCompleted: 0,
    windowsFailed: 0,
    pacingFilled: 0,
    pacingMissed: 0,
    burstsKept: 0,
    burstsLost: 0,
    burstKeptHighest: 0,
    burstLostMean: 0,
    trainBytesPerSecond: 0,
    trainSamples: 0,
    ...changes,
  };
}

/** An interval in which nothing was learned of the rate. */
export function quietRow(changes: Partial<PathReportRow> = {}): PathReportRow {
  return row({ saturatedBytesPerSecond: 0, saturatedSamples: 0, ...changes });
}

/** The estimate after rows a second apart, from 1000 ms on. */
export function estimateOf(...rows: readonly PathReportRow[]): PathEstimateState {
  let estimate: PathEstimateState | undefined;
  for (const [index, each] of rows.entries()) estimate = estimateAfter(estimate, each, 1_000 * (index + 1));
  if (estimate === undefined) throw new Error("Cannot estimate from no rows");
  return estimate;
}

/** A report of one row per destination, each as row(). */
export function report(
  hostId: string,
  sequence: number,
  destinations: readonly string[],
  changes: Partial<PathReport__Output> = {},
): PathReport__Output {
  const healthy = row();
  const column = (value: number) => destinations.map(() => value);
  return {
    hostId,
    epoch: 1_000,
    sequence,
    columnWidths: Buffer.alloc(0),
    narrowColumns: Buffer.alloc(0),
    endedUnixMs: 0,
    intervalUs: healthy.intervalUs,
    reportsDropped: 0,
    destinations: Buffer.concat(destinations.map(address)),
    rttMinUs: column(healthy.rttMinUs),
    rttP50Us: column(healthy.rttP50Us),
    rttP95Us: column(healthy.rttP95Us),
    rttSamples: column(healthy.rttSamples),
    saturatedBytesPerSecond: column(healthy.saturatedBytesPerSecond),
    saturatedSamples: column(healthy.saturatedSamples),
    unsaturatedBytesPerSecond: column(healthy.unsaturatedBytesPerSecond),
    unsaturatedSamples: column(healthy.unsaturatedSamples),
    bytesAcked: column(healthy.bytesAcked),
    segmentsSent: column(healthy.segmentsSent),
    segmentsRetransmitted: column(healthy.segmentsRetransmitted),
    segmentsMarked: column(healthy.segmentsMarked),
    connectionsOpened: column(healthy.connectionsOpened),
    connectionsBusyMax: column(healthy.connectionsBusyMax),
    hostsTogether: column(healthy.hostsTogether),
    lossFlightHighest: column(healthy.lossFlightHighest),
    mssBytes: column(healthy.mssBytes),
    windowsGranted: column(healthy.windowsGranted),
    windowsCompleted: column(healthy.windowsCompleted),
    windowsFailed: column(healthy.windowsFailed),
    pacingFilled: column(healthy.pacingFilled),
    pacingMissed: column(healthy.pacingMissed),
    burstsKept: column(healthy.burstsKept),
    burstsLost: column(healthy.burstsLost),
    burstKeptHighest: column(healthy.burstKeptHighest),
    burstLostMean: column(healthy.burstLostMean),
    trainBytesPerSecond: column(healthy.trainBytesPerSecond),
    trainSamples: column(healthy.trainSamples),
    ...changes,
  };
}

export function announcement(
  hostId: string,
  addresses: readonly string[],
  changes: Partial<HostAnnouncement__Output> = {},
): HostAnnouncement__Output {
  return {
    hostId,
    epoch: 1_000,
    rack: `rack of ${hostId}`,
    zone: "",
    addresses: Buffer.concat(addresses.map(address)),
    linkBytesPerSecond: 0,
    agentVersion: "0.1.0",
    kernelRelease: "6.1",
    mode: "MODE_APPLY",
    reportIntervalMs: 1_000,
    adviceTerm: 0,
    adviceVersion: 0,
    ...changes,
  };
}

/** An empty view with the real bounds; term 7, advice lives 9 s. */
export function emptyView(): View {
  const hosts = new Hosts(tableBounds);
  const table = new PathTable(tableBounds);
  hosts.whenRenamed((address) => table.touchTo(address));
  hosts.whenMoved((hostId) => table.touchOf(hostId));
  return {
    table,
    hosts,
    inference: new Inference(hosts, inferenceBounds),
    ledger: new AdviceLedger({ term: 7, ttlMs: 9_000, paths: table, bounds: pushBounds }),
    policy: new PolicyBook(),
    failures: new FailureLog(failureBounds),
    sharedFailures: new SharedFailures(sharedFailureBounds),
    fanIns: new FanIns(fanInBounds),
  };
}

/** A clock that stands still until it is told. */
export class PlayedClock {
  now: number;
  unix = 1_700_000_000_000;

  constructor(nowMs = 0) {
    this.now = nowMs;
  }

  nowMs(): number {
    return this.now;
  }

  unixMs(): number {
    return this.unix + this.now;
  }
}

/** Paths of one host to every second address of 10.0.0.0/28: what is advised there is kept beside them. */
export function pathsOf(hostId: string): PathTable {
  const table = new PathTable({ pathsMax: 64, pathsPerHostMax: 64, forgottenKept: 8 });
  for (let last = 0; last < 16; last += 2) table.put(hostId, address(`10.0.0.${last}`), estimateOf(row()));
  return table;
}
