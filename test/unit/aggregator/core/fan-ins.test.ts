import { describe, expect, test } from "vitest";
import { emptyTally } from "../../../../aggregator/core/fan-in-tally.ts";
import { FanIns } from "../../../../aggregator/core/fan-ins.ts";

const lost = {
  intervalUs: 1_000_000,
  rttMinUs: 5_000,
  rttP50Us: 6_000,
  segmentsSent: 1_000,
  segmentsRetransmitted: 50,
  connectionSegments: 90,
  lossFlightHighest: 20,
  burstsKept: 10,
  burstsLost: 0,
  burstLostMean: 0,
};

function bounded(): FanIns {
  const fanIns = new FanIns({ receiversMax: 2 });
  fanIns.seen("r", 10, 0);
  for (let ms = 1_000; ms < 3_000; ms += 100) fanIns.sent("r", `source-${ms}`, lost, ms);
  return fanIns;
}

describe("FanIns", () => {
  test("keeps nothing of hosts that no crowd sends to", () => {
    const fanIns = new FanIns({ receiversMax: 2 });
    fanIns.seen("r", 2, 0);
    fanIns.sent("r", "s", lost, 0);
    expect(fanIns.size).toBe(0);
    expect(fanIns.partOf("r", "s")).toBeUndefined();
  });

  test("counts one row of what a source tells at one time", () => {
    const fanIns = new FanIns({ receiversMax: 2 });
    fanIns.seen("r", 4, 0);
    for (let ms = 1_000; ms < 4_000; ms += 1_000) {
      for (let row = 0; row < 8; row += 1) fanIns.sent("r", "liar", lost, ms);
    }
    expect(fanIns.partOf("r", "s")).toBeUndefined();
  });

  test("counts what its own sources tell also where another partition tells first of an interval", () => {
    const fanIns = new FanIns({ receiversMax: 2 });
    const tally = { ...emptyTally, rows: 4 };
    fanIns.seen("r", 8, 0);
    for (let second = 1; second < 5; second += 1) {
      fanIns.sentAbroad({ receiverId: "r", intervalMs: 1_000, tally }, second * 1_000);
      for (let source = 0; source < 4; source += 1) fanIns.sent("r", `s${source}`, lost, second * 1_000 + 10 + source);
    }
    expect(fanIns.partOf("r", "s0")).toBeDefined();
  });

  test("tells each source's part, and once that it has changed", () => {
    const fanIns = bounded();
    expect(fanIns.partOf("r", "s")).toEqual({ hosts: 10, firstSegments: 10, partSegments: 10, segments: 100 });
    expect(fanIns.takeChanged(8)).toEqual(["r"]);
    expect(fanIns.takeChanged(8)).toEqual([]);
  });

  test("a larger crowd makes every part smaller", () => {
    const fanIns = bounded();
    fanIns.takeChanged(8);
    fanIns.seen("r", 20, 3_000);
    expect(fanIns.partOf("r", "s")?.partSegments).toBe(5);
    expect(fanIns.takeChanged(8)).toEqual(["r"]);
  });

  test("rounds parts up for as many hosts as makes them add up", () => {
    const fanIns = bounded();
    fanIns.seen("r", 40, 3_000);
    const parts = Array.from({ length: 40 }, (_, index) => fanIns.partOf("r", `source-${index}`)?.partSegments ?? 0);
    expect(new Set(parts)).toEqual(new Set([2, 3]));
    expect(parts.reduce((sum, part) => sum + part, 0) / 40).toBeCloseTo(2.5, 0);
    expect(fanIns.partOf("r", "source-7")?.partSegments).toBe(parts[7]);
  });

  test("tells other partitions of all receivers in turn, and of those that changed before", () => {
    const fanIns = new FanIns({ receiversMax: 8 });
    const names = ["r", "s", "t", "u", "v"];
    for (const name of names) fanIns.seen(name, 5, 0);
    const taken = (isAll: boolean) => fanIns.takeBounds(isAll, 2).map(({ receiverId }) => receiverId);
    expect([...taken(false), ...taken(false), ...taken(false)].sort()).toEqual(names);
    expect(taken(false)).toEqual([]);
    const [first = "", second = ""] = taken(true);
    fanIns.seen(first, 6, 1);
    const rest = [...taken(false), ...taken(false), ...taken(false)];
    expect(rest[0]).toBe(first);
    expect([second, ...rest].sort()).toEqual(names);
    // Receivers that report meanwhile do not put the others off.
    const seen = new Set<string>();
    for (let round = 0; round < 3; round += 1) for (const name of taken(true)) seen.add(name);
    expect([...seen].sort()).toEqual(names);
  });

  test("keeps nothing to be told of receivers that are forgotten", () => {
    const fanIns = new FanIns({ receiversMax: 2 });
    for (let index = 0; index < 10; index += 1) fanIns.seen(`r${index}`, 5, 0);
    expect(fanIns.takeBounds(false, 2).map(({ receiverId }) => receiverId)).toEqual(["r8", "r9"]);
  });

  test("tells who looks after a receiver nothing that was sent under an older bound", () => {
    const fanIns = new FanIns({ receiversMax: 2 });
    const bound = { receiverId: "r", hosts: 8, segments: 100, firstSegments: 50 };
    const rowsAfter = (segments: number) => {
      fanIns.told(bound, 0);
      fanIns.sent("r", "s", lost, 10_000);
      fanIns.told({ ...bound, segments }, 10_500);
      return fanIns.takeTallies(10).map(({ tally }) => tally.rows);
    };
    expect(rowsAfter(100)).toEqual([1]);
    expect(rowsAfter(90)).toEqual([]);
  });

  test("forgets a crowd that came no more: at once where nothing was bounded, else after ten minutes", () => {
    const minute = 60_000;
    const fanIns = new FanIns({ receiversMax: 2 });
    fanIns.seen("r", 3, 0);
    fanIns.seen("r", 1, minute);
    expect(fanIns.size).toBe(1);
    fanIns.seen("r", 1, 3 * minute);
    expect(fanIns.size).toBe(0);
    const remembered = bounded();
    for (let ms = 3_000; ms < 10 * minute; ms += minute) remembered.seen("r", 1, ms);
    expect(remembered.size).toBe(1);
    remembered.takeChanged(10);
    for (let ms = 10 * minute; ms < 13 * minute; ms += minute) remembered.seen("r", 1, ms);
    expect(remembered.size).toBe(0);
    expect(remembered.takeChanged(10)).toEqual(["r"]);
  });

  test("endCrowds() ends the crowd of a receiver that falls quiet within two minutes, and what bounded it ten after it came last", () => {
    const minute = 60_000;
    const fanIns = bounded();
    for (let ms = 0; ms <= 5 * minute; ms += minute / 2) fanIns.seen("r", 10, ms);
    fanIns.takeChanged(10);
    const partAt = (ms: number) => {
      fanIns.endCrowds(ms, 10);
      return fanIns.partOf("r", "s")?.hosts;
    };
    expect(partAt(6 * minute)).toBe(10);
    expect(partAt(7 * minute + 1)).toBeUndefined();
    expect(fanIns.takeChanged(10)).toEqual(["r"]);
    expect(fanIns.takeBounds(false, 10)).toMatchObject([{ receiverId: "r", hosts: 0 }]);
    expect(partAt(14 * minute)).toBeUndefined();
    expect(fanIns.size).toBe(1);
    expect(partAt(15 * minute)).toBeUndefined();
    expect(fanIns.size).toBe(0);
  });

  test("endCrowds() looks at no more receivers than it may, at all of them in turn, and at none of another partition", () => {
    const fanIns = new FanIns({ receiversMax: 8 });
    for (const name of ["r", "s", "t"]) fanIns.seen(name, 5, 0);
    fanIns.told({ receiverId: "u", hosts: 8, segments: 100, firstSegments: 50 }, 0);
    const sizes = [1, 2, 3].map(() => {
      fanIns.endCrowds(1e9, 2);
      return fanIns.size;
    });
    expect(sizes).toEqual([2, 1, 1]);
    expect(fanIns.partOf("u", "s")?.hosts).toBe(8);
  });

  test("endCrowds() does not make a receiver one that was heard of", () => {
    const fanIns = bounded();
    fanIns.seen("s", 5, 3_000);
    fanIns.endCrowds(4_000, 10);
    fanIns.seen("t", 5, 5_000);
    expect(fanIns.has("r")).toBe(false);
  });

  test("forgets a receiver that is gone, and not what another partition looks after", () => {
    const fanIns = bounded();
    fanIns.forgetHost("r");
    expect(fanIns.size).toBe(0);
    fanIns.told({ receiverId: "r", hosts: 8, segments: 100, firstSegments: 50 }, 0);
    fanIns.forgetHost("r");
    expect(fanIns.size).toBe(1);
  });

  test("forgets the receiver that was longest unheard of where there are too many", () => {
    const fanIns = bounded();
    fanIns.seen("s", 5, 3_000);
    fanIns.seen("t", 5, 3_000);
    expect(fanIns.size).toBe(2);
    expect(fanIns.partOf("r", "s")).toBeUndefined();
    expect(fanIns.dropped).toEqual({ receivers_evicted: 1, receivers_full: 0 });
  });

  test("keeps no more of what other partitions tell than there is room for, and counts the rest", () => {
    const fanIns = new FanIns({ receiversMax: 2 });
    for (const receiverId of ["r", "s", "t"]) {
      fanIns.told({ receiverId, hosts: 8, segments: 100, firstSegments: 50 }, 0);
    }
    expect(fanIns.size).toBe(2);
    expect(fanIns.dropped).toEqual({ receivers_evicted: 0, receivers_full: 1 });
  });
});
