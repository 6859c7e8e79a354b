/** The parts of an estimate that are read and written where they lie in its record (estimate-place.ts). */
import type { BurstTolerance } from "./burst-tolerance.ts";
import type { Draft } from "./draft.ts";
import type { PathRate } from "./path-rate.ts";
import type { RecordWords } from "./record-words.ts";
import { stepsOf, timeOf } from "./record-words.ts";
import type { WindowedExtreme } from "./windowed-extreme.ts";

/** A rate where it lies in a record. */
export class RatePlace implements Draft<PathRate> {
  readonly boundBytesPerSecond: ExtremePlace;
  readonly #reals: Float32Array;
  readonly #counts: Uint32Array;
  #at = 0;

  constructor(words: RecordWords) {
    this.boundBytesPerSecond = new ExtremePlace(words);
    this.#reals = words.reals;
    this.#counts = words.counts;
  }

  /** From now on this is the rate of the record that begins at a word. */
  move(at: number): void {
    this.#at = at;
    this.boundBytesPerSecond.move(at + 8);
  }

  get rateBytesPerSecond(): number {
    return this.#reals[this.#at + 6] ?? 0;
  }

  set rateBytesPerSecond(value: number) {
    this.#reals[this.#at + 6] = value;
  }

  get capacityBytesPerSecond(): number {
    return this.#reals[this.#at + 7] ?? 0;
  }

  set capacityBytesPerSecond(value: number) {
    this.#reals[this.#at + 7] = value;
  }

  get sampledMs(): number {
    return timeOf(this.#counts[this.#at + 11] ?? 0);
  }

  set sampledMs(value: number) {
    this.#counts[this.#at + 11] = stepsOf(value);
  }

  get fullMs(): number {
    return timeOf(this.#counts[this.#at + 12] ?? 0);
  }

  set fullMs(value: number) {
    this.#counts[this.#at + 12] = stepsOf(value);
  }

  get knownMs(): number {
    return timeOf(this.#counts[this.#at + 13] ?? 0);
  }

  set knownMs(value: number) {
    this.#counts[this.#at + 13] = stepsOf(value);
  }

  get grownMs(): number {
    return timeOf(this.#counts[this.#at + 14] ?? 0);
  }

  set grownMs(value: number) {
    this.#counts[this.#at + 14] = stepsOf(value);
  }

  get retreatedMs(): number {
    return timeOf(this.#counts[this.#at + 15] ?? 0);
  }

  set retreatedMs(value: number) {
    this.#counts[this.#at + 15] = stepsOf(value);
  }

  get provedBytesPerSecond(): number {
    return this.#reals[this.#at + 16] ?? 0;
  }

  set provedBytesPerSecond(value: number) {
    this.#reals[this.#at + 16] = value;
  }

  get raises(): number {
    return (this.#counts[this.#at + 17] ?? 0) >>> 16;
  }

  set raises(value: number) {
    this.#counts[this.#at + 17] = ((this.#counts[this.#at + 17] ?? 0) & 0xffff) | (value << 16);
  }
}

/** A minimum or maximum where it lies in a record. */
export class ExtremePlace implements Draft<WindowedExtreme> {
  readonly #reals: Float32Array;
  readonly #counts: Uint32Array;
  #at = 0;

  constructor({ reals, counts }: RecordWords) {
    this.#reals = reals;
    this.#counts = counts;
  }

  /** From now on this is what begins at a word. */
  move(at: number): void {
    this.#at = at;
  }

  get bucketStartMs(): number {
    return timeOf(this.#counts[this.#at] ?? 0);
  }

  set bucketStartMs(value: number) {
    this.#counts[this.#at] = stepsOf(value);
  }

  get current(): number {
    return this.#reals[this.#at + 1] ?? 0;
  }

  set current(value: number) {
    this.#reals[this.#at + 1] = value;
  }

  get previous(): number {
    return this.#reals[this.#at + 2] ?? 0;
  }

  set previous(value: number) {
    this.#reals[this.#at + 2] = value;
  }
}

/** A burst tolerance where it lies in a record. */
export class TolerancePlace implements Draft<BurstTolerance> {
  readonly #reals: Float32Array;
  readonly #counts: Uint32Array;
  #at = 0;

  constructor({ reals, counts }: RecordWords) {
    this.#reals = reals;
    this.#counts = counts;
  }

  /** From now on this is what begins at a word. */
  move(at: number): void {
    this.#at = at;
  }

  get segments(): number {
    return this.#reals[this.#at] ?? 0;
  }

  set segments(value: number) {
    this.#reals[this.#at] = value;
  }

  get changedMs(): number {
    return timeOf(this.#counts[this.#at + 1] ?? 0);
  }

  set changedMs(value: number) {
    this.#counts[this.#at + 1] = stepsOf(value);
  }
}
