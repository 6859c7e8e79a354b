import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MatrixCell } from "../../../../cli/core/matrix-cells.ts";
import { networkCost, networkTopology } from "../../../../cli/core/network-topology.ts";
import { networkTopologySchema } from "./network-topology-schema.ts";

const names = { name: "nt-default", namespace: "default", weights: "UserDefined" };
const key = "topology.kubernetes.io/zone";

function cell(source: string, destination: string, known: Partial<MatrixCell> = {}): MatrixCell {
  return {
    source,
    destination,
    provenance: "PROVENANCE_MEASURED",
    minRttUs: 20_000,
    rateBytesPerSecond: 25_000_000,
    lossRatio: 0,
    confidence: 1,
    ageSeconds: 1,
    paths: 1,
    ...known,
  };
}

describe("networkTopology()", () => {
  test("passes the CRD's schema, whatever the matrix holds", () => {
    const place = fc.stringMatching(/^[a-z0-9]{1,12}$/);
    const anyCell = fc.record({
      source: place,
      destination: place,
      provenance: fc.constantFrom("PROVENANCE_UNSPECIFIED", "PROVENANCE_MEASURED", "PROVENANCE_PREDICTED"),
      minRttUs: fc.nat(60_000_000),
      rateBytesPerSecond: fc.oneof(fc.constant(0), fc.double({ min: 0.001, max: 12.5e9, noNaN: true })),
    });
    fc.assert(
      fc.property(fc.array(anyCell, { maxLength: 20 }), (cells) => {
        const resource = networkTopology(names, [
          { key, cells: cells.map((one) => cell(one.source, one.destination, one)) },
        ]);
        expect(networkTopologySchema.safeParse(JSON.parse(JSON.stringify(resource))).error).toBeUndefined();
      }),
    );
  });

  test("leaves out what is not known, and a place to itself", () => {
    const cells = [
      cell("a", "a"),
      cell("a", "b"),
      cell("b", "a", { provenance: "PROVENANCE_UNSPECIFIED", minRttUs: 0, rateBytesPerSecond: 0 }),
    ];
    expect(networkTopology(names, [{ key, cells }]).spec.weights).toEqual([
      {
        name: "UserDefined",
        topologyList: [
          {
            topologyKey: key,
            originList: [{ origin: "a", costList: [{ destination: "b", networkCost: 45, bandwidthCapacity: "200M" }] }],
          },
        ],
      },
    ]);
  });
});

describe("networkTopologySchema", () => {
  test.each([
    ["a cost that is no integer", { networkCost: 1.5 }],
    ["a cost below 0", { networkCost: -1 }],
    ["a bandwidth that is no quantity", { bandwidthCapacity: "200 Mbit" }],
    ["a field that it does not know", { bandwith: "1M" }],
  ])("refuses %s", (_, change) => {
    const resource = networkTopology(names, [{ key, cells: [cell("a", "b")] }]);
    const text = JSON.stringify(resource, (_key, value) =>
      value?.networkCost === undefined ? value : { ...value, ...change },
    );
    expect(networkTopologySchema.safeParse(JSON.parse(text)).success).toBe(false);
  });
});

describe("networkCost()", () => {
  test.each([
    [100, 1.25e9, 0],
    [20_000, 25e6, 45],
    [20_000, 0, 33],
    [300_000, 1e6, 78],
    [60_000_000, 1, 100],
  ])("of %d us and %d bytes a second is %d", (minRttUs, rateBytesPerSecond, cost) => {
    expect(networkCost({ minRttUs, rateBytesPerSecond })).toBe(cost);
  });

  test("rises with the RTT and falls with the rate, within 0..100", () => {
    const rtt = fc.integer({ min: 1, max: 60_000_000 });
    const rate = fc.integer({ min: 1, max: 12_500_000_000 });
    fc.assert(
      fc.property(rtt, rtt, rate, rate, (rttA, rttB, rateA, rateB) => {
        const near = networkCost({ minRttUs: Math.min(rttA, rttB), rateBytesPerSecond: Math.max(rateA, rateB) });
        const far = networkCost({ minRttUs: Math.max(rttA, rttB), rateBytesPerSecond: Math.min(rateA, rateB) });
        expect(near).toBeLessThanOrEqual(far);
        expect(near).toBeGreaterThanOrEqual(0);
        expect(far).toBeLessThanOrEqual(100);
      }),
    );
  });
});
