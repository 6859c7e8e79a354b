import { describe, expect, test, vi } from "vitest";
import { getMatrix } from "../../../../../aggregator/core/query/matrix-query.ts";
import { inOneGo } from "../../../../../aggregator/core/steps.ts";
import { address, announcement, emptyView, estimateOf, row } from "../../fixtures.ts";

const nowMs = 2_000;

/** Two zones; racks of one name in both. */
function viewOfZones() {
  const view = emptyView();
  const host = (hostId: string, addressText: string, rack: string, zone: string) =>
    view.hosts.announce(announcement(hostId, [addressText], { rack, zone }), hostId, 0);
  host("a1", "10.0.0.1", "r1", "z1");
  host("a2", "10.0.0.2", "r1", "z1");
  host("b1", "10.1.0.1", "r1", "z2");
  host("c1", "10.2.0.1", "", "");
  const put = (from: string, to: string, rttMinUs: number, rate: number, more = {}) =>
    view.table.put(
      from,
      address(to),
      estimateOf(
        row({ rttMinUs, rttP50Us: rttMinUs + 100, rttP95Us: rttMinUs + 500, saturatedBytesPerSecond: rate, ...more }),
      ),
    );
  put("a1", "10.1.0.1", 10_000, 1_000_000);
  put("a2", "10.1.0.1", 30_000, 3_000_000, { segmentsRetransmitted: 300 });
  put("a1", "10.0.0.2", 200, 9_000_000);
  put("a1", "10.9.9.9", 1, 1);
  put("c1", "10.0.0.1", 5_000, 5_000_000);
  return view;
}

function matrix(request: Partial<Parameters<typeof getMatrix>[1]> = {}) {
  return inOneGo(
    getMatrix(
      viewOfZones(),
      { level: "MATRIX_LEVEL_RACK", sources: [], destinations: [], ...request } as Parameters<typeof getMatrix>[1],
      nowMs,
    ),
  );
}

describe("getMatrix()", () => {
  test("folds the paths between racks, which are named with their zone", () => {
    const { sources, destinations, ...cells } = matrix();
    expect(sources).toEqual(["z1/r1", "z2/r1"]);
    expect(destinations).toEqual(sources);
    expect(cells.provenance).toEqual([
      "PROVENANCE_MEASURED",
      "PROVENANCE_MEASURED",
      "PROVENANCE_UNSPECIFIED",
      "PROVENANCE_UNSPECIFIED",
    ]);
    expect(cells.paths).toEqual([1, 2, 0, 0]);
    expect(cells.minRttUs).toEqual([200, 10_000, 0, 0]);
    expect(cells.lossRatio?.[1]).toBeGreaterThan(0);
    expect(cells.ageSeconds).toEqual([1, 1, 0, 0]);
  });

  test("has the hosts themselves, and only those that are asked for", () => {
    const { sources, minRttUs } = matrix({
      level: "MATRIX_LEVEL_HOST",
      sources: ["c1", "a1", "not-heard-of"],
      destinations: ["a1", "b1"],
    });
    expect(sources).toEqual(["a1", "c1", "not-heard-of"]);
    expect(minRttUs).toEqual([0, 10_000, 5_000, 0, 0, 0]);
  });

  test("has zones", () => {
    expect(matrix({ level: "MATRIX_LEVEL_ZONE" })).toMatchObject({ sources: ["z1", "z2"], paths: [1, 2, 0, 0] });
  });

  test("refuses more cells than it may have", () => {
    const many = Array.from({ length: 300 }, (_, index) => `h${index}`);
    expect(() => matrix({ sources: many, destinations: many })).toThrow(
      /^Cannot use destinations as it must be so few/,
    );
  });

  test("visits every path of its cells once", () => {
    const view = viewOfZones();
    const look = vi.spyOn(view.table.pairs, "look");
    inOneGo(getMatrix(view, { level: "MATRIX_LEVEL_ZONE", sources: [], destinations: [] }, nowMs));
    expect(look).toHaveBeenCalledTimes(3);
  });

  test("takes no path for another's where the table has forgotten some between two steps", () => {
    const view = emptyView();
    const rttUs = (rttMinUs: number) => estimateOf(row({ rttMinUs, rttP50Us: rttMinUs, rttP95Us: rttMinUs }));
    view.hosts.announce(announcement("a", ["10.0.0.1"], { zone: "z1" }), "a", 0);
    view.hosts.announce(announcement("b", ["10.0.0.2"], { zone: "z2" }), "b", 0);
    for (let last = 2; last < 200; last += 1) view.table.put("a", address(`10.0.0.${last}`), rttUs(10_000));
    const steps = getMatrix(view, { level: "MATRIX_LEVEL_ZONE", sources: [], destinations: [] }, nowMs);
    for (let step = 0; step < 2; step += 1) steps.next(false);
    view.table.prune(Number.POSITIVE_INFINITY, 1_000);
    // They are given the numbers of those that are gone.
    for (let last = 2; last < 200; last += 1) view.table.put("b", address(`10.0.0.${last}`), rttUs(30_000));
    steps.next(true);
    expect(inOneGo(steps)).toMatchObject({ minRttUs: [0, 10_000, 0, 30_000], paths: [0, 1, 0, 1] });
  });
});
