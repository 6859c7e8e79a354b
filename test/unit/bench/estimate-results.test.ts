import { expect, test } from "vitest";
import type { EstimatedRound } from "../../bench/estimate-measure.ts";
import { estimateCells, estimatePlans } from "../../bench/estimate-plan.ts";
import { errorsOf, estimateSummary } from "../../bench/estimate-results.ts";

function round(place: string, ranked: string, p50Us: number, us: readonly number[]): EstimatedRound {
  const cell = { phase: "default", place, bytes: 1024, concurrent: us.length } as const;
  return { ...cell, ranked, us, estimate: { p50Us, p90Us: 1.2 * p50Us }, path: {} } as unknown as EstimatedRound;
}

test("errorsOf() is the distance of the estimate from each transfer", () => {
  expect(errorsOf(round("a", "a", 100, [100, 125, 80]))).toEqual([0, expect.closeTo(0.2), 0.25]);
});

test("estimateSummary() counts rankings against the lowest median", () => {
  const rounds = [round("a", "a", 100, [100]), round("b", "a", 100, [90]), round("b", "b", 300, [95])];
  expect(estimateSummary(rounds)).toMatchObject({
    transfers: 3,
    error_p50: 0.1111,
    error_p90: 2.1579,
    within_p90: 1,
    rankings: 3,
    ranked_right: 0.3333,
    ranked_near: 0.3333,
  });
});

test.each(Object.entries(estimatePlans))(
  "%s: estimateCells() has each kind for every place, in another order for another seed",
  (_, plan) => {
    const cells = estimateCells(plan, 1);
    const transfers = cells.reduce((total, { concurrent }) => total + concurrent, 0);
    expect(transfers).toBeGreaterThanOrEqual(200);
    const kinds = (place: string) =>
      cells.filter((cell) => cell.place === place).map(({ bytes, concurrent }) => `${bytes} ${concurrent}`);
    for (const { name } of plan.places) expect(kinds(name).sort()).toEqual(kinds("near").sort());
    expect(estimateCells(plan, 1)).toEqual(cells);
    expect(estimateCells(plan, 2)).not.toEqual(cells);
  },
);

test("estimatePlans: what is held out shares no path with the others, and of sizes and numbers at once only the extremes", () => {
  const { "held-out": heldOut, ...others } = estimatePlans;
  for (const tuned of Object.values(others)) {
    for (const key of ["rttMs", "rateMbitPerSecond", "bufferBdp"] as const) {
      const values = new Set<number>(tuned.places.map((place) => place[key]));
      expect(heldOut.places.filter((place) => values.has(place[key]))).toEqual([]);
    }
    const sizes = new Set(tuned.sizesBytes);
    expect(heldOut.sizesBytes.filter((bytes) => sizes.has(bytes))).toEqual([16 << 10, 4 << 20]);
    expect(Object.keys(heldOut.roundsOf).filter((atOnce) => atOnce in tuned.roundsOf)).toEqual(["1"]);
  }
});
