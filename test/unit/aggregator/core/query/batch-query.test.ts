import { describe, expect, test } from "vitest";
import { batchGetPaths } from "../../../../../aggregator/core/query/batch-query.ts";
import { getPath } from "../../../../../aggregator/core/query/path-query.ts";
import { inOneGo } from "../../../../../aggregator/core/steps.ts";
import { address, announcement, emptyView, estimateOf, row } from "../../fixtures.ts";

const nowMs = 5_000;
const view = emptyView();
view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
view.table.put("a", address("10.0.0.2"), estimateOf(row({ segmentsRetransmitted: 60 }), row()));
view.table.put("b", address("10.0.0.1"), estimateOf(row({ rttMinUs: 19_000 })));

function batch(
  sources: string[],
  destinations: string[],
  sourceIndexes: number[] = [],
  destinationIndexes: number[] = [],
) {
  return inOneGo(batchGetPaths(view, { sources, destinations, sourceIndexes, destinationIndexes }, nowMs));
}

describe("batchGetPaths()", () => {
  test("tells of every source with every destination what GetPath tells", () => {
    const columns = batch(["a", "10.0.0.2", "nobody"], ["10.0.0.1", "b"]);
    expect([...columns.provenance]).toEqual([0, 1, 1, 0, 0, 0]);
    const one = getPath(view, { source: "a", destination: "b" }, nowMs);
    expect(columns.minRttUs[1]).toBe(one.minRttUs);
    expect(columns.rttP50Us[1]).toBe(one.rttP50Us);
    expect(columns.rttP95Us[1]).toBe(one.rttP95Us);
    expect(columns.rateBytesPerSecond[1]).toBeCloseTo(Number(one.rateBytesPerSecond), -1);
    expect(columns.confidence[1]).toBeCloseTo(Number(one.confidence), 6);
    expect(columns.lossRatio[1]).toBeCloseTo(Number(one.lossRatio), 6);
    expect(columns.ageSeconds[1]).toBe(one.ageSeconds);
    expect(columns.samples[1]).toBe(Number(one.rttSamples) + Number(one.rateSamples));
    expect(columns.minRttUs[2]).toBe(19_000);
    expect(columns.minRttUs[0]).toBe(0);
  });

  test("tells of the pairs that are asked about, in their order", () => {
    expect([...batch(["a", "b"], ["10.0.0.1", "10.0.0.2"], [1, 0, 1], [0, 1, 1]).provenance]).toEqual([1, 1, 0]);
  });

  test.each([
    [[], ["b"], [], [], "sources"],
    [["a"], [], [], [], "destinations"],
    [["a"], ["b"], [0], [], "destination_indexes"],
    [["a"], ["b"], [0, 1], [0, 0], "source_indexes[1]"],
    [["a"], ["b", "b"], [0], [2], "destination_indexes[0]"],
    [["a", "a b"], ["b"], [], [], "sources[1]"],
    [new Array(300).fill("a"), new Array(300).fill("b"), [], [], "sources"],
  ])("refuses %j x %j, %j, %j by its field", (sources, destinations, sourceIndexes, destinationIndexes, field) => {
    expect(() => batch(sources, destinations, sourceIndexes, destinationIndexes)).toThrow(
      expect.objectContaining({ violations: [expect.objectContaining({ field })] }),
    );
  });
});

test("batchGetPaths() takes no path for another's where the table has changed between two steps", () => {
  const changing = emptyView();
  changing.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
  changing.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
  changing.table.put("a", address("10.0.0.2"), estimateOf(row()));
  const destinations = new Array<string>(200).fill("b");
  const asked = { sources: ["a"], destinations, sourceIndexes: [], destinationIndexes: [] };
  const steps = batchGetPaths(changing, asked, nowMs);
  // Three of the names before the first of the pairs.
  for (let step = 0; step < 5; step += 1) steps.next(false);
  changing.table.prune(Number.POSITIVE_INFINITY, 10);
  changing.table.put("x", address("10.0.0.9"), estimateOf(row()));
  steps.next(true);
  const { provenance } = inOneGo(steps);
  expect(provenance.includes(1)).toBe(true);
  expect(provenance.at(-1)).toBe(0);
});
