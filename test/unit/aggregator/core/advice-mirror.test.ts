import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Advice } from "../../../../aggregator/core/advice-change.ts";
import { AdviceLedger } from "../../../../aggregator/core/advice-ledger.ts";
import { pushBounds } from "../../../../aggregator/core/bounds.ts";
import type { UpdateDraft } from "../../../../aggregator/core/update-draft.ts";
import { address, advice, far, pathsOf } from "../fixtures.ts";

const ttlMs = 9_000;

function ledgerOf(term: number): AdviceLedger {
  return new AdviceLedger({ term, ttlMs, paths: pathsOf("a"), bounds: { ...pushBounds, entriesPerUpdate: 2 } });
}

/** Everything a leader has to send, observed by another. */
function pass(leader: AdviceLedger, standby: AdviceLedger, nowMs: number): readonly UpdateDraft[] {
  const drafts = leader.takeUpdates("a", 10, nowMs);
  for (const draft of drafts) standby.observe("a", { ...draft, term: leader.term }, nowMs);
  return drafts;
}

describe("observe()", () => {
  test("knows what the host holds, and goes on from there without changing it", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    leader.want("a", far, advice(100));
    standby.want("a", far, advice(100));
    pass(leader, standby, 0);
    expect(standby.adviceFor("a", far)?.windowSegments).toBe(100);
    standby.want("a", far, advice(105));
    standby.lead(8, 2_000);
    expect(standby.takeUpdates("a", 10, 2_000)).toEqual([
      { version: 2, baseTerm: 7, baseVersion: 1, snapshot: false, entries: [], withdrawn: [] },
    ]);
    expect(standby.takeUpdates("a", 10, 2_001)).toEqual([]);
    expect(standby.takeUpdates("a", 10, 5_000)).toMatchObject([{ version: 3, baseTerm: 0, baseVersion: 2 }]);
  });

  test("sends with its first update what the data has said since", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    leader.want("a", far, advice(100));
    pass(leader, standby, 0);
    standby.want("a", far, advice(50), true);
    expect(standby.adviceFor("a", far)?.windowSegments, "what the host holds").toBe(100);
    standby.lead(8, 2_000);
    expect(standby.takeUpdates("a", 10, 2_000)).toMatchObject([{ baseTerm: 7, entries: [{ windowSegments: 50 }] }]);
    expect(standby.isLoweredSince("a", far, 1)).toBe(true);
  });

  test("sends nothing while another leads", () => {
    const standby = ledgerOf(0);
    standby.want("a", far, advice(100));
    expect(standby.takeUpdates("a", 10, 5_000)).toEqual([]);
    expect(standby.answered("a", 7, 1, "ADVICE_REFUSAL_VERSION_GAP")).toBe("not_ours");
  });

  test("knows that it missed an update until the next snapshot", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    leader.want("a", far, advice(100));
    leader.takeUpdates("a", 10, 0);
    leader.want("a", far, advice(200));
    pass(leader, standby, 1_000);
    expect(standby.incompleteHosts).toEqual(["a"]);
    leader.resend("a");
    pass(leader, standby, 2_000);
    expect(standby.incompleteHosts).toEqual([]);
    expect(standby.adviceFor("a", far)?.windowSegments).toBe(200);
  });

  test("keeps for a minute what it does not know of, and then sends what it does", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    leader.want("a", far, advice(100));
    leader.takeUpdates("a", 10, 0);
    standby.observe("a", { ...heartbeat(leader, 3_000), term: 7 }, 3_000);
    standby.lead(8, 5_000);
    expect(standby.takeUpdates("a", 10, 5_000)).toMatchObject([{ baseTerm: 7, snapshot: false, entries: [] }]);
    expect(standby.hostsToRenew(8_000)).toEqual(["a"]);
    const other = address("10.0.0.3");
    standby.want("a", other, advice(50, other));
    expect(standby.takeUpdates("a", 10, 9_000)).toMatchObject([{ snapshot: false, entries: [{ windowSegments: 50 }] }]);
    expect(standby.takeUpdates("a", 10, 65_000)).toMatchObject([{ snapshot: true, entries: [{ windowSegments: 50 }] }]);
  });

  test("does not go back to a term that is over", () => {
    const standby = ledgerOf(0);
    const update = { version: 5, baseTerm: 0, baseVersion: 4, snapshot: true, entries: [advice(100)], withdrawn: [] };
    expect(standby.observe("a", { ...update, term: 8 }, 0)).toBe(true);
    expect(standby.observe("a", { ...update, term: 7, version: 9, entries: [] }, 1)).toBe(false);
    expect(standby.observe("a", { ...update, term: 8, entries: [] }, 2)).toBe(false);
    expect(standby.adviceFor("a", far)?.windowSegments).toBe(100);
  });

  test("takes over first where advice runs out first", () => {
    const standby = ledgerOf(0);
    const update = { term: 7, version: 1, baseTerm: 0, baseVersion: 0, snapshot: true, withdrawn: [] };
    for (const [hostId, sentMs] of [
      ["late", 900],
      ["first", 100],
      ["later", 1_000],
    ] as const) {
      standby.observe(hostId, { ...update, entries: [advice(100)] }, sentMs);
    }
    standby.lead(8, 2_000);
    expect(standby.waitingHosts).toEqual(["first", "late", "later"]);
  });
});

describe("reviewDisputes()", () => {
  test("tells what the host goes on holding against what is wanted here", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    leader.want("a", far, advice(100));
    pass(leader, standby, 0);
    standby.want("a", far, advice(300));
    expect(standby.reviewDisputes(), "the leader has not had its time").toEqual([]);
    expect(standby.reviewDisputes()).toEqual([{ hostId: "a", held: advice(100) }]);
    standby.want("a", far, advice(104));
    expect(standby.reviewDisputes()).toEqual([]);
    standby.lead(8, 9_000);
    expect(standby.takeUpdates("a", 10, 9_000)).toMatchObject([{ entries: [] }]);
  });

  test("leaves what could not be settled as the host has it, until the data moves or ten minutes are over", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    const other = address("10.0.0.3");
    leader.want("a", far, advice(100));
    leader.want("a", other, advice(100, other));
    pass(leader, standby, 0);
    for (const destination of [far, other]) standby.want("a", destination, advice(300, destination));
    standby.reviewDisputes();
    standby.reviewDisputes();
    standby.lead(8, 9_000);
    expect(standby.want("a", far, advice(310))).toBe(false);
    expect(standby.want("a", other, advice(300, other))).toBe(false);
    expect(standby.takeUpdates("a", 10, 9_000)).toMatchObject([{ baseTerm: 7, entries: [] }]);
    expect(standby.adviceFor("a", far)?.windowSegments).toBe(100);
    expect(standby.want("a", far, advice(400))).toBe(true);
    expect(standby.takeUpdates("a", 10, 9_001)).toMatchObject([{ entries: [{ windowSegments: 400 }] }]);
    standby.takeUpdates("a", 10, 609_000);
    standby.want("a", other, advice(300, other));
    expect(standby.takeUpdates("a", 10, 609_001)).toMatchObject([{ entries: [{ windowSegments: 300 }] }]);
  });

  test("sends at once what a failed window has lowered, in dispute or not", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    leader.want("a", far, advice(100));
    pass(leader, standby, 0);
    standby.want("a", far, advice(300));
    standby.reviewDisputes();
    standby.reviewDisputes();
    standby.want("a", far, advice(70), true);
    standby.lead(8, 9_000);
    expect(standby.takeUpdates("a", 10, 9_000)).toMatchObject([{ entries: [{ windowSegments: 70 }] }]);
  });

  test("has nothing to tell where the leader came to the same", () => {
    const [leader, standby] = [ledgerOf(7), ledgerOf(0)];
    leader.want("a", far, advice(100));
    pass(leader, standby, 0);
    standby.want("a", far, undefined);
    standby.reviewDisputes();
    leader.want("a", far, undefined);
    pass(leader, standby, 1_000);
    expect(standby.reviewDisputes()).toEqual([]);
  });
});

test("a host ends with what it should hold, whoever leads and whatever is lost", () => {
  const step = fc.record({
    destination: fc.integer({ min: 1, max: 4 }),
    window: fc.option(fc.integer({ min: 1, max: 100_000 })),
    isLost: fc.boolean(),
    isUnheard: fc.boolean(),
    isChange: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let [leader, standby] = [ledgerOf(1), ledgerOf(0)];
      const host = { term: 0, version: 0, renewedMs: 0, held: new Map<string, Advice>() };
      let nowMs = 0;
      const exchange = (isLost: boolean, isUnheard: boolean) => {
        nowMs += 1_500;
        for (const draft of leader.takeUpdates("a", 10, nowMs)) {
          const { term } = leader;
          if (!isUnheard) standby.observe("a", { ...draft, term }, nowMs);
          if (isLost) continue;
          const isNext = (draft.baseTerm || term) === host.term && draft.baseVersion === host.version;
          if (!draft.snapshot && !isNext) {
            leader.answered("a", term, draft.version, "ADVICE_REFUSAL_VERSION_GAP");
            continue;
          }
          if (draft.snapshot) host.held.clear();
          for (const entry of draft.entries) host.held.set(String(entry.destination), entry);
          for (const destination of draft.withdrawn) host.held.delete(String(destination));
          host.term = term;
          host.version = draft.version;
          host.renewedMs = nowMs;
        }
      };
      for (const { destination: last, window, isLost, isUnheard, isChange } of steps) {
        const destination = address(`10.0.1.${last}`);
        const wanted = window === null ? undefined : advice(window, destination);
        for (const ledger of [leader, standby]) ledger.want("a", destination, wanted);
        exchange(isLost, isUnheard);
        if (!isChange) continue;
        standby.lead(leader.term + 1, nowMs);
        leader.standBy();
        [leader, standby] = [standby, leader];
      }
      for (let round = 0; round < 50; round += 1) {
        leader.announced("a", host.term, host.version, nowMs);
        exchange(false, false);
      }
      // Who leads may never have heard that the host holds anything: then nobody renews it.
      if (nowMs - host.renewedMs > ttlMs) host.held.clear();
      for (let last = 1; last <= 4; last += 1) {
        const destination = address(`10.0.1.${last}`);
        expect(host.held.get(String(destination))).toEqual(leader.adviceFor("a", destination));
      }
    }),
  );
});

function heartbeat(leader: AdviceLedger, nowMs: number): UpdateDraft {
  const [draft] = leader.takeUpdates("a", 10, nowMs);
  if (draft === undefined) throw new Error("Cannot find an update");
  return draft;
}
