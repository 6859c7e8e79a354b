/** What a running aggregator answers over gRPC; only the hosts are played. */
import type { ServiceError } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { NatsConnection } from "nats";
import { connect } from "nats";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { RunningAggregator } from "../../aggregator/aggregator.ts";
import type { BatchGetPathsResponse__Output } from "../../proto/gen/augmenter/v1/BatchGetPathsResponse.ts";
import type { GetMatrixResponse__Output } from "../../proto/gen/augmenter/v1/GetMatrixResponse.ts";
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import type { HostUpdate__Output } from "../../proto/gen/augmenter/v1/HostUpdate.ts";
import type { ListHostsResponse__Output } from "../../proto/gen/augmenter/v1/ListHostsResponse.ts";
import type { PathServiceClient } from "../../proto/gen/augmenter/v1/PathService.ts";
import type { RankDestinationsResponse__Output } from "../../proto/gen/augmenter/v1/RankDestinationsResponse.ts";
import type { ProtoGrpcType } from "../../proto/gen/path_service.ts";
import { grpcPackage } from "../../proto/messages.ts";
import { fieldViolations, statusDetailsKey } from "../../proto/status-details.ts";
import type { AggregatorUnderTest } from "./aggregator-under-test.ts";
import { aggregatorUnderTest } from "./aggregator-under-test.ts";
import type { Broker } from "./broker.ts";
import { startBroker } from "./broker.ts";
import { PlayedHost, playedPath } from "./played-host.ts";
import { firstOfStream, follow, getPath, listPaths, unary } from "./query-client.ts";

const { rttUs } = playedPath;

let broker: Broker;
let nats: NatsConnection;

beforeAll(async () => {
  broker = await startBroker(0);
  nats = await connect({ port: broker.port });
});

afterAll(async () => {
  await nats?.close();
  broker?.child.kill("SIGKILL");
});

describe("a running aggregator", () => {
  let under: AggregatorUnderTest;
  let running: RunningAggregator;
  let client: PathServiceClient;
  let a: PlayedHost;
  let b: PlayedHost;

  beforeEach(async () => {
    under = await aggregatorUnderTest(broker);
    ({ running, client } = under);
    a = new PlayedHost(nats, "a", "10.0.0.1");
    b = new PlayedHost(nats, "b", "10.0.0.2");
  });

  afterEach(async () => {
    a.leave();
    b.leave();
    await under.end();
  });

  test("names what is wrong with a question", async () => {
    await expect(getPath(client, "a", "10.0.0.2")).rejects.toMatchObject({ code: status.NOT_FOUND });
    await expect(getPath(client, "", "10.0.0.2")).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: 'Cannot use source as it must be the id or an address of a host: current value is ""',
    });
    await expect(getPath(client, "a", "nobody")).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: 'Cannot find a path from "a" to "nobody": no host "a" and no host "nobody" is known',
    });
    const error = await getPath(client, "a", "no/body").catch((reason: ServiceError) => reason);
    expect(error).toMatchObject({ code: status.INVALID_ARGUMENT });
    const [details] = (error as ServiceError).metadata.get(statusDetailsKey);
    expect(fieldViolations(details as Buffer)).toEqual([
      {
        field: "destination",
        description:
          'Cannot use destination as it must be an IP address or the id of a host: current value is "no/body"',
      },
    ]);
    await expect(listPaths(client, { pageSize: 1_001 })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: "Cannot use page_size as it must be 1..1000 or 0: current value is 1001",
    });
    await expect(listPaths(client, { pageToken: "x" })).rejects.toMatchObject({
      details: expect.stringContaining("Cannot use page_token"),
    });
  });

  test("lists every path once, a page at a time", async () => {
    const destinations = Array.from({ length: 25 }, (_, index) => `10.0.1.${index + 1}`);
    a.reportPaths(destinations);
    b.reportPaths(["10.9.0.1"]);
    await vi.waitFor(async () => expect((await listPaths(client, {})).paths).toHaveLength(26));

    const seen: string[] = [];
    let pageToken = "";
    do {
      const page = await listPaths(client, { pageSize: 7, pageToken });
      expect(page.paths.length).toBeLessThanOrEqual(7);
      seen.push(...page.paths.map((path) => `${path.path?.source} ${path.path?.destination}`));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(seen).toEqual([...destinations.map((destination) => `a ${destination}`), "b 10.9.0.1"]);

    const filtered = await listPaths(client, { filter: { source: "a", destination: "10.0.1.8/30" } });
    expect(filtered.paths.map((path) => path.path?.destination)).toEqual([
      "10.0.1.8",
      "10.0.1.9",
      "10.0.1.10",
      "10.0.1.11",
    ]);
    const json = await (await fetch(`http://127.0.0.1:${running.httpPort}/v1/paths?source=b`)).json();
    expect(json).toMatchObject({ paths: [{ path: { source: "b", destination: "10.9.0.1" } }], nextPageToken: "" });
  });

  test("tells a watcher the paths as they are, their end, and then what changes", async () => {
    a.reportPaths(["10.0.1.1", "10.0.1.2"]);
    await vi.waitFor(async () => expect((await listPaths(client, {})).paths).toHaveLength(2));
    const call = client.watchPaths({ filter: { source: "a" } });
    const told = follow(call);
    onTestFinished(() => call.cancel());

    // Advice that is made meanwhile is a change, too: it may follow at any moment.
    await vi.waitFor(() => expect(told.map((update) => update.change)).toContain("snapshotEnd"));
    const snapshot = told.slice(0, told.findIndex((update) => update.change === "snapshotEnd") + 1);
    expect(snapshot.map((update) => update.change)).toEqual(["snapshotBegin", "estimate", "estimate", "snapshotEnd"]);
    expect(snapshot.map((update) => update.estimate?.path?.destination)).toEqual([
      undefined,
      "10.0.1.1",
      "10.0.1.2",
      undefined,
    ]);
    expect(snapshot.at(-1)?.snapshotEnd).toEqual({ paths: 2 });

    b.reportPath("10.0.1.1");
    a.reportPath("10.0.1.3");
    await vi.waitFor(() =>
      expect(told.slice(snapshot.length).map((update) => update.estimate?.path)).toContainEqual({
        source: "a",
        destination: "10.0.1.3",
      }),
    );
    expect(told.some((update) => update.estimate?.path?.source === "b")).toBe(false);

    call.cancel();
    a.reportPath("10.0.1.4");
    const resumed = client.watchPaths({ filter: { source: "a" }, resumeAfter: told.at(-1)?.version ?? null });
    const toldAfter = follow(resumed);
    onTestFinished(() => resumed.cancel());
    await vi.waitFor(() => expect(toldAfter.map((update) => update.estimate?.path?.destination)).toContain("10.0.1.4"));
    expect(toldAfter.map((update) => update.change)).not.toContain("snapshotBegin");
  });

  test("tells a watcher the hosts, and who comes", async () => {
    a.announce();
    await vi.waitFor(async () => expect((await getHosts(client)).map(({ hostId }) => hostId)).toEqual(["a"]));
    const call = client.watchHosts({});
    const told: HostUpdate__Output[] = [];
    call.on("data", (update: HostUpdate__Output) => told.push(update));
    call.on("error", () => undefined);
    onTestFinished(() => call.cancel());
    await vi.waitFor(() => expect(told.at(-1)?.change).toBe("snapshotEnd"));
    b.announce();
    await vi.waitFor(() => expect(told.at(-1)?.host).toMatchObject({ hostId: "b", addresses: ["10.0.0.2"] }));
  });

  test("answers batches, matrices, estimates and rankings", async () => {
    a.announce();
    b.announce();
    a.reportPath("10.0.0.2");
    await vi.waitFor(async () => expect((await listPaths(client, {})).paths).toHaveLength(1));
    const batch = await answerTo<BatchGetPathsResponse__Output>((done) =>
      client.batchGetPaths({ sources: ["a", "b"], destinations: ["a", "b", "10.9.9.9"] }, done),
    );
    expect(batch.provenance.map((provenance) => provenance === "PROVENANCE_MEASURED")).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(batch.minRttUs[1]).toBe(rttUs);
    const matrix = await answerTo<GetMatrixResponse__Output>((done) => client.getMatrix({}, done));
    expect(matrix).toMatchObject({ sources: ["rack-a", "rack-b"], minRttUs: [0, rttUs, 0, 0] });
    const ranked = await answerTo<RankDestinationsResponse__Output>((done) =>
      client.rankDestinations({ source: "a", candidates: ["10.9.9.9", "b"], bytes: 1 << 20 }, done),
    );
    expect(ranked.destinations.map(({ candidate }) => candidate)).toEqual(["b", "10.9.9.9"]);
    expect(ranked.destinations[0]?.estimate?.handshakeUs).toBe(2 * rttUs);
  });

  test("serves health and reflection", async () => {
    const types = grpcPackage() as unknown as ProtoGrpcType;
    expect(types.augmenter.v1.PathService.service.GetPath.path).toBe("/augmenter.v1.PathService/GetPath");
    // Health: HealthCheckResponse { status = SERVING }, as bytes so that no other definition is needed.
    const health = await unary(client, "/grpc.health.v1.Health/Check", Buffer.alloc(0));
    expect(health).toEqual(Buffer.from([0x08, 0x01]));
    // ServerReflectionRequest { list_services = "*" }
    const services = await firstOfStream(
      client,
      "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
      Buffer.from([0x3a, 0x01, 0x2a]),
    );
    expect(services.toString("latin1")).toContain("augmenter.v1.PathService");
  });
});

function answerTo<Answer>(
  ask: (done: (error: ServiceError | null, answer?: Answer) => void) => unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (answer === undefined ? reject(error) : resolve(answer)));
  });
}

async function getHosts(client: PathServiceClient): Promise<readonly HostInfo__Output[]> {
  return (await answerTo<ListHostsResponse__Output>((done) => client.listHosts({}, done))).hosts;
}
