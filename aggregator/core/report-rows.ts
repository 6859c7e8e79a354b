/** The rows of a report, one at a time: columns are read for a block of rows, so that only these are as wide as numbers are here. */
import type { PathReportReader } from "../../proto/path-report-reader.ts";
import { reportColumn as column, columnCount, firstColumn } from "../../proto/report-columns.ts";
import { reportBounds } from "./bounds.ts";
import type { PathReportRow, RowRefusal } from "./report-check.ts";
import { refusalOfRow } from "./report-check.ts";

/** An odd number of cache lines of numbers: the columns of a row are not in each other's way. Most reports are one block. */
const blockRows = 120;

const counts: ReadonlySet<number> = new Set([
  column.connectionsOpened,
  column.connectionsBusyMax,
  column.windowsGranted,
  column.windowsCompleted,
  column.windowsFailed,
  column.pacingFilled,
  column.pacingMissed,
  column.burstsKept,
  column.burstsLost,
  column.burstKeptHighest,
  column.burstLostMean,
  column.lossFlightHighest,
]);
/** By place: those that are bounded together by `reportBounds.connectionsMax`. */
const isCount = Uint8Array.from({ length: columnCount }, (_, place) => (counts.has(firstColumn + place) ? 1 : 0));

/** One row of a report; which one, move() says. */
export class ReportRows implements PathReportRow {
  intervalUs = 0;
  rttMinUs = 0;
  rttP50Us = 0;
  rttP95Us = 0;
  rttSamples = 0;
  saturatedBytesPerSecond = 0;
  saturatedSamples = 0;
  unsaturatedBytesPerSecond = 0;
  unsaturatedSamples = 0;
  bytesAcked = 0;
  segmentsSent = 0;
  segmentsRetransmitted = 0;
  segmentsMarked = 0;
  connectionsOpened = 0;
  connectionsBusyMax = 0;
  mssBytes = 0;
  windowsGranted = 0;
  windowsCompleted = 0;
  windowsFailed = 0;
  pacingFilled = 0;
  pacingMissed = 0;
  trainBytesPerSecond = 0;
  trainSamples = 0;
  burstsKept = 0;
  burstsLost = 0;
  burstKeptHighest = 0;
  burstLostMean = 0;
  hostsTogether = 0;
  lossFlightHighest = 0;
  readonly #values = new Float64Array(columnCount * blockRows);
  /** By place of the column: whether all its values are 0. */
  readonly #isNothing = new Uint8Array(columnCount).fill(1);
  #report: PathReportReader | undefined;
  #rows = 0;
  #first = 0;
  #end = 0;
  #areCountsFine = false;

  /** From here on these are the rows of a report, valid for as long as that is. It was not refused (report-check.ts), and has `rows` rows. */
  take(report: PathReportReader, rows: number): void {
    this.intervalUs = report.intervalUs;
    this.#report = report;
    this.#rows = rows;
    this.#first = this.#end = 0;
  }

  /**
   * From here on this is the row with an index. Spelled out, as this is done millions of times a second: what is called for each number is not
   * inlined any more, after some, and a real number that a call returns is an object.
   */
  move(index: number): void {
    if (index < this.#first || index >= this.#end) this.#read(index);
    const values = this.#values;
    const at = index - this.#first;
    this.rttMinUs = values[at + 0 * blockRows] ?? 0;
    this.rttP50Us = values[at + 1 * blockRows] ?? 0;
    this.rttP95Us = values[at + 2 * blockRows] ?? 0;
    this.rttSamples = values[at + 3 * blockRows] ?? 0;
    this.saturatedBytesPerSecond = values[at + 4 * blockRows] ?? 0;
    this.saturatedSamples = values[at + 5 * blockRows] ?? 0;
    this.unsaturatedBytesPerSecond = values[at + 6 * blockRows] ?? 0;
    this.unsaturatedSamples = values[at + 7 * blockRows] ?? 0;
    this.bytesAcked = values[at + 8 * blockRows] ?? 0;
    this.segmentsSent = values[at + 9 * blockRows] ?? 0;
    this.segmentsRetransmitted = values[at + 10 * blockRows] ?? 0;
    this.segmentsMarked = values[at + 11 * blockRows] ?? 0;
    this.connectionsOpened = values[at + 12 * blockRows] ?? 0;
    this.connectionsBusyMax = values[at + 13 * blockRows] ?? 0;
    this.mssBytes = values[at + 14 * blockRows] ?? 0;
    this.windowsGranted = values[at + 15 * blockRows] ?? 0;
    this.windowsCompleted = values[at + 16 * blockRows] ?? 0;
    this.windowsFailed = values[at + 17 * blockRows] ?? 0;
    this.pacingFilled = values[at + 18 * blockRows] ?? 0;
    this.pacingMissed = values[at + 19 * blockRows] ?? 0;
    this.trainBytesPerSecond = values[at + 20 * blockRows] ?? 0;
    this.trainSamples = values[at + 21 * blockRows] ?? 0;
    this.burstsKept = values[at + 22 * blockRows] ?? 0;
    this.burstsLost = values[at + 23 * blockRows] ?? 0;
    this.burstKeptHighest = values[at + 24 * blockRows] ?? 0;
    this.burstLostMean = values[at + 25 * blockRows] ?? 0;
    this.hostsTogether = values[at + 26 * blockRows] ?? 0;
    this.lossFlightHighest = values[at + 27 * blockRows] ?? 0;
  }

  /** Why the row is refused. Its destination is not looked at: isUnicast(). */
  refusal(): RowRefusal | undefined {
    return refusalOfRow(this, this.#areCountsFine);
  }

  #read(index: number): void {
    const report = this.#report;
    if (report === undefined || index >= this.#rows) throw new Error(`Cannot read row ${index} of ${this.#rows}`);
    this.#first = index - (index % blockRows);
    this.#end = Math.min(this.#rows, this.#first + blockRows);
    const count = this.#end - this.#first;
    let countBits = 0;
    for (let place = 0; place < columnCount; place += 1) {
      const number = firstColumn + place;
      const isNothing = report.isNothing(number);
      if (isNothing && this.#isNothing[place] === 1) continue;
      const read = isNothing ? blockRows : count;
      const bits = report.column(number, this.#first, read, this.#values, place * blockRows);
      this.#isNothing[place] = isNothing ? 1 : 0;
      if (isCount[place] === 1) countBits |= bits;
    }
    this.#areCountsFine = countBits >>> 0 <= reportBounds.connectionsMax;
  }
}
