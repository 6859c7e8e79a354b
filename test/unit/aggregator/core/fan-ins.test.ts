import { describe, expect, test } from "vitest";
import { FanIns } from "../../../../aggregator/core/fan-ins.ts";

const lost = {
  intervalUs: 1_000_000,
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
  for (let ms = 1_000; ms < 3_000; ms += 100) fanIns.sent("r", lost, ms);
  return fanIns;
}

describe("FanIns", () => {
  test("keeps nothing of hosts that no crowd sends to", () => {
    const fanIns = new FanIns({ receiversMax: 2 });
    fanIns.seen("r", 2, 0);
    fanIns.sent("r", lost, 0);
    expect(fanIns.size).toBe(0);
    expect(fanIns.partOf("r", "s")).toBeUndefined();
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

  test("forgets the receiver that was longest unheard of where there are too many", () => {
    const fanIns = bounded();
    fanIns.seen("s", 5, 3_000);
    fanIns.seen("t", 5, 3_000);
    expect(fanIns.size).toBe(2);
    expect(fanIns.partOf("r", "s")).toBeUndefined();
  });
});
