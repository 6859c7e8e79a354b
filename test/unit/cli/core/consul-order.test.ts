import { expect, test } from "vitest";
import { nearOrder } from "../../../../cli/core/consul-order.ts";
import type { MatrixCell } from "../../../../cli/core/matrix-cells.ts";
import type { HostInfo__Output } from "../../../../proto/gen/augmenter/v1/HostInfo.ts";

const host = (hostId: string) =>
  ({ hostId, rack: "r", zone: "z", addresses: [`10.0.0.${hostId.length}`] }) as unknown as HostInfo__Output;

function cell(destination: string, minRttUs: number): MatrixCell {
  const provenance = minRttUs === 0 ? "PROVENANCE_UNSPECIFIED" : "PROVENANCE_MEASURED";
  return {
    source: "me",
    destination,
    provenance,
    minRttUs,
    rateBytesPerSecond: 0,
    lossRatio: 0,
    confidence: 1,
    ageSeconds: 0,
    paths: 1,
  };
}

test("nearOrder() puts the source first, then the nearest, and what is not known last", () => {
  const hosts = ["unknown", "another", "far", "near", "me"].map(host);
  const nodes = nearOrder("me", hosts, [
    cell("far", 20_000),
    cell("near", 100),
    cell("unknown", 0),
    cell("another", 0),
  ]);
  expect(nodes.map(({ Node }) => Node)).toEqual(["me", "near", "far", "another", "unknown"]);
  expect(nodes[1]).toEqual({
    Node: "near",
    Address: "10.0.0.4",
    Datacenter: "z",
    Meta: { "augmenter-rack": "r", "augmenter-rtt-us": "100" },
  });
  expect(nodes[3]?.Meta).toEqual({ "augmenter-rack": "r" });
});
