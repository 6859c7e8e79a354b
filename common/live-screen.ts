/** Lines on a terminal that are drawn again in place. */
import { stripVTControlCharacters } from "node:util";

/** What is drawn on: process.stdout, except in tests. */
export interface Terminal {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

// A pseudo-terminal that nobody has given a size to says 0.
const usualColumns = 80;
const usualRows = 24;

/** Owns the lowest lines of a terminal, from where the cursor stood at the first draw(). */
export class LiveScreen {
  readonly #terminal: Terminal;
  #drawnLines = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Characters of a line: the last column stays free, because erasing to the end of a full line takes its last one. */
  get columns(): number {
    return (this.#terminal.columns || usualColumns) - 1;
  }

  /** Lines that can be drawn again: the cursor stands below them, and cannot go back to what has scrolled away. */
  get lines(): number {
    return Math.max(1, (this.#terminal.rows || usualRows) - 1);
  }

  /** Replaces what was drawn before, all in one write so that nothing flickers. Lines that do not fit are cut. */
  draw(lines: readonly string[]): void {
    const back = this.#drawnLines > 0 ? `\x1b[${this.#drawnLines}A` : "";
    const drawn = lines.slice(0, this.lines).map((line) => this.#cut(line));
    this.#drawnLines = drawn.length;
    this.#terminal.write(`${back}\r${drawn.map((line) => `${line}\x1b[K\n`).join("")}\x1b[J`);
  }

  /** Writes lines that stay, above what is drawn from now on. */
  print(lines: readonly string[]): void {
    this.draw([]);
    this.#terminal.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Empties the terminal, whose size has changed: where the lines drawn before are now cannot be known. */
  clear(): void {
    this.#drawnLines = 0;
    this.#terminal.write("\x1b[2J\x1b[H");
  }

  #cut(line: string): string {
    const text = stripVTControlCharacters(line);
    return text.length <= this.columns ? line : text.slice(0, this.columns);
  }
}
