/** The aggregator between a real NATS server and a real gRPC client; only the hosts are played. */
import { execFile, spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { NatsConnection } from "nats";
import { connect } from "nats";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { RunningAggregator } from "../../aggregator/aggregator.ts";
import { startAggregator } from "../../aggregator/aggregator.ts";
import { systemClock } from "../../aggregator/clock.ts";
import { exitCodes } from "../../common/exit-codes.ts";
import { silentLog } from "../../common/log.ts";
import { Shutdown } from "../../common/shutdown.ts";
import type { PathServiceClient } from "../../proto/gen/augmenter/v1/PathService.ts";
import { subjectFor } from "../../proto/subjects.ts";
import type { AggregatorUnderTest } from "./aggregator-under-test.ts";
import { aggregatorOptions, aggregatorUnderTest } from "./aggregator-under-test.ts";
import type { Broker } from "./broker.ts";
import { startBroker } from "./broker.ts";
import { address, PlayedHost, playedPath } from "./played-host.ts";
import { getPath } from "./query-client.ts";

const { rate, rttUs } = playedPath;
const bdpSegments = (rate * rttUs) / 1e6 / 1448;

let broker: Broker;
let nats: NatsConnection;

beforeAll(async () => {
  broker = await startBroker(0);
  nats = await connect({ port: broker.port, maxReconnectAttempts: -1, reconnectTimeWait: 100, reconnectJitter: 0 });
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
    under = await aggregatorUnderTest(broker, ["--advice-ttl-ms=3000"]);
    ({ running, client } = under);
    a = new PlayedHost(nats, "a", "10.0.0.1");
    b = new PlayedHost(nats, "b", "10.0.0.2");
  });

  afterEach(async () => {
    a.leave();
    b.leave();
    await under.end();
  });

  test("turns reports into advice for both ends, renews it, and answers questions about it", async () => {
    a.announce();
    b.announce();
    a.reportPath("10.0.0.2");

    expect(await ready(running)).toMatchObject({ code: 503, reasons: [expect.stringContaining("warming")] });
    await sleep(1_000);
    expect(a.updates, "nothing is pushed while warming").toEqual([]);

    const first = await a.nextUpdate();
    expect(await ready(running)).toMatchObject({ code: 200 });
    expect(first).toMatchObject({ hostId: "a", version: 1, baseVersion: 0, snapshot: true, ttlMs: 3_000 });
    expect(first.notAfterUnixMs).toBeGreaterThan(Date.now());
    expect(first.entries).toHaveLength(1);
    const [entry] = first.entries;
    expect(entry?.destination).toEqual({ address: Buffer.from(address("10.0.0.2")), length: 128 });
    expect(entry?.windowSegments).toBeCloseTo(2 * bdpSegments, -1);
    expect(entry?.pathRateBytesPerSecond).toBeCloseTo(rate * 0.96, -4);
    expect(entry).toMatchObject({ minRttUs: rttUs, receiveWindowBytes: 0 });
    a.answer(first);

    const receiver = await b.nextUpdate();
    expect(receiver.entries).toEqual([
      expect.objectContaining({ windowSegments: 0, receiveWindowBytes: (2 * 1.25 * rate * rttUs) / 1e6 }),
    ]);
    b.answer(receiver);

    const renewal = await a.nextUpdate();
    expect(renewal).toMatchObject({ version: 2, baseVersion: 1, snapshot: false, entries: [] });

    const path = await getPath(client, "a", "10.0.0.2");
    expect(path).toMatchObject({
      path: { source: "a", destination: "10.0.0.2" },
      provenance: "PROVENANCE_MEASURED",
      minRttUs: rttUs,
      rateBytesPerSecond: rate,
      bdpBytes: 500_000,
      connections: 8,
      sourceRack: "rack-a",
      destinationHost: "b",
      advice: { windowSegments: entry?.windowSegments, mode: "apply" },
    });
    expect(await getPath(client, "10.0.0.1", "b")).toMatchObject({ path: { source: "a", destination: "10.0.0.2" } });
  });

  test("lowers advice within 250 ms of a failed jump", async () => {
    a.announce();
    a.reportPath("10.0.0.2");
    const first = await a.nextUpdate();
    a.answer(first);
    await sleep(300);

    const toldMs = performance.now();
    a.failedJump("10.0.0.2", first.version);
    const lowered = await a.nextUpdate((update) => update.entries.length > 0);

    expect(performance.now() - toldMs).toBeLessThan(250);
    expect(lowered.snapshot).toBe(false);
    expect(lowered.entries[0]?.pathRateBytesPerSecond).toBeCloseTo(rate * 0.96 * 0.7, -4);

    // A second window of the same advice fails: nothing is learned again.
    a.failedJump("10.0.0.2", first.version);
    a.reportPath("10.0.0.2", { windowsFailed: [2], saturatedSamples: [0] });
    await sleep(600);
    expect((await getPath(client, "a", "10.0.0.2")).rateBytesPerSecond).toBeCloseTo(rate * 0.7, -4);
  });

  test("sends a snapshot to a host that missed an update, and one to a host that started anew", async () => {
    a.announce();
    a.reportPath("10.0.0.2");
    const first = await a.nextUpdate();
    a.answer(first, "ADVICE_REFUSAL_VERSION_GAP");
    const second = await a.nextUpdate((update) => update.snapshot);
    expect(second.version).toBeGreaterThan(first.version);
    expect(second.entries).toEqual(first.entries);

    a.restart();
    a.reportPath("10.0.0.3");
    const third = await a.nextUpdate((update) => update.snapshot);
    expect(third.version).toBeGreaterThan(second.version);
  });

  test("refuses bad messages, counts them by reason and goes on", async () => {
    const good = a.sealedReport("10.0.0.2");
    const flipped = Uint8Array.from(good);
    flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
    nats.publish(subjectFor("report", "a"), flipped);
    nats.publish(subjectFor("report", "a"), new Uint8Array([1, 2, 3]));
    nats.publish(subjectFor("report", "b"), good);
    nats.publish(subjectFor("report", "a"), good);
    nats.publish(subjectFor("report", "a"), good);
    a.reportPath("10.0.0.3", { rttMinUs: [1], rttP50Us: [0] });

    await vi.waitFor(async () => {
      const metrics = await (await fetch(`http://127.0.0.1:${running.httpPort}/metrics`)).text();
      for (const reason of ["bad_checksum", "not_protobuf", "wrong_host", "repeated"]) {
        expect(metrics).toContain(`augmenter_aggregator_messages_refused_total{kind="report",reason="${reason}"} 1\n`);
      }
      expect(metrics).toContain('augmenter_aggregator_rows_refused_total{reason="rtt_out_of_order"} 1\n');
      expect(metrics).toContain("augmenter_aggregator_paths 1\n");
    });
    expect(await getPath(client, "a", "10.0.0.2")).toMatchObject({ connections: 8 });
  });

  test("holds advice back while the broker is away and catches up when it is back", async () => {
    a.announce();
    a.reportPath("10.0.0.2");
    await a.nextUpdate();
    broker.child.kill("SIGKILL");
    await vi.waitFor(async () => expect(await ready(running)).toMatchObject({ code: 503 }), { timeout: 5_000 });
    broker = await startBroker(broker.port);
    await vi.waitFor(async () => expect(await ready(running)).toMatchObject({ code: 200 }), { timeout: 10_000 });
    await vi.waitFor(() => nats.flush(), { timeout: 5_000 });
    a.forgetUpdates();
    // As agents do: again and again, with what they hold, here nothing.
    const announcing = setInterval(() => a.announce(), 200);
    onTestFinished(() => clearInterval(announcing));
    expect(await a.nextUpdate((update) => update.snapshot)).toMatchObject({ hostId: "a", snapshot: true });
  });
});

describe("startAggregator()", () => {
  test.each(["--grpc-listen", "--http-listen"])("ends with code 4 where the address of %s is taken", async (flag) => {
    const taken = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once("listening", resolve));
    const { port } = taken.address() as { port: number };
    const shutdown = new Shutdown({ deadlineMs: 5_000, log: silentLog() });
    const options = aggregatorOptions(broker, [`${flag}=127.0.0.1:${port}`]);
    const starting = startAggregator({ options, clock: systemClock, log: silentLog(), shutdown });
    await expect(starting).rejects.toMatchObject({
      code: exitCodes.portInUse,
      message: expect.stringMatching(
        new RegExp(`^Cannot listen on (grpc|http) address 127.0.0.1:${port}: EADDRINUSE$`),
      ),
    });
    expect(await shutdown.run()).toBe(true);
  });
});

describe("augmenter-aggregator", () => {
  const program = join(import.meta.dirname, "../../dist/aggregator/main.js");
  const run = promisify(execFile);

  test("ends with code 3 and one line where no broker answers", async () => {
    await expect(
      run(process.execPath, [program, "--nats-url=nats://127.0.0.1:1", "--nats-wait-ms=200"]),
    ).rejects.toMatchObject({
      code: exitCodes.brokerUnreachable,
      stderr: "Cannot connect to NATS at nats://127.0.0.1:1: CONNECTION_REFUSED\n",
    });
  });

  test("starts as a process and ends with code 0 on SIGTERM", async () => {
    const child = spawn(process.execPath, [
      program,
      `--nats-url=nats://127.0.0.1:${broker.port}`,
      "--grpc-listen=127.0.0.1:0",
      "--http-listen=127.0.0.1:0",
    ]);
    onTestFinished(() => void child.kill("SIGKILL"));
    let log = "";
    child.stderr.on("data", (data) => {
      log += String(data);
    });
    await vi.waitFor(() => expect(log).toContain('"msg":"started"'), { timeout: 10_000 });
    const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});

async function ready(running: RunningAggregator): Promise<object> {
  const response = await fetch(`http://127.0.0.1:${running.httpPort}/readyz`);
  return { code: response.status, ...((await response.json()) as object) };
}
