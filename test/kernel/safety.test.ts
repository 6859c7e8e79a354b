/** What the BPF program keeps to whatever it is told, and lets go of whatever happens: on real connections over an emulated path. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { BpfMap } from "../../node-agent/kernel/bpf-map.ts";
import { mapSizes } from "../../node-agent/kernel/layout.gen.ts";
import { openLibbpf } from "../../node-agent/kernel/libbpf.ts";
import { PinDirectory } from "../../node-agent/kernel/pin-directory.ts";
import { addressFromText } from "../../proto/address.ts";
import { advise, armed, drained } from "../support/datapath.ts";
import { bdpBytes, bdpSegments, payloadBytesPerSecond, rttUs, useKernelBed } from "../support/kernel-bed.ts";
import { canUseKernel } from "../support/privileges.ts";
import { until } from "../support/until.ts";

/** Of the kernel's timers and of this test's own. */
const listenMs = 10_000;

// Connects, sends, disconnects by connect() to AF_UNSPEC, connects the same socket again, and sends less.
const reconnecting = `use Socket; $| = 1; my ($to, $port) = @ARGV; socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
my $there = sockaddr_in($port, inet_aton($to)); connect($s, $there) or die "$!"; syswrite($s, "x" x 200000); sleep 2;
connect($s, pack("S x14", 0)) or die "$!"; print "disconnected\\n"; sleep 2;
connect($s, $there) or die "$!"; syswrite($s, "y" x 60000); print "sent\\n"; sleep 30;`;
const sink =
  'require("net").createServer(s=>s.on("error",()=>0).resume()).listen(+process.argv[1],process.argv[2],()=>console.log("listening"))';
// Answers every other request after 100 ms only.
const thinking =
  'require("net").createServer(s=>{let n=0;s.setNoDelay().on("error",()=>0).on("data",()=>setTimeout(()=>s.write("r".repeat(200)),++n%2?0:100))}).listen(+process.argv[1],process.argv[2],()=>console.log("listening"))';
const asking =
  'const s=require("net").connect(+process.argv[1],process.argv[2]).setNoDelay();let left=40;const ask=()=>left--?s.write("q".repeat(200)):process.exit();s.on("connect",ask).on("data",ask)';

describe.skipIf(!canUseKernel)("the BPF program", () => {
  const bed = useKernelBed(9300);
  const { attach, windows, setDelay, counted } = bed;
  const wholePath = {
    windowSegments: 2 * bdpSegments,
    pathRateBytesPerSecond: Math.round(0.96 * payloadBytesPerSecond),
    minRttUs: rttUs,
    isCapacityKnown: true,
  };

  it.each([
    [16, 24, 28, 6],
    [4096, 1_000_000, 4096, 4096],
  ])(
    "grants no window above the host's highest, %i, whatever others say of a crowd",
    async (highest, hosts, window, together) => {
      const beside = ["10.77.200.1", "10.77.200.2"];
      const client = attach(bed.client);
      for (const address of [bed.server.address, ...beside]) advise(client, address, { receiveWindowBytes: 65_536 });
      const server = attach(bed.server, { switches: { ...armed, highestWindowSegments: highest } });
      advise(server, bed.client.address, {
        windowSegments: window,
        pathRateBytesPerSecond: 30_000_000,
        minRttUs: rttUs,
        togetherSegments: together,
        togetherHosts: hosts,
      });
      expect((await windows(bed.server.address, beside)).server).toBe(highest);
    },
  );

  it("leaves a connection a pace at which it ends, also where the others were miscounted", async () => {
    const datapath = attach(bed.server);
    advise(attach(bed.client), bed.server.address, { receiveWindowBytes: 2.5 * bdpBytes });
    advise(datapath, bed.client.address, wholePath);
    const libbpf = openLibbpf();
    const fd = new PinDirectory(libbpf, bed.server.namespace).openMaps().shares ?? -1;
    const shares = new BpfMap(libbpf, { name: "shares", fd, ...mapSizes.shares, maxEntries: 0 });
    const key = Buffer.from(addressFromText(bed.client.address) ?? []);
    const share = Buffer.alloc(mapSizes.shares.valueSize);
    const going = bed.client.transfer({ to: bed.server, bytes: 8 << 20, transferLimitMs: 20_000 });
    await until("the share is known", 5_000, async () => shares.lookup(key, share));
    await sleep(150);
    // `now.busy` of struct augmenter_share: the one connection there is.
    const busyAt = 40;
    await until("it is counted", 200, async () => shares.lookup(key, share) && share.readUInt32LE(busyAt) === 1);
    share.writeUInt32LE(0xffffffff, busyAt);
    shares.update(key, share);
    const { us, errors } = await going;
    expect(errors).toEqual([]);
    expect(us[0]).toBeLessThan(5_000_000);
  });

  it("lets go of advice that has run out while there is no room for samples", async () => {
    const datapath = attach(bed.server, { maxEntries: { fold_0: 1, fold_1: 1 } });
    // Long round trips: by itself the connection would find out that the rate is too low after 16 of them.
    await setDelay(50_000);
    try {
      const advice = { windowSegments: 28, pathRateBytesPerSecond: 500_000, minRttUs: 100_000, isCapacityKnown: true };
      advise(datapath, bed.client.address, advice, 1_500);
      const busy = bed.client.hold({ to: bed.server, bytes: 4 << 20, seconds: 20 });
      await until("a window is granted", 1_000, async () => counted(datapath, "window_granted") === 1);
      // Room for one destination, and another is first in the next interval.
      const port = bed.nextPort();
      const other = await bed.server.serve({ family: 6, port });
      await drained(datapath, bed.client.address);
      const first = bed.client.hold({ to: bed.server, bytes: 1 << 20, seconds: 20, family: 6, port });
      await until("samples are lost", 1_000, async () => counted(datapath, "error_fold_full") > 0);
      expect(counted(datapath, "pacing_lifted")).toBe(0);
      await until("the pacing is lifted", 3_000, async () => counted(datapath, "pacing_lifted") === 1);
      for (const { process } of [busy, first]) process.kill("SIGTERM");
      await Promise.all([busy, first].map(({ process }) => process.exited));
      await other.stop();
    } finally {
      await setDelay(rttUs / 2);
    }
  });

  it("begins anew with a socket that is connected again", async () => {
    const datapath = attach(bed.client);
    const port = bed.nextPort();
    const server = bed.server.spawn(process.execPath, ["-e", sink, String(port), bed.server.address]);
    await server.waitForLine(/listening/, listenMs);
    const client = bed.client.spawn("perl", ["-e", reconnecting, bed.server.address, String(port)]);
    await client.waitForLine(/disconnected/, listenMs);
    await drained(datapath, bed.server.address);
    await client.waitForLine(/sent/, listenMs);
    await sleep(500);
    const fold = await drained(datapath, bed.server.address);
    expect(fold).toMatchObject({ connectionsOpened: 1, windowsFailed: 0, segmentsRetransmitted: 0 });
    expect(Number(fold?.segmentsSent)).toBeGreaterThan(0);
    expect(Number(fold?.segmentsSent)).toBeLessThan(200);
    expect(Number(fold?.bytesAcked)).toBeLessThanOrEqual(60_001);
    await client.stop();
    await server.stop();
  });

  it("has either end acknowledge before the other's shorter timeout", async () => {
    await setDelay(500);
    try {
      const client = attach(bed.client);
      const advice = { receiveWindowBytes: 65_536, rtoMinUs: 20_000, minRttUs: 1_000 };
      advise(client, bed.server.address, { ...advice, windowSegments: 20, pathRateBytesPerSecond: 20_000_000 });
      advise(attach(bed.server), bed.client.address, advice);
      const port = bed.nextPort();
      const server = bed.server.spawn(process.execPath, ["-e", thinking, String(port), bed.server.address]);
      await server.waitForLine(/listening/, listenMs);
      await bed.client.run(process.execPath, ["-e", asking, String(port), bed.server.address]);
      const fold = await drained(client, bed.server.address);
      expect(fold?.segmentsSent).toBeGreaterThanOrEqual(40);
      // One may be late by chance.
      expect(fold?.segmentsRetransmitted).toBeLessThanOrEqual(1);
      await server.stop();
    } finally {
      await setDelay(rttUs / 2);
    }
  });

  it("finds out that a rate is far too low, and lets the connection go", async () => {
    const datapath = attach(bed.server);
    advise(attach(bed.client), bed.server.address, { receiveWindowBytes: 2.5 * bdpBytes });
    const pathRateBytesPerSecond = Math.round(wholePath.pathRateBytesPerSecond / 4);
    advise(datapath, bed.client.address, { ...wholePath, pathRateBytesPerSecond });
    const { us, errors } = await bed.client.transfer({ to: bed.server, bytes: 32 << 20, transferLimitMs: 20_000 });
    expect(errors).toEqual([]);
    expect(counted(datapath, "pacing_lifted")).toBe(1);
    // At a quarter of the rate it would take 5.7 s, at the whole 1.4 s.
    expect(us[0]).toBeLessThan(4_000_000);
  });

  it("keeps a connection of which the clamped window fills the path", async () => {
    await setDelay(500);
    try {
      const datapath = attach(bed.server);
      advise(attach(bed.client), bed.server.address, { receiveWindowBytes: bdpBytes });
      // A window of 30 on a path of 20: half a millisecond of queue, and no room for more.
      advise(datapath, bed.client.address, { ...wholePath, windowSegments: 20, minRttUs: 1_000, burstSegments: 20 });
      const { errors } = await bed.client.transfer({ to: bed.server, bytes: 16 << 20, transferLimitMs: 20_000 });
      expect(errors).toEqual([]);
      expect(counted(datapath, "window_granted")).toBe(1);
      expect(counted(datapath, "pacing_lifted")).toBe(0);
    } finally {
      await setDelay(rttUs / 2);
    }
  });

  it("lets a connection go that sees a queue for too long", async () => {
    const datapath = attach(bed.server);
    advise(attach(bed.client), bed.server.address, { receiveWindowBytes: 4 * bdpBytes });
    const pathRateBytesPerSecond = Math.round(1.3 * payloadBytesPerSecond);
    advise(datapath, bed.client.address, { ...wholePath, pathRateBytesPerSecond });
    const { errors } = await bed.client.transfer({ to: bed.server, bytes: 32 << 20, transferLimitMs: 20_000 });
    expect(errors).toEqual([]);
    expect(counted(datapath, "pacing_lifted")).toBe(1);
  });
});
