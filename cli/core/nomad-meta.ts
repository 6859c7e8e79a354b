/** Nomad node metadata: where a host is and how far it is to each rack, for constraints and affinities of jobs. */
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import type { MatrixCell } from "./matrix-cells.ts";
import { isKnown } from "./matrix-cells.ts";
import { UniqueNames } from "./unique-names.ts";

/** A node, by its name in Nomad, and its metadata: `${meta.augmenter_rtt_us_to_b}` in a job. */
export interface NomadNode {
  readonly name: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** One for each host; `cells` is a matrix of racks. */
export function nomadNodes(hosts: readonly HostInfo__Output[], cells: readonly MatrixCell[]): NomadNode[] {
  const keys = keysOf(cells);
  return hosts.map(({ hostId, rack, zone }) => {
    const place = rack === "" ? "" : [zone, rack].filter((part) => part !== "").join("/");
    const ways = cells.filter((cell) => cell.source === place && isKnown(cell) && cell.minRttUs > 0);
    return {
      name: hostId,
      meta: {
        ...(rack === "" ? {} : { augmenter_rack: rack }),
        ...(zone === "" ? {} : { augmenter_zone: zone }),
        ...Object.fromEntries(ways.flatMap((way) => metaOf(way, keys.get(way.destination) ?? ""))),
      },
    };
  });
}

/** The client configuration of one node (https://developer.hashicorp.com/nomad/docs/configuration/client#meta). */
export function nomadHcl({ name, meta }: NomadNode): string {
  const lines = Object.entries(meta).map(([key, value]) => `    ${key} = ${hclString(value)}\n`);
  return `# ${name}\nclient {\n  meta {\n${lines.join("")}  }\n}\n`;
}

/** What PUT /v1/client/metadata takes on each node, by name. */
export function nomadBodies(nodes: readonly NomadNode[]): unknown {
  return Object.fromEntries(nodes.map(({ name, meta }) => [name, { Meta: meta }]));
}

/** What each destination is called in keys, the same on every node: racks whose names differ in signs alone stay apart. */
function keysOf(cells: readonly MatrixCell[]): ReadonlyMap<string, string> {
  const names = new UniqueNames("_");
  const destinations = [...new Set(cells.map(({ destination }) => destination))].sort();
  return new Map(destinations.map((name) => [name, names.unique(name.replaceAll(/[^A-Za-z0-9]/g, "_"))]));
}

function metaOf({ minRttUs, rateBytesPerSecond }: MatrixCell, to: string): [string, string][] {
  const rtt: [string, string] = [`augmenter_rtt_us_to_${to}`, String(minRttUs)];
  if (rateBytesPerSecond === 0) return [rtt];
  return [rtt, [`augmenter_mbit_per_second_to_${to}`, String(Math.round((rateBytesPerSecond * 8) / 1e6))]];
}

// HCL strings are JSON's, but for templates.
function hclString(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}
