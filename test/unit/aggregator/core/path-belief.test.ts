import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { borrowedWindowFor } from "../../../../aggregator/core/borrowed-window.ts";
import { adviceBounds } from "../../../../aggregator/core/bounds.ts";
import { adviceFor, reasonFor } from "../../../../aggregator/core/host-advice.ts";
import { beliefOf } from "../../../../aggregator/core/path-belief.ts";
import { minRttUsOf } from "../../../../aggregator/core/path-estimate.ts";
import type { View } from "../../../../aggregator/core/view.ts";
import { address, announcement, emptyView, estimateOf, pathRate, pathRttUs, quietRow, row } from "../fixtures.ts";

const place = { a: ["a1", "a2"], b: ["b1", "b2"], c: ["c1"] } as const;
const addresses: Readonly<Record<string, string>> = {
  a1: "10.0.0.1",
  a2: "10.0.0.2",
  b1: "10.0.1.1",
  b2: "10.0.1.2",
  c1: "10.0.2.1",
};

function at(hostId: string): Uint8Array {
  return address(addresses[hostId] ?? "");
}

/** Racks a and b in one zone, c without one; a1 measured b1, and c1 both. */
function clusterView(): View {
  const view = emptyView();
  for (const [rack, hosts] of Object.entries(place)) {
    for (const host of hosts) {
      view.hosts.announce(
        announcement(host, [addresses[host] ?? ""], { rack, zone: rack === "c" ? "" : "z" }),
        host,
        0,
      );
    }
  }
  measured(view, "a1", "b1");
  return view;
}

function measured(view: View, source: string, destination: string, rttUs = pathRttUs): void {
  const rtt = { rttMinUs: rttUs, rttP50Us: rttUs * 1.1, rttP95Us: rttUs * 1.5 };
  const estimate = estimateOf(...Array.from({ length: 6 }, () => row(rtt)));
  view.table.put(source, at(destination), estimate);
  for (let round = 0; round < 30; round += 1) view.inference.learn(source, at(destination), estimate, 6_000);
}

describe("beliefOf()", () => {
  test("says measured where the path has samples of its own, and takes nothing from others", () => {
    const view = clusterView();
    const belief = beliefOf(view, "a1", at("b1"), 6_000);
    expect(belief).toMatchObject({ provenance: "PROVENANCE_MEASURED", record: view.table.get("a1", at("b1")) });
  });

  test("infers a path from its pair of racks, at lower confidence", () => {
    const view = clusterView();
    const belief = beliefOf(view, "a2", at("b2"), 6_000);
    expect(belief?.provenance).toBe("PROVENANCE_INFERRED");
    expect(belief?.record.estimate.rate.rateBytesPerSecond).toBeCloseTo(pathRate, -5);
    expect(minRttUsOf(belief?.record.estimate ?? estimateOf(row()))).toBeCloseTo(pathRttUs, -3);
    expect(belief?.record.estimate.rttSamples).toBe(0);
    expect(belief?.confidence).toBeLessThan(beliefOf(view, "a1", at("b1"), 6_000)?.confidence ?? 0);
  });

  test("draws few samples of a path's own to the paths beside it, more samples less", () => {
    const view = clusterView();
    const slow = { saturatedBytesPerSecond: pathRate / 4, connectionsOpened: 1 };
    const rateAfter = (saturatedSamples: number) => {
      view.table.put("a2", at("b2"), estimateOf(row({ ...slow, saturatedSamples })));
      const belief = beliefOf(view, "a2", at("b2"), 1_000);
      expect(belief?.provenance).toBe("PROVENANCE_INFERRED");
      return belief?.record.estimate.rate.rateBytesPerSecond ?? 0;
    };
    expect(rateAfter(2)).toBeGreaterThan(0.6 * pathRate);
    expect(rateAfter(16)).toBeLessThan(0.5 * pathRate);
    expect(rateAfter(16)).toBeGreaterThan(0.25 * pathRate);
  });

  test("predicts the RTT of a path between racks that never spoke, and its rate from what its ends have elsewhere", () => {
    const view = clusterView();
    for (let round = 0; round < 20; round += 1) {
      measured(view, "a1", "c1");
      measured(view, "c1", "a2");
      measured(view, "b1", "a1");
    }
    const belief = beliefOf(view, "c1", at("b1"), 6_000);
    expect(belief?.provenance).toBe("PROVENANCE_PREDICTED");
    expect(belief?.confidence).toBeLessThan(0.25);
    expect(minRttUsOf(belief?.record.estimate ?? estimateOf(row()))).toBeGreaterThan(0);
  });

  test("knows nothing of destinations that no host or more than one host owns, and of hosts without a rack and samples", () => {
    const view = clusterView();
    expect(beliefOf(view, "a2", address("192.0.2.1"), 0)).toBeUndefined();
    expect(beliefOf(view, "a2", at("a2"), 0)).toBeUndefined();
    view.hosts.announce(announcement("x", ["10.0.1.2"]), "x", 0);
    expect(beliefOf(view, "a2", at("b2"), 0)).toBeUndefined();
  });

  test("believes no more than the slower of the two links carries", () => {
    const view = clusterView();
    const slow = { rack: "b", zone: "z", linkBytesPerSecond: 1_000_000 };
    view.hosts.announce(announcement("b2", [addresses["b2"] ?? ""], slow), "b2", 0);
    expect(beliefOf(view, "a2", at("b2"), 6_000)?.record.estimate.rate.rateBytesPerSecond).toBeLessThan(1_000_000);
  });
});

describe("borrowedWindowFor()", () => {
  function windowAt(confidence: number, provenance: "PROVENANCE_INFERRED" | "PROVENANCE_PREDICTED", rateDeviation = 0) {
    const belief = beliefOf(clusterView(), "a2", at("b2"), 6_000);
    if (belief === undefined) throw new Error("Nothing is believed");
    return borrowedWindowFor({ ...belief, provenance, confidence, rateDeviation }, at("b2"), adviceBounds);
  }

  test("never advises more than twice the default window on a predicted path, paced", () => {
    const window = windowAt(1, "PROVENANCE_PREDICTED");
    expect(window?.windowSegments).toBe(20);
    expect(window?.pathRateBytesPerSecond).toBeLessThanOrEqual(pathRate);
    expect(window?.pathRateBytesPerSecond).toBeGreaterThan(0.5 * pathRate);
    expect(window?.isCapacityKnown).toBe(false);
  });

  test("advises an inferred path as much as its confidence supports", () => {
    const [none = 0, half = 0, full = 0] = [0, 0.5, 1].map((c) => windowAt(c, "PROVENANCE_INFERRED")?.windowSegments);
    expect(none).toBe(20);
    expect(full).toBeGreaterThan(600);
    expect(half).toBeCloseTo(Math.sqrt(none * full), -1);
  });

  test("paces the slower the further the paths beside it are apart", () => {
    const [alike = 0, apart = 0] = [0, Math.log(2)].map(
      (deviation) => windowAt(0.5, "PROVENANCE_INFERRED", deviation)?.pathRateBytesPerSecond,
    );
    expect(apart / alike).toBeCloseTo(0.5);
  });

  test("leaves the kernel's default where a window has failed, where others lose, and where a BDP is small", () => {
    const belief = beliefOf(clusterView(), "a2", at("b2"), 6_000);
    if (belief === undefined) throw new Error("Nothing is believed");
    const { estimate } = belief.record;
    const rate = { ...estimate.rate, rateBytesPerSecond: 100_000 };
    for (const change of [{ windowsFailed: 1 }, { lossRatio: 0.03 }, { rate }]) {
      const changed = { ...belief, record: { ...belief.record, estimate: { ...estimate, ...change } } };
      expect(borrowedWindowFor(changed, at("b2"), adviceBounds)).toBeUndefined();
    }
  });

  test("stays within bounds whatever is believed", () => {
    const belief = beliefOf(clusterView(), "a2", at("b2"), 6_000);
    if (belief === undefined) throw new Error("Nothing is believed");
    const number = fc.double({ min: 0, max: 1e11, noNaN: true });
    const provenance = fc.constantFrom("PROVENANCE_INFERRED" as const, "PROVENANCE_PREDICTED" as const);
    fc.assert(
      fc.property(
        number,
        number,
        fc.double({ min: 0, max: 1, noNaN: true }),
        provenance,
        (rate, rtt, confidence, from) => {
          const { estimate } = belief.record;
          const changed = {
            ...estimate,
            minRtt: { bucketStartMs: 0, current: rtt, previous: Number.POSITIVE_INFINITY },
            rate: { ...estimate.rate, rateBytesPerSecond: rate },
          };
          const believed = { ...belief, confidence, provenance: from, record: { ...belief.record, estimate: changed } };
          const window = borrowedWindowFor(believed, at("b2"), adviceBounds);
          if (window === undefined) return;
          const most = from === "PROVENANCE_PREDICTED" ? 20 : adviceBounds.windowMaxSegments;
          expect(window.windowSegments).toBeGreaterThanOrEqual(adviceBounds.windowMinSegments);
          expect(window.windowSegments).toBeLessThanOrEqual(most);
          expect(window.pathRateBytesPerSecond).toBeLessThanOrEqual(adviceBounds.rateMaxBytesPerSecond);
        },
      ),
    );
  });
});

describe("adviceFor() an unseen destination", () => {
  test("is given where a host of the same rack speaks to it, and not elsewhere", () => {
    const view = clusterView();
    const advice = adviceFor(view, "a2", at("b1"), adviceBounds, 6_000);
    expect(advice?.windowSegments).toBeGreaterThan(20);
    expect(reasonFor(view, "a2", at("b1"), adviceBounds, 6_000)).toContain("Inferred");
    expect(advice?.rtoMinUs).toBe(0);
    expect(adviceFor(view, "a2", at("b2"), adviceBounds, 6_000)).toBeUndefined();
  });

  test("is given for the hosts beside those that the host speaks to itself", () => {
    const view = clusterView();
    expect(adviceFor(view, "a1", at("b2"), adviceBounds, 6_000)?.windowSegments).toBeGreaterThan(20);
  });

  test("ends for everybody where a window to it has failed, for a minute", () => {
    const view = clusterView();
    view.inference.unseen.suspend(at("b1"), 6_000);
    expect(adviceFor(view, "a2", at("b1"), adviceBounds, 7_000)).toBeUndefined();
    expect(adviceFor(view, "a2", at("b1"), adviceBounds, 67_000)?.windowSegments).toBeGreaterThan(0);
  });

  test("is not given to a path that was measured as too slow for it", () => {
    const view = clusterView();
    const slow = row({ saturatedBytesPerSecond: 50_000 });
    view.table.put("a2", at("b1"), estimateOf(slow, slow));
    expect(adviceFor(view, "a2", at("b1"), adviceBounds, 2_000)?.windowSegments).toBe(10);
    view.table.put("a2", at("b1"), estimateOf(quietRow({ windowsFailed: 1 })));
    expect(adviceFor(view, "a2", at("b1"), adviceBounds, 2_000)).toBeUndefined();
  });
});

describe("adviceFor() in a crowd", () => {
  const lost = { ...row(), segmentsRetransmitted: 100, connectionSegments: 90 };

  function crowdOf(hosts: number, flight: number) {
    const view = clusterView();
    const unseen = view.inference.unseen;
    const [a1, b2] = [view.hosts.get("a1"), view.hosts.get("b2")];
    if (a1 === undefined || b2 === undefined) throw new Error("Cannot find the hosts");
    unseen.contacted(a1, at("b2"), b2, 6_000);
    const alone = adviceFor(view, "a2", at("b2"), adviceBounds, 8_000);
    view.fanIns.seen("b2", hosts, 6_000);
    for (let ms = 6_000; ms < 8_000; ms += 50)
      view.fanIns.sent("b2", `source-${ms}`, { ...lost, lossFlightHighest: flight }, ms);
    return { alone, inCrowd: adviceFor(view, "a2", at("b2"), adviceBounds, 8_000) };
  }

  test("lowers a window that was not measured to its part, and raises neither it nor its rate", () => {
    const { alone, inCrowd } = crowdOf(4, 4_000);
    expect(alone?.windowSegments).toBeGreaterThan(20);
    expect(inCrowd).toMatchObject({
      windowSegments: alone?.windowSegments,
      pathRateBytesPerSecond: alone?.pathRateBytesPerSecond,
      isCapacityKnown: false,
      togetherSegments: 2_000,
      togetherHosts: 4,
    });
    expect(crowdOf(4, 8).inCrowd).toMatchObject({
      windowSegments: 4,
      pathRateBytesPerSecond: alone?.pathRateBytesPerSecond,
      isCapacityKnown: false,
      togetherSegments: 4,
    });
  });

  test("says of so few hosts that a window that was not measured does not grow where fewer come", () => {
    expect(crowdOf(30, 100).inCrowd).toMatchObject({ togetherSegments: 50, togetherHosts: 6 });
  });
});
