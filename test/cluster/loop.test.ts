/** The whole loop: the real programs on a testbed learn a path, grant its window, and leave nothing when killed. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canUseKernel } from "../support/privileges.ts";
import { idleConnection, socketOn } from "../support/sockets.ts";
import { until } from "../support/until.ts";
import { Cluster } from "../testbed/cluster.ts";
import { rackNetwork } from "../testbed/network-plan.ts";
import { pinnedHostIds } from "../testbed/pins.ts";
import { projectRoot } from "../testbed/programs.ts";
import { RunningProcess } from "../testbed/running-process.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";

const kernelDefault = 10;
const adviceTtlMs = 3_000;
const rateBitsPerSecond = 200_000_000;
const rttUs = 20_000;

describe.skipIf(!canUseKernel)("the loop", () => {
  let testbed: Testbed;
  let cluster: Cluster;
  let port = 9200;

  beforeAll(async () => {
    const bdpBytes = (rateBitsPerSecond * rttUs) / 8e6;
    testbed = await createTestbed(
      rackNetwork({
        racks: { a: ["a1"], b: ["b1"] },
        inside: { rateBitsPerSecond: 1e9, rttUs: 200, bufferBytes: 250_000 },
        across: { rateBitsPerSecond, rttUs, bufferBytes: bdpBytes / 4 },
      }),
    );
    await testbed.host("b1").serve();
    cluster = await Cluster.start(testbed, { apply: true, adviceTtlMs, reportIntervalMs: 500 });
  });
  afterAll(() => testbed?.close());

  /** The first window of a new connection at the server. */
  async function firstWindow(): Promise<number> {
    port += 1;
    const connection = await idleConnection(testbed.host("a1"), testbed.host("b1"), port);
    const { cwnd } = await socketOn(testbed.host("b1"), port);
    await connection.stop();
    return cwnd;
  }

  async function load(): Promise<void> {
    const { errors } = await testbed.host("a1").transfer({ to: testbed.host("b1"), bytes: 512 << 10, rounds: 5 });
    expect(errors).toEqual([]);
  }

  it("starts from the kernel's window", async () => {
    expect(await firstWindow()).toBe(kernelDefault);
  });

  it("learns rate and RTT of a path from its traffic, and the kernel grants what is advised", async () => {
    await until("the window fits the path", 40_000, async () => {
      await load();
      const path = await cluster.path("b1", "a1");
      return (path?.advice?.windowSegments ?? 0) > 500;
    });
    const path = await cluster.path("b1", "a1");
    expect(path?.minRttUs).toBeGreaterThan(0.98 * rttUs);
    expect(path?.minRttUs).toBeLessThan(1.1 * rttUs);
    const payloadBytesPerSecond = ((rateBitsPerSecond / 8) * 1448) / 1500;
    expect(path?.rateBytesPerSecond).toBeGreaterThan(0.7 * payloadBytesPerSecond);
    expect(path?.rateBytesPerSecond).toBeLessThan(1.35 * payloadBytesPerSecond);
    await until("the kernel grants the advised window", 5_000, async () => {
      const advised = (await cluster.path("b1", "a1"))?.advice?.windowSegments;
      return (await firstWindow()) === advised;
    });
  });

  it("tells the answer's receiver to be ready for it", async () => {
    // Its advice may come after the sender's: it is for the next connection.
    await until("the receiver is opened", 5_000, async () => {
      await load();
      return ((await cluster.kernelDecisions("a1")).get("receiver_opened") ?? 0) > 0;
    });
  });

  it("is back at the kernel's window within the lifetime of advice when all of it is killed, connections unharmed", async () => {
    const held = testbed.host("a1").hold({ to: testbed.host("b1"), bytes: 64 << 10, gapMs: 50, seconds: 60 });
    await until("a connection is held open", 5_000, async () => held.process.exit === null);
    const before = await firstWindow();
    expect(before).toBeGreaterThan(kernelDefault);
    for (const process of [cluster.aggregator, cluster.agent("b1"), cluster.agent("a1"), cluster.broker]) {
      process.kill("SIGKILL");
    }
    const killedMs = performance.now();
    await until(
      "the kernel's window is back",
      adviceTtlMs + 2_500,
      async () => (await firstWindow()) === kernelDefault,
    );
    // A look takes a while itself.
    expect(performance.now() - killedMs).toBeLessThan(adviceTtlMs + 1_000 + 800);
    const { us, errors } = await held.stop();
    expect(errors).toEqual([]);
    expect(us.length).toBeGreaterThan(10);
  });

  it("goes on where it was killed: an agent adopts what is pinned and ends without a trace", async () => {
    await cluster.startBroker();
    await cluster.startAggregator();
    await cluster.startAgent("b1");
    expect(cluster.agent("b1").stderr).toContain('"adopted":true');
    await until("the path is known again", 20_000, async () => {
      await load();
      return (await cluster.path("b1", "a1")) !== undefined;
    });
    const { code } = await cluster.agent("b1").stop(6_000);
    expect(code).toBe(0);
    expect(pinnedHostIds(cluster.hostId("b1"))).toEqual([]);
    const attached = execFileSync("bpftool", ["cgroup", "show", testbed.host("b1").cgroupPath]).toString();
    expect(attached).not.toContain("sock_ops");
  });

  it("outlives its agent also under `ip netns exec`, which hides the mounts below /sys", async () => {
    const host = testbed.host("b1");
    const id = cluster.hostId("b1");
    const options = [`--nats-url=${cluster.natsUrl}`, `--host-id=${id}`, `--cgroup=${host.cgroupPath}`, "--apply"];
    const program = join(projectRoot(), "dist/node-agent/main.js");
    const agent = new RunningProcess("ip", ["netns", "exec", host.namespace, process.execPath, program, ...options]);
    await agent.waitForLine(/"msg":"attached"/, 10_000);
    agent.kill("SIGKILL");
    await agent.exited;
    expect(pinnedHostIds(id)).toEqual([id]);
    const attached = execFileSync("bpftool", ["cgroup", "show", host.cgroupPath]).toString();
    expect(attached).toContain("sock_ops");
  });
});
