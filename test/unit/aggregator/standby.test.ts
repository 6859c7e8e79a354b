import { beforeEach, describe, expect, test } from "vitest";
import { adviceBounds } from "../../../aggregator/core/bounds.ts";
import { reasonFor } from "../../../aggregator/core/host-advice.ts";
import { emptyEstimate } from "../../../aggregator/core/path-estimate.ts";
import { pathMessage } from "../../../aggregator/core/path-message.ts";
import { warmUpMs } from "../../../aggregator/core/warm-up.ts";
import { windowFor } from "../../../aggregator/core/window-policy.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import { Standby } from "../../../aggregator/standby.ts";
import type { AdviceUpdate } from "../../../proto/gen/augmenter/v1/AdviceUpdate.ts";
import { adviceUpdate, snapshotRequest } from "../../../proto/messages.ts";
import { wholeCluster } from "../../../proto/partition.ts";
import { subjectFor, subjectForPartition } from "../../../proto/subjects.ts";
import { termAheadMaxMs } from "../../../proto/term.ts";
import {
  address,
  advice,
  announcement,
  emptyView,
  estimateOf,
  PlayedClock,
  pathRate,
  quietRow,
  row,
} from "./fixtures.ts";

const far = address("10.0.0.2");
let view = emptyView();
let clock = new PlayedClock();
let metrics = createMetrics();
let published: { subject: string; hostIds: readonly string[] }[] = [];
let standby: Standby;

beforeEach(() => {
  view = emptyView();
  view.ledger.standBy();
  view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
  clock = new PlayedClock();
  metrics = createMetrics();
  published = [];
  const link = {
    publish: (subject: string, payload: Uint8Array) => {
      const opened = snapshotRequest.open(payload);
      if (opened.ok) published.push({ subject, hostIds: opened.message.hostIds });
      return opened.ok;
    },
  };
  standby = new Standby({ view, partition: wholeCluster, ttlMs: 10_000, link, metrics, clock });
});

function take(change: Partial<AdviceUpdate> = {}, hostId = "a"): string | undefined {
  const update = {
    hostId,
    term: 9,
    version: 1,
    baseVersion: 0,
    snapshot: true,
    ttlMs: 10_000,
    notAfterUnixMs: clock.unixMs() + 60_000,
    entries: [
      {
        destination: { address: Buffer.from(far), length: 128 },
        windowSegments: 691,
        pathRateBytesPerSecond: pathRate * 0.96,
        minRttUs: 20_000,
        capacityKnown: true,
      },
    ],
    ...change,
  };
  return standby.takeUpdate(subjectFor("advice", "a"), adviceUpdate.seal(update));
}

describe("takeUpdate()", () => {
  test("knows what the host holds", () => {
    expect(take()).toBeUndefined();
    expect(view.ledger.adviceFor("a", far)).toMatchObject({ windowSegments: 691, isCapacityKnown: true });
    take({ version: 2, baseVersion: 1, snapshot: false, entries: [], withdrawn: [{ address: far, length: 128 }] });
    expect(view.ledger.adviceFor("a", far)).toBeUndefined();
  });

  test("tells why, as far as a standby sees it, and who decided", () => {
    view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
    const told = () => pathMessage(view, view.table.at(0), 1_000).advice?.reason;
    view.table.put("a", far, emptyEstimate);
    take();
    expect(told()).toBe(
      "Advised by the aggregator that leads, and this one stands by; nothing that is known here says why",
    );
    view.table.put("a", far, estimateOf(row(), row()));
    const why = reasonFor(view, "a", far, adviceBounds, 1_000);
    expect(why).toMatch(/./);
    expect(told()).toBe(`Advised by the aggregator that leads, and this one stands by; as this one sees it: ${why}`);
  });

  test("tells watchers of a path that its advice changed", () => {
    view.table.put("a", far, estimateOf(quietRow()));
    const place = view.table.changesAfter(view.table.newestChange);
    take();
    expect(view.table.changesSince(place, 10)?.changed).toHaveLength(1);
  });

  test("refuses what is not for the host of its subject, what no host would follow, and what is damaged", () => {
    expect(take({}, "b")).toBe("wrong_host");
    expect(take({ term: clock.unixMs() + termAheadMaxMs + 1 })).toBe("out_of_range");
    expect(standby.takeUpdate(subjectFor("advice", "a"), new Uint8Array([1]))).toBe("not_protobuf");
    expect(standby.takeUpdate(subjectFor("report", "a"), new Uint8Array())).toBe("bad_subject");
    expect(view.ledger.hostIds()).toEqual([]);
  });

  test("keeps nothing of hosts it has not heard of, nor while it leads", () => {
    view.ledger.lead(9, 0);
    take();
    view.ledger.standBy();
    view.hosts.expire(61_000);
    take();
    expect(view.ledger.hostIds()).toEqual([]);
  });
});

test("requestSnapshots() asks for what was missed, and whoever leads sends it", () => {
  standby.requestSnapshots();
  expect(published).toEqual([]);
  take({ version: 5, baseVersion: 4, snapshot: false });
  standby.requestSnapshots();
  expect(published).toEqual([{ subject: subjectForPartition("sync", wholeCluster), hostIds: ["a"] }]);

  const request = snapshotRequest.seal({ hostIds: ["a", "nobody"] });
  expect(standby.takeRequest(request), "while another leads").toBeUndefined();
  view.ledger.lead(10, 0);
  expect(view.ledger.takeUpdates("a", 10, 1_000)).toMatchObject([{ snapshot: false }]);
  expect(standby.takeRequest(request)).toBeUndefined();
  expect(view.ledger.takeUpdates("a", 10, 2_000)).toMatchObject([
    { snapshot: true, entries: [{ windowSegments: 691 }] },
  ]);
  const tooMany = Array.from({ length: 513 }, (_, index) => `host-${index}`);
  expect(standby.takeRequest(snapshotRequest.seal({ hostIds: tooMany }))).toBe("too_many_hosts");
});

test("notReadyReasons() says until when a takeover would be noticed", () => {
  expect(standby.notReadyReasons()).toEqual(["standing by: some hosts were not heard of yet"]);
  clock.now = 15_000;
  expect(standby.notReadyReasons()).toEqual([]);
  take({ version: 5, baseVersion: 4, snapshot: false });
  expect(standby.notReadyReasons()).toEqual(["standing by: what 1 hosts hold is not known yet"]);
  standby.lead(10);
  expect(standby.notReadyReasons()).toEqual([]);
});

test("notReadyReasons() waits until hosts that report slowly would be told something, too", () => {
  view.hosts.announce(announcement("a", ["10.0.0.1"], { reportIntervalMs: 60_000 }), "a", 0);
  clock.now = warmUpMs(60_000) - 1;
  expect(standby.notReadyReasons()).toEqual(["standing by: some hosts were not heard of yet"]);
  clock.now = warmUpMs(60_000);
  expect(standby.notReadyReasons()).toEqual([]);
});

test("notReadyReasons() waits for hosts that are advised and were not heard of", () => {
  view.hosts.expire(61_000);
  clock.now = 62_000;
  take();
  expect(standby.notReadyReasons()).toEqual(["standing by: some hosts were not heard of yet"]);
  // What it holds is known by the time that its next update was due.
  view.hosts.heard("a", 1_000, 0, clock.now);
  clock.now += 3_000;
  take({ version: 2, baseVersion: 1, snapshot: false, entries: [] });
  clock.now += 2_001;
  expect(standby.notReadyReasons()).toEqual(["standing by: what 1 hosts hold is not known yet"]);
  take({ version: 3, baseVersion: 2 });
  expect(standby.notReadyReasons()).toEqual([]);
});

test("notReadyReasons() says where it leads and hosts follow somebody else, unless those are few", () => {
  for (const hostId of ["a", "b", "c"]) {
    view.ledger.lead(10, 0);
    view.ledger.want(hostId, far, advice(100));
    expect(view.ledger.takeUpdates(hostId, 1, 1_000)).toHaveLength(1);
  }
  view.ledger.answered("a", 10, 1, "ADVICE_REFUSAL_OLD_TERM");
  expect(standby.notReadyReasons()).toEqual([]);
  view.ledger.answered("b", 10, 1, "ADVICE_REFUSAL_OLD_TERM");
  expect(standby.notReadyReasons()).toEqual(["leading: 2 hosts follow a higher term"]);
  standby.lead(11);
  expect(standby.notReadyReasons()).toEqual([]);
});

test("lead() leaves what hosts hold as it is where this one has just begun to listen", () => {
  take();
  view.ledger.want("a", far, undefined);
  clock.now = 14_000;
  standby.lead(10);
  expect(view.ledger.takeUpdates("a", 10, clock.now)).toMatchObject([{ entries: [], withdrawn: [] }]);
  expect(view.ledger.want("a", far, undefined), "no news").toBe(false);
});

test("lead() renews what hosts were told that have said nothing here yet, and forgets them where they stay silent", () => {
  const heldBy = (hostId: string, version: number) =>
    standby.takeUpdate(
      subjectFor("advice", hostId),
      adviceUpdate.seal({ hostId, term: 9, version, baseVersion: version - 1, ttlMs: 10_000 }),
    );
  for (const version of [4, 5]) expect(heldBy("slow", version)).toBeUndefined();
  expect(heldBy("just-heard", 5)).toBeUndefined();
  expect(view.hosts.get("slow")).toBeUndefined();
  view.hosts.heard("just-heard", 1_000, 0, 3_000);
  // Told a third of their life before the leader was lost, and a lease and a half passed since.
  clock.now = 6_400;
  standby.lead(10);
  const renewal = { version: 6, baseTerm: 9, baseVersion: 5, snapshot: false, entries: [], withdrawn: [] };
  for (const hostId of ["slow", "just-heard"]) {
    expect(view.ledger.takeUpdates(hostId, 10, clock.now)).toMatchObject([renewal]);
  }
  expect(view.hosts.expire(67_000)).toContain("slow");
});

test("lead() sends what is news where it has listened for long", () => {
  take();
  view.ledger.want("a", far, undefined);
  clock.now = 15_000;
  standby.lead(10);
  expect(view.ledger.takeUpdates("a", 10, clock.now)).toMatchObject([{ withdrawn: [{ length: 16 }] }]);
});

test("settleDisputes() takes over what the leader goes on believing of a path", async () => {
  const ours = estimateOf(quietRow({ unsaturatedBytesPerSecond: pathRate / 4, unsaturatedSamples: 4 }));
  view.table.put("a", far, ours);
  const before = view.table.get("a", far);
  take();
  const wanted = windowFor(ours, far, adviceBounds, 0);
  if (wanted === undefined) throw new Error("Cannot advise");
  view.ledger.want("a", far, {
    ...wanted,
    destination: far,
    receiveWindowBytes: 0,
    rtoMinUs: 0,
    togetherSegments: 0,
    togetherHosts: 0,
  });
  standby.settleDisputes();
  expect(view.table.get("a", far), "the leader has not had its time").toEqual(before);
  standby.settleDisputes();
  expect(view.table.get("a", far)?.estimate.rate.rateBytesPerSecond).toBeCloseTo(pathRate, -2);
  expect((await metrics.estimatesAdopted.get()).values[0]?.value).toBe(1);
});

test("settleDisputes() makes no path measured that was advised on unmeasured, and it stays as the host has it", () => {
  const destination = { address: Buffer.from(far), length: 128 };
  take({ entries: [{ destination, windowSegments: 20, pathRateBytesPerSecond: 3_000_000, minRttUs: 20_000 }] });
  view.ledger.want("a", far, undefined);
  for (let review = 0; review < 3; review += 1) standby.settleDisputes();
  expect(view.table.get("a", far)).toBeUndefined();
  clock.now = 20_000;
  standby.lead(10);
  expect(view.ledger.want("a", far, undefined), "no news").toBe(false);
  expect(view.ledger.takeUpdates("a", 10, clock.now)).toMatchObject([{ entries: [], withdrawn: [] }]);
});
