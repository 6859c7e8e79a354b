import { constants } from "node:os";

const cleanups = new Set<() => void>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

let installed = false;

/**
 * Runs a synchronous cleanup when this process exits, be it by a signal. Where the program handles a signal itself, the
 * signal is left to it and the cleanup runs when it exits. Returns a function that takes the cleanup back.
 */
export function onExit(cleanup: () => void): () => void {
  if (!installed) {
    installed = true;
    process.on("exit", runAll);
    for (const signal of SIGNALS) {
      process.on(signal, endBySignal);
    }
  }
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

function runAll(): void {
  for (const cleanup of cleanups) {
    cleanups.delete(cleanup);
    try {
      cleanup();
    } catch (error) {
      // The others still have theirs to do; the next testbed removes what this one could not.
      process.stderr.write(`${(error as Error).message}\n`);
    }
  }
}

function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 1) {
    process.exit(128 + constants.signals[signal]);
  }
}
