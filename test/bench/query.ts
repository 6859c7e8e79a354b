/** What the query service carries: `npm run bench:query`. */
import { credentials } from "@grpc/grpc-js";
import { flag, integerBetween } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import type { PathServiceClient } from "../../proto/gen/augmenter/v1/PathService.ts";
import type { ProtoGrpcType } from "../../proto/gen/path_service.ts";
import { grpcPackage } from "../../proto/messages.ts";
import { batchRate, getPathRate, watchDelivery } from "./query-load.ts";
import { ServerProcess } from "./query-process.ts";

const program = {
  name: "augmenter bench:query",
  description:
    "Measures the aggregator's gRPC server over loopback, server and client in a process each: GetPath in turns with a handler that does nothing, BatchGetPaths, and 1,000 watchers of a host each while 1,000 paths a second change. Needs no privileges.",
  options: {
    seconds: { description: "of each of the thirty turns of GetPath", schema: integerBetween(1, 60), default: "1" },
    watchers: { description: "open WatchPaths calls", schema: integerBetween(1, 2_000), default: "1000" },
    changes: { description: "changes of paths a second", schema: integerBetween(1, 100_000), default: "1000" },
    json: { description: "print one JSON object", schema: flag(), default: "false", isFlag: true },
  },
} as const;

const batchSeconds = 6;

interface Ports {
  readonly real: number;
  readonly empty: number;
  readonly paths: number;
}

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { seconds, watchers, changes, json } = outcome.values;
  const server = new ServerProcess();
  try {
    const ports = (await server.line()) as Ports;
    process.stderr.write(`${ports.paths} paths\n`);
    const single = await getPathRate(clientAt(ports.real), clientAt(ports.empty), seconds);
    process.stderr.write(`GetPath ${single.perSecond.toFixed(0)}/s, empty ${single.emptyPerSecond.toFixed(0)}/s\n`);
    const batchPerSecond = await batchRate(clientAt(ports.real), batchSeconds);
    process.stderr.write(`BatchGetPaths ${(batchPerSecond / 1e6).toFixed(2)} M estimates/s\n`);
    const delivery = await watchDelivery(server, () => clientAt(ports.real), watchers, changes);
    const result = {
      get_path_ratio: rounded(single.ratio),
      get_path_per_s: Math.round(single.perSecond),
      empty_per_s: Math.round(single.emptyPerSecond),
      get_path_p50_ms: rounded(single.p50Ms),
      get_path_p99_ms: rounded(single.p99Ms),
      batch_estimates_per_s: Math.round(batchPerSecond),
      watchers,
      changes_per_s: changes,
      watch_updates: delivery.updates,
      watch_delivery_p50_ms: rounded(delivery.p50Ms),
      watch_delivery_p99_ms: rounded(delivery.p99Ms),
      kib_per_watcher: rounded(delivery.kibPerWatcher),
    };
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : lines(result));
  } finally {
    server.stop();
  }
});

function clientAt(port: number): PathServiceClient {
  const types = grpcPackage() as unknown as ProtoGrpcType;
  return new types.augmenter.v1.PathService(`127.0.0.1:${port}`, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_receive_message_length": 8 << 20,
    // A batch of 2.4 MB in windows of 64 KB takes as many round trips as it has windows.
    "grpc-node.flow_control_window": 8 << 20,
    "grpc.enable_http_proxy": 0,
  });
}

function lines(result: Readonly<Record<string, number>>): string {
  return Object.entries(result)
    .map(([name, value]) => `${name.padEnd(24)} ${value}\n`)
    .join("");
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
