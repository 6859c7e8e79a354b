import { describe, expect, test } from "vitest";
import type { PathRate } from "../../../../aggregator/core/path-rate.ts";
import { isCapacityKnown, unknownRate } from "../../../../aggregator/core/path-rate.ts";
import { rateAfter, rateAfterFailure } from "../../../support/folded.ts";
import { pathRate, quietRow, row } from "../fixtures.ts";

const secondMs = 1_000;

/** The rate after the same row every second. */
function rateAfterRows(rate: PathRate, each: ReturnType<typeof row>, count: number, fromMs: number): PathRate {
  let after = rate;
  for (let index = 0; index < count; index += 1) after = rateAfter(after, each, fromMs + index * secondMs);
  return after;
}

describe("rateAfter() with saturated samples", () => {
  const known = rateAfter(unknownRate, row(), 0);

  test("believes the first sample, as there is nothing else", () => {
    expect(known).toMatchObject({ rateBytesPerSecond: pathRate, capacityBytesPerSecond: pathRate, fullMs: 0 });
  });

  test.each([0.25, 4])("follows a capacity that became x %d within two rows", (factor) => {
    const changed = row({ saturatedBytesPerSecond: pathRate * factor });
    const after = rateAfterRows(known, changed, 2, secondMs).rateBytesPerSecond;
    expect(Math.abs(after - pathRate * factor)).toBeLessThan(0.1 * Math.abs(pathRate * factor - pathRate));
  });

  test("moves little for one odd sample", () => {
    const odd = row({ saturatedBytesPerSecond: pathRate / 10, saturatedSamples: 1 });
    expect(rateAfter(known, odd, secondMs).rateBytesPerSecond).toBeGreaterThan(0.85 * pathRate);
  });

  test("moves little for one odd sample where the rate came from unsaturated ones", () => {
    const lower = quietRow({ unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 });
    const odd = row({ saturatedBytesPerSecond: pathRate / 10, saturatedSamples: 1 });
    const after = rateAfter(rateAfter(unknownRate, lower, 0), odd, secondMs);
    expect(after.rateBytesPerSecond).toBeGreaterThan(0.85 * pathRate);
  });

  test("gives way at once after hours without samples", () => {
    const after = rateAfter(known, row({ saturatedBytesPerSecond: pathRate / 10 }), 10 * 3_600_000);
    expect(after.rateBytesPerSecond).toBeCloseTo(pathRate / 10, -1);
  });
});

describe("rateAfter() with unsaturated samples", () => {
  const known = rateAfter(unknownRate, row(), 0);

  test("takes a higher bound, as the capacity is outdated", () => {
    const bound = quietRow({ unsaturatedBytesPerSecond: 2 * pathRate, unsaturatedSamples: 4 });
    expect(rateAfter(known, bound, secondMs).rateBytesPerSecond).toBe(2 * pathRate);
  });

  test("takes only part of a higher bound from a single sample", () => {
    const bound = quietRow({ unsaturatedBytesPerSecond: 2 * pathRate, unsaturatedSamples: 1 });
    expect(rateAfter(known, bound, secondMs).rateBytesPerSecond).toBe(1.25 * pathRate);
  });

  test("is not lowered by a bound below", () => {
    const bound = quietRow({ unsaturatedBytesPerSecond: pathRate / 100, unsaturatedSamples: 100 });
    expect(rateAfter(known, bound, secondMs).rateBytesPerSecond).toBe(pathRate);
  });
});

describe("rateAfter() with unsaturated samples of the past", () => {
  const minuteMs = 60 * secondMs;
  const bound = (bytesPerSecond: number) =>
    quietRow({ unsaturatedBytesPerSecond: bytesPerSecond, unsaturatedSamples: 8 });

  /** The rate after a bound of eight times the rate, and the true one every minute until then. */
  function afterArtefact(before: PathRate, minutes: number): number {
    let rate = rateAfter(before, bound(8 * pathRate), 0);
    for (let minute = 1; minute <= minutes; minute += 1) rate = rateAfter(rate, bound(pathRate), minute * minuteMs);
    return rate.rateBytesPerSecond;
  }

  test("keeps the largest bound for five minutes at the least, and trusts 1.25 times the next after ten", () => {
    expect(afterArtefact(unknownRate, 9)).toBe(8 * pathRate);
    expect(afterArtefact(unknownRate, 10)).toBe(1.25 * pathRate);
  });

  test("keeps a capacity, whatever the bounds", () => {
    const capacity = 2 * pathRate;
    const full = rateAfter(unknownRate, row({ saturatedBytesPerSecond: capacity }), 0);
    expect(afterArtefact(full, 10)).toBe(capacity);
  });

  test("forgets nothing without new bounds", () => {
    const rate = rateAfter(unknownRate, bound(8 * pathRate), 0);
    expect(rateAfter(rate, quietRow(), 60 * minuteMs).rateBytesPerSecond).toBe(8 * pathRate);
  });

  test("takes a bound for the capacity where long unpaced connections lose more than 2 %", () => {
    const short = { connectionsOpened: 8, bytesAcked: 8 * 30 * 1_448 };
    const notFull = [{ segmentsRetransmitted: 20 }, { unsaturatedSamples: 3 }, { windowsGranted: 1 }, short];
    const lossy = { ...bound(pathRate), segmentsSent: 1_000, segmentsRetransmitted: 21 };
    expect(rateAfter(unknownRate, lossy, secondMs)).toMatchObject({
      capacityBytesPerSecond: pathRate,
      knownMs: secondMs,
    });
    for (const change of notFull) {
      const rate = rateAfter(unknownRate, { ...lossy, ...change }, secondMs);
      expect(rate).toMatchObject({ capacityBytesPerSecond: 0, knownMs: Number.NEGATIVE_INFINITY });
    }
  });
});

describe("rateAfter() with unsaturated samples of short connections", () => {
  test("takes a bound for the capacity where several lose more than a quarter", () => {
    const short = quietRow({
      unsaturatedBytesPerSecond: pathRate,
      unsaturatedSamples: 4,
      connectionsOpened: 8,
      connectionsBusyMax: 2,
      bytesAcked: 8 * 11 * 1_448,
      segmentsSent: 120,
    });
    const lost = (segmentsRetransmitted: number, connectionsBusyMax = 2) =>
      rateAfter(unknownRate, { ...short, segmentsRetransmitted, connectionsBusyMax }, secondMs).capacityBytesPerSecond;
    expect([lost(30), lost(31)]).toEqual([0, pathRate]);
    // One alone has lost to its own first segments.
    expect(lost(60, 1)).toBe(0);
  });
});

describe("rateAfter() with unsaturated samples beside much loss", () => {
  const capacity = 4 * pathRate;
  const lossy = quietRow({
    unsaturatedBytesPerSecond: pathRate,
    unsaturatedSamples: 8,
    connectionsOpened: 1,
    bytesAcked: 100 * 1_448,
    segmentsSent: 130,
    segmentsRetransmitted: 30,
  });
  const full = rateAfter(unknownRate, row({ saturatedBytesPerSecond: capacity }), 0);

  test("says nothing for a capacity that is known to be larger", () => {
    const after = rateAfter(full, lossy, 9 * 60_000);
    expect(after).toMatchObject({ capacityBytesPerSecond: capacity, knownMs: full.knownMs });
  });

  test("takes what came through, not what was believed before, where the capacity is outdated", () => {
    const after = rateAfter(full, lossy, 11 * 60_000);
    expect(after).toMatchObject({ capacityBytesPerSecond: pathRate, knownMs: 11 * 60_000 });
    let failed = after;
    for (let index = 1; index <= 8; index += 1) {
      failed = rateAfterFailure(failed, 20_000, 0.3, 11 * 60_000 + index * secondMs);
    }
    expect(failed.rateBytesPerSecond).toBeLessThan(pathRate);
  });

  test("counts what was sampled, and not whoever was only counted", () => {
    const many = { ...lossy, bytesAcked: 256 * 31 * 1_448, connectionsOpened: 5_000, segmentsRetransmitted: 10 };
    expect(rateAfter(unknownRate, many, secondMs).capacityBytesPerSecond).toBe(pathRate);
  });

  test("says nothing where connections of before are still paced", () => {
    const paced = { ...lossy, pacingMissed: 1 };
    expect(rateAfter(unknownRate, paced, secondMs).capacityBytesPerSecond).toBe(0);
  });
});

describe("rateAfter() with first trains", () => {
  const trains = (factor: number, samples = 4) =>
    quietRow({ trainBytesPerSecond: pathRate * factor, trainSamples: samples });
  const known = rateAfter(unknownRate, row(), 0);

  test("believes 0.94 of them where nothing else is known, and knows a capacity", () => {
    const after = rateAfter(unknownRate, trains(1), secondMs);
    expect(after).toMatchObject({ rateBytesPerSecond: 0.94 * pathRate, capacityBytesPerSecond: 0.94 * pathRate });
    expect(isCapacityKnown(after, secondMs)).toBe(true);
  });

  test("learns from three, of which the middle ones count, and nothing from two", () => {
    expect(rateAfter(known, trains(4, 3), secondMs).rateBytesPerSecond).toBe(3.76 * pathRate);
    expect(rateAfter(known, trains(4, 2), secondMs)).toEqual(known);
  });

  test.each([
    ["up to 0.94", 4, 3.76],
    ["down to 1.15", 0.5, 0.575],
  ])("moves the rate %s of what they show, as of a path seen full", (_, factor, expected) => {
    const after = rateAfter(known, trains(factor), secondMs);
    const rateBytesPerSecond = expected * pathRate;
    expect(after).toMatchObject({ rateBytesPerSecond, capacityBytesPerSecond: rateBytesPerSecond, fullMs: secondMs });
  });

  test.each([1.06, 0.88])("keeps the rate where they show %d of it, but knows that the path was seen", (factor) => {
    const after = rateAfter(known, trains(factor), 11 * 60_000);
    expect(after).toMatchObject({ rateBytesPerSecond: pathRate, fullMs: 0, knownMs: 11 * 60_000 });
    expect(isCapacityKnown(known, 11 * 60_000)).toBe(false);
    expect(isCapacityKnown(after, 11 * 60_000)).toBe(true);
  });

  test("bound what last trains of the same interval show, also for later", () => {
    const squeezed = { unsaturatedBytesPerSecond: 5 * pathRate, unsaturatedSamples: 8 };
    const after = rateAfter(known, { ...trains(1), ...squeezed }, secondMs);
    expect(after.rateBytesPerSecond).toBe(1.15 * pathRate);
    expect(rateAfter(after, trains(1), 2 * secondMs).rateBytesPerSecond).toBe(1.15 * pathRate);
    expect(rateAfter(known, { ...trains(1, 2), ...squeezed }, secondMs).rateBytesPerSecond).toBe(5 * pathRate);
  });

  test("end a raise that they contradict, and leave one that they bear out", () => {
    const raised = rateAfter(known, quietRow({ pacingFilled: 3 }), 5_000);
    expect(rateAfter(raised, trains(0.9), 5_500).raises).toBe(0);
    expect(rateAfter(raised, trains(1.125), 5_500)).toMatchObject({ raises: 1, rateBytesPerSecond: 1.125 * pathRate });
  });
});

describe("rateAfter() with missed pacing", () => {
  const filled = quietRow({ pacingFilled: 3 });
  const missed = quietRow({ pacingFilled: 3, pacingMissed: 4 });
  const known = rateAfter(unknownRate, row(), 0);
  const raised = rateAfter(known, filled, 5_000);

  test("takes the last raise back, and knows the capacity from it", () => {
    const twice = rateAfter(raised, filled, 7_000);
    expect(twice.rateBytesPerSecond).toBe(pathRate * 1.125 * 1.25);
    const rateBytesPerSecond = pathRate * 1.125;
    const contradicted = { rateBytesPerSecond, capacityBytesPerSecond: rateBytesPerSecond, fullMs: 8_500, raises: 0 };
    expect(rateAfter(twice, missed, 8_500)).toMatchObject(contradicted);
  });

  test("takes nothing for its lack that was paced before the raise", () => {
    expect(rateAfter(raised, missed, 6_499)).toEqual(raised);
  });

  test("leaves a raise that has stood for four intervals, and a rate that was not raised", () => {
    expect(rateAfter(raised, missed, 9_000).rateBytesPerSecond).toBe(pathRate);
    expect(rateAfter(raised, missed, 9_001).rateBytesPerSecond).toBe(pathRate * 1.125);
    expect(rateAfter(known, missed, 9_000)).toEqual(known);
  });
});

describe("rateAfter() with filled pacing", () => {
  const filled = quietRow({ pacingFilled: 3 });
  const known = rateAfter(unknownRate, row(), 0);
  const neverFull = rateAfter(unknownRate, quietRow({ unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 }), 0);

  test("grows by a quarter and more while the path was never seen full, a step every other interval", () => {
    const gains = [1.25, 1.25, 1.5, 2, 2].map((gain, index, all) => all.slice(0, index).reduce((a, b) => a * b, gain));
    const grown = [1, 3, 5, 7, 9].map((count) => rateAfterRows(neverFull, filled, count, 2 * secondMs));
    expect(grown.map((rate) => rate.rateBytesPerSecond / pathRate)).toEqual(gains);
  });

  test("takes nothing for proof that was paced before the last step", () => {
    const twice = rateAfter(rateAfter(neverFull, filled, 2 * secondMs), filled, 3 * secondMs + 400);
    expect(twice.rateBytesPerSecond).toBe(pathRate * 1.25);
  });

  test("waits 5 s after the path was full, then grows beyond it by an eighth, a quarter, a half, and twice", () => {
    expect(rateAfter(known, filled, 4_999).rateBytesPerSecond).toBe(pathRate);
    const gains = [1.125, 1.25, 1.5, 2, 2].map((gain, index, all) => all.slice(0, index).reduce((a, b) => a * b, gain));
    const grown = [1, 3, 5, 7, 9].map((count) => rateAfterRows(known, filled, count, 5_000));
    expect(grown.map((rate) => rate.rateBytesPerSecond / pathRate)).toEqual(gains);
  });

  test("begins with the smallest step again where the last one has stood for four intervals", () => {
    const twice = rateAfterRows(known, filled, 3, 5_000);
    expect(rateAfter(twice, filled, 11_000).rateBytesPerSecond).toBe(pathRate * 1.125 * 1.25 * 1.5);
    expect(rateAfter(twice, filled, 11_001).rateBytesPerSecond).toBe(pathRate * 1.125 * 1.25 * 1.125);
  });

  test("returns to a known capacity by quarters soon after a retreat, and looks beyond it later", () => {
    const lowered = rateAfterFailure(known, 20_000, 0, secondMs);
    expect(rateAfter(lowered, filled, secondMs + 2_999).rateBytesPerSecond).toBe(pathRate * 0.7);
    expect(rateAfter(lowered, filled, secondMs + 3_000).rateBytesPerSecond).toBe(pathRate * 0.7 * 1.25);
    const recovered = rateAfter(rateAfter(lowered, filled, 4_000), filled, 5_500);
    expect(recovered).toMatchObject({ rateBytesPerSecond: pathRate, raises: 0 });
  });

  test.each([
    ["too few samples", { pacingFilled: 2 }],
    ["a failed window", { windowsFailed: 1 }],
    ["more that came slower than it was paced", { pacingMissed: 4 }],
    ["more than an eighth sent again", { segmentsSent: 80, segmentsRetransmitted: 11 }],
  ])("does not grow with %s", (_, change) => {
    expect(rateAfter(neverFull, { ...filled, ...change }, 2 * secondMs).rateBytesPerSecond).toBe(pathRate);
  });

  test("returns to a known capacity whatever is sent again", () => {
    const lowered = rateAfterFailure(known, 20_000, 0, secondMs);
    const losing = { ...filled, segmentsSent: 80, segmentsRetransmitted: 40 };
    expect(rateAfter(lowered, losing, secondMs + 3_000).rateBytesPerSecond).toBe(pathRate * 0.7 * 1.25);
  });

  test("grows where an eighth was sent again", () => {
    const repaired = { ...filled, segmentsSent: 80, segmentsRetransmitted: 10 };
    expect(rateAfter(neverFull, repaired, 2 * secondMs).rateBytesPerSecond).toBe(pathRate * 1.25);
  });

  test("grows where as much filled its pacing as missed it", () => {
    const both = { ...filled, pacingMissed: 3 };
    expect(rateAfter(neverFull, both, 2 * secondMs).rateBytesPerSecond).toBe(pathRate * 1.25);
  });

  test("does not grow from nothing", () => {
    expect(rateAfter(unknownRate, filled, secondMs).rateBytesPerSecond).toBe(0);
  });
});

test("rateAfter() takes no saturated samples for the capacity where more was carried in the same interval", () => {
  const carried = rateAfter(unknownRate, quietRow({ unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 }), 0);
  const stray = { saturatedBytesPerSecond: pathRate / 3, saturatedSamples: 1 };
  const both = quietRow({ ...stray, unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 });
  expect(rateAfter(carried, both, secondMs)).toMatchObject({ rateBytesPerSecond: pathRate, capacityBytesPerSecond: 0 });
  expect(rateAfter(carried, quietRow(stray), secondMs).capacityBytesPerSecond).toBe(pathRate / 3);
});

describe("rateAfterFailure()", () => {
  const known = rateAfter(unknownRate, row(), 0);

  test("retreats to 0.7 of the rate", () => {
    expect(rateAfterFailure(known, 20_000, 0, secondMs).rateBytesPerSecond).toBe(pathRate * 0.7);
  });

  test("counts failures of one moment or one RTT once", () => {
    const once = rateAfterFailure(known, 500_000, 0, secondMs);
    expect(rateAfterFailure(once, 500_000, 0, secondMs + 499)).toEqual(once);
    expect(rateAfterFailure(once, 20_000, 0, secondMs + 99)).toEqual(once);
  });

  test("stays above 0.7 of a capacity that is current", () => {
    const once = rateAfterFailure(known, 20_000, 0, secondMs);
    expect(rateAfterFailure(once, 20_000, 0, 2 * secondMs).rateBytesPerSecond).toBe(pathRate * 0.7);
  });

  test("ends the way back up below a shown capacity at which a window failed", () => {
    const shown = rateAfter(known, quietRow({ trainBytesPerSecond: pathRate / 1.1, trainSamples: 4 }), secondMs);
    const failed = rateAfterFailure(shown, 20_000, 0, 2 * secondMs);
    expect(failed).toMatchObject({ rateBytesPerSecond: pathRate * 0.85, capacityBytesPerSecond: pathRate * 0.925 });
    // What fails further down says nothing about it.
    const again = rateAfterFailure(failed, 20_000, 0, 3 * secondMs);
    expect(again.capacityBytesPerSecond).toBe(pathRate * 0.925);
  });

  test("goes on down where the capacity is older than a minute", () => {
    const once = rateAfterFailure(known, 20_000, 0, 61_000);
    expect(rateAfterFailure(once, 20_000, 0, 62_000).rateBytesPerSecond).toBeCloseTo(pathRate * 0.49, 0);
  });

  describe("where the capacity is older than a minute", () => {
    const carried = rateAfter(
      known,
      quietRow({ unsaturatedBytesPerSecond: pathRate, unsaturatedSamples: 8 }),
      secondMs,
    );
    const failedTwice = (rate: PathRate, lossRatio: number) =>
      rateAfterFailure(rateAfterFailure(rate, 20_000, lossRatio, 61_001), 20_000, lossRatio, 62_000);

    test("stays above 0.7 of what was carried within the last minutes, as one lost segment is no full path", () => {
      const after = failedTwice(carried, 0.02);
      expect(after).toMatchObject({ rateBytesPerSecond: pathRate * 0.7, retreatedMs: 61_001 });
    });

    test("stays above 0.7 of a capacity that first trains still show", () => {
      const trains = quietRow({ trainBytesPerSecond: pathRate, trainSamples: 4 });
      expect(failedTwice(rateAfter(known, trains, 30_000), 0.02).rateBytesPerSecond).toBe(pathRate * 0.7);
    });

    test("goes on down where more than 2 % are lost", () => {
      expect(failedTwice(carried, 0.021).rateBytesPerSecond).toBeCloseTo(pathRate * 0.49, 0);
    });
  });

  test("takes a raise back that nothing has proved yet, and no more than that", () => {
    const raised = rateAfter(known, quietRow({ pacingFilled: 3 }), 61_000);
    const once = rateAfterFailure(raised, 20_000, 0, 62_000);
    expect(once).toMatchObject({ rateBytesPerSecond: pathRate, raises: 0, retreatedMs: 62_000 });
    expect(rateAfterFailure(once, 20_000, 0, 63_000).rateBytesPerSecond).toBe(pathRate * 0.7);
  });

  test("never raises the rate", () => {
    const low = { ...known, rateBytesPerSecond: pathRate / 10 };
    expect(rateAfterFailure(low, 20_000, 0, secondMs).rateBytesPerSecond).toBeLessThanOrEqual(pathRate / 10);
  });
});
