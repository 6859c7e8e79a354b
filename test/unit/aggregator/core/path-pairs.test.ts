import { describe, expect, test } from "vitest";
import { minRttUsOf } from "../../../../aggregator/core/path-estimate.ts";
import { draftGlance } from "../../../../aggregator/core/path-glance.ts";
import { address, emptyView, estimateOf, row } from "../fixtures.ts";

describe("PathPairs", () => {
  const { table } = emptyView();
  for (const [source, destination, rttMinUs] of [
    ["a", "10.0.0.2", 10_000],
    ["b", "10.0.0.1", 19_000],
    ["b", "2001:db8::1", 700],
  ] as const) {
    table.put(source, address(destination), estimateOf(row({ rttMinUs, segmentsRetransmitted: 60 }), row()));
  }

  test("look() tells what get() does", () => {
    for (const source of ["a", "b"]) {
      for (const destination of ["10.0.0.1", "10.0.0.2", "2001:db8::1"]) {
        const slot = table.pairs.slotOf(
          table.pairs.hostNumber(source),
          table.pairs.addressNumber(address(destination)),
        );
        const estimate = table.get(source, address(destination))?.estimate;
        expect(slot >= 0).toBe(estimate !== undefined);
        if (estimate === undefined) continue;
        const glance = draftGlance();
        table.pairs.look(slot, glance);
        const { sampledMs, rttP50Us, rttP95Us, lossRatio, rttSamples, rateSamples, connections, rate } = estimate;
        const same = { sampledMs, rttP50Us, rttP95Us, lossRatio, rttSamples, rateSamples, connections };
        const { rateBytesPerSecond } = rate;
        expect(glance).toEqual({ ...same, rateBytesPerSecond, minRttUs: minRttUsOf(estimate) });
      }
    }
  });

  test("slotOf() is -1 for a host or an address of nobody", () => {
    const { pairs } = table;
    expect(pairs.hostNumber("nobody")).toBe(-1);
    expect(pairs.addressNumber(address("10.9.9.9"))).toBe(-1);
    expect(pairs.slotOf(-1, 0)).toBe(-1);
    expect(pairs.slotOf(0, -1)).toBe(-1);
  });
});
