/**
 * What is measured, in a process of its own: the whole aggregator, its way from NATS to the view alone, or a bare subscriber that copies
 * each payload. Arguments: aggregator|ingest|bare, the broker's port, rows of a report.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { connect } from "nats";
import { startAggregator } from "../../aggregator/aggregator.ts";
import { systemClock } from "../../aggregator/clock.ts";
import { AdviceLedger } from "../../aggregator/core/advice-ledger.ts";
import {
  failureBounds,
  fanInBounds,
  inferenceBounds,
  pushBounds,
  sharedFailureBounds,
  tableBounds,
} from "../../aggregator/core/bounds.ts";
import { FailureLog } from "../../aggregator/core/failure-log.ts";
import { FanIns } from "../../aggregator/core/fan-ins.ts";
import { Hosts } from "../../aggregator/core/hosts.ts";
import { Inference } from "../../aggregator/core/inference.ts";
import { PathTable } from "../../aggregator/core/path-table.ts";
import { PolicyBook } from "../../aggregator/core/policy/policy-book.ts";
import { SharedFailures } from "../../aggregator/core/shared-failures.ts";
import type { View } from "../../aggregator/core/view.ts";
import { Ingest, ingestBounds, ingestKinds } from "../../aggregator/ingest.ts";
import { createMetrics } from "../../aggregator/metrics.ts";
import { aggregatorProgram } from "../../aggregator/options.ts";
import { RefusalLog } from "../../aggregator/refusal-log.ts";
import { compactHeap } from "../../common/heap-compaction.ts";
import { inlineMore } from "../../common/inlining.ts";
import { createLog } from "../../common/log.ts";
import { MessageQueue } from "../../common/message-queue.ts";
import { connectNats } from "../../common/nats-link.ts";
import { readOptions } from "../../common/options.ts";
import { Shutdown } from "../../common/shutdown.ts";
import { holdYoungGeneration } from "../../common/young-generation.ts";
import { payloadMaxBytes } from "../../proto/messages.ts";
import { subjectForAllHosts } from "../../proto/subjects.ts";
import type { ReceiverCommand, ReceiverFigures, ReceiverReply } from "./aggregator-messages.ts";

const progressMs = 10;
const [kind, port, rowsPerReport] = process.argv.slice(2);
const url = `nats://127.0.0.1:${port}`;

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));

// As the aggregator does when it starts.
holdYoungGeneration();
compactHeap();
inlineMore();
const rowsTaken = await (kind === "bare" ? startBare() : kind === "ingest" ? startIngest() : startAll());
const delay = monitorEventLoopDelay({ resolution: 1 });
let begun = { rows: 0, cpu: process.cpuUsage() };
let firstMs = 0;
let lastMs = 0;
let lastRows = 0;

process.on("message", (command: ReceiverCommand) => {
  if (command.kind === "memory") void settled().then((rssBytes) => say({ kind: "memory", rssBytes }));
  else if (command.kind === "begin") {
    begun = { rows: rowsTaken(), cpu: process.cpuUsage() };
    firstMs = 0;
    lastRows = begun.rows;
    delay.reset();
    delay.enable();
    say({ kind: "begun" });
  } else say({ kind: "ended", ...figures() });
});
setInterval(() => {
  const rows = rowsTaken();
  if (rows === lastRows) return;
  lastMs = performance.now();
  if (firstMs === 0) firstMs = lastMs - progressMs;
  lastRows = rows;
  say({ kind: "taken", rows: rows - begun.rows });
}, progressMs);
say({ kind: "ready" });

function figures(): ReceiverFigures {
  const { user, system } = process.cpuUsage(begun.cpu);
  return {
    rows: rowsTaken() - begun.rows,
    wallSeconds: (lastMs - firstMs) / 1000,
    cpuSeconds: (user + system) / 1e6,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
    loopDelayMaxMs: delay.max / 1e6,
  };
}

async function startAll(): Promise<() => number> {
  const args = [
    "--nats-url",
    url,
    "--grpc-listen",
    "127.0.0.1:0",
    "--http-listen",
    "127.0.0.1:0",
    "--log-level",
    "warn",
  ];
  const outcome = readOptions(aggregatorProgram, args, {});
  if (outcome.kind === "text") throw new Error(outcome.text);
  const log = createLog("bench", outcome.values.logLevel);
  const shutdown = new Shutdown({ deadlineMs: 5_000, log });
  const { ingest } = await startAggregator({ options: outcome.values, clock: systemClock, log, shutdown });
  return () => ingest.rows;
}

async function startIngest(): Promise<() => number> {
  const link = await connectNats({ url, name: "ingest", connectWaitMs: 5_000 });
  const log = createLog("bench", "warn");
  const hosts = new Hosts(tableBounds);
  const table = new PathTable(tableBounds);
  const view: View = {
    table,
    hosts,
    inference: new Inference(hosts, inferenceBounds),
    sharedFailures: new SharedFailures(sharedFailureBounds),
    fanIns: new FanIns(fanInBounds),
    ledger: new AdviceLedger({ term: 1, ttlMs: 10_000, paths: table, bounds: pushBounds }),
    policy: new PolicyBook(),
    failures: new FailureLog(failureBounds),
  };
  const ingest = new Ingest({
    view,
    failures: { failedJump: () => "lowered", lowered: () => undefined },
    onHostTerm: () => undefined,
    metrics: createMetrics(),
    clock: systemClock,
    refusals: new RefusalLog(log, systemClock),
  });
  for (const kind of ingestKinds) {
    link.subscribe(
      subjectForAllHosts(kind),
      (subject, payload) => ingest.take(kind, subject, payload),
      ingestBounds[kind],
    );
  }
  await link.flush(5_000);
  return () => ingest.rows;
}

// The client as it is: what is read is not lent to it, as the aggregator's link does.
async function startBare(): Promise<() => number> {
  const connection = await connect({ servers: url, name: "bare", noAsyncTraces: true });
  const copy = Buffer.alloc(payloadMaxBytes);
  let rows = 0;
  const take = (_: string, payload: Uint8Array): void => {
    copy.set(payload);
    rows += Number(rowsPerReport);
  };
  const queue = new MessageQueue(take, { messagesMax: 8_192, bytesMax: 64 << 20, isLent: true });
  connection.subscribe(subjectForAllHosts("report"), {
    callback: (_, message) => queue.push(message.subject, message.data),
  });
  await connection.flush();
  return () => rows;
}

async function settled(): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage.rss();
}

function say(reply: ReceiverReply): void {
  process.send?.(reply);
}
