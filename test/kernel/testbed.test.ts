import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cgroupMount, createCgroup, processesIn } from "../testbed/cgroup.ts";
import { removeLeftovers } from "../testbed/leftovers.ts";
import { parseTimedTransfers } from "../testbed/load.ts";
import { createNamespaces, namespacePath, namespaces } from "../testbed/namespace.ts";
import { linkQueue, rackNetwork, uplinkQueue } from "../testbed/network-plan.ts";
import { programPath } from "../testbed/programs.ts";
import { CGROUP_PREFIX, NAMESPACE_PREFIX } from "../testbed/run-id.ts";
import { RunningProcess } from "../testbed/running-process.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";

const RTT_US = 8000;
const RATE_BITS_PER_SECOND = 40e6;
const BUFFER_BYTES = 60_000;
/** Payload in a full packet: 1500 bytes less IPv4, TCP and timestamps. */
const PAYLOAD_SHARE = 1448 / 1500;

const PATH = { rateBitsPerSecond: RATE_BITS_PER_SECOND, rttUs: RTT_US, bufferBytes: BUFFER_BYTES };
const NETWORK = rackNetwork({
  racks: { a: ["a1", "a2"], b: ["b1"] },
  inside: { ...PATH, rttUs: 1000 },
  across: PATH,
});
/** Responses go from b1 to a1. */
const DOWN = uplinkQueue("b", "a");

const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot)("testbed (needs root)", { timeout: 60_000 }, () => {
  let testbed: Testbed;

  beforeAll(async () => {
    testbed = await createTestbed(NETWORK);
    await testbed.host("b1").serve();
    await testbed.host("b1").serve({ family: 6 });
    await testbed.host("a2").serve();
  });

  beforeEach(async () => {
    await testbed.network.setQueue(DOWN, PATH);
    await networkQuiet(testbed);
    await testbed.network.resetStats();
  });

  afterAll(async () => {
    await testbed?.close();
  });

  test.each([
    { to: "b1", rttUs: RTT_US, family: 4 as const },
    { to: "b1", rttUs: RTT_US, family: 6 as const },
    { to: "a2", rttUs: 1000, family: 4 as const },
  ])("a pair has the round-trip time of its route: $to over IPv$family", async ({ to, rttUs, family }) => {
    // A first byte takes one round trip for the handshake and one for the request.
    const result = await testbed.host("a1").transfer({ to: testbed.host(to), family, bytes: 1, rounds: 30, gapMs: 5 });
    expect(result.errors).toEqual([]);
    expect(result.us).toHaveLength(30);
    expect(Math.min(...result.us)).toBeGreaterThanOrEqual(2 * rttUs);
    expect(median(result.us)).toBeLessThan(2 * rttUs + 2000);
  });

  test("a queue passes its rate, and a changed rate at once", async () => {
    for (const rateBitsPerSecond of [RATE_BITS_PER_SECOND, RATE_BITS_PER_SECOND / 2]) {
      await testbed.network.setQueue(DOWN, { rateBitsPerSecond });
      const { gigabitsPerSecond } = await testbed.host("a1").bulk({ to: testbed.host("b1"), seconds: 3 });
      const expected = (rateBitsPerSecond * PAYLOAD_SHARE) / 1e9;
      expect(gigabitsPerSecond).toBeGreaterThan(expected * 0.95);
      expect(gigabitsPerSecond).toBeLessThan(expected * 1.001);
    }
  });

  test("a queue drops and counts what its buffer cannot hold", async () => {
    await testbed.network.setQueue(DOWN, { bufferBytes: 8000 });
    const result = await testbed.host("a1").transfer({ to: testbed.host("b1"), bytes: 500_000 });
    const queue = (await testbed.network.stats()).queues[DOWN];
    expect(result.errors).toEqual([]);
    expect(queue?.bufferDrops).toBeGreaterThan(0);
    expect(queue?.randomDrops).toBe(0);
    expect(queue?.maxDepthBytes).toBeLessThanOrEqual(8000);
  });

  test("a route loses its share of packets, and all of them when cut", async () => {
    await testbed.network.setQueue(DOWN, { bufferBytes: 1_000_000 });
    await testbed.network.setRoute("b1", "a1", { lossPpm: 50_000 });
    const lossy = await testbed.host("a1").transfer({ to: testbed.host("b1"), bytes: 1000, rounds: 4, atOnce: 200 });
    const queue = (await testbed.network.stats()).queues[DOWN];
    const sent = (queue?.forwardedPackets ?? 0) + (queue?.randomDrops ?? 0);
    expect(lossy.errors).toEqual([]);
    // Of more than 2000 packets, so that 0.025 is more than five standard deviations.
    expect(sent).toBeGreaterThan(2000);
    expect(Math.abs((queue?.randomDrops ?? 0) / sent - 0.05)).toBeLessThan(0.025);
    expect(queue?.bufferDrops).toBe(0);

    await testbed.network.setRoute("b1", "a1", { lossPpm: 1_000_000 });
    const cut = await testbed.host("a1").transfer({ to: testbed.host("b1"), bytes: 1, transferLimitMs: 300 });
    expect(cut).toEqual({ us: [], errors: ["TIMEOUT"] });
    await testbed.network.setRoute("b1", "a1", { lossPpm: 0 });
  });

  test("cross traffic takes its share of a queue until it ends", async () => {
    await testbed.network.crossTraffic(DOWN, RATE_BITS_PER_SECOND / 2);
    const result = await testbed.host("a1").bulk({ to: testbed.host("b1"), seconds: 2 });
    await testbed.network.crossTraffic(DOWN, 0);
    const queue = (await testbed.network.stats()).queues[DOWN];
    const packets = (queue?.crossPackets ?? 0) + (queue?.crossDrops ?? 0);
    const perSecond = RATE_BITS_PER_SECOND / 2 / 8 / 1500;
    expect(packets).toBeGreaterThan(2 * perSecond * 0.95);
    expect(packets).toBeLessThan(3 * perSecond);
    expect(result.gigabitsPerSecond * 1e9).toBeLessThan(RATE_BITS_PER_SECOND * 0.6);
    expect(result.gigabitsPerSecond * 1e9).toBeGreaterThan(RATE_BITS_PER_SECOND * 0.2);

    // What was in the buffer has left it after 60 KB / 40 Mbit/s = 12 ms.
    await sleep(100);
    await testbed.network.resetStats();
    await sleep(100);
    expect((await testbed.network.stats()).queues[DOWN]?.crossPackets).toBe(0);
  });

  test("a held connection goes on until stopped and reports every transfer", async () => {
    const hold = testbed.host("a1").hold({ to: testbed.host("b1"), gapMs: 20 });
    await hold.process.waitForLine(/"us"/, 5000);
    const result = await hold.stop();
    expect(result.errors).toEqual([]);
    expect(result.us.length).toBeGreaterThan(0);
  });

  test("a stream opens connections in turns of two sizes, each when its time has come", async () => {
    const stream = testbed.host("a1").stream({ to: testbed.host("a2"), bytes: 1000, thenBytes: 3000, everyMs: 40 });
    await stream.process.waitForLine(/"bytes":3000/, 5000);
    await stream.stop();
    const transfers = parseTimedTransfers(stream.process.stdout).filter(({ error }) => error === null);
    expect(transfers.slice(0, 2).map(({ bytes }) => bytes)).toEqual([1000, 3000]);
    const [first, second] = transfers;
    expect((second?.startUs ?? 0) - (first?.startUs ?? 0)).toBeGreaterThanOrEqual(40_000);
  });

  test("a host counts connections per second", async () => {
    const result = await testbed.host("a1").connectRate({ to: testbed.host("a2"), seconds: 1, atOnce: 8 });
    expect(result.errors).toBe(0);
    expect(result.connections).toBeGreaterThan(100);
    expect((await testbed.network.stats()).queues[linkQueue("a2")]?.forwardedPackets).toBeGreaterThan(100);
  });

  test("spawn() puts a process into the cgroup and the network of its host", async () => {
    const host = testbed.host("a1");
    const started = host.spawn("sh", ["-c", "echo up $TESTBED_TEST; exec sleep 60"], { env: { TESTBED_TEST: "yes" } });
    await started.waitForLine(/^up yes$/, 5000);
    expect(processesIn(host.cgroupPath)).toContain(started.pid);
    expect(statSync(`/proc/${started.pid}/ns/net`).ino).toBe(statSync(namespacePath(host.namespace)).ino);
    expect(statSync(`/proc/${started.pid}/ns/mnt`).ino).toBe(statSync("/proc/self/ns/mnt").ino);
    expect((await started.stop()).signal).toBe("SIGTERM");
  });

  test("a host has its own settings and reaches the management namespace", async () => {
    const host = testbed.host("a1");
    expect(await host.run("cat", ["/proc/sys/net/ipv4/tcp_no_metrics_save"])).toBe("1\n");
    const where = ["--address", testbed.management.address, "--port", "4222"];
    const server = testbed.management.spawn(programPath("loadgen"), ["--server", ...where]);
    await server.waitForLine(/"listening"/, 5000);
    const answer = await host.run(programPath("loadgen"), ["--connect", "--compact", ...where]);
    expect(JSON.parse(answer)).toMatchObject({ transfers: 1, errors: 0 });
  });

  test("close() leaves no namespace, cgroup or process, and can be called again", async () => {
    const second = await createTestbed(NETWORK);
    const server = await second.host("b1").serve();
    const outside = second.host("a1").spawn("sleep", ["60"], { inCgroup: false });
    const cgroup = join(cgroupMount(), `${CGROUP_PREFIX}${second.runId}`);
    const parent = second.management.spawn("sh", ["-c", "echo up; sleep 60 & wait"]);
    await parent.waitForLine(/^up$/, 5000);
    expect(namespaces(`${NAMESPACE_PREFIX}${second.runId}-`)).toHaveLength(4);
    createCgroup(join(second.host("a1").cgroupPath, "below"));
    await second.close();
    await second.close();
    expect(namespaces(`${NAMESPACE_PREFIX}${second.runId}-`)).toEqual([]);
    expect(existsSync(cgroup)).toBe(false);
    for (const pid of [server.pid, outside.pid, second.network.pid]) {
      expect(existsSync(`/proc/${pid}`)).toBe(false);
    }
    // The first testbed has the same addresses and is none the worse.
    expect((await testbed.host("a1").transfer({ to: testbed.host("b1"), bytes: 1 })).errors).toEqual([]);
  });

  test("createTestbed() that fails leaves nothing", async () => {
    // Of this process only: another test's testbed may come and go meanwhile.
    const ours = `${NAMESPACE_PREFIX}${process.pid}-`;
    const before = namespaces(ours);
    const routes = [{ from: "a1", to: "b1", queue: "none", oneWayDelayUs: 1 }];
    await expect(createTestbed({ ...NETWORK, network: { queues: [], routes } })).rejects.toThrow(
      /Cannot run "route a1 b1 none 1 0": Cannot set route/,
    );
    expect(namespaces(ours)).toEqual(before);
  });

  test("removeLeftovers() removes what a killed owner left and nothing of a living one", async () => {
    // A pid with a start time that no process has had since boot.
    const deadRunId = `${spawnSync("true").pid}-0-1`;
    const namespace = `${NAMESPACE_PREFIX}${deadRunId}-a1`;
    const cgroup = join(cgroupMount(), `${CGROUP_PREFIX}${deadRunId}`);
    createNamespaces([namespace]);
    createCgroup(join(cgroup, "a1"));
    const inNamespace = new RunningProcess("nsenter", [`--net=${namespacePath(namespace)}`, "sh", "-c", SLEEPER]);
    const inCgroup = new RunningProcess("sh", ["-c", SLEEPER]);
    await Promise.all([inNamespace.waitForLine(/up/, 5000), inCgroup.waitForLine(/up/, 5000)]);
    writeFileSync(join(cgroup, "a1", "cgroup.procs"), String(inCgroup.pid));

    removeLeftovers();

    expect(namespaces(namespace)).toEqual([]);
    expect(existsSync(cgroup)).toBe(false);
    expect((await inNamespace.exited).signal).toBe("SIGKILL");
    expect((await inCgroup.exited).signal).toBe("SIGKILL");
    expect(namespaces(testbed.host("a1").namespace)).toHaveLength(1);
    expect(readFileSync(join(testbed.host("b1").cgroupPath, "cgroup.procs"), "utf8")).not.toBe("");
  });
});

/** What an earlier test still had under way must not be counted in the next. */
async function networkQuiet(testbed: Testbed): Promise<void> {
  for (let attempt = 0; attempt < 200 && (await testbed.network.stats()).inFlight > 0; attempt += 1) {
    await sleep(20);
  }
}

const SLEEPER = "echo up; exec sleep 60";

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
