import { credentials, ServerCredentials, status } from "@grpc/grpc-js";
import { describe, expect, onTestFinished, test } from "vitest";
import { CallRunner } from "../../../aggregator/call-runner.ts";
import { systemClock } from "../../../aggregator/clock.ts";
import type { View } from "../../../aggregator/core/view.ts";
import { startGrpcServer } from "../../../aggregator/grpc-server.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import type { PathServiceParts } from "../../../aggregator/path-service.ts";
import { PathService } from "../../../aggregator/path-service.ts";
import { SlicedWork } from "../../../aggregator/sliced-work.ts";
import { AugmenterClient } from "../../../client/client.ts";
import type { PathFilter } from "../../../proto/gen/augmenter/v1/PathFilter.ts";
import type { PathUpdate__Output } from "../../../proto/gen/augmenter/v1/PathUpdate.ts";
import type { ViewVersion } from "../../../proto/gen/augmenter/v1/ViewVersion.ts";
import type { ProtoGrpcType } from "../../../proto/gen/path_service.ts";
import { grpcPackage } from "../../../proto/messages.ts";
import { address, announcement, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";

const standing = () => ({ role: "standby", term: 0, leader: "", partition: "1/1", warming: true }) as const;

/** The address of a server that ends with the test. */
async function serverOf(view: View): Promise<string> {
  return (await served(view, () => true)).address;
}

/** The same, of which only some callers stay known. */
async function served(view: View, isKnown: PathServiceParts["isKnown"]) {
  const clock = new PlayedClock(2_000);
  clock.unix = 0;
  const calls = new CallRunner(
    createMetrics(),
    new SlicedWork({ sliceMs: 10, begunMax: 2, waitingMax: 1 }, systemClock),
  );
  const service = new PathService({ view, calls, clock, isKnown });
  const protection = { credentials: ServerCredentials.createInsecure(), interceptors: [] };
  const listen = { host: "127.0.0.1", port: 0 };
  const endpoint = await startGrpcServer(listen, service, { handlers: () => ({}) as never }, protection, standing);
  onTestFinished(() => endpoint.close(0));
  return { address: `127.0.0.1:${endpoint.port}`, service };
}

/** What a watch is told first: up to the first message with a version. */
async function watched(
  server: string,
  resumeAfter: ViewVersion | null,
  filter: PathFilter | null = null,
): Promise<readonly PathUpdate__Output[]> {
  const types = grpcPackage() as unknown as ProtoGrpcType;
  const client = new types.augmenter.v1.PathService(server, credentials.createInsecure());
  const updates: PathUpdate__Output[] = [];
  for await (const update of client.watchPaths({ resumeAfter, filter })) {
    updates.push(update as PathUpdate__Output);
    if (updates.at(-1)?.version) break;
  }
  client.close();
  return updates;
}

test("thousands of wrong names are refused, and the connection goes on", async () => {
  const client = new AugmenterClient({ address: await serverOf(emptyView()), deadlineMs: 5_000 });
  onTestFinished(() => client.close());
  const candidates = Array.from({ length: 4_096 }, () => "?");
  await expect(client.rankDestinations({ source: "a", bytes: 1, candidates })).rejects.toMatchObject({
    codeName: "INVALID_ARGUMENT",
    message: expect.stringMatching(/, and 4095 more$/),
    violations: expect.objectContaining({ length: 21 }),
  });
  await expect(client.getPath({ source: "a", destination: "b" })).rejects.toMatchObject({ codeName: "NOT_FOUND" });
});

test("a watch goes on where it was only at the server that it was at, whoever leads", async () => {
  const [view, other] = [emptyView(), emptyView()];
  for (const each of [view, other]) {
    each.table.put("a", address("10.0.0.2"), estimateOf(row()));
    each.table.put("a", address("10.0.0.3"), estimateOf(row()));
  }
  const server = await serverOf(view);
  const version = (await watched(server, null)).at(-1)?.version;
  expect(Number.isSafeInteger(version?.epoch) && Number(version?.epoch) > 0).toBe(true);
  const before = { epoch: version?.epoch, number: Number(version?.number) - 1 } as ViewVersion;
  expect(await watched(server, before)).toMatchObject([{ estimate: { path: { destination: "10.0.0.3" } } }]);
  expect((await watched(await serverOf(other), before))[0]).toMatchObject({ snapshotBegin: {} });
});

test("a watch goes on where it was only if its filter names the same addresses", async () => {
  const view = emptyView();
  view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  const server = await serverOf(view);
  const filter = { destination: "b" };
  const version = (await watched(server, null, filter)).at(-1)?.version as ViewVersion;
  view.table.put("a", address("10.0.0.2"), estimateOf(row()));
  expect(await watched(server, version, filter)).toMatchObject([{ estimate: { path: { source: "a" } } }]);
  view.hosts.announce(announcement("b", ["10.0.0.3"]), "b", 0);
  expect((await watched(server, version, filter))[0]).toMatchObject({ snapshotBegin: {} });
});

test("watches end when who opened them is no longer known, and no others", async () => {
  const isKnown: PathServiceParts["isKnown"] = (call) => call.metadata.get("authorization")[0] !== "Bearer gone";
  const { address: server, service } = await served(emptyView(), isKnown);
  const clients = ["gone", "stays"].map((token) => new AugmenterClient({ address: server, token }));
  onTestFinished(() => {
    for (const client of clients) client.close();
  });
  const watches = clients.flatMap((client) => [client.watchPaths({}), client.watchHosts({})]);
  for (const watch of watches) await watch.next();
  for (const watch of watches) await watch.next();
  service.endUnknown();
  for (const watch of watches.slice(0, 2)) {
    await expect(watch.next()).rejects.toMatchObject({
      codeName: "UNAUTHENTICATED",
      message: expect.stringMatching(/no longer/),
    });
  }
  await expect.poll(() => service.watchers).toBe(2);
});

test("a watch with a text that is too long is refused", async () => {
  const types = grpcPackage() as unknown as ProtoGrpcType;
  const client = new types.augmenter.v1.PathService(await serverOf(emptyView()), credentials.createInsecure());
  onTestFinished(() => client.close());
  const call = client.watchHosts({ filter: { zone: "x".repeat(257) } });
  const error = await new Promise((resolve) => call.on("error", resolve).on("data", resolve));
  expect(error).toMatchObject({
    code: 3,
    details: expect.stringMatching(/^Cannot use filter\.zone as it must be a text/),
  });
});

describe("a long call", () => {
  /** More pairs than are found in a slice, and none that was measured. */
  const batch = () => {
    const view = emptyView();
    for (const host of ["a", "b"]) {
      const addresses = Array.from({ length: 200 }, (_, index) => `10.${host === "a" ? 1 : 2}.0.${index}`);
      view.hosts.announce(announcement(host, addresses), host, 0);
    }
    return { view, request: { sources: ["a"], destinations: new Array<string>(20_000).fill("b") } };
  };

  test("lets others be answered meanwhile", async () => {
    const { view, request } = batch();
    view.table.put("a", address("10.2.0.1"), estimateOf(row()));
    const client = new AugmenterClient({ address: await serverOf(view), deadlineMs: 20_000 });
    onTestFinished(() => client.close());
    const order: string[] = [];
    const long = client.batchGetPaths(request).then(() => order.push("long"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await client.getPath({ source: "a", destination: "10.2.0.1" });
    order.push("short");
    await long;
    expect(order).toEqual(["short", "long"]);
  });

  test("is given up when its caller leaves, and room for another is there again", async () => {
    const { view, request } = batch();
    const server = await serverOf(view);
    const types = grpcPackage() as unknown as ProtoGrpcType;
    const client = new types.augmenter.v1.PathService(server, credentials.createInsecure());
    onTestFinished(() => client.close());
    const ask = () => {
      let cancel: () => void = () => undefined;
      const ended = new Promise<number>((resolve) => {
        const call = client.batchGetPaths(request, (error) => resolve(error?.code ?? 0));
        cancel = () => call.cancel();
      });
      return { ended, cancel };
    };
    const calls = Array.from({ length: 6 }, ask);
    // There is room for three: the first that ends was refused.
    expect(await Promise.race(calls.map(({ ended }) => ended))).toBe(status.RESOURCE_EXHAUSTED);
    for (const { cancel } of calls) cancel();
    const codes = await Promise.all(calls.map(({ ended }) => ended));
    expect(codes).toContain(status.CANCELLED);
    expect(await ask().ended).toBe(0);
  });
});
