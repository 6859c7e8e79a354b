/** From the bytes of a fold map to the columns of a report: struct augmenter_fold, without an object for a path. */
import type { PathReportWriter } from "../../proto/path-report-writer.ts";
import { bytesPerSecondOf, rateQuantiles } from "../core/path-report.ts";
import { insertAscending, quantileOf } from "../core/quantile.ts";
import type { Batch } from "./bpf-map.ts";
import { addressLayout, foldLayout as fold, limit } from "./layout.gen.ts";

/** Columns that are as the kernel counted them. */
const counted = [
  ["rttMinUs", fold.rttMinUs],
  ["rttSamples", fold.rttSamples],
  ["saturatedSamples", fold.saturatedSamples],
  ["unsaturatedSamples", fold.unsaturatedSamples],
  ["trainSamples", fold.trainSamples],
  ["segmentsSent", fold.segmentsSent],
  ["segmentsRetransmitted", fold.segmentsRetransmitted],
  ["segmentsMarked", fold.segmentsMarked],
  ["connectionsOpened", fold.connectionsOpened],
  ["connectionsBusyMax", fold.connectionsBusyMax],
  ["hostsTogether", fold.hostsTogether],
  ["lossFlightHighest", fold.lossFlightHighest],
  ["mssBytes", fold.mssBytes],
  ["windowsGranted", fold.windowsGranted],
  ["windowsCompleted", fold.windowsCompleted],
  ["windowsFailed", fold.windowsFailed],
  ["pacingFilled", fold.pacingFilled],
  ["pacingMissed", fold.pacingMissed],
  ["burstsKept", fold.burstsKept],
  ["burstsLost", fold.burstsLost],
  ["burstKeptHighest", fold.burstKeptHighest],
] as const;

/** Columns that are a quantile of kept samples. */
const rates = [
  ["saturatedBytesPerSecond", fold.saturatedSamples, fold.saturatedKbytesPerS, rateQuantiles.saturated],
  ["unsaturatedBytesPerSecond", fold.unsaturatedSamples, fold.unsaturatedKbytesPerS, rateQuantiles.unsaturated],
  ["trainBytesPerSecond", fold.trainSamples, fold.trainKbytesPerS, rateQuantiles.train],
] as const;

const word = 4;
const words = fold.size / word;
const ascending = new Float64Array(limit.reservoir);

/** Adds entries of a batch to a report, from one on, as many as it has room for. Returns how many. */
export function addFolds(report: PathReportWriter, batch: Batch, from: number): number {
  const first = report.rows;
  const count = Math.min(batch.count - from, report.rowsMax - first);
  const values = new Uint32Array(batch.values.buffer, batch.values.byteOffset + from * fold.size, count * words);
  const keys = batch.keys.subarray(from * addressLayout.size, (from + count) * addressLayout.size);
  report.destinations.set(keys, first * addressLayout.size);
  for (const [name, place] of counted) {
    const column = report.column(name);
    for (let row = 0, at = place / word; row < count; row += 1, at += words) column[first + row] = values[at] ?? 0;
  }
  addRtts(report, values, first, count);
  for (const [name, samples, place, quantile] of rates) {
    const column = report.column(name);
    for (let row = 0; row < count; row += 1) {
      const kept = sorted(values, row * words + samples / word, row * words + place / word);
      writeWide(column, first + row, kept === 0 ? 0 : bytesPerSecondOf(ascending, kept, quantile));
    }
  }
  addBytesAndBursts(report, values, first, count);
  report.rows = first + count;
  return count;
}

function addRtts(report: PathReportWriter, values: Uint32Array, first: number, count: number): void {
  const p50 = report.column("rttP50Us");
  const p95 = report.column("rttP95Us");
  for (let row = 0; row < count; row += 1) {
    const kept = sorted(values, row * words + fold.rttSamples / word, row * words + fold.rttUs / word);
    p50[first + row] = Math.round(quantileOf(ascending, 0.5, kept));
    p95[first + row] = Math.round(quantileOf(ascending, 0.95, kept));
  }
}

function addBytesAndBursts(report: PathReportWriter, values: Uint32Array, first: number, count: number): void {
  const bytes = report.column("bytesAcked");
  const bursts = report.column("burstLostMean");
  for (let row = 0, at = 0; row < count; row += 1, at += words) {
    bytes[2 * (first + row)] = values[at + fold.bytesAcked / word] ?? 0;
    bytes[2 * (first + row) + 1] = values[at + fold.bytesAcked / word + 1] ?? 0;
    const lost = values[at + fold.burstsLost / word] ?? 0;
    bursts[first + row] = lost === 0 ? 0 : Math.round((values[at + fold.burstLostSum / word] ?? 0) / lost);
  }
}

// Into `ascending`; how many there are.
function sorted(values: Uint32Array, samplesAt: number, keptAt: number): number {
  const kept = Math.min(values[samplesAt] ?? 0, limit.reservoir);
  for (let sample = 0; sample < kept; sample += 1) insertAscending(ascending, sample, values[keptAt + sample] ?? 0);
  return kept;
}

function writeWide(column: Uint32Array, row: number, value: number): void {
  column[2 * row] = value % 2 ** 32;
  column[2 * row + 1] = value / 2 ** 32;
}
