/** The BPF programs and their maps, on real connections over an emulated path. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AdviceMap } from "../../node-agent/kernel/advice-map.ts";
import type { Datapath } from "../../node-agent/kernel/datapath.ts";
import { failedJumpOf } from "../../node-agent/kernel/records.ts";
import { addressFromText } from "../../proto/address.ts";
import { advise, armed, attachTo, drained } from "../support/datapath.ts";
import {
  bdpBytes,
  bdpSegments,
  kernelDefault,
  payloadBytesPerSecond,
  rttUs,
  useKernelBed,
} from "../support/kernel-bed.ts";
import { canUseKernel } from "../support/privileges.ts";
import { idleConnection, socketOn } from "../support/sockets.ts";
import { until } from "../support/until.ts";
import { uplinkQueue } from "../testbed/network-plan.ts";

describe.skipIf(!canUseKernel)("the BPF program", () => {
  const bed = useKernelBed();
  const { attach, windows, setDelay, counted } = bed;

  describe("first windows", () => {
    it("are the kernel's without advice, and the refusal is counted", async () => {
      const datapath = attach(bed.server);
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "refused_no_advice")).toBe(1);
    });

    it("are the advised ones on passive and active opens, over IPv4 and IPv6", async () => {
      const advice = { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      const passive = attach(bed.server);
      const active = attach(bed.client);
      advise(passive, bed.client.address, advice);
      advise(passive, bed.client.address6, { ...advice, windowSegments: 29 });
      advise(active, bed.server.address, { ...advice, windowSegments: 30 });
      advise(active, bed.server.address6, { ...advice, windowSegments: 31 });
      expect(await windows()).toEqual({ server: 28, client: 30 });
      expect(await windows(bed.server.address6)).toEqual({ server: 29, client: 31 });
      expect(counted(passive, "window_granted")).toBe(2);
    });

    it("come from the longest prefix, the exact host first", async () => {
      const datapath = attach(bed.server);
      const advice = { pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      const network = addressFromText("10.77.0.0") ?? new Uint8Array();
      advise(datapath, bed.client.address, { ...advice, address: network, prefixLength: 96 + 16, windowSegments: 40 });
      expect((await windows()).server).toBe(40);
      advise(datapath, bed.client.address, { ...advice, windowSegments: 50 });
      expect((await windows()).server).toBe(50);
    });

    it("are the kernel's again as soon as the advice has expired", async () => {
      const datapath = attach(bed.server);
      advise(
        datapath,
        bed.client.address,
        { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs },
        1_500,
      );
      expect((await windows()).server).toBe(28);
      await sleep(1_600);
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "refused_expired")).toBe(1);
    });

    it("are held to the bounds of the host, whatever was written into the map", async () => {
      const datapath = attach(bed.server, {
        switches: { ...armed, lowestWindowSegments: 4, highestWindowSegments: 64 },
      });
      const advice = { pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      advise(datapath, bed.client.address, { ...advice, windowSegments: 65_535 });
      expect((await windows()).server).toBe(64);
      advise(datapath, bed.client.address, { ...advice, windowSegments: 1 });
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
      const datapath = attach(bed.server);
      const advice = { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs };
      advise(datapath, bed.client.address, { ...advice, ...change });
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, counter)).toBe(1);
    });

    it("are only recorded in observe mode", async () => {
      const datapath = attach(bed.server, { switches: { ...armed, mode: "observe" } });
      advise(datapath, bed.client.address, { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs });
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "window_withheld")).toBe(1);
      expect((await drained(datapath, bed.client.address))?.windowsGranted).toBe(1);
    });

    describe("of a crowd's advice", () => {
      const advice = {
        windowSegments: 28,
        pathRateBytesPerSecond: 30_000_000,
        minRttUs: rttUs,
        togetherSegments: 6,
        togetherHosts: 6,
      };
      // Nobody has these addresses: a host can be asked, and does not answer.
      const beside = ["10.77.200.1", "10.77.200.2"];

      /** A server that is advised for a crowd, and a client that has asked many hosts and knows them to be of the cluster. */
      function attachBoth(): Datapath {
        const client = attach(bed.client);
        for (const address of [bed.server.address, ...beside]) advise(client, address, { receiveWindowBytes: 65_536 });
        const server = attach(bed.server);
        advise(server, bed.client.address, advice);
        return server;
      }

      it("are a host's part where the receiver has asked many, divided among its own connections, and bound them", async () => {
        const datapath = attachBoth();
        expect((await windows(bed.server.address, beside)).server).toBe(6);
        await drained(datapath, bed.client.address);
        // 256 KiB at 6 segments a round trip are 31 of them, and the handshake; by default they are 6. It grows after eight.
        const hosts = [...beside.map((address) => ({ address, address6: "" })), bed.server];
        const options = { bytes: 256 << 10, atOnce: 3, rounds: 2, gapMs: 50, transferLimitMs: 1_000 };
        const answered = (await bed.client.transferFrom(hosts, options)).filter(({ error }) => error === null);
        expect(answered).toHaveLength(2);
        for (const { us } of answered) {
          expect(us).toBeGreaterThan(12 * rttUs);
          expect(us).toBeLessThan(28 * rttUs);
        }
        expect(await drained(datapath, bed.client.address)).toMatchObject({ windowsFailed: 0, hostsTogether: 1 });
        advise(datapath, bed.client.address, { ...advice, togetherSegments: 1 });
        expect((await windows(bed.server.address, beside)).server).toBe(2);
      });

      it("are larger where the receiver has asked fewer than were expected", async () => {
        const datapath = attachBoth();
        advise(datapath, bed.client.address, { ...advice, togetherHosts: 24 });
        expect((await windows(bed.server.address, beside)).server).toBe(24);
      });

      it("are the kernel's where the receiver has asked nobody else, and it is as fast as by default", async () => {
        const datapath = attachBoth();
        expect((await windows()).server).toBe(kernelDefault);
        expect(counted(datapath, "refused_no_crowd")).toBe(1);
        const { us, errors } = await bed.client.transfer({ to: bed.server, bytes: 256 << 10, rounds: 3, gapMs: 50 });
        expect(errors).toEqual([]);
        for (const each of us) expect(each).toBeLessThan(8 * rttUs);
      });

      it("are not told of by a receiver that only observes", async () => {
        attachBoth();
        bed.attached[0]?.setMode("observe");
        expect((await windows(bed.server.address, beside)).server).toBe(kernelDefault);
      });
    });

    it("are smaller than the kernel's where the path bears no more at once, and a share only where the capacity is known", async () => {
      const datapath = attach(bed.server);
      const advice = { windowSegments: 28, pathRateBytesPerSecond: 300_000, minRttUs: rttUs };
      advise(datapath, bed.client.address, advice);
      expect((await windows()).server).toBe(kernelDefault);
      expect(counted(datapath, "refused_share_too_small")).toBe(1);
      advise(datapath, bed.client.address, { ...advice, burstSegments: 5 });
      expect((await windows()).server).toBe(5);
      advise(datapath, bed.client.address, { ...advice, burstSegments: 4, isCapacityKnown: true });
      expect((await windows()).server).toBe(4);
      // The probe for a single lost segment waits for the least timeout too.
      advise(datapath, bed.client.address, { ...advice, burstSegments: 1, isCapacityKnown: true });
      expect((await windows()).server).toBe(2);
      advise(datapath, bed.client.address, { ...advice, burstSegments: 1, isCapacityKnown: true, rtoMinUs: 40_000 });
      expect((await windows()).server).toBe(1);
    });

    it("are left alone when switched off", async () => {
      const datapath = attach(bed.server, { switches: { ...armed, mode: "off" } });
      advise(datapath, bed.client.address, { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs });
      expect((await windows()).server).toBe(kernelDefault);
      expect(await drained(datapath, bed.client.address)).toBeUndefined();
    });
  });

  describe("pacing", () => {
    const rate = 2_500_000;

    it("holds a connection to the rate of its path from the first segment", async () => {
      const datapath = attach(bed.server);
      advise(datapath, bed.client.address, {
        windowSegments: bdpSegments,
        pathRateBytesPerSecond: rate,
        minRttUs: rttUs,
      });
      const bytes = 200 << 10;
      const { us } = await bed.client.transfer({ to: bed.server, bytes, rounds: 3, gapMs: 50 });
      // Two RTT, then the bytes at the rate; ten segments are never paced, and the last rounds may probe a little higher.
      const expectedMs = (2 * rttUs) / 1000 + ((bytes - 10 * 1448) / rate) * 1000;
      for (const each of us) {
        expect(each / 1000).toBeGreaterThan(0.8 * expectedMs);
        expect(each / 1000).toBeLessThan(1.3 * expectedMs);
      }
    });

    it("divides the rate among connections that come together, from their first segment", async () => {
      const datapath = attach(bed.server);
      const advice = {
        windowSegments: bdpSegments,
        pathRateBytesPerSecond: 0.96 * payloadBytesPerSecond,
        minRttUs: rttUs,
      };
      advise(datapath, bed.client.address, {
        ...advice,
        pathRateBytesPerSecond: Math.round(advice.pathRateBytesPerSecond),
      });
      advise(attach(bed.client), bed.server.address, { receiveWindowBytes: 2 * bdpBytes });
      await bed.testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: bdpBytes / 4 });
      await drained(datapath, bed.client.address);
      await bed.testbed.network.resetStats();
      const { us, errors } = await bed.client.transfer({
        to: bed.server,
        bytes: 256 << 10,
        atOnce: 4,
        rounds: 5,
        gapMs: 50,
      });
      expect(errors).toEqual([]);
      const limitMs = (2 * rttUs) / 1000 + ((4 * (256 << 10)) / payloadBytesPerSecond) * 1000;
      const median = [...us].sort((a, b) => a - b)[Math.floor(us.length / 2)] ?? 0;
      expect(median / 1000).toBeLessThan(1.2 * limitMs);
      // Each at the full rate would overrun a buffer of a quarter of the BDP in every round.
      const { queues } = await bed.testbed.network.stats();
      expect(queues[uplinkQueue("b", "a")]?.bufferDrops).toBeLessThan(100);
      expect((await drained(datapath, bed.client.address))?.connectionsBusyMax).toBeGreaterThanOrEqual(4);
    });

    it("serves those first that began first where many come together, and the last no later for it", async () => {
      const datapath = attach(bed.server);
      advise(datapath, bed.client.address, {
        windowSegments: 2 * bdpSegments,
        pathRateBytesPerSecond: Math.round(0.96 * payloadBytesPerSecond),
        minRttUs: rttUs,
        isCapacityKnown: true,
      });
      advise(attach(bed.client), bed.server.address, { receiveWindowBytes: 2 * bdpBytes });
      await bed.testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: bdpBytes });
      const bytes = 256 << 10;
      const { us, errors } = await bed.client.transfer({ to: bed.server, bytes, atOnce: 16, rounds: 4, gapMs: 50 });
      expect(errors).toEqual([]);
      const limitMs = (2 * rttUs) / 1000 + ((16 * bytes) / payloadBytesPerSecond) * 1000;
      const sortedMs = us.map((each) => each / 1000).sort((a, b) => a - b);
      // With equal shares all of a round end together, at the limit and a little more.
      expect(sortedMs[16]).toBeLessThan(0.94 * limitMs);
      expect(sortedMs.at(-1)).toBeLessThan(1.3 * limitMs);
    });

    it("leaves a large transfer the path beside connections that only chat", async () => {
      const datapath = attach(bed.server);
      const pathRateBytesPerSecond = Math.round(0.96 * payloadBytesPerSecond);
      advise(datapath, bed.client.address, {
        windowSegments: 2 * bdpSegments,
        pathRateBytesPerSecond,
        minRttUs: rttUs,
      });
      const chats = Array.from({ length: 8 }, () =>
        bed.client.hold({ to: bed.server, bytes: 100, gapMs: 1, seconds: 20 }),
      );
      await until("all of them are open", 5_000, async () => counted(datapath, "window_granted") >= 8);
      await sleep(500);
      const { gigabitsPerSecond } = await bed.client.bulk({ to: bed.server, seconds: 3 });
      for (const chat of chats) expect((await chat.stop()).errors.filter((error) => error !== "DEADLINE")).toEqual([]);
      // A ninth of the path would be 0.021.
      expect(gigabitsPerSecond).toBeGreaterThan(0.1);
    });

    it("is lifted from a running connection when its advice expires", async () => {
      const datapath = attach(bed.server);
      // Long round trips: by itself the connection would find out that the rate is too low after 16 of them, in 1.6 s.
      await setDelay(50_000);
      try {
        advise(
          datapath,
          bed.client.address,
          { windowSegments: 28, pathRateBytesPerSecond: rate, minRttUs: 100_000 },
          600,
        );
        const startedMs = performance.now();
        const busy = bed.client.hold({ to: bed.server, bytes: 1 << 20, seconds: 10 });
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
  });

  describe("the receiver", () => {
    it("is opened for a large answer without locking its buffer", async () => {
      const datapath = attach(bed.client);
      let port = bed.nextPort();
      const plain = await idleConnection(bed.client, bed.server, port);
      const before = await socketOn(bed.client, port);
      await plain.stop();
      advise(datapath, bed.server.address, { receiveWindowBytes: 2 * bdpBytes });
      port = bed.nextPort();
      const opened = await idleConnection(bed.client, bed.server, port);
      expect((await socketOn(bed.client, port)).receiveBufferBytes).toBeGreaterThan(2 * bdpBytes);
      expect(before.receiveBufferBytes).toBeLessThan(bdpBytes);
      await opened.stop();
      expect(counted(datapath, "receiver_opened")).toBe(1);
      // A locked buffer would stop growing here.
      const { errors } = await bed.client.transfer({ to: bed.server, bytes: 8 << 20 });
      expect(errors).toEqual([]);
    });

    it("together with the window and pacing brings 512 KiB to the physical limit", async () => {
      const sender = attach(bed.server);
      const receiver = attach(bed.client);
      const before = await bed.client.transfer({ to: bed.server, bytes: 512 << 10, rounds: 5, gapMs: 20 });
      const pathRateBytesPerSecond = Math.round(0.96 * payloadBytesPerSecond);
      advise(sender, bed.client.address, { windowSegments: 2 * bdpSegments, pathRateBytesPerSecond, minRttUs: rttUs });
      advise(receiver, bed.server.address, { receiveWindowBytes: 2.5 * bdpBytes });
      const after = await bed.client.transfer({ to: bed.server, bytes: 512 << 10, rounds: 5, gapMs: 20 });
      expect(Math.min(...before.us) / Math.min(...after.us)).toBeGreaterThan(2);
    });
  });

  describe("a failed jump", () => {
    it("drops the advice at once and says so", async () => {
      const datapath = attach(bed.server);
      await bed.testbed.network.setQueue(uplinkQueue("b", "a"), { bufferBytes: bdpBytes / 10 });
      const advice = {
        windowSegments: 1000,
        pathRateBytesPerSecond: 4 * payloadBytesPerSecond,
        minRttUs: rttUs,
        version: 77,
      };
      advise(datapath, bed.client.address, {
        ...advice,
        pathRateBytesPerSecond: Math.round(advice.pathRateBytesPerSecond),
      });
      // The client's own receive window would hide the window's size.
      advise(attach(bed.client), bed.server.address, { receiveWindowBytes: 4 * bdpBytes });
      const { errors } = await bed.client.transfer({ to: bed.server, bytes: 1 << 20 });
      expect(errors).toEqual([]);
      const events = datapath.takeEvents(10).map(failedJumpOf);
      expect(events.length).toBe(1);
      expect(events[0]).toMatchObject({ adviceVersion: 77, windowSegments: 1000 });
      expect(Buffer.from(events[0]?.destination ?? [])).toEqual(Buffer.from(addressFromText(bed.client.address) ?? []));
      expect(events[0]?.segmentsLost).toBeGreaterThan(0);
      expect((await windows()).server).toBe(kernelDefault);
      expect((await drained(datapath, bed.client.address))?.windowsFailed).toBe(1);
    });

    it("is dropped again where it was renewed in the same moment, and removed once it would have run out", async () => {
      const datapath = attach(bed.server);
      const map = new AdviceMap(datapath.advice);
      const advised = { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs, version: 77 };
      const advice = advise(datapath, bed.client.address, advised);
      expect((await windows()).server).toBe(28);
      map.drop({ ...advice, version: 76 }, 0);
      expect(map.isDropped(advice), "another version failed").toBe(false);
      map.drop(advice, datapath.bootUs() + 1e6);
      expect(map.isDropped(advice)).toBe(true);
      expect((await windows()).server).toBe(kernelDefault);
      map.forgetDropped(datapath.bootUs());
      expect(map.keys().length).toBe(1);
      map.forgetDropped(datapath.bootUs() + 1e6);
      expect(map.keys()).toEqual([]);
    });
  });

  describe("an agent that comes after another", () => {
    it("takes over what is pinned, while connections are opened at full rate", async () => {
      const first = attachTo(bed.server);
      advise(first, bed.client.address, { windowSegments: 28, pathRateBytesPerSecond: 5_000_000, minRttUs: rttUs });
      const load = bed.client.connectRate({ to: bed.server, seconds: 2, atOnce: 8 });
      await sleep(500);
      // The first one is not told: as after SIGKILL.
      const second = attach(bed.server);
      expect(second.adopted).toBe(true);
      expect((await load).errors).toBe(0);
      expect((await windows()).server).toBe(28);
      expect(counted(second, "window_granted")).toBeGreaterThan(0);
    });
  });
});
