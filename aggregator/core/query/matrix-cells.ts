/** What many paths between many places come to: gathered path by path, and summed up in steps. */
import type { Steps } from "../steps.ts";
import { provenanceNames, provenanceNumbers } from "./provenance-numbers.ts";
import { WeightedMedian } from "./weighted-median.ts";

/** What a path adds to its cell. */
export interface CellPath {
  /** Of provenance-numbers.ts. */
  readonly provenance: number;
  /** RTT and rate are 0 where they are not known. */
  readonly minRttUs: number;
  readonly rateBytesPerSecond: number;
  readonly lossRatio: number;
  readonly confidence: number;
  readonly ageSeconds: number;
}

/** The columns of the cells, zeros where nothing is known. */
export type CellColumns = ReturnType<typeof emptyColumns>;

/** A path that is not trusted at all still counts where there is no other. */
const leastWeight = 1e-9;
const pathsAtFirst = 1_024;
const pathsPerStep = 4_096;
const cellsPerStep = 64;

/** The cells of one matrix. */
export class MatrixCells {
  /** By path, in the order of add(). */
  #cell = new Uint32Array(pathsAtFirst);
  #weight = new Float64Array(pathsAtFirst);
  #minRttUs = new Float32Array(pathsAtFirst);
  #rate = new Float32Array(pathsAtFirst);
  #count = 0;
  /** By cell. */
  readonly #paths: Uint32Array;
  readonly #measured: Uint32Array;
  readonly #weightSum: Float64Array;
  readonly #lossSum: Float64Array;
  readonly #confidence: Float64Array;
  readonly #provenance: Uint8Array;
  readonly #ageSeconds: Float64Array;

  constructor(cells: number) {
    this.#paths = new Uint32Array(cells);
    this.#measured = new Uint32Array(cells);
    this.#weightSum = new Float64Array(cells);
    this.#lossSum = new Float64Array(cells);
    this.#confidence = new Float64Array(cells).fill(-1);
    this.#provenance = new Uint8Array(cells);
    this.#ageSeconds = new Float64Array(cells).fill(Number.POSITIVE_INFINITY);
  }

  /** Whether no path was added to a cell. */
  isEmpty(cell: number): boolean {
    return this.#paths[cell] === 0;
  }

  /** Adds a path to a cell. */
  add(cell: number, path: CellPath): void {
    if (this.#count === this.#cell.length) this.#grow();
    const place = this.#count;
    const weight = Math.max(path.confidence, leastWeight);
    this.#count += 1;
    this.#cell[place] = cell;
    this.#weight[place] = weight;
    this.#minRttUs[place] = path.minRttUs;
    this.#rate[place] = path.rateBytesPerSecond;
    this.#paths[cell] = (this.#paths[cell] ?? 0) + 1;
    if (path.provenance === provenanceNumbers.PROVENANCE_MEASURED)
      this.#measured[cell] = (this.#measured[cell] ?? 0) + 1;
    this.#weightSum[cell] = (this.#weightSum[cell] ?? 0) + weight;
    this.#lossSum[cell] = (this.#lossSum[cell] ?? 0) + weight * path.lossRatio;
    this.#ageSeconds[cell] = Math.min(this.#ageSeconds[cell] ?? 0, path.ageSeconds);
    if (path.confidence <= (this.#confidence[cell] ?? 0)) return;
    this.#confidence[cell] = path.confidence;
    this.#provenance[cell] = path.provenance;
  }

  /** Medians of what is known, and the mean loss, each weighed by confidence. */
  *columns(): Steps<CellColumns> {
    const ends = new Uint32Array(this.#paths.length);
    const places = yield* this.#placesByCell(ends);
    const minRtt = new WeightedMedian(this.#minRttUs, this.#weight);
    const rate = new WeightedMedian(this.#rate, this.#weight);
    const columns = emptyColumns(ends.length);
    for (let cell = 0; cell < ends.length; cell += 1) {
      if (cell % cellsPerStep === 0) yield;
      if (this.isEmpty(cell)) continue;
      const end = ends[cell] ?? 0;
      const own = places.subarray(end - (this.#paths[cell] ?? 0), end);
      columns.provenance[cell] = provenanceNames[this.#provenance[cell] ?? 0] ?? "PROVENANCE_UNSPECIFIED";
      columns.minRttUs[cell] = Math.round(yield* minRtt.of(own));
      columns.rateBytesPerSecond[cell] = yield* rate.of(own);
      columns.lossRatio[cell] = (this.#lossSum[cell] ?? 0) / (this.#weightSum[cell] ?? 1);
      columns.confidence[cell] = this.#confidence[cell] ?? 0;
      columns.ageSeconds[cell] = this.#ageSeconds[cell] ?? 0;
      columns.paths[cell] = this.#measured[cell] ?? 0;
    }
    return columns;
  }

  // The places of the paths, cell by cell (counting sort); where each cell ends is written into `ends`.
  *#placesByCell(ends: Uint32Array): Steps<Uint32Array> {
    for (let cell = 1; cell < ends.length; cell += 1) ends[cell] = (ends[cell - 1] ?? 0) + (this.#paths[cell - 1] ?? 0);
    const places = new Uint32Array(this.#count);
    for (let place = 0; place < this.#count; place += 1) {
      if (place % pathsPerStep === 0) yield;
      const cell = this.#cell[place] ?? 0;
      places[ends[cell] ?? 0] = place;
      ends[cell] = (ends[cell] ?? 0) + 1;
    }
    return places;
  }

  #grow(): void {
    const length = 2 * this.#cell.length;
    const cell = new Uint32Array(length);
    const weight = new Float64Array(length);
    const minRttUs = new Float32Array(length);
    const rate = new Float32Array(length);
    cell.set(this.#cell);
    weight.set(this.#weight);
    minRttUs.set(this.#minRttUs);
    rate.set(this.#rate);
    [this.#cell, this.#weight, this.#minRttUs, this.#rate] = [cell, weight, minRttUs, rate];
  }
}

function emptyColumns(cells: number) {
  const zeros = () => new Array<number>(cells).fill(0);
  return {
    provenance: new Array<(typeof provenanceNames)[number]>(cells).fill("PROVENANCE_UNSPECIFIED"),
    minRttUs: zeros(),
    rateBytesPerSecond: zeros(),
    lossRatio: zeros(),
    confidence: zeros(),
    ageSeconds: zeros(),
    paths: zeros(),
  };
}
