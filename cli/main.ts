#!/usr/bin/env node
/** augmenter: the operator's command. Only here are the environment, the clock and signals. */
import { homedir } from "node:os";
import { exitCodes } from "../common/exit-codes.ts";
import { runMain } from "../common/run-main.ts";
import { runCommand } from "./program.ts";

let ending: AbortController | undefined;

/** Aborted by the first Ctrl-C from now on: what watches then ends with code 0. Whoever never asks is ended as usual. */
function interruption(): AbortSignal {
  if (ending === undefined) {
    const controller = new AbortController();
    ending = controller;
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => controller.abort());
  }
  return ending.signal;
}

// Whoever reads has seen enough: `augmenter paths | head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`Cannot write the answer: ${error.message}\n`);
  process.exit(exitCodes.unexpected);
});

// Node.js would tell a person of what libraries should do otherwise.
process.noDeprecation = true;

void runMain(async () => {
  await runCommand(process.argv.slice(2), {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    home: homedir(),
    interruption,
    nowMs: () => Date.now(),
  });
  await flushed();
});

/** Until a pipe has taken all that was written: the process ends at once afterwards. */
function flushed(): Promise<void> {
  return new Promise((resolve) => process.stdout.write("", () => resolve()));
}
