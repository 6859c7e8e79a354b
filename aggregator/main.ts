#!/usr/bin/env node
/** augmenter-aggregator: the program. Only here are the environment, the clock and signals. */
import { compactHeap } from "../common/heap-compaction.ts";
import { inlineMore } from "../common/inlining.ts";
import { createLog } from "../common/log.ts";
import { readOptions } from "../common/options.ts";
import { runMain } from "../common/run-main.ts";
import { Shutdown } from "../common/shutdown.ts";
import { holdYoungGeneration } from "../common/young-generation.ts";
import { startAggregator } from "./aggregator.ts";
import { systemClock } from "./clock.ts";
import { aggregatorProgram } from "./options.ts";

const shutdownDeadlineMs = 5_000;

void runMain(main);

async function main(): Promise<void> {
  const outcome = readOptions(aggregatorProgram, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  holdYoungGeneration();
  compactHeap();
  inlineMore();
  const log = createLog(aggregatorProgram.name, outcome.values.logLevel);
  const shutdown = new Shutdown({ deadlineMs: shutdownDeadlineMs, log });
  const signal = shutdown.untilSignal();
  try {
    const starting = startAggregator({ options: outcome.values, clock: systemClock, log, shutdown });
    const running = await Promise.race([starting, signal]);
    if (typeof running === "object") log.info({ signal: await Promise.race([signal, running.failed]) }, "ending");
  } finally {
    if (!(await shutdown.run())) log.warn("some cleanup did not finish");
  }
}
