/** What the BPF program samples, and the timeouts it sets, on real connections over an emulated path. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { advise, drained } from "../support/datapath.ts";
import {
  bdpBytes,
  bdpSegments,
  kernelDefault,
  payloadBytesPerSecond,
  rateBitsPerSecond,
  rttUs,
  useKernelBed,
} from "../support/kernel-bed.ts";
import { canUseKernel } from "../support/privileges.ts";
import { idleConnection, socketOn } from "../support/sockets.ts";
import { uplinkQueue } from "../testbed/network-plan.ts";

describe.skipIf(!canUseKernel)("the BPF program's", () => {
  const bed = useKernelBed(9500);
  const { attach, windows, counted } = bed;

  describe("timeouts", () => {
    it("are shorter from the first flight on where a connection is opened to a receiver that acknowledges promptly", async () => {
      const port = bed.nextPort();
      const rtoMinUs = 40_000;
      advise(attach(bed.client), bed.server.address, {
        windowSegments: 28,
        pathRateBytesPerSecond: 5_000_000,
        minRttUs: rttUs,
        rtoMinUs,
        receiveWindowBytes: 65_536,
      });
      const connection = await idleConnection(bed.client, bed.server, port);
      const timeouts = [await socketOn(bed.client, port), await socketOn(bed.server, port)].map(({ rtoMs }) => rtoMs);
      await connection.stop();
      expect(timeouts[0]).toBeLessThan(100);
      // The kernel's.
      expect(timeouts[1]).toBeGreaterThanOrEqual(200);
    });
  });

  describe("samples", () => {
    it("are what the path is: RTT, rate, bytes, connections, loss", async () => {
      const datapath = attach(bed.server);
      await drained(datapath, bed.client.address);
      await bed.client.transfer({ to: bed.server, bytes: 4 << 20, rounds: 2, gapMs: 20 });
      await sleep(100);
      const fold = await drained(datapath, bed.client.address);
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

    it("tell of no more than the path carries where losses are repaired, of one connection as of several at once", async () => {
      const datapath = attach(bed.server);
      const advice = { windowSegments: 2 * bdpSegments, minRttUs: rttUs };
      const pathRateBytesPerSecond = Math.round(1.05 * payloadBytesPerSecond);
      await bed.testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: 20 * 1500 });
      await drained(datapath, bed.client.address);
      const samples: number[] = [];
      for (const atOnce of [1, 1, 1, 4]) {
        // A window that failed took the advice with it.
        advise(datapath, bed.client.address, { ...advice, pathRateBytesPerSecond });
        await bed.client.transfer({ to: bed.server, bytes: 1 << 20, atOnce, rounds: 4, gapMs: 50 });
        await sleep(50);
        const fold = await drained(datapath, bed.client.address);
        expect(fold?.segmentsRetransmitted).toBeGreaterThan(0);
        samples.push(...(fold?.unsaturatedKbytesPerSecond ?? []), ...(fold?.saturatedKbytesPerSecond ?? []));
      }
      expect(samples.length).toBeGreaterThan(8);
      // As a report does; a machine that is held up for a moment compresses what it acknowledges then.
      const told = samples.sort((a, b) => a - b)[Math.floor(0.7 * samples.length)] ?? 0;
      expect(told * 1000).toBeLessThan(1.1 * payloadBytesPerSecond);
    });

    it.each([1, 2])("tell the capacity when a paced connection of %d MiB runs into it", async (mebibytes) => {
      const datapath = attach(bed.server);
      advise(attach(bed.client), bed.server.address, { receiveWindowBytes: 4 * bdpBytes });
      const pathRateBytesPerSecond = Math.round(1.2 * payloadBytesPerSecond);
      advise(datapath, bed.client.address, {
        windowSegments: 2 * bdpSegments,
        pathRateBytesPerSecond,
        minRttUs: rttUs,
      });
      await bed.client.transfer({ to: bed.server, bytes: mebibytes << 20, rounds: 6 / mebibytes, gapMs: 50 });
      await sleep(100);
      const samples = (await drained(datapath, bed.client.address))?.saturatedKbytesPerSecond ?? [];
      const median = [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
      expect(samples.length).toBeGreaterThanOrEqual(3);
      expect(median * 1000).toBeGreaterThan(0.95 * payloadBytesPerSecond);
      expect(median * 1000).toBeLessThan(1.05 * payloadBytesPerSecond);
    });

    it("tell the capacity by the first segments, of one connection as of many at once", async () => {
      const datapath = attach(bed.server);
      // Slow enough that what a busy machine adds to the spacing does not matter.
      await bed.testbed.network.setQueue(uplinkQueue("b", "a"), { rateBitsPerSecond: 20_000_000 });
      try {
        await bed.client.transfer({ to: bed.server, bytes: 32 << 10, atOnce: 8, rounds: 3, gapMs: 50 });
        await sleep(100);
        const samples = (await drained(datapath, bed.client.address))?.trainKbytesPerSecond ?? [];
        const median = [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
        expect(samples.length).toBeGreaterThanOrEqual(4);
        expect(median * 1000).toBeGreaterThan((0.9 * payloadBytesPerSecond) / 10);
        expect(median * 1000).toBeLessThan((1.1 * payloadBytesPerSecond) / 10);
      } finally {
        await bed.testbed.network.setQueue(uplinkQueue("b", "a"), { rateBitsPerSecond });
      }
    });

    it("say with how many segments at once the first ones were lost", async () => {
      const datapath = attach(bed.server);
      await bed.testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: 6 * 1500 });
      await bed.client.transfer({ to: bed.server, bytes: 16 << 10, rounds: 3, gapMs: 50 });
      await sleep(100);
      expect(await drained(datapath, bed.client.address)).toMatchObject({
        burstsKept: 0,
        burstsLost: 3,
        burstLostSum: 30,
      });
      advise(datapath, bed.client.address, {
        windowSegments: 28,
        pathRateBytesPerSecond: 24_000_000,
        minRttUs: rttUs,
        burstSegments: 3,
      });
      await bed.client.transfer({ to: bed.server, bytes: 8 << 10, rounds: 3, gapMs: 50 });
      await sleep(100);
      expect(await drained(datapath, bed.client.address)).toMatchObject({
        burstsKept: 3,
        burstsLost: 0,
        burstKeptHighest: 3,
      });
    });

    it.each([
      ["tell the capacity by a few connections", 32, 13, 8],
      ["are tried for with more", 3, 64, 0],
    ])("%s in a minute where the first segments of all are held back", async (_, kib, sent, trains) => {
      const datapath = attach(bed.server);
      advise(datapath, bed.client.address, {
        windowSegments: 28,
        pathRateBytesPerSecond: 400_000,
        minRttUs: rttUs,
        burstSegments: 40,
        isCapacityKnown: true,
      });
      await bed.client.transfer({ to: bed.server, bytes: kib << 10, rounds: 72 });
      await sleep(100);
      const {
        burstsKept,
        burstKeptHighest,
        trainKbytesPerSecond = [],
      } = (await drained(datapath, bed.client.address)) ?? {};
      expect({ burstsKept, trains: trainKbytesPerSecond.length }).toEqual({ burstsKept: 72 - sent, trains });
      expect(burstKeptHighest).toBeLessThan(10);
      for (const rate of trainKbytesPerSecond) expect(rate * 1000).toBeGreaterThan(payloadBytesPerSecond / 4);
    });

    it("are of 256 connections an interval where there is no advice, and all are counted", async () => {
      const datapath = attach(bed.server);
      const connections = 400;
      await bed.client.transfer({ to: bed.server, bytes: 1, atOnce: 40, rounds: connections / 40 });
      await sleep(100);
      expect(counted(datapath, "connection_unsampled")).toBe(connections - 256);
      expect((await drained(datapath, bed.client.address))?.connectionsOpened).toBe(256);
      // What was not sampled is told of with the next one that is.
      await bed.client.transfer({ to: bed.server, bytes: 1 });
      await sleep(100);
      expect((await drained(datapath, bed.client.address))?.connectionsOpened).toBe(connections - 256 + 1);
    });

    it("are refused and counted when the map is full, and connections go on", async () => {
      const datapath = attach(bed.client, { maxEntries: { fold_0: 1, fold_1: 1 } });
      await windows();
      expect(counted(datapath, "error_fold_full")).toBe(0);
      expect((await windows(bed.server.address6)).client).toBe(kernelDefault);
      expect(counted(datapath, "error_fold_full")).toBeGreaterThan(0);
    });
  });
});
