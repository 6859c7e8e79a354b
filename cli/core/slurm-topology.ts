/** Slurm's topology/tree: racks are leaf switches, zones join racks, one switch joins all (topology.conf(5), topology.yaml(5)). */
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import { UniqueNames } from "./unique-names.ts";

/** A switch with nodes, or with other switches, below it. */
export interface SlurmSwitch {
  readonly name: string;
  readonly nodes?: readonly string[];
  readonly children?: readonly string[];
}

/** Slurm refuses longer ones since 24.11. */
const nameMaxLength = 64;
/** Every node must be below some switch. */
const withoutRack = "norack";
const root = "cluster";

/** The switches, leaves first. Node names are host ids. Empty without hosts. */
export function slurmSwitches(hosts: readonly Pick<HostInfo__Output, "hostId" | "rack" | "zone">[]): SlurmSwitch[] {
  const names = new UniqueNames("-");
  const zones = new Map<string, Map<string, string[]>>();
  for (const { hostId, rack, zone } of [...hosts].sort((a, b) => compare(a.hostId, b.hostId))) {
    const racks = zones.get(zone) ?? new Map<string, string[]>();
    racks.set(rack, [...(racks.get(rack) ?? []), hostId]);
    zones.set(zone, racks);
  }
  const leaves: SlurmSwitch[] = [];
  const joints: SlurmSwitch[] = [];
  for (const [zone, racks] of byKey(zones)) {
    const own = byKey(racks).map(([rack, nodes]): SlurmSwitch => {
      const place = [zone, rack === "" ? withoutRack : rack].filter((part) => part !== "").join("-");
      return { name: names.unique(plainName(place)), nodes };
    });
    leaves.push(...own);
    if (zone !== "") joints.push({ name: names.unique(plainName(zone)), children: own.map(({ name }) => name) });
  }
  const joined = new Set(joints.flatMap(({ children = [] }) => children));
  const tops = [...joints, ...leaves.filter(({ name }) => !joined.has(name))].map(({ name }) => name);
  if (tops.length > 1) joints.push({ name: names.unique(root), children: tops });
  return [...leaves, ...joints];
}

/** The lines of topology.conf. */
export function topologyConf(switches: readonly SlurmSwitch[]): string {
  const lines = switches.map(({ name, nodes, children }) =>
    nodes === undefined
      ? `SwitchName=${name} Switches=${(children ?? []).join(",")}`
      : `SwitchName=${name} Nodes=${nodes.join(",")}`,
  );
  return `# TopologyPlugin=topology/tree\n${lines.join("\n")}\n`;
}

/** What topology.yaml holds. */
export function topologyYaml(switches: readonly SlurmSwitch[]): unknown {
  const tree = switches.map(({ name, nodes, children }) =>
    nodes === undefined
      ? { switch: name, children: (children ?? []).join(",") }
      : { switch: name, nodes: nodes.join(",") },
  );
  return [{ topology: "augmenter", cluster_default: true, tree: { switches: tree } }];
}

/** Labels are any text; what Slurm's parser would take for something else is replaced. */
function plainName(label: string): string {
  return label.replaceAll(/[^A-Za-z0-9_.-]/g, "_").slice(0, nameMaxLength - 4);
}

function byKey<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => compare(a, b));
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
