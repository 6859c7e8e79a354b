import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nodeScores, refusalOf } from "../../../../../aggregator/core/extender/node-scores.ts";

const time = (ms: number, isTrusted = true) => ({ p50Us: ms * 1_000, p90Us: ms * 2_000, isTrusted });

describe("nodeScores()", () => {
  test("are 10 for the fastest node, less in proportion for slower ones", () => {
    expect(nodeScores(3, [[time(99), time(199), time(999)]])).toEqual([10, 5, 1]);
  });

  test("hold neither for nor against a node of which nothing is known", () => {
    expect(nodeScores(4, [[time(99), undefined, time(199), time(999)]])).toEqual([10, 5, 5, 1]);
    expect(nodeScores(2, [[undefined, undefined]])).toEqual([0, 0]);
    expect(nodeScores(2, [])).toEqual([0, 0]);
  });

  test("are 10 for the peer's own node, and below that hold the others against each other", () => {
    expect(nodeScores(4, [[time(99), "local", time(199), undefined]])).toEqual([9, 10, 5, 5]);
    expect(nodeScores(3, [["local", undefined, undefined]])).toEqual([10, 0, 0]);
    expect(nodeScores(2, [["local", time(0)]])).toEqual([10, 9]);
  });

  test("weigh all transfers alike", () => {
    expect(
      nodeScores(2, [
        [time(99), time(999)],
        [time(999), time(99)],
      ]),
    ).toEqual([6, 6]);
    expect(
      nodeScores(2, [
        [time(99), time(999)],
        [undefined, undefined],
      ]),
    ).toEqual([10, 1]);
  });

  test("are whole numbers in 0..10, and never higher for a slower node", () => {
    const times = fc.array(fc.option(fc.integer({ min: 0, max: 1e9 }), { nil: undefined }), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(times, (us) => {
        const scores = nodeScores(us.length, [
          us.map((p50Us) => (p50Us === undefined ? undefined : { ...time(1), p50Us })),
        ]);
        for (const [i, score] of scores.entries()) {
          expect(Number.isInteger(score) && score >= 0 && score <= 10).toBe(true);
          for (const [j, other] of scores.entries()) {
            const [a, b] = [us[i], us[j]];
            if (a !== undefined && b !== undefined && a < b) expect(score).toBeGreaterThanOrEqual(other);
          }
        }
      }),
    );
  });
});

describe("refusalOf()", () => {
  test("tells how long a trusted transfer takes that is too long", () => {
    expect(refusalOf([time(10), time(3_000)], 5)).toBe("a transfer takes 3 s (9 of 10 within 6 s), wanted 5 s");
  });

  test.each([
    [[time(2_000)], 5],
    [[time(9_000, false)], 5],
    [[undefined], 5],
    [[time(9_000)], undefined],
    [["local" as const], 0.001],
  ])("refuses nothing otherwise", (times, secondsMax) => {
    expect(refusalOf(times, secondsMax)).toBeUndefined();
  });
});
