import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Leadership } from "../../../aggregator/leadership.ts";
import { silentLog } from "../../../common/log.ts";
import type { LeaderLease, LeaderLease__Output } from "../../../proto/gen/augmenter/v1/LeaderLease.ts";
import { leaderLease } from "../../../proto/messages.ts";
import { wholeCluster } from "../../../proto/partition.ts";
import { subjectForPartition } from "../../../proto/subjects.ts";
import { isCredibleTerm, termAheadMaxMs, termFollowedAheadMaxMs, termOfHostAheadMaxMs } from "../../../proto/term.ts";
import { PlayedClock } from "./fixtures.ts";

const partition = { index: 1, of: 2 };

let clock = new PlayedClock();
let link: PlayedLink;
let told: string[] = [];
let isReady = true;
let leadership: Leadership;

beforeEach(() => {
  vi.useFakeTimers();
  clock = new PlayedClock();
  link = new PlayedLink();
  told = [];
  isReady = true;
  leadership = new Leadership({
    aggregatorId: "own",
    partition,
    ttlMs: 10_000,
    link,
    clock,
    isReady: () => isReady,
    chance: () => 0,
    log: silentLog(),
    onLead: (term) => void told.push(`lead ${term - clock.unix}`),
    onStandBy: () => void told.push("stand by"),
  });
});

afterEach(() => {
  leadership.stop();
  vi.useRealTimers();
});

/** Looks at the lease every 50 ms until a moment. */
async function lookUntil(nowMs: number): Promise<void> {
  while (clock.now < nowMs) {
    clock.now += 50;
    leadership.look();
    await Promise.resolve();
    await Promise.resolve();
  }
}

function sealed(lease: Partial<LeaderLease>): Uint8Array {
  const usual = { aggregatorId: "other", term: clock.unixMs(), leaseMs: 2_000, partition: 1, partitions: 2 };
  return leaderLease.seal({ ...usual, ...lease });
}

describe("Leadership", () => {
  test("leads where nobody else does, and says so four times a lease", async () => {
    await lookUntil(2_150);
    expect(leadership.leads).toBe(false);
    await lookUntil(2_200);
    expect(leadership).toMatchObject({ leads: true, term: clock.unix + 2_000, leaderId: "own", changes: 1 });
    expect(told).toEqual(["lead 2000"]);
    link.said.length = 0;
    await lookUntil(12_000);
    expect(link.said).toHaveLength(20);
    expect(link.said[0]).toEqual({
      aggregatorId: "own",
      term: clock.unix + 2_000,
      leaseMs: 2_000,
      partition: 1,
      partitions: 2,
    });
    expect(leadership.leads).toBe(true);
  });

  test("leaves it to whoever is ready to lead where it is not, and leads soon after where nobody is", async () => {
    isReady = false;
    expect(leadership.takeLease(sealed({ term: clock.unix }))).toBeUndefined();
    await lookUntil(2_400);
    expect(link.said).toEqual([]);
    const before = clock.now;
    expect(leadership.takeLease(sealed({ aggregatorId: "ready", term: clock.unixMs() }))).toBeUndefined();
    await lookUntil(before + 2_400);
    expect(link.said).toEqual([]);
    await lookUntil(before + 2_700);
    expect(leadership.leads).toBe(true);
  });

  test("waits for nobody where nobody has led yet, as nothing can be known", async () => {
    isReady = false;
    await lookUntil(2_200);
    expect(leadership.leads).toBe(true);
  });

  test("stands by while another says that it leads", async () => {
    for (let nowMs = 500; nowMs <= 20_000; nowMs += 500) {
      expect(leadership.takeLease(sealed({ term: clock.unix }))).toBeUndefined();
      await lookUntil(nowMs);
    }
    expect(leadership).toMatchObject({ leads: false, term: 0, leaderId: "other", changes: 0 });
    await lookUntil(21_400);
    expect(leadership.leads).toBe(false);
    await lookUntil(22_000);
    expect(leadership.leads).toBe(true);
  });

  test("ceases to lead when another has a higher term", async () => {
    await lookUntil(3_000);
    leadership.takeLease(sealed({}));
    expect(leadership).toMatchObject({ leads: false, leaderId: "other" });
    expect(told).toEqual(["lead 2000", "stand by"]);
  });

  test("does not lead from the moment its lease has run out, before anything has looked", async () => {
    await lookUntil(3_000);
    clock.now = 60_000;
    expect(leadership).toMatchObject({ leads: false, term: 0 });
    leadership.look();
    expect(told).toEqual(["lead 2000", "stand by"]);
  });

  test("ceases to lead where the broker does not confirm its lease", async () => {
    await lookUntil(3_000);
    link.flushes = false;
    await lookUntil(5_600);
    expect(leadership.leads).toBe(false);
  });

  test("claims nothing while the broker is away", async () => {
    link.connected = false;
    await lookUntil(20_000);
    expect(told).toEqual([]);
    link.connected = true;
    await lookUntil(20_300);
    expect(leadership.leads).toBe(true);
  });

  test("gives its lease up when it ends", async () => {
    await lookUntil(3_000);
    leadership.stop();
    expect(link.said.at(-1)).toMatchObject({ term: clock.unix + 2_000, leaseMs: 0 });
    expect(leadership.leads).toBe(false);
    expect(told.at(-1)).toBe("stand by");
  });

  test("follows leaders of the same hosts only", async () => {
    await lookUntil(3_000);
    leadership.takeLease(sealed({ partition: 0 }));
    expect(leadership.leads, "of the other half").toBe(true);
    leadership.takeLease(sealed({ partition: wholeCluster.index, partitions: wholeCluster.of }));
    expect(leadership.leads, "of all hosts").toBe(false);
  });

  test("tells which hosts nobody leads, where another aggregator divides them otherwise", async () => {
    const quarter = { partition: 0, partitions: 4 };
    for (let nowMs = 500; nowMs <= 15_000; nowMs += 500) {
      await lookUntil(nowMs);
      leadership.takeLease(sealed(quarter));
    }
    expect(leadership.unled).toBeUndefined();
    await lookUntil(15_100);
    expect(leadership.unled).toEqual({ partitions: ["3/4"], divisions: [2, 4] });
    leadership.takeLease(sealed({ partition: 0, partitions: 2, leaseMs: 0 }));
    expect(leadership.unled, "one that has ended its term").toBeDefined();
    leadership.takeLease(sealed({ partition: 0, partitions: 2 }));
    expect(leadership.unled).toBeUndefined();
  });

  test("tells nothing of leaders that it could not hear", async () => {
    link.connected = false;
    await lookUntil(20_000);
    expect(leadership.unled).toBeUndefined();
    link.connected = true;
    await lookUntil(30_000);
    expect(leadership.unled).toBeUndefined();
    await lookUntil(35_100);
    expect(leadership.unled).toEqual({ partitions: ["1/2"], divisions: [2] });
    clock.now += 60_000;
    await lookUntil(clock.now + 50);
    expect(leadership.unled, "after standing still").toBeUndefined();
  });

  test.each([
    ["a term far ahead", { term: 1_800_000_000_000 }, "out_of_range"],
    ["no term", { term: 0 }, "out_of_range"],
    ["an endless lease", { leaseMs: 3_600_000 }, "out_of_range"],
    ["a partition that does not exist", { partition: 5 }, "unknown_partition"],
  ])("refuses %s", async (_, lease, reason) => {
    await lookUntil(3_000);
    expect(leadership.takeLease(sealed(lease))).toBe(reason);
    expect(leadership.leads).toBe(true);
  });

  test("refuses what is no lease", () => {
    expect(leadership.takeLease(new Uint8Array([1, 2, 3]))).toBe("not_protobuf");
  });

  test("leads on above a term that hosts follow and nobody leads in, unless it is far ahead", async () => {
    await lookUntil(3_000);
    expect(leadership.takeHostTerm(clock.unixMs() + termOfHostAheadMaxMs + 1)).toBe("not_credible");
    expect(leadership.takeHostTerm(clock.unixMs() + 3_600_000)).toBe("nobody_leads_in_it");
    await lookUntil(6_000);
    expect(told).toEqual(["lead 2000", "lead 3603001"]);
  });

  test("goes above no term of a host that others would refuse whose clocks are behind", async () => {
    await lookUntil(3_000);
    leadership.takeHostTerm(clock.unixMs() + termOfHostAheadMaxMs);
    await lookUntil(6_000);
    const { term } = leadership;
    expect(term).toBe(clock.unix + 3_000 + termOfHostAheadMaxMs + 1);
    const behindMs = clock.unixMs() - 3_500_000;
    expect(isCredibleTerm(term, behindMs), "for a standby").toBe(true);
    expect(isCredibleTerm(term, behindMs, termFollowedAheadMaxMs), "for a host").toBe(true);
    expect(leadership.takeHostTerm(term), "hosts that follow it now").toBeUndefined();
    expect(leadership.takeHostTerm(term + 5), "the one that says more").toBe("nobody_leads_in_it");
  });

  test.each([0, 1, 1_000])("finds nothing wrong with a host that follows none, or one of the past: %d", (term) => {
    expect(leadership.takeHostTerm(term)).toBeUndefined();
  });

  test("stands by while one leads whose clock is ahead, and leads above it afterwards", async () => {
    await lookUntil(3_000);
    const ahead = clock.unixMs() + termAheadMaxMs;
    expect(leadership.takeLease(sealed({ term: ahead }))).toBeUndefined();
    expect(leadership).toMatchObject({ leads: false, leaderId: "other" });
    await lookUntil(6_000);
    expect(leadership).toMatchObject({ leads: true, term: ahead + 1 });
    expect(isCredibleTerm(leadership.term, clock.unixMs()), "for hosts too").toBe(true);
  });
});

test("a lease is a fifth of the life of advice where that is short", async () => {
  const brief = new Leadership({
    aggregatorId: "own",
    partition,
    ttlMs: 2_000,
    link,
    clock,
    isReady: () => true,
    chance: () => 0,
    log: silentLog(),
    onLead: () => undefined,
    onStandBy: () => undefined,
  });
  clock.now = 400;
  brief.look();
  clock.now = 440;
  brief.look();
  expect(brief.leads).toBe(true);
});

class PlayedLink {
  connected = true;
  flushes = true;
  readonly said: LeaderLease__Output[] = [];

  publish(subject: string, payload: Uint8Array): boolean {
    expect(subject).toBe(subjectForPartition("lease", partition));
    const opened = leaderLease.open(payload);
    if (opened.ok) this.said.push(opened.message);
    return this.connected;
  }

  flush(): Promise<boolean> {
    return Promise.resolve(this.flushes);
  }
}
