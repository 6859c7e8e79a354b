/** Nomad node metadata: where a host is and how far it is to each rack, for constraints and affinities of jobs. */
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import type { MatrixCell } from "./matrix-cells.ts";
import { isKnown } from "./matrix-cells.ts";

/** A node, by its name in Nomad, and its metadata: `${meta.augmenter_rtt_us_to_b}` in a job. */
export interface NomadNode {
  readonly name: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** One for each host; `cells` is a matrix of racks. */
export function nomadNodes(hosts: readonly HostInfo__Output[], cells: readonly MatrixCell[]): NomadNode[] {
  return hosts.map(({ hostId, rack, zone }) => {
    const place = rack === "" ? "" : [zone, rack].filter((part) => part !== "").join("/");
    const ways = cells.filter((cell) => cell.source === place && isKnown(cell) && cell.minRttUs > 0);
    return {
      name: hostId,
      meta: {
        ...(rack === "" ? {} : { augmenter_rack: rack }),
        ...(zone === "" ? {} : { augmenter_zone: zone }),
        ...Object.fromEntries(ways.flatMap(metaOf)),
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

function metaOf({ destination, minRttUs, rateBytesPerSecond }: MatrixCell): [string, string][] {
  const to = destination.replaceAll(/[^A-Za-z0-9]/g, "_");
  const rtt: [string, string] = [`augmenter_rtt_us_to_${to}`, String(minRttUs)];
  if (rateBytesPerSecond === 0) return [rtt];
  return [rtt, [`augmenter_mbit_per_second_to_${to}`, String(Math.round((rateBytesPerSecond * 8) / 1e6))]];
}

// HCL strings are JSON's, but for templates.
function hclString(text: string): string {
  return JSON.stringify(text).replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}
