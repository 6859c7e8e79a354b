/** Warnings and errors of the programs below, for a person: the newest, and how many there were. */
import { loggedLineOf } from "./child-line.ts";

/** Keeps the newest one. */
export class Notices {
  #newest: string | undefined;
  #total = 0;
  #told = 0;

  /** Looks at a line of a program's stderr. `time` is shown beside it. */
  take(program: string, line: string, time: string): void {
    const { severity, text } = loggedLineOf(line);
    if (severity === "information" || severity === "plain") return;
    this.#newest = `${time} ${program} ${severity}: ${text}`;
    this.#total += 1;
  }

  /** The newest as one line, with the number of those before it; undefined where there were none. */
  get newest(): string | undefined {
    return withCount(this.#newest, this.#total - 1);
  }

  /** As `newest`, but counted from the last call of this function; undefined where there was none since. */
  takeNew(): string | undefined {
    const fresh = this.#total - this.#told;
    this.#told = this.#total;
    return fresh === 0 ? undefined : withCount(this.#newest, fresh - 1);
  }
}

function withCount(text: string | undefined, before: number): string | undefined {
  return text === undefined || before === 0 ? text : `${text} (and ${before} before it)`;
}
