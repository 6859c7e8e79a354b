/**
 * What is measured by bench:query: the aggregator's own gRPC server, policy service and all, over a view filled with measured paths, and
 * beside it, on a second port of the same process, a server with the same settings whose handler does nothing. No broker: nothing comes in
 * but what the parent process asks for.
 */
import { createInterface } from "node:readline";
import { ServerCredentials } from "@grpc/grpc-js";
import type { MessageTypeDefinition } from "@grpc/proto-loader";
import { CallRunner } from "../../aggregator/call-runner.ts";
import { systemClock } from "../../aggregator/clock.ts";
import { AdviceLedger } from "../../aggregator/core/advice-ledger.ts";
import {
  adviceBounds,
  failureBounds,
  fanInBounds,
  inferenceBounds,
  pushBounds,
  queryBounds,
  sharedFailureBounds,
  tableBounds,
} from "../../aggregator/core/bounds.ts";
import { FailureLog } from "../../aggregator/core/failure-log.ts";
import { FanIns } from "../../aggregator/core/fan-ins.ts";
import { adviceFor } from "../../aggregator/core/host-advice.ts";
import { Hosts } from "../../aggregator/core/hosts.ts";
import { Inference } from "../../aggregator/core/inference.ts";
import { PathTable } from "../../aggregator/core/path-table.ts";
import { PolicyBook } from "../../aggregator/core/policy/policy-book.ts";
import type { PathReportRow } from "../../aggregator/core/report-check.ts";
import { SharedFailures } from "../../aggregator/core/shared-failures.ts";
import type { View } from "../../aggregator/core/view.ts";
import { startGrpcServer } from "../../aggregator/grpc-server.ts";
import { createMetrics } from "../../aggregator/metrics.ts";
import { PathService } from "../../aggregator/path-service.ts";
import { PolicyService } from "../../aggregator/policy-service.ts";
import { SlicedWork } from "../../aggregator/sliced-work.ts";
import { silentLog } from "../../common/log.ts";
import { addressFromText } from "../../proto/address.ts";
import { packageDefinition } from "../../proto/messages.ts";
import { estimateAfter } from "../support/folded.ts";
import { pathHosts, pathRow, queryAddress, queryHostId } from "./query-plan.ts";

const hosts = new Hosts(tableBounds);
const table = new PathTable(tableBounds);
const view: View = {
  table,
  hosts,
  inference: new Inference(hosts, inferenceBounds),
  ledger: new AdviceLedger({ term: systemClock.unixMs(), ttlMs: 10_000, paths: table, bounds: pushBounds }),
  policy: new PolicyBook(),
  failures: new FailureLog(failureBounds),
  sharedFailures: new SharedFailures(sharedFailureBounds),
  fanIns: new FanIns(fanInBounds),
};

for (let host = 0; host < pathHosts; host += 1) {
  const announced = view.hosts.announce(
    {
      hostId: queryHostId(host),
      epoch: 1,
      rack: `r${host >> 5}`,
      zone: `z${host >> 8}`,
      addresses: Buffer.from(bytesOf(queryAddress(host))),
      linkBytesPerSecond: 0,
      agentVersion: "0.1.0",
      kernelRelease: "6.1",
      mode: "MODE_APPLY",
      reportIntervalMs: 1_000,
      adviceTerm: 0,
      adviceVersion: 0,
    },
    queryHostId(host),
    systemClock.nowMs(),
  );
  if (!announced.ok) throw new Error(`Cannot announce a host: ${announced.refusal}`);
}
for (let from = 0; from < pathHosts; from += 1) {
  for (let to = 0; to < pathHosts; to += 1) if (from !== to) report(from, to);
}
for (let from = 0; from < pathHosts; from += 1) view.ledger.takeUpdates(queryHostId(from), 1_000, systemClock.nowMs());

const { sliceMs, longBegunMax, longWaitingMax } = queryBounds;
const work = new SlicedWork({ sliceMs, begunMax: longBegunMax, waitingMax: longWaitingMax }, systemClock);
const calls = new CallRunner(createMetrics(), work);
const service = new PathService({ view, calls, clock: systemClock, isKnown: () => true });
const policy = new PolicyService({
  view,
  file: undefined,
  calls,
  callerOf: (call) => ({ who: "bench", peer: call.getPeer(), role: "reader" }),
  clock: systemClock,
  log: silentLog(),
  onChanged: () => undefined,
});
const listen = { host: "127.0.0.1", port: 0 };
const protection = { credentials: ServerCredentials.createInsecure(), interceptors: [] };
const standing = () => ({ role: "leader", term: 1, leader: "bench", partition: "1/1", warming: false }) as const;
const real = await startGrpcServer(listen, service, policy, protection, standing);
// The message without a field, which takes no bytes.
const nothing = (
  packageDefinition["augmenter.v1.PathEstimate"] as unknown as MessageTypeDefinition<object, object>
).deserialize(Buffer.alloc(0));
const empty = await startGrpcServer(
  listen,
  {
    handlers: () => ({ GetPath: (_: unknown, done: (error: null, answer: object) => void) => done(null, nothing) }),
    close: () => undefined,
  },
  policy,
  protection,
  standing,
);
process.stdout.write(`${JSON.stringify({ real: real.port, empty: empty.port, paths: view.table.size })}\n`);

let changing: NodeJS.Timeout | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const [command = "", count = "0"] = line.split(" ");
  if (command === "memory") {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 200));
    globalThis.gc?.();
    process.stdout.write(`${JSON.stringify({ rss: process.memoryUsage().rss, watchers: service.watchers })}\n`);
  } else if (command === "change") {
    changeEachSecond(Number(count));
    process.stdout.write('{"changing":true}\n');
  } else if (command === "quiet") {
    clearInterval(changing);
    process.stdout.write('{"changing":false}\n');
  }
}

// Every change is a new estimate of another host's path. Its moment travels in a value: milliseconds modulo 2^32, as rtt_p50_us.
function changeEachSecond(changes: number): void {
  const sliceMs = 10;
  let next = 0;
  let due = 0;
  changing = setInterval(() => {
    due += (changes * sliceMs) / 1000;
    for (; due >= 1; due -= 1) {
      const from = next % pathHosts;
      const destination = bytesOf(queryAddress((from + 1) % pathHosts));
      const known = view.table.get(queryHostId(from), destination)?.estimate;
      if (known === undefined) throw new Error("Cannot change a path that is not known");
      view.table.put(queryHostId(from), destination, { ...known, rttP50Us: Date.now() % 2 ** 31 });
      next += 1;
    }
  }, sliceMs);
}

function report(from: number, to: number): void {
  const destination = bytesOf(queryAddress(to));
  const nowMs = systemClock.nowMs();
  const row: PathReportRow = pathRow(from, to);
  view.table.put(queryHostId(from), destination, estimateAfter(undefined, row, nowMs));
  const advice = adviceFor(view, queryHostId(from), destination, adviceBounds, nowMs);
  view.ledger.want(queryHostId(from), destination, advice);
}

function bytesOf(text: string): Uint8Array {
  const bytes = addressFromText(text);
  if (bytes === undefined) throw new Error(`Cannot read ${text}`);
  return bytes;
}
