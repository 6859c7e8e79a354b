/** The BPF programs and their maps, on real connections over an emulated path. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { CounterName, Datapath } from "../../node-agent/kernel/datapath.ts";
import { failedJumpOf } from "../../node-agent/kernel/records.ts";
import { addressFromText } from "../../proto/address.ts";
import { advise, armed, attachTo, drained } from "../support/datapath.ts";
import { canUseKernel } from "../support/privileges.ts";
import { idleConnection, socketOn } from "../support/sockets.ts";
import { until } from "../support/until.ts";
import { rackNetwork, uplinkQueue } from "../testbed/network-plan.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";

const rttUs = 20_000;
const rateBitsPerSecond = 200_000_000;
/** What 200 Mbit/s of 1500-byte packets carry, bytes a second. */
const payloadBytesPerSecond = ((rateBitsPerSecond / 8) * 1448) / 1500;
const bdpBytes = (rateBitsPerSecond * rttUs) / 8e6;
const bdpSegments = 345;
const kernelDefault = 10;

describe.skipIf(!canUseKernel)("the BPF program", () => {
  let testbed: Testbed;
  let client: TestbedHost;
  let server: TestbedHost;
  const attached: Datapath[] = [];
  let port = 9100;

  beforeAll(async () => {
    const path = { rateBitsPerSecond, rttUs, bufferBytes: bdpBytes };
    testbed = await createTestbed(rackNetwork({ racks: { a: ["a1"], b: ["b1"] }, inside: path, across: path }));
    client = testbed.host("a1");
    server = testbed.host("b1");
    await server.serve();
  });
  afterEach(async () => {
    for (const datapath of attached.splice(0)) await datapath.detach();
    await testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: bdpBytes });
  });
  afterAll(() => testbed?.close());

  function attach(host: TestbedHost, change: Parameters<typeof attachTo>[1] = {}): Datapath {
    const datapath = attachTo(host, change);
    attached.push(datapath);
    return datapath;
  }

  /** The first window of a connection as either end has it. */
  async function windows(address?: string): Promise<{ readonly server: number; readonly client: number }> {
    port += 1;
    const connection = await idleConnection(client, server, port, address);
    const found = { server: (await socketOn(server, port)).cwnd, client: (await socketOn(client, port)).cwnd };
    await connection.stop();
    return found;
  }

  async function setDelay(oneWayDelayUs: number): Promise<void> {
    await testbed.network.setRoute("a1", "b1", { oneWayDelayUs });
    await testbed.network.setRoute("b1", "a1", { oneWayDelayUs });
  }

  function counted(datapath: Datapath, name: CounterName): number {
    return datapath.counters()[name];
  }

  describe("first windows", () => {
    it("are the kernel's without advice, and the refusal is counted", async () => {
      const datapath = attach(server);
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "refused_no_advice")).toBe(1);
    });

    it("are the advised ones on passive and active opens, over IPv4 and IPv6", async () => {
      const advice = { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      const passive = attach(server);
      const active = attach(client);
      advise(passive, client.address, advice);
      advise(passive, client.address6, { ...advice, windowSegments: 29 });
      advise(active, server.address, { ...advice, windowSegments: 30 });
      advise(active, server.address6, { ...advice, windowSegments: 31 });
      expect(await windows()).toEqual({ server: 28, client: 30 });
      expect(await windows(server.address6)).toEqual({ server: 29, client: 31 });
      expect(counted(passive, "window_granted")).toBe(2);
    });

    it("come from the longest prefix, the exact host first", async () => {
      const datapath = attach(server);
      const advice = { pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      const network = addressFromText("10.77.0.0") ?? new Uint8Array();
      advise(datapath, client.address, { ...advice, address: network, prefixLength: 96 + 16, windowSegments: 40 });
      expect((await windows()).server).toBe(40);
      advise(datapath, client.address, { ...advice, windowSegments: 50 });
      expect((await windows()).server).toBe(50);
    });

    it("are the kernel's again as soon as the advice has expired", async () => {
      const datapath = attach(server);
      advise(
        datapath,
        client.address,
        { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs },
        1_500,
      );
      expect((await windows()).server).toBe(28);
      await sleep(1_600);
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "refused_expired")).toBe(1);
    });

    it("are held to the bounds of the host, whatever was written into the map", async () => {
      const datapath = attach(server, { switches: { ...armed, lowestWindowSegments: 4, highestWindowSegments: 64 } });
      const advice = { pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      advise(datapath, client.address, { ...advice, windowSegments: 65_535 });
      expect((await windows()).server).toBe(64);
      advise(datapath, client.address, { ...advice, windowSegments: 1 });
      expect((await windows()).server).toBe(4);
      expect(counted(datapath, "clamped_to_highest")).toBe(1);
      expect(counted(datapath, "clamped_to_lowest")).toBe(1);
    });

    it.each([
      ["no rate to share", { pathRateBytesPerSecond: 0 }, "refused_no_rate"],
      ["no window", { windowSegments: 0 }, "refused_no_window"],
      ["a remembered RTT of twice the handshake's", { minRttUs: 60_000 }, "refused_rtt_too_low"],
      ["a remembered RTT of less than a tenth of the handshake's", { minRttUs: 1_500 }, "refused_rtt_too_high"],
    ] as const)("are the kernel's where the advice has %s", async (_, change, counter) => {
      const datapath = attach(server);
      const advice = { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      advise(datapath, client.address, { ...advice, ...change });
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, counter)).toBe(1);
    });

    it("are only recorded in observe mode", async () => {
      const datapath = attach(server, { switches: { ...armed, mode: "observe" } });
      advise(datapath, client.address, { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs });
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "window_withheld")).toBe(1);
      expect((await drained(datapath, client.address))?.windowsGranted).toBe(1);
    });

    it("are smaller than the kernel's where the capacity is known and the path bears no more at once", async () => {
      const datapath = attach(server);
      const advice = { windowSegments: 28, pathRateBytesPerSecond: 300_000, minRttUs: rttUs };
      advise(datapath, client.address, { ...advice, burstSegments: 4 });
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "refused_share_too_small")).toBe(1);
      advise(datapath, client.address, { ...advice, burstSegments: 4, isCapacityKnown: true });
      expect((await windows()).server).toBe(4);
      // One segment could only be repaired by a timeout.
      advise(datapath, client.address, { ...advice, burstSegments: 1, isCapacityKnown: true });
      expect((await windows()).server).toBe(2);
    });

    it("are left alone when switched off", async () => {
      const datapath = attach(server, { switches: { ...armed, mode: "off" } });
      advise(datapath, client.address, { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs });
      expect((await windows()).server).toBe(kernelDefault);
      expect(await drained(datapath, client.address)).toBeUndefined();
    });
  });

  describe("pacing", () => {
    const rate = 2_500_000;

    it("holds a connection to the rate of its path from the first segment", async () => {
      const datapath = attach(server);
      advise(datapath, client.address, { windowSegments: bdpSegments, pathRateBytesPerSecond: rate, minRttUs: rttUs });
      const bytes = 200 << 10;
      const { us } = await client.transfer({ to: server, bytes, rounds: 3, gapMs: 50 });
      // Two RTT, then the bytes at the rate; ten segments are never paced, and the last rounds may probe a little higher.
      const expectedMs = (2 * rttUs) / 1000 + ((bytes - 10 * 1448) / rate) * 1000;
      for (const each of us) {
        expect(each / 1000).toBeGreaterThan(0.8 * expectedMs);
        expect(each / 1000).toBeLessThan(1.3 * expectedMs);
      }
    });

    it("divides the rate among connections that come together, from their first segment", async () => {
      const datapath = attach(server);
      const advice = {
        windowSegments: bdpSegments,
        pathRateBytesPerSecond: 0.96 * payloadBytesPerSecond,
        minRttUs: rttUs,
      };
      advise(datapath, client.address, {
        ...advice,
        pathRateBytesPerSecond: Math.round(advice.pathRateBytesPerSecond),
      });
      advise(attach(client), server.address, { receiveWindowBytes: 2 * bdpBytes });
      await testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: bdpBytes / 4 });
      await drained(datapath, client.address);
      await testbed.network.resetStats();
      const { us, errors } = await client.transfer({ to: server, bytes: 256 << 10, atOnce: 4, rounds: 5, gapMs: 50 });
      expect(errors).toEqual([]);
      const limitMs = (2 * rttUs) / 1000 + ((4 * (256 << 10)) / payloadBytesPerSecond) * 1000;
      const median = [...us].sort((a, b) => a - b)[Math.floor(us.length / 2)] ?? 0;
      expect(median / 1000).toBeLessThan(1.2 * limitMs);
      // Each at the full rate would overrun a buffer of a quarter of the BDP in every round.
      const { queues } = await testbed.network.stats();
      expect(queues[uplinkQueue("b", "a")]?.bufferDrops).toBeLessThan(100);
      expect((await drained(datapath, client.address))?.connectionsBusyMax).toBeGreaterThanOrEqual(4);
    });

    it("leaves a large transfer the path beside connections that only chat", async () => {
      const datapath = attach(server);
      const pathRateBytesPerSecond = Math.round(0.96 * payloadBytesPerSecond);
      advise(datapath, client.address, { windowSegments: 2 * bdpSegments, pathRateBytesPerSecond, minRttUs: rttUs });
      const chats = Array.from({ length: 8 }, () => client.hold({ to: server, bytes: 100, gapMs: 1, seconds: 20 }));
      await until("all of them are open", 5_000, async () => counted(datapath, "window_granted") >= 8);
      await sleep(500);
      const { gigabitsPerSecond } = await client.bulk({ to: server, seconds: 3 });
      for (const chat of chats) expect((await chat.stop()).errors.filter((error) => error !== "DEADLINE")).toEqual([]);
      // A ninth of the path would be 0.021.
      expect(gigabitsPerSecond).toBeGreaterThan(0.1);
    });

    it("is lifted from a running connection when its advice expires", async () => {
      const datapath = attach(server);
      // Long round trips: by itself the connection would find out that the rate is too low after 16 of them, in 1.6 s.
      await setDelay(50_000);
      try {
        advise(datapath, client.address, { windowSegments: 28, pathRateBytesPerSecond: rate, minRttUs: 100_000 }, 600);
        const startedMs = performance.now();
        const busy = client.hold({ to: server, bytes: 1 << 20, seconds: 10 });
        await until("a window is granted", 500, async () => counted(datapath, "window_granted") === 1);
        expect(counted(datapath, "pacing_lifted")).toBe(0);
        await until("the pacing is lifted", 1_300, async () => counted(datapath, "pacing_lifted") === 1);
        expect(performance.now() - startedMs).toBeGreaterThan(600);
        busy.process.kill("SIGTERM");
        await busy.process.exited;
      } finally {
        await setDelay(rttUs / 2);
      }
    });

    it("is lifted from idle connections by reading the release pin", async () => {
      const datapath = attach(server);
      advise(datapath, client.address, { windowSegments: 28, pathRateBytesPerSecond: rate, minRttUs: rttUs });
      port += 1;
      const connection = await idleConnection(client, server, port);
      expect((await socketOn(server, port)).maxPacingBitsPerSecond).toBe(rate * 8);
      // In the namespace of the connection, as an agent or an operator there would.
      await server.run("cat", [datapath.releasePin]);
      expect((await socketOn(server, port)).maxPacingBitsPerSecond).toBeUndefined();
      await connection.stop();
    });
  });

  describe("the receiver", () => {
    it("is opened for a large answer without locking its buffer", async () => {
      const datapath = attach(client);
      port += 1;
      const plain = await idleConnection(client, server, port);
      const before = await socketOn(client, port);
      await plain.stop();
      advise(datapath, server.address, { receiveWindowBytes: 2 * bdpBytes });
      port += 1;
      const opened = await idleConnection(client, server, port);
      expect((await socketOn(client, port)).receiveBufferBytes).toBeGreaterThan(2 * bdpBytes);
      expect(before.receiveBufferBytes).toBeLessThan(bdpBytes);
      await opened.stop();
      expect(counted(datapath, "receiver_opened")).toBe(1);
      // A locked buffer would stop growing here.
      const { errors } = await client.transfer({ to: server, bytes: 8 << 20 });
      expect(errors).toEqual([]);
    });

    it("together with the window and pacing brings 512 KiB to the physical limit", async () => {
      const sender = attach(server);
      const receiver = attach(client);
      const before = await client.transfer({ to: server, bytes: 512 << 10, rounds: 5, gapMs: 20 });
      const pathRateBytesPerSecond = Math.round(0.96 * payloadBytesPerSecond);
      advise(sender, client.address, { windowSegments: 2 * bdpSegments, pathRateBytesPerSecond, minRttUs: rttUs });
      advise(receiver, server.address, { receiveWindowBytes: 2.5 * bdpBytes });
      const after = await client.transfer({ to: server, bytes: 512 << 10, rounds: 5, gapMs: 20 });
      expect(Math.min(...before.us) / Math.min(...after.us)).toBeGreaterThan(2);
    });
  });

  describe("a failed jump", () => {
    it("drops the advice at once and says so", async () => {
      const datapath = attach(server);
      await testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: bdpBytes / 10 });
      const advice = {
        windowSegments: 1000,
        pathRateBytesPerSecond: 4 * payloadBytesPerSecond,
        minRttUs: rttUs,
        version: 77,
      };
      advise(datapath, client.address, {
        ...advice,
        pathRateBytesPerSecond: Math.round(advice.pathRateBytesPerSecond),
      });
      // The client's own receive window would hide the window's size.
      advise(attach(client), server.address, { receiveWindowBytes: 4 * bdpBytes });
      const { errors } = await client.transfer({ to: server, bytes: 1 << 20 });
      expect(errors).toEqual([]);
      const events = datapath.takeEvents(10).map(failedJumpOf);
      expect(events.length).toBe(1);
      expect(events[0]).toMatchObject({ adviceVersion: 77, windowSegments: 1000 });
      expect(Buffer.from(events[0]?.destination ?? [])).toEqual(Buffer.from(addressFromText(client.address) ?? []));
      expect(events[0]?.segmentsLost).toBeGreaterThan(0);
      expect((await windows()).server).toBe(kernelDefault);
      expect((await drained(datapath, client.address))?.windowsFailed).toBe(1);
    });
  });

  describe("timeouts", () => {
    const rtoMinMs = 200;

    /** Of the server's end, before and after it has heard of its first data. */
    async function timeoutMs(greeting: string): Promise<number> {
      port += 1;
      const connection = await idleConnection(client, server, port, server.address, greeting);
      if (greeting !== "") await sleep(100);
      const { rtoMs } = await socketOn(server, port);
      await connection.stop();
      return rtoMs;
    }

    it("are shorter from the first flight on where the receiver is told to acknowledge promptly", async () => {
      advise(attach(server), client.address, {
        windowSegments: 28,
        pathRateBytesPerSecond: 5_000_000,
        minRttUs: rttUs,
        rtoMinUs: 40_000,
      });
      expect(await timeoutMs("")).toBeLessThan(rtoMinMs / 2);
      expect(await timeoutMs("hello")).toBeLessThan(rtoMinMs / 2);
    });

    it("are the kernel's without advice from the first sample on, in observe mode, and for listeners after detaching", async () => {
      attach(server);
      expect(await timeoutMs("hello")).toBeGreaterThanOrEqual(rtoMinMs);
      await attached.pop()?.detach();
      expect(await timeoutMs("")).toBeGreaterThanOrEqual(rtoMinMs);
      attach(server, { switches: { ...armed, mode: "observe" } });
      expect(await timeoutMs("")).toBeGreaterThanOrEqual(rtoMinMs);
    });
  });

  describe("samples", () => {
    it("are what the path is: RTT, rate, bytes, connections, loss", async () => {
      const datapath = attach(server);
      await drained(datapath, client.address);
      await client.transfer({ to: server, bytes: 4 << 20, rounds: 2, gapMs: 20 });
      await sleep(100);
      const fold = await drained(datapath, client.address);
      expect(fold).toMatchObject({ connectionsOpened: 2, mssBytes: 1448, windowsGranted: 0, windowsFailed: 0 });
      expect(fold?.rttMinUs).toBeGreaterThan(0.98 * rttUs);
      expect(fold?.rttMinUs).toBeLessThan(1.1 * rttUs);
      expect(fold?.bytesAcked).toBeGreaterThan(2 * (4 << 20));
      expect(fold?.bytesAcked).toBeLessThan(2.01 * (4 << 20));
      expect(fold?.segmentsSent).toBeGreaterThanOrEqual(Math.ceil((2 * (4 << 20)) / 1448));
      const fastest = Math.max(...(fold?.unsaturatedKbytesPerSecond ?? [])) * 1000;
      expect(fastest).toBeGreaterThan(0.5 * payloadBytesPerSecond);
      expect(fastest).toBeLessThan(1.05 * payloadBytesPerSecond);
      // Nothing is paced, so nothing can say what the path's capacity is.
      expect(fold?.saturatedSamples).toBe(0);
    });

    it("tell the capacity when a paced connection runs into it", async () => {
      const datapath = attach(server);
      advise(attach(client), server.address, { receiveWindowBytes: 4 * bdpBytes });
      const pathRateBytesPerSecond = Math.round(1.2 * payloadBytesPerSecond);
      advise(datapath, client.address, { windowSegments: 2 * bdpSegments, pathRateBytesPerSecond, minRttUs: rttUs });
      await client.transfer({ to: server, bytes: 2 << 20, rounds: 3, gapMs: 50 });
      await sleep(100);
      const samples = (await drained(datapath, client.address))?.saturatedKbytesPerSecond ?? [];
      const median = [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
      expect(samples.length).toBeGreaterThanOrEqual(3);
      expect(median * 1000).toBeGreaterThan(0.95 * payloadBytesPerSecond);
      expect(median * 1000).toBeLessThan(1.05 * payloadBytesPerSecond);
    });

    it("tell the capacity by the first segments, of one connection as of many at once", async () => {
      const datapath = attach(server);
      // Slow enough that what a busy machine adds to the spacing does not matter.
      await testbed.network.setQueue(uplinkQueue("b", "a"), { rateBitsPerSecond: 20_000_000 });
      try {
        await client.transfer({ to: server, bytes: 32 << 10, atOnce: 8, rounds: 3, gapMs: 50 });
        await sleep(100);
        const samples = (await drained(datapath, client.address))?.trainKbytesPerSecond ?? [];
        const median = [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
        expect(samples.length).toBeGreaterThanOrEqual(4);
        expect(median * 1000).toBeGreaterThan((0.9 * payloadBytesPerSecond) / 10);
        expect(median * 1000).toBeLessThan((1.1 * payloadBytesPerSecond) / 10);
      } finally {
        await testbed.network.setQueue(uplinkQueue("b", "a"), { rateBitsPerSecond });
      }
    });

    it("say with how many segments at once the first ones were lost", async () => {
      const datapath = attach(server);
      await testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: 6 * 1500 });
      await client.transfer({ to: server, bytes: 16 << 10, rounds: 3, gapMs: 50 });
      await sleep(100);
      expect(await drained(datapath, client.address)).toMatchObject({ burstsKept: 0, burstsLost: 3, burstLostSum: 30 });
      advise(datapath, client.address, {
        windowSegments: 28,
        pathRateBytesPerSecond: 24_000_000,
        minRttUs: rttUs,
        burstSegments: 3,
      });
      await client.transfer({ to: server, bytes: 8 << 10, rounds: 3, gapMs: 50 });
      await sleep(100);
      expect(await drained(datapath, client.address)).toMatchObject({
        burstsKept: 3,
        burstsLost: 0,
        burstKeptHighest: 3,
      });
    });

    it("are of 256 connections an interval where there is no advice, and all are counted", async () => {
      const datapath = attach(server);
      const connections = 400;
      await client.transfer({ to: server, bytes: 1, atOnce: 40, rounds: connections / 40 });
      await sleep(100);
      expect(counted(datapath, "connection_unsampled")).toBe(connections - 256);
      expect((await drained(datapath, client.address))?.connectionsOpened).toBe(256);
      // What was not sampled is told of with the next one that is.
      await client.transfer({ to: server, bytes: 1 });
      await sleep(100);
      expect((await drained(datapath, client.address))?.connectionsOpened).toBe(connections - 256 + 1);
    });

    it("are refused and counted when the map is full, and connections go on", async () => {
      const datapath = attach(client, { maxEntries: { fold_0: 1, fold_1: 1 } });
      await windows();
      expect(counted(datapath, "error_fold_full")).toBe(0);
      expect((await windows(server.address6)).client).toBe(kernelDefault);
      expect(counted(datapath, "error_fold_full")).toBeGreaterThan(0);
    });
  });

  describe("an agent that comes after another", () => {
    it("takes over what is pinned, while connections are opened at full rate", async () => {
      const first = attachTo(server);
      advise(first, client.address, { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs });
      const load = client.connectRate({ to: server, seconds: 2, atOnce: 8 });
      await sleep(500);
      // The first one is not told: as after SIGKILL.
      const second = attach(server);
      expect(second.adopted).toBe(true);
      expect((await load).errors).toBe(0);
      expect((await windows()).server).toBe(28);
      expect(counted(second, "window_granted")).toBeGreaterThan(0);
    });
  });
});
