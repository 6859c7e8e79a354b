/** An aggregator in the test's own process, between a real broker and a real gRPC client. */
import { credentials } from "@grpc/grpc-js";
import { expect } from "vitest";
import type { RunningAggregator } from "../../aggregator/aggregator.ts";
import { startAggregator } from "../../aggregator/aggregator.ts";
import { systemClock } from "../../aggregator/clock.ts";
import { aggregatorProgram } from "../../aggregator/options.ts";
import { silentLog } from "../../common/log.ts";
import { readOptions } from "../../common/options.ts";
import { Shutdown } from "../../common/shutdown.ts";
import type { PathServiceClient } from "../../proto/gen/augmenter/v1/PathService.ts";
import type { ProtoGrpcType } from "../../proto/gen/path_service.ts";
import { grpcPackage } from "../../proto/messages.ts";
import type { Broker } from "./broker.ts";

/** One that runs, with a client of it. */
export interface AggregatorUnderTest {
  readonly running: RunningAggregator;
  readonly client: PathServiceClient;
  /** Ends both; fails the test where the aggregator does not end in time. */
  end(): Promise<void>;
}

/** Its options: any free ports of loopback, and whatever else is given. */
export function aggregatorOptions({ port }: Broker, more: readonly string[] = []) {
  const listen = ["--grpc-listen=127.0.0.1:0", "--http-listen=127.0.0.1:0"];
  const outcome = readOptions(aggregatorProgram, [`--nats-url=nats://127.0.0.1:${port}`, ...listen, ...more], {});
  if (outcome.kind !== "values") throw new Error("Cannot read the options");
  return outcome.values;
}

/** Starts one, without TLS. */
export async function aggregatorUnderTest(broker: Broker, more: readonly string[] = []): Promise<AggregatorUnderTest> {
  const log = silentLog();
  const shutdown = new Shutdown({ deadlineMs: 5_000, log });
  const running = await startAggregator({
    options: aggregatorOptions(broker, more),
    clock: systemClock,
    log,
    shutdown,
  });
  const types = grpcPackage() as unknown as ProtoGrpcType;
  const client = new types.augmenter.v1.PathService(`127.0.0.1:${running.grpcPort}`, credentials.createInsecure());
  return {
    running,
    client,
    end: async () => {
      client.close();
      expect(await shutdown.run()).toBe(true);
    },
  };
}
