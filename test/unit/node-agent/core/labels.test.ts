import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelsFromText, topologyOf } from "../../../../node-agent/core/labels.ts";

describe("labelsFromText()", () => {
  it("reads what Kubernetes' downward API writes", () => {
    const text =
      'app="web"\ntopology.kubernetes.io/rack="r7"\ntopology.kubernetes.io/zone="eu-1a"\nodd="a \\"b\\" = c"';
    const { labels, refusedLines } = labelsFromText(text);
    expect(Object.fromEntries(labels)).toEqual({
      app: "web",
      "topology.kubernetes.io/rack": "r7",
      "topology.kubernetes.io/zone": "eu-1a",
      odd: 'a "b" = c',
    });
    expect(refusedLines).toBe(0);
  });

  it("takes values without quotation, comments, empty lines and carriage returns, and the last of a repeated key", () => {
    const { labels, refusedLines } = labelsFromText("# where\r\n\r\nrack=r1\r\nrack=r2\r\nzone=\r\n");
    expect(Object.fromEntries(labels)).toEqual({ rack: "r2", zone: "" });
    expect(refusedLines).toBe(0);
  });

  it("counts and leaves out what is no label", () => {
    const lines = ['="x"', "rack", 'rack="a', 'zone="\\u001b[2J"', `long=${"x".repeat(129)}`, "ok=1"];
    const { labels, refusedLines } = labelsFromText(lines.join("\n"));
    expect(Object.fromEntries(labels)).toEqual({ ok: "1" });
    expect(refusedLines).toBe(5);
    expect(labelsFromText("a=b\n".repeat(2_000)).refusedLines).toBe(1_001);
  });

  it("never throws, and keeps only printable values of at most 128 characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        for (const value of labelsFromText(text).labels.values()) {
          expect(value.length).toBeLessThanOrEqual(128);
          expect(value).not.toMatch(/\p{Cc}/u);
        }
      }),
    );
  });
});

describe("topologyOf()", () => {
  it("takes the rack from the first key and the zone from the second", () => {
    const labels = new Map([
      ["z", "zone 1"],
      ["r", "rack 1"],
    ]);
    expect(topologyOf(labels, ["r", "z"])).toEqual({ rack: "rack 1", zone: "zone 1" });
    expect(topologyOf(labels, ["r"])).toEqual({ rack: "rack 1", zone: "" });
    expect(topologyOf(labels, ["none", "z"])).toEqual({ rack: "", zone: "zone 1" });
  });
});
