import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slurmSwitches, topologyConf, topologyYaml } from "../../../../cli/core/slurm-topology.ts";

const host = (hostId: string, rack = "", zone = "") => ({ hostId, rack, zone });

/** topology.conf(5): one switch a line, with either Nodes or Switches, both comma-separated lists. */
function parsedConf(text: string): Map<string, { readonly nodes: string[]; readonly switches: string[] }> {
  const switches = new Map<string, { nodes: string[]; switches: string[] }>();
  for (const line of text.split("\n")) {
    const code = line.replace(/#.*/, "").trim();
    if (code === "") continue;
    const match = /^SwitchName=([\w.-]{1,64}) (Nodes|Switches)=([\w.-]+(?:,[\w.-]+)*)$/.exec(code);
    if (match === null) throw new Error(`Cannot read ${JSON.stringify(line)}`);
    const [, name = "", kind, list = ""] = match;
    if (switches.has(name)) throw new Error(`Cannot take switch ${name} twice`);
    const names = list.split(",");
    switches.set(name, { nodes: kind === "Nodes" ? names : [], switches: kind === "Switches" ? names : [] });
  }
  return switches;
}

describe("slurmSwitches()", () => {
  test("makes racks leaves, zones their parents, and one switch the root", () => {
    const hosts = [host("b1", "b", "z"), host("a2", "a", "z"), host("a1", "a", "z"), host("c1", "c", "y")];
    expect(slurmSwitches(hosts)).toEqual([
      { name: "y-c", nodes: ["c1"] },
      { name: "z-a", nodes: ["a1", "a2"] },
      { name: "z-b", nodes: ["b1"] },
      { name: "y", children: ["y-c"] },
      { name: "z", children: ["z-a", "z-b"] },
      { name: "cluster", children: ["y", "z"] },
    ]);
  });

  test("needs no labels", () => {
    expect(slurmSwitches([host("b"), host("a")])).toEqual([{ name: "norack", nodes: ["a", "b"] }]);
    expect(slurmSwitches([])).toEqual([]);
  });

  test("makes what Slurm demands of a tree, whatever the labels are", () => {
    const label = fc.oneof(fc.constantFrom("", "a", "b", "a-b", "cluster", "norack"), fc.string({ maxLength: 128 }));
    const hosts = fc.uniqueArray(
      fc.record({ hostId: fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/), rack: label, zone: label }),
      {
        selector: ({ hostId }) => hostId,
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(hosts, (given) => {
        const switches = parsedConf(topologyConf(slurmSwitches(given)));
        const nodes = [...switches.values()].flatMap((one) => one.nodes);
        expect(nodes.sort()).toEqual(given.map(({ hostId }) => hostId).sort());
        const children = [...switches.values()].flatMap((one) => one.switches);
        expect(new Set(children).size).toBe(children.length);
        for (const child of children) expect(switches.has(child)).toBe(true);
        // One tree: every switch but one has a parent, and all nodes can be reached from that one.
        const roots = [...switches.keys()].filter((name) => !children.includes(name));
        expect(roots).toHaveLength(1);
        const below = (name: string): string[] => {
          const one = switches.get(name);
          return [...(one?.nodes ?? []), ...(one?.switches ?? []).flatMap(below)];
        };
        expect(below(roots[0] ?? "").sort()).toEqual(nodes);
      }),
    );
  });
});

test("topologyYaml() says the same as topologyConf()", () => {
  const switches = slurmSwitches([host("a1", "a", "z"), host("b1", "b", "z")]);
  expect(topologyYaml(switches)).toEqual([
    {
      topology: "augmenter",
      cluster_default: true,
      tree: {
        switches: [
          { switch: "z-a", nodes: "a1" },
          { switch: "z-b", nodes: "b1" },
          { switch: "z", children: "z-a,z-b" },
        ],
      },
    },
  ]);
});
