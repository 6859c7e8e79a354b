import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Advisor } from "../../../aggregator/advisor.ts";
import { noLimits } from "../../../aggregator/core/policy/policy-rule.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import { silentLog } from "../../../common/log.ts";
import { estimateAfter } from "../../support/folded.ts";
import { address, advice, announcement, emptyView, PlayedClock, pathRate, row } from "./fixtures.ts";
import { PlayedLink } from "./played-link.ts";

const far = address("10.0.0.2");

let view = emptyView();
let clock = new PlayedClock();
let link: PlayedLink;
let gone: string[] = [];
let leads = true;
let abroad: [string, string][] = [];
let advisor: Advisor;

beforeEach(() => {
  vi.useFakeTimers();
  view = emptyView();
  clock = new PlayedClock();
  link = new PlayedLink();
  gone = [];
  leads = true;
  abroad = [];
  advisor = new Advisor({
    view,
    link,
    metrics: createMetrics(),
    clock,
    log: silentLog(),
    ttlMs: 9_000,
    leads: () => leads,
    onPathAbroad: (...pair) => void abroad.push(pair),
    onFailure: () => undefined,
    onHostGone: (hostId) => void gone.push(hostId),
  });
  view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
});

afterEach(() => {
  advisor.stop();
  vi.useRealTimers();
});

/** What a standby sees that host "a" is told about 10.0.0.2. */
function seeTold(): void {
  view.ledger.standBy();
  const told = { term: 7, version: 4, baseTerm: 0, baseVersion: 3, snapshot: true, withdrawn: [] };
  expect(view.ledger.observe("a", { ...told, entries: [advice(100)] }, 1_000)).toBe(true);
}

function excludeFar(): void {
  const rule = { mode: undefined, pin: undefined, excluded: true, limits: noLimits };
  const scope = { kind: "all", name: "", prefix: { address: far, length: 128 } } as const;
  const author = { who: "op", peer: "", changedUnixMs: 1, why: "" };
  view.policy.replace({ ...view.policy.state, rules: [{ ...rule, scope, author }] });
}

/** One row of host "a" about 10.0.0.2, then a tick; both at a moment. */
async function tickAt(nowMs: number, rows: readonly ReturnType<typeof row>[] = []): Promise<void> {
  clock.now = nowMs;
  for (const each of rows) {
    view.hosts.heard("a", 1_000, 0, nowMs);
    view.table.put("a", far, estimateAfter(view.table.get("a", far)?.estimate, each, nowMs));
  }
  advisor.tick();
  await Promise.resolve();
}

describe("Advisor", () => {
  test("ends the crowd of a receiver that goes on reporting and tells of none", async () => {
    view.fanIns.seen("a", 5, 0);
    view.hosts.heard("a", 1_000, 0, 119_000);
    await tickAt(119_000);
    expect(view.fanIns.size).toBe(1);
    await tickAt(120_000);
    expect(view.fanIns.size).toBe(0);
  });

  test("pushes nothing before hosts have had time to report twice", async () => {
    await tickAt(1_000, [row()]);
    expect(advisor.isWarm).toBe(false);
    expect(link.updates).toEqual([]);
    await tickAt(3_000);
    expect(advisor.isWarm).toBe(true);
    expect(link.updates).toMatchObject([{ hostId: "a", term: 7, version: 1, snapshot: true, ttlMs: 9_000 }]);
  });

  test("renews the advice of every host in time, those that run out first first, and tells news meanwhile", async () => {
    const hosts = Array.from({ length: 1_000 }, (_, index) => `host-${index}`);
    for (const [index, hostId] of hosts.entries()) {
      view.hosts.announce(announcement(hostId, [`10.1.${index >> 8}.${index & 255}`]), hostId, 0);
      view.table.put(hostId, far, estimateAfter(undefined, row(), 3_000));
    }
    // Fifty of them fill a tick.
    link.onPublish = () => {
      clock.now += 0.1;
    };
    const sentMs = new Map<string, number>();
    let gapMs = 0;
    clock.now = 3_000;
    advisor.start();
    for (let step = 0; step < 3_000; step += 1) {
      clock.now += 10;
      if (step % 100 === 0) for (const hostId of hosts) view.hosts.heard(hostId, 1_000, 0, clock.now);
      await vi.advanceTimersByTimeAsync(10);
      for (const { hostId } of link.updates.splice(0)) {
        gapMs = Math.max(gapMs, clock.now - (sentMs.get(hostId) ?? clock.now));
        sentMs.set(hostId, clock.now);
      }
    }
    expect(sentMs.size).toBe(1_000);
    expect(gapMs).toBeLessThan(9_000 / 2);
    expect(Math.max(...hosts.map((hostId) => clock.now - (sentMs.get(hostId) ?? 0)))).toBeLessThan(9_000 / 2);
  });

  test("looks at the time while it goes through what one host is advised, and goes on there with the next tick", async () => {
    for (let index = 0; index < 1_000; index += 1) {
      view.table.put("a", address(`10.1.${index >> 8}.${index & 255}`), estimateAfter(undefined, row(), 3_000));
    }
    await tickAt(3_000);
    expect(view.ledger.entriesOf("a")).toBe(1_000);
    const looked = new Set<string>();
    let looks = 0;
    const { policy } = view;
    const forPath = policy.forPath.bind(policy);
    policy.forPath = (hostId, host, destination) => {
      clock.now += 0.125;
      looks += 1;
      looked.add(destination.join());
      return forPath(hostId, host, destination);
    };
    advisor.policyChanged();
    for (let tick = 0; tick < 25; tick += 1) {
      looks = 0;
      await tickAt(3_001 + 6 * tick);
      expect(looks).toBeLessThanOrEqual(40);
    }
    expect(looked.size, "in forty looks a tick").toBe(1_000);
    for (let tick = 0; tick < 40; tick += 1) await tickAt(3_300 + tick);
    looked.clear();
    // Advice is reviewed for four milliseconds, and paths, too, of which so many are looked at in one step.
    for (let tick = 1; tick <= 33; tick += 1) {
      looks = 0;
      await tickAt(4_000 + 200 * tick);
      expect(looks).toBeLessThanOrEqual(32 + 64);
    }
    expect(looked.size).toBe(1_000);
  });

  test("publishes many updates for one host in several ticks", async () => {
    for (let index = 0; index < 5_000; index += 1) {
      view.table.put("a", address(`10.1.${index >> 8}.${index & 255}`), estimateAfter(undefined, row(), 3_000));
    }
    link.onPublish = () => {
      clock.now += 3;
    };
    await tickAt(3_000);
    expect(link.updates).toHaveLength(2);
    await tickAt(3_100);
    await tickAt(3_200);
    expect(link.updates.flatMap(({ entries }) => entries)).toHaveLength(5_000);
  });

  test("waits longer for hosts that report slowly", async () => {
    view.hosts.announce(announcement("a", ["10.0.0.1"], { reportIntervalMs: 5_000 }), "a", 0);
    await tickAt(10_999, [row()]);
    expect(link.updates).toEqual([]);
    await tickAt(11_000);
    expect(link.updates).toHaveLength(1);
  });

  test("renews what another leader told hosts that report slowly, and tells them nothing new before", async () => {
    view.hosts.announce(announcement("a", ["10.0.0.1"], { reportIntervalMs: 10_000 }), "a", 0);
    leads = false;
    seeTold();
    await tickAt(2_000, [row()]);
    view.ledger.lead(8, 4_500, true);
    leads = true;
    for (let nowMs = 4_600; nowMs < 21_000; nowMs += 200) await tickAt(nowMs);
    const changes = link.updates.flatMap((update) => [...update.entries, ...update.withdrawn]);
    expect(changes).toEqual([]);
    expect(link.updates.map(({ version }) => version)).toEqual([5, 6, 7, 8, 9, 10]);
    expect(link.updates[0]).toMatchObject({ term: 8, baseTerm: 7, baseVersion: 4 });
    await tickAt(21_000, [row({ saturatedBytesPerSecond: 2 * pathRate })]);
    expect(link.updates.at(-1)?.entries).toHaveLength(1);
  });

  test("lets run out what the policy withholds from hosts that report slowly", async () => {
    view.hosts.announce(announcement("a", ["10.0.0.1"], { reportIntervalMs: 10_000 }), "a", 0);
    seeTold();
    view.ledger.lead(8, 4_500, true);
    excludeFar();
    await tickAt(4_600);
    expect(link.updates).toEqual([]);
    view.policy.replace({ ...view.policy.state, rules: [] });
    await tickAt(4_800);
    expect(link.updates).toHaveLength(1);
  });

  test("withdraws what an operator excludes though it is not known here yet why it was advised", async () => {
    seeTold();
    await tickAt(4_000);
    view.ledger.lead(8, 4_500, true);
    await tickAt(5_000);
    expect(link.updates.map(({ withdrawn }) => withdrawn)).toEqual([[]]);
    excludeFar();
    advisor.policyChanged();
    await tickAt(5_200);
    expect(link.updates[1]?.withdrawn).toHaveLength(1);
  });

  test("pushes only what changed enough, and renews the rest", async () => {
    await tickAt(3_000, [row()]);
    await tickAt(3_200, [row({ saturatedBytesPerSecond: 1.03 * pathRate })]);
    expect(link.updates).toHaveLength(1);
    await tickAt(6_000);
    expect(link.updates[1]).toMatchObject({ version: 2, baseVersion: 1, entries: [], snapshot: false });
    await tickAt(6_200, [row({ saturatedBytesPerSecond: 2 * pathRate })]);
    expect(link.updates[2]).toMatchObject({ version: 3, entries: [{ minRttUs: 20_000 }] });
  });

  test("tells the far end what it should be ready to receive", async () => {
    view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
    await tickAt(3_000, [row()]);
    const toB = link.updates.find((update) => update.hostId === "b");
    expect(toB?.entries).toMatchObject([{ windowSegments: 0, receiveWindowBytes: 1_250_000 }]);
    expect(toB?.entries[0]?.destination?.address).toEqual(Buffer.from(address("10.0.0.1")));
  });

  test("withdraws advice whose evidence has aged", async () => {
    await tickAt(3_000, [row()]);
    view.hosts.heard("a", 1_000, 0, 40 * 60_000);
    await tickAt(40 * 60_000);
    expect(link.updates.at(-1)).toMatchObject({ entries: [], withdrawn: [{ length: 128 }] });
  });

  test("publishes nothing while the broker is away, and all of it after", async () => {
    link.connected = false;
    await tickAt(3_000, [row()]);
    expect(link.updates).toEqual([]);
    link.connected = true;
    await tickAt(3_200);
    expect(link.updates).toMatchObject([{ version: 1, entries: [{ windowSegments: 691 }] }]);
  });

  test("publishes nothing more while the broker has not taken what it was given", async () => {
    link.flushes = false;
    await tickAt(3_000, [row()]);
    await tickAt(3_200, [row({ saturatedBytesPerSecond: 2 * pathRate })]);
    expect(link.updates).toHaveLength(1);
  });

  test("works all out but publishes nothing while another leads, and goes on from there when it does", async () => {
    leads = false;
    await tickAt(3_000, [row()]);
    advisor.failedJump("a", far, 1);
    vi.advanceTimersByTime(20);
    expect(link.updates).toEqual([]);
    leads = true;
    await tickAt(3_200);
    expect(link.updates).toMatchObject([{ version: 1, entries: [{ minRttUs: 20_000 }] }]);
  });

  test("gives the host's own clock its not-after", async () => {
    clock.now = 3_000;
    view.hosts.heard("a", 1_000, 3_600_000, 3_000);
    view.table.put("a", far, estimateAfter(undefined, row(), 3_000));
    advisor.tick();
    expect(link.updates[0]?.notAfterUnixMs).toBe(clock.unixMs() + 3_600_000 + 9_000 + 60_000);
  });

  test("counts what a full table cost a host that has no paths left, before it reports again", async () => {
    view.table.beginReport("a").evictions.ofTable = 2;
    await tickAt(1_000);
    expect(view.hosts.get("a")?.troubleReasons).toEqual({ paths_evicted: { table_full: 2 } });
    expect(view.table.beginReport("a").evictions.ofTable, "once").toBe(0);
  });

  test("forgets silent hosts and old paths", async () => {
    await tickAt(3_000, [row()]);
    await tickAt(63_001);
    expect(gone).toEqual(["a"]);
    expect(view.ledger.hostIds()).toEqual([]);
    // Its paths are looked at again until they are forgotten, too.
    for (let seconds = 64; seconds < 80; seconds += 1) await tickAt(1_000 * seconds);
    expect(view.table.size).toBe(1);
    expect(view.ledger.hostIds()).toEqual([]);
    await tickAt(3_000 + 60 * 60_000 + 1);
    expect(view.table.size).toBe(0);
  });
});

describe("failedJump()", () => {
  test("lowers the advice and sends it without waiting for a tick", async () => {
    await tickAt(3_000, [row()]);
    clock.now = 3_050;
    expect(advisor.failedJump("a", far, 1)).toBe("lowered");
    expect(link.updates).toHaveLength(1);
    vi.advanceTimersByTime(20);
    expect(link.updates[1]).toMatchObject({
      version: 2,
      entries: [{ pathRateBytesPerSecond: Math.round(pathRate * 0.7 * 0.96) }],
    });
  });

  test("learns nothing from more windows of the same advice, and again from the next", async () => {
    await tickAt(3_000, [row()]);
    clock.now = 3_050;
    advisor.failedJump("a", far, 1);
    clock.now = 3_500;
    expect(advisor.failedJump("a", far, 1)).toBe("known");
    vi.advanceTimersByTime(20);
    expect(advisor.failedJump("a", far, 1)).toBe("known");
    expect(advisor.failedJump("a", far, 2)).toBe("lowered");
    vi.advanceTimersByTime(20);
    expect(link.updates).toHaveLength(3);
  });

  test("lowers the advice of every other host that sends there, with the same push", async () => {
    for (const hostId of ["b", "c"]) {
      view.hosts.announce(announcement(hostId, [`10.0.1.${hostId.length}`]), hostId, 0);
      view.table.put(hostId, far, estimateAfter(undefined, row(), 1_000));
    }
    await tickAt(3_000, [row()]);
    link.updates.length = 0;
    clock.now = 3_050;
    expect(advisor.failedJump("a", far, 1)).toBe("lowered");
    vi.advanceTimersByTime(20);
    const rates = new Map(link.updates.map(({ hostId, entries }) => [hostId, entries[0]?.pathRateBytesPerSecond]));
    const full = Math.round(pathRate * 0.96);
    expect(rates).toEqual(
      new Map([
        ["a", Math.round(pathRate * 0.7 * 0.96)],
        ["b", Math.round(full * 0.85)],
        ["c", Math.round(full * 0.85)],
      ]),
    );
  });

  test("tells nobody of a window that was never advised", async () => {
    view.hosts.announce(announcement("b", ["10.0.1.1"]), "b", 0);
    view.table.put("b", far, estimateAfter(undefined, row(), 1_000));
    await tickAt(3_000);
    view.table.put("a", far, estimateAfter(undefined, row({ rttSamples: 1, saturatedSamples: 1 }), 3_000));
    link.updates.length = 0;
    advisor.failedJump("a", far, 1);
    vi.advanceTimersByTime(20);
    expect(link.updates).toEqual([]);
  });

  test("keeps others from unmeasured advice only where the host was advised itself", async () => {
    view.hosts.announce(announcement("b", ["10.0.0.2"], { rack: "of b" }), "b", 0);
    const [a, b] = [view.hosts.get("a"), view.hosts.get("b")];
    if (a === undefined || b === undefined) throw new Error("Cannot find the hosts");
    const { unseen } = view.inference;
    unseen.contacted(a, far, b, 1_000);
    clock.now = 3_000;
    advisor.failedJump("liar", far, 1);
    expect(unseen.isCandidate(a, far, b, 3_000)).toBe(true);
    await tickAt(3_000, [row()]);
    advisor.failedJump("a", far, 1);
    expect(unseen.isCandidate(a, far, b, 3_000)).toBe(false);
  });

  test("tells many hosts in turns, and none of them twice", async () => {
    const hostIds = Array.from({ length: 600 }, (_, index) => `h${index}`);
    for (const hostId of hostIds) {
      view.hosts.announce(announcement(hostId, []), hostId, 0);
      view.table.put(hostId, far, estimateAfter(undefined, row(), 1_000));
    }
    await tickAt(3_000, [row()]);
    link.updates.length = 0;
    advisor.failedJump("a", far, 1);
    vi.advanceTimersByTime(20);
    expect(link.updates.length).toBeLessThanOrEqual(250);
    vi.advanceTimersByTime(10);
    expect(new Set(link.updates.map(({ hostId }) => hostId))).toEqual(new Set(["a", ...hostIds]));
    expect(link.updates).toHaveLength(601);
  });

  test("knows nothing of paths without an estimate", () => {
    expect(advisor.failedJump("a", address("10.9.9.9"), 1)).toBe("unknown_path");
  });
});
