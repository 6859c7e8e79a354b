/** The server of bench:query, in a process of its own. */
import type { ChildProcessByStdio } from "node:child_process";
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Interface } from "node:readline";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** The server's process, which answers each command with a line. */
export class ServerProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: Interface;
  readonly #waiting: ((line: string) => void)[] = [];
  readonly #read: string[] = [];

  constructor() {
    const script = join(import.meta.dirname, "query-server.js");
    this.#child = spawn(process.execPath, ["--expose-gc", script], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#lines.on("line", (line) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#read.push(line);
      else waiting(line);
    });
  }

  /** Sends a command and reads the answer. */
  ask(command: string): Promise<unknown> {
    this.#child.stdin.write(`${command}\n`);
    return this.line();
  }

  async line(): Promise<unknown> {
    const line = this.#read.shift() ?? (await new Promise<string>((resolve) => this.#waiting.push(resolve)));
    return JSON.parse(line);
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }
}
