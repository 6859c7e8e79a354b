/** One program that runs below this one. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What to run. */
export interface ChildCommand {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a child ended: one of code and signal is null. */
export interface ChildEnd {
  readonly name: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote to stderr, oldest first. */
  readonly lastLines: readonly string[];
}

const linesKept = 20;
const lineLengthMax = 4_096;
/** After its end the rest of a child's stderr is read for so long, milliseconds. */
const outputGraceMs = 500;

/**
 * Owns a process. It has a session of its own, so that Ctrl-C on the terminal does not reach it past this program, and
 * gets SIGTERM from the kernel should this program die without stopping it.
 */
export class Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves once it has ended, whyever. */
  readonly ended: Promise<ChildEnd>;
  readonly #process: ChildProcess;
  readonly #onLine: (line: string) => void;
  #lines: string[] = [];
  #end: ChildEnd | undefined;

  /** Starts it. `onLine` gets each line of its stderr. */
  constructor({ name, command, args, env }: ChildCommand, onLine: (line: string) => void) {
    this.name = name;
    this.#onLine = onLine;
    this.#process = spawn("setpriv", ["--pdeathsig", "TERM", "--", command, ...args], {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
      env,
    });
    // -1 where it could not be started, as its end then says.
    this.pid = this.#process.pid ?? -1;
    if (this.#process.stderr !== null) {
      createInterface({ input: this.#process.stderr }).on("line", (line) => this.#take(line));
    }
    this.ended = this.#untilEnd();
  }

  /** Whether it still runs. */
  get isRunning(): boolean {
    return this.#end === undefined;
  }

  /** Asks it to end with SIGTERM, and ends it with SIGKILL where it has not after `waitMs`. */
  async stop(waitMs: number): Promise<ChildEnd> {
    if (this.isRunning) this.#process.kill("SIGTERM");
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), waitMs);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }

  #take(text: string): void {
    const line = text.slice(0, lineLengthMax);
    this.#lines = [...this.#lines, line].slice(-linesKept);
    this.#onLine(line);
  }

  #untilEnd(): Promise<ChildEnd> {
    return new Promise((resolve) => {
      let grace: NodeJS.Timeout | undefined;
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        clearTimeout(grace);
        this.#end ??= { name: this.name, code, signal, lastLines: this.#lines };
        resolve(this.#end);
      };
      // "close" comes once its stderr has been read to the end, which something it left behind could put off for ever.
      this.#process.once("close", end);
      this.#process.once("exit", (code, signal) => {
        grace = setTimeout(() => end(code, signal), outputGraceMs);
      });
      this.#process.once("error", (error) => {
        this.#take(`Cannot start setpriv: ${error.message}`);
        end(1, null);
      });
    });
  }
}
