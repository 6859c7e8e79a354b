import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { createInterface } from "node:readline";

/** How a process ended: one of the two is null. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcessOptions {
  /** For error messages; the command unless given. */
  readonly name?: string;
  /** The whole environment; this process's unless given. */
  readonly env?: NodeJS.ProcessEnv;
  /** Takes each line of stdout, which is then not kept. */
  readonly onLine?: (line: string) => void;
}

const MAX_KEPT_CHARACTERS = 32 * 1024 * 1024;
const OUTPUT_GRACE_MS = 500;
const DEFAULT_STOP_MS = 3000;

/** A process started by the testbed, with what it printed. It dies with this process. */
export class RunningProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #output = { stdout: "", stderr: "" };
  readonly #events = new EventEmitter();
  #exit: ProcessExit | null = null;

  constructor(command: string, args: readonly string[], options: RunningProcessOptions = {}) {
    this.#name = options.name ?? command;
    // Its own session: Ctrl-C on the terminal reaches the driver alone, which then ends things in order.
    this.#child = spawn(command, args, { detached: true, stdio: "pipe", env: options.env ?? process.env });
    // -1 when it could not be started, as the exit then says.
    this.pid = this.#child.pid ?? -1;
    this.#events.setMaxListeners(0);
    this.#child.stdin?.on("error", () => undefined);
    const { onLine } = options;
    if (onLine === undefined) {
      this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => this.#keep("stdout", text));
    } else if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on("line", onLine);
    }
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => this.#keep("stderr", text));
    this.exited = new Promise((resolve) => {
      let grace: NodeJS.Timeout | undefined;
      const end = (exit: ProcessExit) => {
        clearTimeout(grace);
        this.#exit ??= exit;
        resolve(this.#exit);
        this.#events.emit("change");
      };
      this.#child.once("close", (code, signal) => end({ code, signal }));
      // A grandchild that lives on may hold the output open for ever, so the rest of it is waited for only briefly.
      this.#child.once("exit", (code, signal) => {
        grace = setTimeout(() => end({ code, signal }), OUTPUT_GRACE_MS);
      });
      this.#child.once("error", (error) => {
        this.#output.stderr += error.message;
        end({ code: 127, signal: null });
      });
    });
  }

  /** Everything printed so far; of a very long output the end. */
  get stdout(): string {
    return this.#output.stdout;
  }

  get stderr(): string {
    return this.#output.stderr;
  }

  /** How it ended, or null while it runs. */
  get exit(): ProcessExit | null {
    return this.#exit;
  }

  /** Waits for a line on stdout or stderr, also one already printed. Fails when the process ends or time is up. */
  async waitForLine(pattern: RegExp, waitMs: number): Promise<string> {
    const signal = AbortSignal.timeout(waitMs);
    for (;;) {
      const line = `${this.stdout}\n${this.stderr}`.split("\n").find((candidate) => pattern.test(candidate));
      if (line !== undefined) {
        return line;
      }
      if (this.#exit !== null || signal.aborted) {
        throw new Error(this.#failure(`print ${pattern}`));
      }
      await once(this.#events, "change", { signal }).catch(() => undefined);
    }
  }

  /** Writes to its stdin. */
  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Sends a signal. Does nothing once it has ended. */
  kill(signal: NodeJS.Signals): void {
    if (this.#exit === null && this.pid > 0) {
      this.#child.kill(signal);
    }
  }

  /** Asks it to end with SIGTERM, and ends it with SIGKILL when it has not after waitMs. */
  async stop(waitMs: number = DEFAULT_STOP_MS): Promise<ProcessExit> {
    this.kill("SIGTERM");
    const timer = setTimeout(() => this.kill("SIGKILL"), waitMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  /** Waits until it ends and returns its stdout; an exit code not in codes is an error. */
  async result(codes: readonly number[] = [0]): Promise<string> {
    const exit = await this.exited;
    if (exit.code === null || !codes.includes(exit.code)) {
      throw new Error(this.#failure("finish"));
    }
    return this.stdout;
  }

  #keep(stream: "stdout" | "stderr", text: string): void {
    this.#output[stream] = (this.#output[stream] + text).slice(-MAX_KEPT_CHARACTERS);
    this.#events.emit("change");
  }

  #failure(action: string): string {
    const state = this.#exit === null ? "still running" : `exit ${this.#exit.code ?? this.#exit.signal}`;
    return `Cannot ${action}: ${this.#name}: ${state}: ${this.stderr.slice(-500).trim()}`;
  }
}
