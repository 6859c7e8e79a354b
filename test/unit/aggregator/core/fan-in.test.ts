import { describe, expect, test } from "vitest";
import type { FanIn, FanInRow } from "../../../../aggregator/core/fan-in.ts";
import {
  fanInAfterCrowd,
  fanInAfterRow,
  fanInAfterTally,
  firstSegmentsOf,
  partSegmentsOf,
} from "../../../../aggregator/core/fan-in.ts";
import { emptyTally } from "../../../../aggregator/core/fan-in-tally.ts";

const hosts = 16;

/** A source's interval in which nothing was lost. */
function sent(changes: Partial<FanInRow> = {}): FanInRow {
  return {
    intervalUs: 1_000_000,
    rttMinUs: 5_000,
    rttP50Us: 5_100,
    segmentsSent: 1_000,
    segmentsRetransmitted: 0,
    connectionSegments: 90,
    lossFlightHighest: 0,
    burstsKept: 10,
    burstsLost: 0,
    burstLostMean: 0,
    ...changes,
  };
}

const lost = sent({ segmentsRetransmitted: 20, lossFlightHighest: 12, rttP50Us: 6_000 });

/** Every source tells of each second from 1 s on. */
function afterSeconds(fanIn: FanIn, rows: readonly FanInRow[], fromSecond = 1): FanIn {
  let state = fanIn;
  for (const [second, row] of rows.entries()) {
    for (let host = 0; host < hosts; host += 1) {
      state = fanInAfterRow(state, row, (fromSecond + second) * 1_000 + host * 10);
    }
  }
  return state;
}

describe("partSegmentsOf()", () => {
  test("bounds nobody before anything was lost to a crowd", () => {
    const crowd = fanInAfterCrowd(undefined, hosts, 0);
    expect(partSegmentsOf(crowd)).toBe(0);
    expect(partSegmentsOf(afterSeconds(crowd, [sent(), sent(), sent()]))).toBe(0);
  });

  test("bounds nobody where two at most begin together, whatever is lost", () => {
    const pair = fanInAfterCrowd(undefined, 2, 0);
    expect(partSegmentsOf(afterSeconds(pair, [lost, lost, lost]))).toBe(0);
  });

  test("divides what all had in flight among as many as begin together, half of it after slow start", () => {
    const state = afterSeconds(fanInAfterCrowd(undefined, hosts, 0), [lost, lost]);
    expect(state.segments).toBeCloseTo(hosts * 12 * 0.5);
    expect(partSegmentsOf(state)).toBe(6);
  });

  test("is two at the least, so that a loss needs no timeout", () => {
    const state = afterSeconds(fanInAfterCrowd(undefined, hosts, 0), [{ ...lost, lossFlightHighest: 2 }, lost]);
    expect(partSegmentsOf(state)).toBe(2);
  });

  test("forgets a crowd that did not come again for two minutes", () => {
    const crowd = afterSeconds(fanInAfterCrowd(undefined, hosts, 0), [lost, lost]);
    const quiet = [61_000, 122_000].reduce((state, ms) => fanInAfterCrowd(state, 1, ms), crowd);
    expect(partSegmentsOf(quiet)).toBe(0);
  });
});

describe("firstSegmentsOf()", () => {
  const heads = { ...sent({ segmentsRetransmitted: 20 }), burstsKept: 8, burstsLost: 2, burstLostMean: 10 };
  const crowd = fanInAfterCrowd(undefined, hosts, 0);

  test("is the part where no first segments were lost, also where others were", () => {
    const state = afterSeconds(crowd, [lost, lost]);
    expect(firstSegmentsOf(state)).toBe(partSegmentsOf(state));
  });

  test("is half of a large part, and the kernel's own window after a loss", () => {
    const large = { ...lost, lossFlightHighest: 60 };
    const state = afterSeconds(crowd, [large, large]);
    expect(partSegmentsOf(state)).toBe(30);
    expect(firstSegmentsOf(state)).toBe(15);
    expect(firstSegmentsOf(afterSeconds(state, [heads, heads], 4))).toBe(10);
    const small = afterSeconds(
      crowd,
      [large, large].map((row) => ({ ...row, lossFlightHighest: 32 })),
    );
    expect(partSegmentsOf(small)).toBe(16);
    expect(firstSegmentsOf(small)).toBe(10);
  });

  test("is 0.7 of what was sent at once, half where most lost, one at the least", () => {
    const bounded = afterSeconds(crowd, [heads, heads]);
    expect(firstSegmentsOf(bounded)).toBe(10);
    expect(firstSegmentsOf(afterSeconds(bounded, [heads, heads], 4))).toBeCloseTo(7);
    const most = { ...heads, burstsKept: 1, burstsLost: 9 };
    let state = afterSeconds(bounded, [most, most], 4);
    expect(firstSegmentsOf(state)).toBeCloseTo(5);
    state = afterSeconds(
      state,
      [1, 2, 3].map(() => ({ ...most, burstLostMean: 1 })),
      7,
    );
    expect(firstSegmentsOf(state)).toBe(1);
  });

  test("begins a bound on what is in flight at the kernel's window, and leaves it alone after that", () => {
    let state = afterSeconds(crowd, [heads, heads]);
    expect(partSegmentsOf(state)).toBe(10);
    state = afterSeconds(state, [heads, heads], 4);
    expect(partSegmentsOf(state)).toBe(10);
  });
});

describe("fanInAfterRow()", () => {
  const bounded = afterSeconds(fanInAfterCrowd(undefined, hosts, 0), [lost, lost]);
  const before = bounded.segments;

  test("keeps 0.9 of what did not fit, less where more is lost, never below 0.6", () => {
    const segmentsAfter = (segmentsRetransmitted: number) =>
      afterSeconds(
        bounded,
        [1, 2].map(() => ({ ...lost, lossFlightHighest: 6, segmentsRetransmitted })),
        4,
      ).segments;
    expect(segmentsAfter(20)).toBeCloseTo(before * 0.9);
    expect(segmentsAfter(100)).toBeCloseTo(before * 0.7);
    expect(segmentsAfter(500)).toBeCloseTo(before * 0.6);
  });

  test("grows by an eighth in intervals without loss, up to 0.9 of what did not fit", () => {
    const clean = (seconds: number) =>
      afterSeconds(
        bounded,
        Array.from({ length: seconds }, () => sent()),
        4,
      ).segments;
    expect(clean(2)).toBeCloseTo(before * 1.125);
    expect(clean(30)).toBeCloseTo(2 * before * 0.9);
  });

  test("takes growth back, step by step, where few segments are lost, and does not try it again soon", () => {
    const grown = afterSeconds(bounded, [sent(), sent(), sent(), sent(), sent()], 4);
    expect(grown.segments).toBeCloseTo(before * 1.125 ** 2);
    const few = sent({ segmentsRetransmitted: 2, lossFlightHighest: 7, rttP50Us: 6_000 });
    const back = afterSeconds(grown, [few, few], 10);
    expect(back.segments).toBeCloseTo(before * 1.125);
    expect(afterSeconds(back, [sent(), sent(), sent(), sent()], 13).segments).toBeCloseTo(before * 1.125);
    const more = Array.from({ length: 12 }, () => few);
    expect(afterSeconds(back, more, 13).segments).toBeCloseTo(before);
  });

  test("does not hear of what connections lost that had grown beyond their part", () => {
    const grown = { ...lost, lossFlightHighest: 0 };
    const settled = { ...bounded, lostSegments: bounded.segments };
    expect(afterSeconds(settled, [grown, grown, grown], 4).segments).toBe(before);
    // It is not what keeps the bound from growing, either.
    const more = afterSeconds(bounded, [grown, grown, grown, grown], 4).segments;
    expect(more).toBeGreaterThan(before);
    expect(more).toBe(afterSeconds(bounded, [sent(), sent(), sent(), sent()], 4).segments);
  });

  test("is not lowered where most see no queue, as less would leave the link idle, unless much is lost", () => {
    const unqueued = { ...lost, lossFlightHighest: 6, rttP50Us: 5_300 };
    expect(afterSeconds(bounded, [unqueued, unqueued, unqueued], 4).segments).toBe(before);
    // Nor is it raised.
    const few = { ...unqueued, segmentsRetransmitted: 2 };
    expect(afterSeconds(bounded, [few, few, few], 4).segments).toBe(before);
    const much = { ...unqueued, segmentsRetransmitted: 50 };
    expect(afterSeconds(bounded, [much, much], 4).segments).toBeCloseTo(before * 0.85);
    // Short round trips vary by what hosts take to answer.
    const near = { ...lost, lossFlightHighest: 6, rttMinUs: 500, rttP50Us: 740 };
    expect(afterSeconds(bounded, [near, near], 4).segments).toBe(before);
  });

  test("judges nothing by what was sent before a change could arrive", () => {
    expect(afterSeconds(bounded, [lost], 3).segments).toBe(before);
  });

  test.each([
    ["has a broken link", { segmentsRetransmitted: 200, lossFlightHighest: 4, rttP50Us: 6_000 }],
    [
      "claims more than can be",
      { segmentsSent: 4_294_967_295, segmentsRetransmitted: 4_294_967_295, lossFlightHighest: 1 },
    ],
    ["claims that all first segments are lost", { burstsKept: 0, burstsLost: 1_000_000, burstLostMean: 1 }],
  ])("does not hear of a host alone that %s, before there is a bound and after", (_, changes) => {
    const crowd = fanInAfterCrowd(undefined, hosts, 0);
    for (const start of [crowd, { ...bounded, lostSegments: bounded.segments }]) {
      let state = start;
      for (let second = 4; second < 10; second += 1) {
        for (let host = 0; host < hosts; host += 1) {
          state = fanInAfterRow(state, host === 3 ? sent(changes) : sent(), second * 1_000 + host * 10);
        }
      }
      expect(state).toMatchObject({ segments: start.segments, firstSegments: start.firstSegments });
    }
  });

  test("makes its first bound of what most had in flight, not of what one claims", () => {
    let state = fanInAfterCrowd(undefined, hosts, 0);
    for (const second of [1, 2]) {
      for (let host = 0; host < hosts; host += 1) {
        const row = host === 3 ? { ...lost, lossFlightHighest: 1e8 } : lost;
        state = fanInAfterRow(state, row, second * 1_000 + host * 10);
      }
    }
    expect(state.segments).toBeCloseTo(hosts * 12 * 0.5);
  });

  test("waits for most hosts, also where one reports far more often", () => {
    let state = fanInAfterCrowd(undefined, hosts, 0);
    for (let ms = 1_000; ms < 3_000; ms += 60) {
      state = fanInAfterRow(state, lost, ms);
      state = fanInAfterTally(state, emptyTally, 1, ms + 30);
    }
    expect(partSegmentsOf(state)).toBeGreaterThan(0);
  });

  test("does not hear of random losses, nor of one host's alone", () => {
    const random = { ...lost, segmentsRetransmitted: 4 };
    const settled = { ...bounded, lostSegments: bounded.segments };
    expect(afterSeconds(settled, [random, random, random], 4).segments).toBe(before);
    let alone = bounded;
    for (const second of [4, 5, 6, 7]) alone = fanInAfterRow(alone, { ...lost, lossFlightHighest: 2 }, second * 1_000);
    expect(alone.segments).toBe(before);
  });

  test("tries a twentieth more after a minute without loss, if answers are larger than their part", () => {
    const settled = { ...bounded, lostSegments: bounded.segments };
    const clean = Array.from({ length: 62 }, () => sent());
    expect(afterSeconds(settled, clean, 4).segments).toBeCloseTo(before * 1.05);
    const small = Array.from({ length: 62 }, () => sent({ connectionSegments: 3 }));
    expect(afterSeconds(settled, small, 4).segments).toBe(before);
  });
});
