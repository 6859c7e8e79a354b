/** The columns of a path report: their numbers, and in how many bytes each of their numbers is told. */

/** Numbers of the columns, as in telemetry.proto; those of `wideColumns` have 8 bytes a row, the others 4. */
export const reportColumn = {
  rttMinUs: 17,
  rttP50Us: 18,
  rttP95Us: 19,
  rttSamples: 20,
  saturatedBytesPerSecond: 21,
  saturatedSamples: 22,
  unsaturatedBytesPerSecond: 23,
  unsaturatedSamples: 24,
  bytesAcked: 25,
  segmentsSent: 26,
  segmentsRetransmitted: 27,
  segmentsMarked: 28,
  connectionsOpened: 29,
  connectionsBusyMax: 30,
  mssBytes: 31,
  windowsGranted: 32,
  windowsCompleted: 33,
  windowsFailed: 34,
  pacingFilled: 35,
  pacingMissed: 36,
  trainBytesPerSecond: 37,
  trainSamples: 38,
  burstsKept: 39,
  burstsLost: 40,
  burstKeptHighest: 41,
  burstLostMean: 42,
  hostsTogether: 43,
  lossFlightHighest: 44,
} as const;

const wideColumns: ReadonlySet<number> = new Set([
  reportColumn.saturatedBytesPerSecond,
  reportColumn.unsaturatedBytesPerSecond,
  reportColumn.bytesAcked,
  reportColumn.trainBytesPerSecond,
]);

/** Whether a column has 8 bytes a row instead of 4. */
export function isWideColumn(column: number): boolean {
  return wideColumns.has(column);
}

export type ReportColumnName = keyof typeof reportColumn;

/** They are numbered one after the other. */
export const firstColumn = reportColumn.rttMinUs;
/** Likewise. */
export const lastColumn = reportColumn.lossFlightHighest;
/** How many there are. */
export const columnCount = lastColumn - firstColumn + 1;

/** By column number: bytes a row where it is a field of its own, and at the most where it is narrow. */
export const fullWidths = Uint8Array.from({ length: lastColumn + 1 }, (_, column) => (isWideColumn(column) ? 8 : 4));

/** Whether a narrow column may have so many bytes a row: 0, 1, 2, 4, or 8. */
export function isWidth(width: number, column: number): boolean {
  return (width & (width - 1)) === 0 && width <= (fullWidths[column] ?? 0);
}

/** Bytes a row that are enough for numbers with these bits in their lower and higher words. */
export function widthFor(lowBits: number, highBits: number): number {
  if (highBits !== 0) return 8;
  const low = lowBits >>> 0;
  if (low === 0) return 0;
  if (low <= 0xff) return 1;
  return low <= 0xffff ? 2 : 4;
}

/** Reads `count` little-endian numbers of `width` bytes each. Returns the bits of all of them together; with 8 bytes 0. */
export function widen(
  view: DataView,
  at: number,
  width: number,
  count: number,
  into: Float64Array,
  to: number,
): number {
  switch (width) {
    case 0:
      into.fill(0, to, to + count);
      return 0;
    case 1:
      return widenBytes(view, at, count, into, to);
    case 2:
      return widenHalves(view, at, count, into, to);
    case 4:
      return widenWords(view, at, count, into, to);
    default:
      widenPairs(view, at, count, into, to);
      return 0;
  }
}

function widenBytes(view: DataView, at: number, count: number, into: Float64Array, to: number): number {
  let bits = 0;
  for (let row = 0; row < count; row += 1) {
    const value = view.getUint8(at + row);
    into[to + row] = value;
    bits |= value;
  }
  return bits;
}

function widenHalves(view: DataView, at: number, count: number, into: Float64Array, to: number): number {
  let bits = 0;
  for (let row = 0; row < count; row += 1) {
    const value = view.getUint16(at + 2 * row, true);
    into[to + row] = value;
    bits |= value;
  }
  return bits;
}

function widenWords(view: DataView, at: number, count: number, into: Float64Array, to: number): number {
  let bits = 0;
  for (let row = 0; row < count; row += 1) {
    const value = view.getUint32(at + 4 * row, true);
    into[to + row] = value;
    bits |= value;
  }
  return bits >>> 0;
}

function widenPairs(view: DataView, at: number, count: number, into: Float64Array, to: number): void {
  for (let row = 0; row < count; row += 1) {
    into[to + row] = view.getUint32(at + 8 * row, true) + view.getUint32(at + 8 * row + 4, true) * 2 ** 32;
  }
}
