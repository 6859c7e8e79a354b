/** What it costs the event loop to learn from paths what others have in common with them: `npm run bench:inference`. */

import { AdviceLedger } from "../../aggregator/core/advice-ledger.ts";
import {
  adviceBounds,
  failureBounds,
  fanInBounds,
  inferenceBounds,
  pushBounds,
  sharedFailureBounds,
  tableBounds,
} from "../../aggregator/core/bounds.ts";
import { FailureLog } from "../../aggregator/core/failure-log.ts";
import { FanIns } from "../../aggregator/core/fan-ins.ts";
import { adviceFor } from "../../aggregator/core/host-advice.ts";
import { Hosts } from "../../aggregator/core/hosts.ts";
import type { Learner } from "../../aggregator/core/inference.ts";
import { Inference } from "../../aggregator/core/inference.ts";
import type { PathEstimateState } from "../../aggregator/core/path-estimate.ts";
import { emptyEstimate } from "../../aggregator/core/path-estimate.ts";
import { PathTable } from "../../aggregator/core/path-table.ts";
import { PolicyBook } from "../../aggregator/core/policy/policy-book.ts";
import { SharedFailures } from "../../aggregator/core/shared-failures.ts";
import type { View } from "../../aggregator/core/view.ts";
import { flag, integerBetween } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { hostAnnouncement } from "../../proto/messages.ts";

const program = {
  name: "augmenter bench:inference",
  description:
    "Measures, in its own process, how long learning from reports and looking for unseen paths hold the event loop, with so many hosts and measured paths.",
  options: {
    json: { description: "print one JSON object as the last line", schema: flag(), default: "false", isFlag: true },
    hosts: { description: "in racks of 20, ten racks a zone", schema: integerBetween(40, 20_000), default: "1000" },
    paths: { description: "measured ones of each", schema: integerBetween(1, 1_000), default: "100" },
    intervals: { description: "in which every host reports once", schema: integerBetween(1, 1_000), default: "30" },
  },
} as const;

const hostsPerRack = 20;
const racksPerZone = 10;
const estimate: PathEstimateState = {
  ...emptyEstimate,
  minRtt: { bucketStartMs: 0, current: 500, previous: 500 },
  rttP50Us: 550,
  rttP95Us: 700,
  rate: { ...emptyEstimate.rate, rateBytesPerSecond: 1e8, sampledMs: 0 },
  mssBytes: 1448,
  rttSamples: 64,
  rateSamples: 32,
  connections: 8,
};

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { json, hosts, paths, intervals } = outcome.values;
  const view = viewOf(hosts, paths);
  const reports = learnTimesMs(view, hosts, paths, intervals);
  // The first time round is the compiler's.
  unseenTimesMs(view, intervals * 1_000);
  const ticks = unseenTimesMs(view, intervals * 1_000);
  const figures = {
    hosts,
    paths: hosts * paths,
    rows_learned_per_interval: reports.rows / intervals,
    learn_row_us: rounded((reports.sumMs * 1_000) / reports.rows),
    learn_interval_ms: rounded(reports.sumMs / intervals),
    learn_report_p99_ms: rounded(quantile(reports.eachMs, 0.99)),
    learn_report_max_ms: rounded(quantile(reports.eachMs, 1)),
    unseen_tick_p50_ms: rounded(quantile(ticks, 0.5)),
    unseen_tick_max_ms: rounded(quantile(ticks, 1)),
  };
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(28)}${value}\n`);
});

function viewOf(hostCount: number, pathsPerHost: number): View {
  const hosts = new Hosts({ ...tableBounds, hostsMax: hostCount });
  const pathsMax = hostCount * pathsPerHost;
  const table = new PathTable({ ...tableBounds, pathsMax });
  const view: View = {
    table,
    hosts,
    inference: new Inference(hosts, inferenceBounds),
    ledger: new AdviceLedger({ term: 1, ttlMs: 10_000, paths: table, bounds: pushBounds }),
    policy: new PolicyBook(),
    failures: new FailureLog(failureBounds),
    sharedFailures: new SharedFailures(sharedFailureBounds),
    fanIns: new FanIns(fanInBounds),
  };
  for (let index = 0; index < hostCount; index += 1) announce(view, index);
  for (let index = 0; index < hostCount; index += 1) {
    for (let path = 0; path < pathsPerHost; path += 1) {
      view.table.put(nameOf(index), addressOf(destinationOf(index, path, hostCount)), estimate);
    }
  }
  return view;
}

function announce(view: View, index: number): void {
  const rack = Math.floor(index / hostsPerRack);
  const payload = hostAnnouncement.seal({
    hostId: nameOf(index),
    epoch: 1_700_000_000_000_000,
    rack: `rack-${rack}`,
    zone: `zone-${Math.floor(rack / racksPerZone)}`,
    addresses: addressOf(index),
    mode: "MODE_APPLY",
    reportIntervalMs: 1_000,
  });
  const opened = hostAnnouncement.open(payload);
  if (!opened.ok || !view.hosts.announce(opened.message, nameOf(index), 0).ok) throw new Error("Cannot announce");
}

// What ingest does beside the fold: a few rows of each report, another few in the next.
function learnTimesMs(view: View, hostCount: number, pathsPerHost: number, intervals: number) {
  const eachMs: number[] = [];
  const learners = Array.from({ length: hostCount }, (): Learner => ({ turns: [0, 0], learnedMs: -1_000 }));
  let rows = 0;
  for (let interval = 0; interval < intervals; interval += 1) {
    for (const [index, learner] of learners.entries()) {
      const startedMs = performance.now();
      for (const path of view.inference.turnOf(learner, 0, pathsPerHost, interval * 1_000)) {
        const record = view.table.get(nameOf(index), addressOf(destinationOf(index, path, hostCount)));
        if (record === undefined) throw new Error("Cannot find a path");
        view.inference.learn(record.hostId, record.destination, record.estimate, interval * 1_000);
        rows += 1;
      }
      eachMs.push(performance.now() - startedMs);
    }
  }
  return { eachMs, rows, sumMs: eachMs.reduce((sum, ms) => sum + ms, 0) };
}

// What the advisor does in each of its ticks, once over all hosts.
function unseenTimesMs(view: View, nowMs: number): readonly number[] {
  const waiting = view.hosts.all().map((host) => host.hostId);
  const eachMs: number[] = [];
  while (waiting.length > 0) {
    const startedMs = performance.now();
    for (let looked = 0; looked < inferenceBounds.candidatesPerTick && waiting.length > 0; ) {
      if (performance.now() - startedMs >= inferenceBounds.candidatesMs) break;
      const host = view.hosts.get(waiting.pop() ?? "");
      if (host === undefined) break;
      const candidates = view.inference.unseen.candidatesOf(host, nowMs);
      for (const destination of candidates) {
        if (view.table.get(host.hostId, destination) !== undefined) continue;
        adviceFor(view, host.hostId, destination, adviceBounds, nowMs);
      }
      looked += candidates.length + 1;
    }
    eachMs.push(performance.now() - startedMs);
  }
  return eachMs;
}

// Half in the own zone, half anywhere, another set for each host.
function destinationOf(index: number, path: number, hostCount: number): number {
  const perZone = Math.min(hostCount, hostsPerRack * racksPerZone);
  const near = Math.floor(index / perZone) * perZone + ((index + 7 * path + 1) % perZone);
  const found = path % 2 === 0 ? near : index + 1 + 37 * path;
  return found % hostCount;
}

function nameOf(index: number): string {
  return `node-${index}`;
}

function addressOf(index: number): Buffer {
  const address = Buffer.alloc(16);
  address.writeUInt32BE(0xffff, 8);
  address.writeUInt32BE(0x0a000000 + index, 12);
  return address;
}

function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(q * values.length) - 1] ?? 0;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
