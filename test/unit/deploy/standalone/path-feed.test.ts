import type { ServerWritableStream } from "@grpc/grpc-js";
import { Server, ServerCredentials, status } from "@grpc/grpc-js";
import { expect, onTestFinished, test, vi } from "vitest";
import { PathFeed } from "../../../../deploy/standalone/path-feed.ts";
import type { PathUpdate } from "../../../../proto/gen/augmenter/v1/PathUpdate.ts";
import type { WatchPathsRequest__Output } from "../../../../proto/gen/augmenter/v1/WatchPathsRequest.ts";
import type { ProtoGrpcType } from "../../../../proto/gen/path_service.ts";
import { grpcPackage } from "../../../../proto/messages.ts";
import { playedPath } from "./played-path.ts";

type WatchCall = ServerWritableStream<WatchPathsRequest__Output, PathUpdate>;

const waitMs = 10_000;

test("PathFeed keeps what a watch tells, and watches again when it ends", async () => {
  const { calls, port } = await playedAggregator();
  let nowMs = 0;
  const feed = new PathFeed(`127.0.0.1:${port}`, () => nowMs);
  onTestFinished(() => feed.close());
  const destinations = () => feed.paths().map(({ estimate }) => estimate.path?.destination);
  const eventually = (assert: () => void) => vi.waitFor(assert, { timeout: waitMs });

  feed.start();
  await eventually(() => expect(calls).toHaveLength(1));
  expect(calls[0]?.request.minIntervalMs).toBe(1_000);
  for (const to of ["10.0.0.1", "10.0.0.2"]) calls[0]?.write({ estimate: playedPath(to).estimate });
  await eventually(() => expect(destinations()).toEqual(["10.0.0.1", "10.0.0.2"]));

  nowMs = 5_000;
  calls[0]?.write({ estimate: playedPath("10.0.0.2", { rttSamples: 500 }).estimate });
  calls[0]?.write({ forgotten: { source: "a", destination: "10.0.0.1" } });
  await eventually(() => expect(destinations()).toEqual(["10.0.0.2"]));
  expect(feed.paths()[0]).toMatchObject({ seenMs: 5_000, estimate: { rttSamples: 500 } });

  calls[0]?.emit("error", { code: status.ABORTED, details: "too far behind" });
  await eventually(() => expect(calls).toHaveLength(2));
  // Until the new call has told everything, what was known stands.
  calls[1]?.write({ estimate: playedPath("10.0.0.3").estimate });
  await eventually(() => expect(destinations()).toEqual(["10.0.0.2", "10.0.0.3"]));
  calls[1]?.write({ snapshotEnd: { paths: 1 } });
  await eventually(() => expect(destinations()).toEqual(["10.0.0.3"]));

  calls[1]?.end();
  await eventually(() => expect(calls).toHaveLength(3));
});

async function playedAggregator() {
  const calls: WatchCall[] = [];
  const server = new Server();
  const types = grpcPackage() as unknown as ProtoGrpcType;
  server.addService(types.augmenter.v1.PathService.service, {
    WatchPaths: (call: WatchCall) => void calls.push(call),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return { calls, port };
}
