/** Where a run stands. */

/** How far a run of cells is, and how long the rest will take: what was expected of it, corrected by what came true. */
export class RunClock {
  readonly #expectedSeconds: readonly number[];
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  #finished = 0;

  constructor(expectedSeconds: readonly number[], nowMs: () => number = () => performance.now()) {
    this.#expectedSeconds = expectedSeconds;
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  /** Another cell is over. */
  next(): void {
    this.#finished += 1;
  }

  get leftSeconds(): number {
    const done = sum(this.#expectedSeconds.slice(0, this.#finished));
    const pace = done === 0 ? 1 : this.#elapsedSeconds / done;
    return pace * sum(this.#expectedSeconds.slice(this.#finished));
  }

  /** How long the cell of that place may take if it begins now, for the whole run to end within so many seconds. */
  shareOf(place: number, wholeSeconds: number): number {
    const left = sum(this.#expectedSeconds.slice(place));
    const own = this.#expectedSeconds[place] ?? 0;
    return left === 0 ? 0 : (Math.max(0, wholeSeconds - this.#elapsedSeconds) * own) / left;
  }

  /** `3/24, 12 min left`. */
  text(): string {
    const of = String(this.#expectedSeconds.length);
    return `${String(this.#finished).padStart(of.length)}/${of}, ${this.leftText()} left`;
  }

  leftText(): string {
    const seconds = this.leftSeconds;
    return seconds < 120 ? `${seconds.toFixed(0)} s` : `${(seconds / 60).toFixed(0)} min`;
  }

  get #elapsedSeconds(): number {
    return (this.#nowMs() - this.#startedMs) / 1000;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
