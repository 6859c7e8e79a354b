/** Aggregators that fail under real agents, seen from the kernel's map of a host under load. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AdviceSight } from "../support/advice-map.ts";
import { AdviceWatch } from "../support/advice-map.ts";
import { canUseKernel } from "../support/privileges.ts";
import { until } from "../support/until.ts";
import { Cluster } from "../testbed/cluster.ts";
import { rackNetwork } from "../testbed/network-plan.ts";
import type { RunningProcess } from "../testbed/running-process.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { Hold } from "../testbed/testbed-host.ts";

const adviceTtlMs = 10_000;
const watchMs = 20;
const rateBitsPerSecond = 200_000_000;
const rttUs = 20_000;

describe.skipIf(!canUseKernel)("a host whose aggregators fail", () => {
  let testbed: Testbed;
  let cluster: Cluster;
  let standby: RunningProcess;
  let load: Hold;
  let watch: AdviceWatch;

  beforeAll(async () => {
    testbed = await createTestbed(
      rackNetwork({
        racks: { a: ["a1"], b: ["b1"] },
        inside: { rateBitsPerSecond: 1e9, rttUs: 200, bufferBytes: 250_000 },
        across: { rateBitsPerSecond, rttUs, bufferBytes: (rateBitsPerSecond * rttUs) / 8e6 / 2 },
      }),
    );
    await testbed.host("b1").serve();
    cluster = await Cluster.start(testbed, { apply: true, adviceTtlMs });
    standby = await cluster.startStandby();
    load = testbed.host("a1").stream({ to: testbed.host("b1"), bytes: 512 << 10, gapMs: 100, seconds: 300 });
    watch = new AdviceWatch(cluster.hostId("b1"), testbed.host("a1").address, watchMs);
    await until("the path is known", 40_000, async () => watch.look().windowSegments > 400);
    await until("the standby could take over", 25_000, async () => (await standing("standby")).status === "ready");
    // Until growth by proof has come to its end.
    await sleep(10_000);
  });
  afterAll(async () => {
    watch?.stop();
    await testbed?.close();
  });

  async function standing(who: "leader" | "standby"): Promise<{ readonly status: string; readonly role: string }> {
    const { body } = await (who === "leader"
      ? cluster.fetchFromAggregator("/readyz")
      : cluster.fetchFromStandby("/readyz"));
    return JSON.parse(body === "" ? "{}" : body) as { status: string; role: string };
  }

  async function agentMetric(name: string): Promise<number> {
    const { body } = await cluster.fetchFromAgent("b1", "/metrics");
    return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(body)?.[1] ?? Number.NaN);
  }

  it("keeps valid advice, and none that changes by it, when the leader is killed and another leads within 5 s", async () => {
    expect((await standing("leader")).role).toBe("leader");
    const controlMs = performance.now() - 10_000;
    const killedMs = performance.now();
    cluster.aggregator.kill("SIGKILL");
    await until("another leads", 5_000, async () => (await standing("standby")).role === "leader");
    await sleep(10_000 - (performance.now() - killedMs));
    await sleep(adviceTtlMs);
    const sights = watch.between(controlMs, performance.now());
    expect(sights.length, "looks at the map").toBeGreaterThan(1_000);
    expect(Math.min(...sights.map(({ leftMs }) => leftMs)), "ms left of the advice at any look").toBeGreaterThan(0);
    expect(renewals(sights, killedMs)[0], "ms until the new leader is heard").toBeLessThan(5_000);
    // The load goes on and so do estimates: what the same reports do to the window by themselves is what it did before.
    const before = largestStep(watch.between(controlMs, killedMs));
    expect(largestStep(watch.between(killedMs, killedMs + 10_000))).toBeLessThan(Math.max(before, 1.25) + 0.01);
  });

  it("is back at the kernel's defaults when no aggregator is left, says so, and goes on measuring (FAULTS 7)", async () => {
    standby.kill("SIGKILL");
    const killedMs = performance.now();
    await until("the advice ran out", adviceTtlMs + 1_000, async () => watch.look().leftMs <= 0);
    expect(performance.now() - killedMs).toBeGreaterThan(adviceTtlMs / 2);
    const made = await agentMetric("augmenter_agent_reports_made_total");
    const ready = await cluster.fetchFromAgent("b1", "/readyz");
    expect(ready.status).toBe(503);
    expect(ready.body).toContain("advice ran out");
    expect(await agentMetric("augmenter_agent_advice_in_force")).toBe(0);
    expect(await agentMetric("augmenter_agent_advice_run_out")).toBe(1);
    await sleep(2_500);
    expect(await agentMetric("augmenter_agent_reports_made_total")).toBeGreaterThanOrEqual(made + 2);
  });

  it("is advised again by an aggregator that answers within 5 s, marked warming, and only by evidence (FAULTS 4)", async () => {
    const startedMs = performance.now();
    await cluster.startAggregator();
    const answeredMs = performance.now();
    expect(answeredMs - startedMs).toBeLessThan(5_000);
    expect((await cluster.fetchFromAggregator("/v1/paths")).status).toBe(200);
    const ready = await cluster.fetchFromAggregator("/readyz");
    expect(ready.status).toBe(503);
    expect(JSON.parse(ready.body)).toMatchObject({ warming: true });
    await until("the host is advised again", 20_000, async () => watch.look().leftMs > 0);
    expect(performance.now() - startedMs, "ms until two reports were in").toBeGreaterThan(2_000);
    expect(watch.look().windowSegments).toBeGreaterThan(100);
    const known = await cluster.path("b1", "a1");
    expect(known?.rateSamples).toBeGreaterThan(2);
    const { errors, us } = await load.stop();
    expect(us.length, "transfers meanwhile").toBeGreaterThan(100);
    // The last one is cut off.
    expect(errors.length).toBeLessThan(2);
  });
});

/** Milliseconds after a moment at which the advice was renewed. */
function renewals(sights: readonly AdviceSight[], sinceMs: number): readonly number[] {
  return sights.flatMap((sight, index) => {
    const before = sights[index - 1];
    const isRenewed = before !== undefined && sight.leftMs > before.leftMs && sight.atMs > sinceMs;
    return isRenewed ? [sight.atMs - sinceMs] : [];
  });
}

/** The largest ratio between two windows, one after the other. */
function largestStep(sights: readonly AdviceSight[]): number {
  let largest = 1;
  for (const [index, { windowSegments }] of sights.entries()) {
    const before = sights[index - 1]?.windowSegments ?? windowSegments;
    largest = Math.max(largest, before / windowSegments, windowSegments / before);
  }
  return largest;
}
