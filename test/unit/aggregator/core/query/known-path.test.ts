import { describe, expect, test } from "vitest";
import { batchGetPaths } from "../../../../../aggregator/core/query/batch-query.ts";
import { explainAdvice } from "../../../../../aggregator/core/query/explain-query.ts";
import { bestPath } from "../../../../../aggregator/core/query/known-path.ts";
import { getMatrix } from "../../../../../aggregator/core/query/matrix-query.ts";
import { destinationNamed } from "../../../../../aggregator/core/query/names.ts";
import { getPath } from "../../../../../aggregator/core/query/path-query.ts";
import { provenanceNames } from "../../../../../aggregator/core/query/provenance-numbers.ts";
import { estimateTransfer, rankDestinations } from "../../../../../aggregator/core/query/transfer-query.ts";
import { inOneGo } from "../../../../../aggregator/core/steps.ts";
import type { View } from "../../../../../aggregator/core/view.ts";
import { address, announcement, emptyView, estimateOf, pathRttUs, row } from "../../fixtures.ts";

const nowMs = 6_000;
const hosts = {
  a1: ["10.0.0.1"],
  a2: ["10.0.0.2", "2001:db8::2"],
  b1: ["10.1.0.1"],
  b2: ["10.1.0.2", "2001:db8:1::2"],
  c1: ["10.2.0.1"],
} as const;

/** Racks a and b in one zone; a1 measured b1, and c1, which is in no rack, a1 and b1. */
function clusterView(): View {
  const view = emptyView();
  for (const [host, addresses] of Object.entries(hosts)) {
    const [rack = ""] = host;
    const place = rack === "c" ? {} : { rack, zone: "z" };
    view.hosts.announce(announcement(host, [...addresses], place), host, 0);
  }
  measured(view, "a1", "10.1.0.1", pathRttUs);
  measured(view, "c1", "10.0.0.1", pathRttUs / 2);
  measured(view, "c1", "10.1.0.1", pathRttUs / 2);
  return view;
}

function measured(view: View, source: string, destination: string, rttUs: number, rows = 6): void {
  const one = row({ rttMinUs: rttUs, rttP50Us: rttUs * 1.1, rttP95Us: rttUs * 1.5 });
  const estimate = estimateOf(...Array.from({ length: rows }, () => one));
  view.table.put(source, address(destination), estimate);
  for (let round = 0; round < 30; round += 1) view.inference.learn(source, address(destination), estimate, nowMs);
}

const asked = { bytes: 1 << 20, concurrent: 0, firstWindow: "FIRST_WINDOW_UNSPECIFIED" } as const;

describe("a pair that nobody measured", () => {
  test("is answered by every question, with provenance, confidence and age", () => {
    const view = clusterView();
    const path = getPath(view, { source: "a2", destination: "b2" }, nowMs);
    expect(path).toMatchObject({ provenance: "PROVENANCE_INFERRED", rttSamples: 0, ageSeconds: expect.any(Number) });
    expect(path.minRttUs).toBeCloseTo(pathRttUs, -3);
    expect(path.confidence).toBeGreaterThan(0);
    expect(path.confidence).toBeLessThan(getPath(view, { source: "a1", destination: "b1" }, nowMs).confidence);

    const same = { provenance: path.provenance, confidence: path.confidence, ageSeconds: path.ageSeconds };
    expect(estimateTransfer(view, { ...asked, source: "a2", destination: "b2" }, nowMs)).toMatchObject(same);
    const { destinations } = inOneGo(
      rankDestinations(view, { ...asked, source: "a2", candidates: ["b2", "10.9.9.9"], limit: 0 }, nowMs),
    );
    expect(destinations).toMatchObject([
      { candidate: "b2", estimate: same },
      { candidate: "10.9.9.9", estimate: null },
    ]);
    const { inputs } = explainAdvice(view, { source: "a2", destination: "b2" }, nowMs);
    expect(inputs).toContainEqual({
      name: "confidence",
      value: path.confidence,
      unit: "ratio",
      origin: "inferred from the paths beside it",
    });
    const matrix = inOneGo(
      getMatrix(view, { level: "MATRIX_LEVEL_HOST", sources: ["a2"], destinations: ["b2", "a2"] }, nowMs),
    );
    expect(matrix).toMatchObject({
      provenance: ["PROVENANCE_UNSPECIFIED", "PROVENANCE_INFERRED"],
      minRttUs: [0, path.minRttUs],
      confidence: [0, path.confidence],
      ageSeconds: [0, path.ageSeconds],
      paths: [0, 0],
    });
    expect(matrix.rateBytesPerSecond?.[1]).toBeGreaterThan(0);
  });

  test("of places is told by some of their hosts", () => {
    const level = "MATRIX_LEVEL_RACK" as const;
    const back = inOneGo(getMatrix(clusterView(), { level, sources: ["z/b"], destinations: ["z/a"] }, nowMs));
    expect(back).toMatchObject({ provenance: ["PROVENANCE_INFERRED"], paths: [0] });
    expect(back.minRttUs?.[0]).toBeGreaterThan(0);
    const there = inOneGo(getMatrix(clusterView(), { level, sources: ["z/a"], destinations: ["z/b"] }, nowMs));
    expect(there).toMatchObject({ provenance: ["PROVENANCE_MEASURED"], paths: [1] });
  });
});

test("batchGetPaths() tells of every pair what bestPath() tells, whatever its provenance", () => {
  const view = clusterView();
  measured(view, "a1", "2001:db8:1::2", pathRttUs / 4, 2);
  measured(view, "a1", "10.1.0.2", pathRttUs / 2);
  const names = Object.keys(hosts);
  const columns = inOneGo(
    batchGetPaths(view, { sources: names, destinations: names, sourceIndexes: [], destinationIndexes: [] }, nowMs),
  );
  const told = Array.from(columns.provenance, (number, pair) => ({
    provenance: provenanceNames[number],
    confidence: columns.confidence[pair],
    minRttUs: columns.minRttUs[pair],
  }));
  const expected = names.flatMap((source) =>
    names.map((destination) => {
      const path = bestPath(view, source, destinationNamed(view, "destination", destination), nowMs);
      const nothing = { provenance: "PROVENANCE_UNSPECIFIED", confidence: 0, minRttUs: 0 };
      return path === undefined
        ? nothing
        : {
            provenance: path.provenance,
            confidence: Math.fround(path.confidence),
            minRttUs: Math.round(path.record.estimate.minRtt.current),
          };
    }),
  );
  expect(told).toEqual(expected);
  expect(new Set(told.map(({ provenance }) => provenance)).size).toBe(4);
});

test("batchGetPaths() tells of the address whose path is trusted most, with the window that is advised there", () => {
  const view = clusterView();
  const asked = { sources: ["a1", "a2"], destinations: ["b2"], sourceIndexes: [], destinationIndexes: [] };
  const told = () => inOneGo(batchGetPaths(view, asked, nowMs));
  measured(view, "a1", "2001:db8:1::2", pathRttUs, 6);
  expect(told().minRttUs[0]).toBe(pathRttUs);
  measured(view, "a1", "10.1.0.2", pathRttUs / 2, 12);
  for (const [text, windowSegments] of [
    ["2001:db8:1::2", 41],
    ["10.1.0.2", 40],
  ] as const) {
    const destination = address(text);
    const advice = {
      destination,
      windowSegments,
      receiveWindowBytes: 0,
      pathRateBytesPerSecond: 1e7,
      minRttUs: 10_000,
    };
    const rest = { isCapacityKnown: false, burstSegments: 10, rtoMinUs: 0, togetherSegments: 0, togetherHosts: 0 };
    view.ledger.want("a1", destination, { ...advice, ...rest });
  }
  expect(told().minRttUs[0]).toBe(pathRttUs / 2);
  expect([...told().windowSegments]).toEqual([40, 0]);
  expect(told().provenance[1]).not.toBe(1);
  view.ledger.takeUpdates("a1", 1_000, nowMs);
  expect(told().windowSegments[0]).toBe(40);
});
