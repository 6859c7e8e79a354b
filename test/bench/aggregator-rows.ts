/** Rows of path reports as a fleet would send them: the seeded paths of the simulation, played under their own advice. */
import type { PathReportRow } from "../../aggregator/core/report-check.ts";
import type { PathReport } from "../../proto/gen/augmenter/v1/PathReport.ts";
import { plainPath } from "../simulation/path-truth.ts";
import { PlayedPath } from "../simulation/played-path.ts";
import { SeededRandom } from "../simulation/seeded-random.ts";

/** Successive rows of one path. */
export type RowTrace = readonly PathReportRow[];

/** Until then a path is learned, not steady. */
const warmIntervals = 30;
/** A path that nobody uses for so long is not looked at further. */
const intervalsMax = 400;

/** `count` paths, `length` successive rows of each; the same for the same seed. */
export function rowTraces(count: number, length: number, seed: number): readonly RowTrace[] {
  return Array.from({ length: count }, (_, index) => rowTrace(length, seed + index));
}

function rowTrace(length: number, seed: number): RowTrace {
  const random = new SeededRandom(seed);
  const path = new PlayedPath(plainPath(random), random);
  const rows: PathReportRow[] = [];
  for (let interval = 0; rows.length < length && interval < intervalsMax; interval += 1) {
    const row = path.step();
    if (row !== undefined && interval >= warmIntervals) rows.push(row);
  }
  // A path of very little traffic: another one instead.
  return rows.length === length ? rows : rowTrace(length, seed + 1_000_003);
}

/** Rows as the columns of a report; the destinations are left at zero. */
export function columnsOf(rows: readonly PathReportRow[]): PathReport {
  const column = (name: Exclude<keyof PathReportRow, "intervalUs">) => rows.map((row) => row[name]);
  return {
    destinations: Buffer.alloc(16 * rows.length),
    rttMinUs: column("rttMinUs"),
    rttP50Us: column("rttP50Us"),
    rttP95Us: column("rttP95Us"),
    rttSamples: column("rttSamples"),
    saturatedBytesPerSecond: column("saturatedBytesPerSecond"),
    saturatedSamples: column("saturatedSamples"),
    unsaturatedBytesPerSecond: column("unsaturatedBytesPerSecond"),
    unsaturatedSamples: column("unsaturatedSamples"),
    trainBytesPerSecond: column("trainBytesPerSecond"),
    trainSamples: column("trainSamples"),
    bytesAcked: column("bytesAcked"),
    segmentsSent: column("segmentsSent"),
    segmentsRetransmitted: column("segmentsRetransmitted"),
    segmentsMarked: column("segmentsMarked"),
    connectionsOpened: column("connectionsOpened"),
    connectionsBusyMax: column("connectionsBusyMax"),
    hostsTogether: column("hostsTogether"),
    lossFlightHighest: column("lossFlightHighest"),
    mssBytes: column("mssBytes"),
    windowsGranted: column("windowsGranted"),
    windowsCompleted: column("windowsCompleted"),
    windowsFailed: column("windowsFailed"),
    pacingFilled: column("pacingFilled"),
    pacingMissed: column("pacingMissed"),
    burstsKept: column("burstsKept"),
    burstsLost: column("burstsLost"),
    burstKeptHighest: column("burstKeptHighest"),
    burstLostMean: column("burstLostMean"),
  };
}
