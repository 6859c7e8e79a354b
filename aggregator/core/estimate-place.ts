/**
 * An estimate that is read and written where it lies: folding a row into it touches the numbers that the row changes, and copies none. The
 * layout of a record is what these properties say, and those of its parts.
 */
import type { Draft } from "./draft.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { ExtremePlace, RatePlace, TolerancePlace } from "./rate-place.ts";
import type { RecordWords } from "./record-words.ts";
import { countMax, stepsOf, timeOf } from "./record-words.ts";

/** One estimate of a table; which one, move() says. */
export class EstimatePlace implements Draft<PathEstimateState> {
  readonly minRtt: ExtremePlace;
  readonly rate: RatePlace;
  readonly tolerance: TolerancePlace;
  readonly #reals: Float32Array;
  readonly #counts: Uint32Array;
  #at = 0;

  constructor(words: RecordWords) {
    this.minRtt = new ExtremePlace(words);
    this.rate = new RatePlace(words);
    this.tolerance = new TolerancePlace(words);
    this.#reals = words.reals;
    this.#counts = words.counts;
  }

  /** From now on this is the estimate of the record that begins at a word. */
  move(at: number): void {
    this.#at = at;
    this.minRtt.move(at + 1);
    this.rate.move(at);
    this.tolerance.move(at + 18);
  }

  get sampledMs(): number {
    return timeOf(this.#counts[this.#at] ?? 0);
  }

  set sampledMs(value: number) {
    this.#counts[this.#at] = stepsOf(value);
  }

  get rttP50Us(): number {
    return this.#reals[this.#at + 4] ?? 0;
  }

  set rttP50Us(value: number) {
    this.#reals[this.#at + 4] = value;
  }

  get rttP95Us(): number {
    return this.#reals[this.#at + 5] ?? 0;
  }

  set rttP95Us(value: number) {
    this.#reals[this.#at + 5] = value;
  }

  get mssBytes(): number {
    return (this.#counts[this.#at + 17] ?? 0) & 0xffff;
  }

  set mssBytes(value: number) {
    this.#counts[this.#at + 17] = ((this.#counts[this.#at + 17] ?? 0) & 0xffff_0000) | value;
  }

  get connectionBytes(): number {
    return this.#reals[this.#at + 20] ?? 0;
  }

  set connectionBytes(value: number) {
    this.#reals[this.#at + 20] = value;
  }

  get lossRatio(): number {
    return this.#reals[this.#at + 21] ?? 0;
  }

  set lossRatio(value: number) {
    this.#reals[this.#at + 21] = value;
  }

  get markRatio(): number {
    return this.#reals[this.#at + 22] ?? 0;
  }

  set markRatio(value: number) {
    this.#reals[this.#at + 22] = value;
  }

  get rttSamples(): number {
    return this.#counts[this.#at + 23] ?? 0;
  }

  set rttSamples(value: number) {
    this.#counts[this.#at + 23] = Math.min(countMax, value);
  }

  get rateSamples(): number {
    return this.#counts[this.#at + 24] ?? 0;
  }

  set rateSamples(value: number) {
    this.#counts[this.#at + 24] = Math.min(countMax, value);
  }

  get connections(): number {
    return this.#counts[this.#at + 25] ?? 0;
  }

  set connections(value: number) {
    this.#counts[this.#at + 25] = Math.min(countMax, value);
  }

  get busyMax(): number {
    return this.#reals[this.#at + 26] ?? 0;
  }

  set busyMax(value: number) {
    this.#reals[this.#at + 26] = value;
  }

  get windowsGranted(): number {
    return this.#counts[this.#at + 27] ?? 0;
  }

  set windowsGranted(value: number) {
    this.#counts[this.#at + 27] = Math.min(countMax, value);
  }

  get windowsCompleted(): number {
    return this.#counts[this.#at + 28] ?? 0;
  }

  set windowsCompleted(value: number) {
    this.#counts[this.#at + 28] = Math.min(countMax, value);
  }

  get windowsFailed(): number {
    return this.#counts[this.#at + 29] ?? 0;
  }

  set windowsFailed(value: number) {
    this.#counts[this.#at + 29] = Math.min(countMax, value);
  }

  get failuresAhead(): number {
    return this.#counts[this.#at + 30] ?? 0;
  }

  set failuresAhead(value: number) {
    this.#counts[this.#at + 30] = Math.min(countMax, value);
  }

  get fullQueueUs(): number {
    return this.#reals[this.#at + 31] ?? 0;
  }

  set fullQueueUs(value: number) {
    this.#reals[this.#at + 31] = value;
  }
}
