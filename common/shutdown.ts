/** The one place where a program is told to end, and ends in order. */
import type { Log } from "./log.ts";

/** How long the end may take, and where it is told. */
export interface ShutdownOptions {
  /** All cleanups together get this long, milliseconds. */
  readonly deadlineMs: number;
  readonly log: Log;
}

/** What signals come from; the process, except in tests. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM", listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: "SIGINT" | "SIGTERM", listener: (signal: NodeJS.Signals) => void): unknown;
}

interface Cleanup {
  readonly name: string;
  readonly run: () => unknown;
}

const repeatMs = 1_000;

/** Collects cleanups while a program starts and runs them, last made first, when it ends or fails to start. */
export class Shutdown {
  readonly #options: ShutdownOptions;
  readonly #cleanups: Cleanup[] = [];
  #ended: Promise<boolean> | undefined;

  constructor(options: ShutdownOptions) {
    this.#options = options;
  }

  /** Adds a cleanup; it may return a promise. */
  add(name: string, run: () => unknown): void {
    this.#cleanups.push({ name, run });
  }

  /**
   * Resolves with the name of the first SIGINT or SIGTERM. Repeats within a second are the same one: npm forwards a Ctrl-C that
   * the terminal has sent already, and a parent that dies signals once for each of its threads. A later one ends the
   * process at once.
   */
  untilSignal(source: SignalSource = process): Promise<NodeJS.Signals> {
    return new Promise((resolve) => {
      let isFirst = true;
      const listener = (signal: NodeJS.Signals) => {
        if (!isFirst) return;
        isFirst = false;
        resolve(signal);
        setTimeout(() => {
          source.off("SIGINT", listener);
          source.off("SIGTERM", listener);
        }, repeatMs).unref();
      };
      source.on("SIGINT", listener);
      source.on("SIGTERM", listener);
    });
  }

  /** Runs every cleanup once; true where all succeeded within the deadline. Later calls return the first one's result. */
  run(): Promise<boolean> {
    this.#ended ??= this.#runAll();
    return this.#ended;
  }

  async #runAll(): Promise<boolean> {
    const endsMs = performance.now() + this.#options.deadlineMs;
    let clean = true;
    for (const cleanup of this.#cleanups.toReversed()) {
      const problem = await problemOf(cleanup, Math.max(0, endsMs - performance.now()));
      if (problem === undefined) continue;
      clean = false;
      this.#options.log.error({ cleanup: cleanup.name, err: problem }, "cleanup failed");
    }
    return clean;
  }
}

// A cleanup that hangs must not keep the ones after it from running.
async function problemOf(cleanup: Cleanup, waitMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<unknown>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`Cannot wait for cleanup "${cleanup.name}" any longer`)), waitMs);
  });
  const work = (async () => {
    await cleanup.run();
    return undefined;
  })().catch((error: unknown) => error);
  const problem = await Promise.race([work, deadline]);
  clearTimeout(timer);
  return problem;
}
