import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Advice } from "../../../../aggregator/core/advice-change.ts";
import { AdviceLedger } from "../../../../aggregator/core/advice-ledger.ts";
import { pushBounds } from "../../../../aggregator/core/bounds.ts";
import { address, advice, far, pathsOf } from "../fixtures.ts";

const term = 7;
const ttlMs = 9_000;

function newLedger(bounds: Partial<typeof pushBounds> = {}): AdviceLedger {
  return new AdviceLedger({ term, ttlMs, paths: pathsOf("a"), bounds: { ...pushBounds, ...bounds } });
}

/** A ledger whose host "a" holds one entry of version 1, sent at 0 ms. */
function heldLedger(): AdviceLedger {
  const ledger = newLedger();
  ledger.want("a", far, advice(100));
  ledger.takeUpdates("a", 10, 0);
  return ledger;
}

describe("takeUpdates()", () => {
  test("begins with a snapshot, and goes on with what changed", () => {
    const ledger = newLedger();
    expect(ledger.want("a", far, advice(100))).toBe(true);
    expect(ledger.takeUpdates("a", 10, 0)).toEqual([
      { version: 1, baseTerm: 0, baseVersion: 0, snapshot: true, entries: [advice(100)], withdrawn: [] },
    ]);
    expect(ledger.waitingHosts).toEqual([]);
    ledger.want("a", far, advice(200));
    expect(ledger.takeUpdates("a", 10, 1)).toEqual([
      { version: 2, baseTerm: 0, baseVersion: 1, snapshot: false, entries: [advice(200)], withdrawn: [] },
    ]);
    ledger.want("a", far, undefined);
    expect(ledger.takeUpdates("a", 10, 2)).toEqual([
      { version: 3, baseTerm: 0, baseVersion: 2, snapshot: false, entries: [], withdrawn: [far] },
    ]);
  });

  test("sends nothing to a host that holds nothing and is to hold nothing", () => {
    const ledger = newLedger();
    expect(ledger.want("a", far, undefined)).toBe(false);
    expect(ledger.takeUpdates("a", 10, 0)).toEqual([]);
    ledger.want("a", far, advice(100));
    ledger.want("a", far, undefined);
    expect(ledger.takeUpdates("a", 10, 0)).toEqual([]);
  });

  test("splits what is more than an update may hold, in order", () => {
    const ledger = newLedger({ entriesPerUpdate: 2 as never });
    for (let index = 1; index <= 5; index += 1)
      ledger.want("a", address(`10.0.1.${index}`), advice(100, address(`10.0.1.${index}`)));
    const drafts = [...ledger.takeUpdates("a", 2, 0), ...ledger.takeUpdates("a", 10, 0)];
    expect(
      drafts.map(({ version, baseVersion, snapshot, entries }) => [version, baseVersion, snapshot, entries.length]),
    ).toEqual([
      [1, 0, true, 2],
      [2, 1, false, 2],
      [3, 2, false, 1],
    ]);
  });

  test("renews with an empty update after a third of the lifetime, and not without entries", () => {
    const ledger = heldLedger();
    expect(ledger.hostsToRenew(2_999)).toEqual([]);
    expect(ledger.hostsToRenew(3_000)).toEqual(["a"]);
    expect(ledger.takeUpdates("a", 10, 3_000)).toEqual([
      { version: 2, baseTerm: 0, baseVersion: 1, snapshot: false, entries: [], withdrawn: [] },
    ]);
    expect(ledger.hostsToRenew(3_001)).toEqual([]);
    ledger.want("a", far, undefined);
    ledger.takeUpdates("a", 10, 3_002);
    expect(ledger.hostsToRenew(60_000)).toEqual([]);
  });
});

describe("want()", () => {
  test("leaves out what differs too little from what the host holds, however often", () => {
    const ledger = heldLedger();
    for (let window = 100; window <= 112; window += 1) expect(ledger.want("a", far, advice(window))).toBe(false);
    expect(ledger.takeUpdates("a", 10, 1)).toEqual([]);
    expect(ledger.want("a", far, advice(113))).toBe(true);
  });

  test("corrects what was not sent yet without saying so", () => {
    const ledger = newLedger();
    ledger.want("a", far, advice(100));
    expect(ledger.want("a", far, advice(105))).toBe(false);
    expect(ledger.takeUpdates("a", 10, 0)[0]?.entries).toEqual([advice(105)]);
  });

  test("sends the same again after a failed jump, and knows failures of older advice", () => {
    const ledger = heldLedger();
    expect(ledger.isLoweredSince("a", far, 1)).toBe(false);
    expect(ledger.want("a", far, advice(100), true)).toBe(true);
    expect(ledger.isLoweredSince("a", far, 1)).toBe(true);
    expect(ledger.takeUpdates("a", 10, 1)[0]).toMatchObject({ version: 2, entries: [advice(100)] });
    expect(ledger.isLoweredSince("a", far, 1)).toBe(true);
    expect(ledger.isLoweredSince("a", far, 2)).toBe(false);
  });

  test("gives a host no more entries than the bound", () => {
    const ledger = newLedger({ entriesPerHostMax: 1 as never });
    expect(ledger.want("a", far, advice(100))).toBe(true);
    expect(ledger.want("a", address("10.0.0.3"), advice(100, address("10.0.0.3")))).toBe(false);
    expect(ledger.want("a", far, advice(200))).toBe(true);
  });
});

describe("answered()", () => {
  test.each(["ADVICE_REFUSAL_VERSION_GAP", "ADVICE_REFUSAL_TOO_LATE"])("sends a snapshot after %s", (refusal) => {
    const ledger = heldLedger();
    expect(ledger.answered("a", term, 1, refusal)).toBe("resend");
    expect(ledger.takeUpdates("a", 10, 500)).toEqual([]);
    expect(ledger.takeUpdates("a", 10, 1_000)).toEqual([
      { version: 2, baseTerm: 0, baseVersion: 1, snapshot: true, entries: [advice(100)], withdrawn: [] },
    ]);
  });

  test("waits longer where a snapshot mends nothing", () => {
    const ledger = heldLedger();
    expect(ledger.answered("a", term, 1, "ADVICE_REFUSAL_KERNEL")).toBe("refused");
    expect(ledger.takeUpdates("a", 10, 9_999)).toEqual([]);
    expect(ledger.takeUpdates("a", 10, 10_000)).toHaveLength(1);
  });

  test("falls silent towards a host that follows a higher term", () => {
    const ledger = heldLedger();
    expect(ledger.answered("a", term, 1, "ADVICE_REFUSAL_OLD_TERM")).toBe("fenced");
    ledger.want("a", far, advice(500));
    expect(ledger.takeUpdates("a", 10, 60_000)).toEqual([]);
    expect(ledger.hostsToRenew(60_000)).toEqual([]);
    expect(ledger.fencedHosts).toBe(1);
    ledger.lead(term + 1, 60_000);
    expect(ledger.fencedHosts).toBe(0);
  });

  test("does nothing where all is well or the update is not known", () => {
    const ledger = heldLedger();
    expect(ledger.answered("a", term, 1, undefined)).toBe("in_force");
    expect(ledger.answered("a", term, 99, "ADVICE_REFUSAL_VERSION_GAP")).toBe("unknown_update");
    expect(ledger.answered("a", term - 1, 1, "ADVICE_REFUSAL_VERSION_GAP")).toBe("not_ours");
    expect(ledger.answered("b", term, 1, "ADVICE_REFUSAL_VERSION_GAP")).toBe("unknown_update");
    expect(ledger.waitingHosts).toEqual([]);
  });
});

describe("announced()", () => {
  test("sends nothing to a host in step, or one to which an update may be on its way", () => {
    const ledger = heldLedger();
    ledger.announced("a", 0, 0, 1_999);
    ledger.announced("a", term, 1, 5_000);
    expect(ledger.waitingHosts).toEqual([]);
  });

  test.each([
    ["an older term", term - 1, 9],
    ["nothing", 0, 0],
    ["an older version", term, 0],
  ])("sends a snapshot to a host that still holds %s", (_, heldTerm, heldVersion) => {
    const ledger = heldLedger();
    ledger.announced("a", heldTerm, heldVersion, 2_000);
    expect(ledger.takeUpdates("a", 10, 2_000)).toMatchObject([{ version: 2, snapshot: true }]);
  });

  test("finds a host out of step although renewals go on", () => {
    const ledger = heldLedger();
    for (const nowMs of [3_000, 6_000]) ledger.takeUpdates("a", 10, nowMs);
    ledger.announced("a", term, 1, 6_100);
    expect(ledger.takeUpdates("a", 10, 6_100)).toMatchObject([{ snapshot: true }]);
  });

  test("goes on above the version of a host that was forgotten", () => {
    const ledger = heldLedger();
    ledger.forgetHost("a");
    ledger.announced("a", term, 40, 100_000);
    ledger.want("a", far, advice(100));
    expect(ledger.takeUpdates("a", 10, 100_000)).toMatchObject([{ version: 41, snapshot: true }]);
  });

  test("falls silent towards a host that follows a higher term", () => {
    const ledger = heldLedger();
    ledger.announced("a", term + 1, 3, 5_000);
    expect(ledger.takeUpdates("a", 10, 6_000)).toEqual([]);
  });
});

test("resend() sends a snapshot", () => {
  const ledger = heldLedger();
  ledger.resend("a");
  expect(ledger.takeUpdates("a", 10, 1_000)).toMatchObject([{ version: 2, snapshot: true, entries: [advice(100)] }]);
});

test("a host that applies the updates it gets ends with what it should hold, whatever is lost", () => {
  const step = fc.record({
    destination: fc.integer({ min: 1, max: 4 }),
    window: fc.option(fc.integer({ min: 1, max: 100_000 })),
    isLost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ledger = newLedger({ entriesPerUpdate: 2 as never });
      const host = { version: 0, held: new Map<string, Advice>() };
      let nowMs = 0;
      const exchange = (isLost: boolean) => {
        nowMs += 1_500;
        for (const draft of ledger.takeUpdates("a", 10, nowMs)) {
          expect(draft.version).toBe(draft.baseVersion + 1);
          if (isLost) continue;
          if (!draft.snapshot && draft.baseVersion !== host.version) {
            ledger.answered("a", term, draft.version, "ADVICE_REFUSAL_VERSION_GAP");
            continue;
          }
          if (draft.snapshot) host.held.clear();
          for (const entry of draft.entries) host.held.set(String(entry.destination), entry);
          for (const destination of draft.withdrawn) host.held.delete(String(destination));
          host.version = draft.version;
        }
      };
      for (const { destination: last, window, isLost } of steps) {
        const destination = address(`10.0.1.${last}`);
        ledger.want("a", destination, window === null ? undefined : advice(window, destination));
        exchange(isLost);
      }
      // Renewals and announcements show what was lost, also where it was the last withdrawal.
      for (let round = 0; round < 6; round += 1) {
        ledger.announced("a", term, host.version, nowMs);
        exchange(false);
      }
      for (let last = 1; last <= 4; last += 1) {
        const destination = address(`10.0.1.${last}`);
        expect(host.held.get(String(destination))).toEqual(ledger.adviceFor("a", destination));
      }
    }),
  );
});
