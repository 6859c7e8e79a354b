/** The three kinds of load of bench:query. */
import type { ClientReadableStream, ServiceError } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { PathServiceClient } from "../../proto/gen/augmenter/v1/PathService.ts";
import type { PathUpdate__Output } from "../../proto/gen/augmenter/v1/PathUpdate.ts";
import type { ProtoGrpcType } from "../../proto/gen/path_service.ts";
import { grpcPackage } from "../../proto/messages.ts";
import { pathHosts, queryAddress, queryHostId } from "./query-plan.ts";

const { service } = (grpcPackage() as unknown as ProtoGrpcType).augmenter.v1.PathService;
const getPathName = service.GetPath.path;
const batchName = service.BatchGetPaths.path;
/** Calls under way at any time. */
const inFlight = 64;
/** Short ones, many of them: what else the machine does comes and goes, and meets both servers of a turn alike. */
const turns = 15;
/** Sources and destinations of a batch: 65,280 of its pairs are known. */
const batchSources = pathHosts;
const batchInFlight = 2;
/** So that open HTTP/2 streams stay below the limit of a connection. */
const watchesPerConnection = 50;
const warmUpMs = 2_000;
const watchMs = 10_000;
const settleMs = 2_000;

/** What GetPath was beside the handler that does nothing. */
export interface SingleRate {
  readonly perSecond: number;
  readonly emptyPerSecond: number;
  /** Median over the turns. */
  readonly ratio: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Both in turns, so that whatever the machine does meets both; the first turn of each is not counted. */
export async function getPathRate(
  real: PathServiceClient,
  empty: PathServiceClient,
  seconds: number,
): Promise<SingleRate> {
  await burst(real, 1);
  await burst(empty, 1);
  const realTimes: number[] = [];
  const ratios: number[] = [];
  let [realSeconds, emptyCalls, emptySeconds] = [0, 0, 0];
  for (let turn = 0; turn < turns; turn += 1) {
    const emptyFirst = turn % 2 === 0 ? undefined : await burst(empty, seconds);
    const ofReal = await burst(real, seconds);
    const ofEmpty = emptyFirst ?? (await burst(empty, seconds));
    realTimes.push(...ofReal.times);
    realSeconds += ofReal.took;
    emptyCalls += ofEmpty.times.length;
    emptySeconds += ofEmpty.took;
    ratios.push(ofReal.times.length / ofReal.took / (ofEmpty.times.length / ofEmpty.took));
  }
  real.close();
  empty.close();
  const ascending = realTimes.sort((a, b) => a - b);
  return {
    perSecond: realTimes.length / realSeconds,
    emptyPerSecond: emptyCalls / emptySeconds,
    ratio: ratios.sort((a, b) => a - b)[Math.floor(turns / 2)] ?? 0,
    p50Ms: ascending[Math.floor(ascending.length * 0.5)] ?? 0,
    p99Ms: ascending[Math.floor(ascending.length * 0.99)] ?? 0,
  };
}

async function burst(client: PathServiceClient, seconds: number) {
  const requests = Array.from({ length: 4_096 }, (_, index) =>
    service.GetPath.requestSerialize({
      source: queryHostId(index % pathHosts),
      destination: queryAddress((index * 7 + 1) % pathHosts),
    }),
  );
  const times: number[] = [];
  const startedMs = performance.now();
  const endMs = startedMs + seconds * 1000;
  let next = 0;
  const lane = async () => {
    while (performance.now() < endMs) {
      next += 1;
      const request = requests[next % requests.length] as Buffer;
      const askedMs = performance.now();
      await new Promise<void>((resolve, reject) => {
        // A host's path to itself is not known, and costs the same.
        client.makeUnaryRequest(getPathName, asIs, asIs, request, (error: ServiceError | null) =>
          error && error.code !== status.NOT_FOUND ? reject(error) : resolve(),
        );
      });
      times.push(performance.now() - askedMs);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  return { times, took: (performance.now() - startedMs) / 1000 };
}

/** Known estimates a second in batches of 256 x 256 pairs, as bytes have arrived and every column is read. */
export async function batchRate(client: PathServiceClient, seconds: number): Promise<number> {
  const hosts = Array.from({ length: batchSources }, (_, host) => host);
  const request = service.BatchGetPaths.requestSerialize({
    sources: hosts.map(queryHostId),
    destinations: hosts.map(queryAddress),
  });
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      client.makeUnaryRequest(batchName, asIs, asIs, request, (error, answer) => {
        if (answer === undefined) reject(error);
        else resolve(knownIn(answer));
      });
    });
  await ask();
  const startedMs = performance.now();
  let estimates = 0;
  const lane = async () => {
    while (performance.now() - startedMs < seconds * 1000) estimates += await ask();
  };
  await Promise.all(Array.from({ length: batchInFlight }, lane));
  const perSecond = estimates / ((performance.now() - startedMs) / 1000);
  client.close();
  return perSecond;
}

// The first column is the provenance, a byte each; the others are where they are, four bytes each, and are read in place.
function knownIn(answer: Buffer): number {
  let [field, offset, count] = [0, 0, 0];
  let rate = 0;
  while (offset < answer.length) {
    field = (answer[offset] as number) >> 3;
    let [length, shift] = [0, 0];
    do {
      offset += 1;
      length |= ((answer[offset] as number) & 0x7f) << shift;
      shift += 7;
    } while ((answer[offset] as number) >= 0x80);
    offset += 1;
    const column = answer.subarray(offset, offset + length);
    if (field === 1) for (const provenance of column) count += provenance === 1 ? 1 : 0;
    if (field === 7) for (let at = 0; at < length; at += 4) rate += column.readFloatLE(at);
    offset += length;
  }
  if (!(rate > count)) throw new Error("Cannot count estimates without rates");
  return count;
}

function asIs(bytes: Buffer): Buffer {
  return bytes;
}

/** What watching was. */
export interface Delivery {
  readonly updates: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Growth of the server's resident set. */
  readonly kibPerWatcher: number;
}

interface ServerMemory {
  readonly rss: number;
  readonly watchers: number;
}

/**
 * Watchers of one host's paths each, and changes that go round the hosts. From the change in the view to the moment the caller's code
 * has it, by the clock of the machine. Memory is the growth of the server's resident set after a collection.
 */
export async function watchDelivery(
  server: { ask(command: string): Promise<unknown> },
  connect: () => PathServiceClient,
  watchers: number,
  changes: number,
): Promise<Delivery> {
  // What came before is let go of, and what the first watchers take once is there.
  await settled(connect());
  const before = (await server.ask("memory")) as ServerMemory;
  const clients: PathServiceClient[] = [];
  const calls: ClientReadableStream<PathUpdate__Output>[] = [];
  const delays: number[] = [];
  let ready = 0;
  let isCounted = false;
  const complete = new Promise<void>((resolve, reject) => {
    for (let watcher = 0; watcher < watchers; watcher += 1) {
      if (watcher % watchesPerConnection === 0) clients.push(connect());
      const client = clients.at(-1) as PathServiceClient;
      const call = client.watchPaths({ filter: { source: queryHostId(watcher % pathHosts) } });
      calls.push(call);
      call.on("error", (error) => {
        if (!/cancel/i.test(String(error))) reject(error);
      });
      call.on("data", (update: PathUpdate__Output) => {
        if (update.snapshotEnd) {
          ready += 1;
          if (ready === watchers) resolve();
        } else if (isCounted && update.estimate && update.version) {
          delays.push((Date.now() % 2 ** 31) - update.estimate.rttP50Us);
        }
      });
    }
  });
  await complete;
  const after = (await server.ask("memory")) as ServerMemory;
  if (after.watchers !== watchers)
    throw new Error(`Cannot measure: ${after.watchers} of ${watchers} watchers are open`);
  await server.ask(`change ${changes}`);
  await sleep(warmUpMs);
  isCounted = true;
  await sleep(watchMs);
  isCounted = false;
  await server.ask("quiet");
  const loaded = (await server.ask("memory")) as ServerMemory;
  for (const call of calls) call.cancel();
  for (const client of clients) client.close();
  const ascending = delays.sort((a, b) => a - b);
  return {
    updates: delays.length,
    p50Ms: ascending[Math.floor(ascending.length * 0.5)] ?? 0,
    p99Ms: ascending[Math.floor(ascending.length * 0.99)] ?? 0,
    kibPerWatcher: (Math.max(after.rss, loaded.rss) - before.rss) / 1024 / watchers,
  };
}

async function settled(client: PathServiceClient): Promise<void> {
  const calls = Array.from({ length: watchesPerConnection }, (_, watcher) => {
    const call = client.watchPaths({ filter: { source: queryHostId(watcher) } });
    call.on("data", () => undefined);
    call.on("error", () => undefined);
    return call;
  });
  await sleep(settleMs);
  for (const call of calls) call.cancel();
  client.close();
  await sleep(settleMs);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
