import { describe, expect, test } from "vitest";
import type { MatrixCell } from "../../../../cli/core/matrix-cells.ts";
import { nomadBodies, nomadHcl, nomadNodes } from "../../../../cli/core/nomad-meta.ts";
import type { HostInfo__Output } from "../../../../proto/gen/augmenter/v1/HostInfo.ts";

const host = (hostId: string, rack: string, zone: string) => ({ hostId, rack, zone }) as HostInfo__Output;

function cell(source: string, destination: string, minRttUs: number, rateBytesPerSecond: number): MatrixCell {
  const provenance = minRttUs === 0 ? "PROVENANCE_UNSPECIFIED" : "PROVENANCE_MEASURED";
  return {
    source,
    destination,
    provenance,
    minRttUs,
    rateBytesPerSecond,
    lossRatio: 0,
    confidence: 1,
    ageSeconds: 0,
    paths: 1,
  };
}

describe("nomadNodes()", () => {
  test("tells each node its place and the way to each rack", () => {
    const cells = [cell("z/a", "z/b", 20_000, 25_000_000), cell("z/a", "z/c", 0, 0), cell("z/b", "z/a", 20_100, 0)];
    expect(nomadNodes([host("a1", "a", "z"), host("b1", "b", "z"), host("x", "", "")], cells)).toEqual([
      {
        name: "a1",
        meta: {
          augmenter_rack: "a",
          augmenter_zone: "z",
          augmenter_rtt_us_to_z_b: "20000",
          augmenter_mbit_per_second_to_z_b: "200",
        },
      },
      { name: "b1", meta: { augmenter_rack: "b", augmenter_zone: "z", augmenter_rtt_us_to_z_a: "20100" } },
      { name: "x", meta: {} },
    ]);
  });
});

test("nomadNodes() keeps racks apart whose names differ in signs alone", () => {
  const cells = [cell("z/a", "z/b_c", 2_000, 0), cell("z/a", "z/b-c", 1_000, 0)];
  expect(nomadNodes([host("a1", "a", "z")], cells)[0]?.meta).toMatchObject({
    augmenter_rtt_us_to_z_b_c: "1000",
    augmenter_rtt_us_to_z_b_c_2: "2000",
  });
});

test("nomadHcl() is a client block with strings that HCL does not take for templates", () => {
  const text = nomadHcl({ name: "a1", meta: { augmenter_rack: `the "$${"{big}"}" one` } });
  expect(text).toBe('# a1\nclient {\n  meta {\n    augmenter_rack = "the \\"$$' + '{big}\\" one"\n  }\n}\n');
});

test("nomadBodies() is what each client's metadata endpoint takes", () => {
  expect(nomadBodies([{ name: "a1", meta: { augmenter_rack: "a" } }])).toEqual({
    a1: { Meta: { augmenter_rack: "a" } },
  });
});
