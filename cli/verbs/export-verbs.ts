/** export k8s, slurm, nomad and consul: what other schedulers read. */
import { stringify } from "yaml";
import type { AugmenterClient } from "../../client/client.ts";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, textOfLength } from "../../common/option-schemas.ts";
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import { nearOrder } from "../core/consul-order.ts";
import { labelledCells } from "../core/labelled-cells.ts";
import { isKnown } from "../core/matrix-cells.ts";
import type { TopologyLevel } from "../core/network-topology.ts";
import { networkTopology } from "../core/network-topology.ts";
import { nomadBodies, nomadHcl, nomadNodes } from "../core/nomad-meta.ts";
import type { Report } from "../core/report.ts";
import { slurmSwitches, topologyConf, topologyYaml } from "../core/slurm-topology.ts";
import { everyHost, placesNamed } from "../known-hosts.ts";
import { applyTopology, kubernetesApi } from "../kubernetes-api.ts";
import { placeMatrix } from "../place-matrix.ts";
import { elsewhereNotes } from "../reports/elsewhere-note.ts";
import type { Session } from "../session.ts";
import type { Verb } from "../verb.ts";
import { verb } from "../verb.ts";

/** The verbs. */
export const exportVerbs: readonly Verb[] = [
  verb({
    name: "export k8s",
    summary: "costs between zones as a NetworkTopology resource: printed, or applied and kept current",
    arguments: [],
    options: {
      name: { description: "name of the resource", schema: kubernetesName(), default: "nt-default" },
      namespace: { description: "its namespace", schema: kubernetesName(), default: "default" },
      weights: { description: "name of the costs", schema: textOfLength(1, 253), default: "UserDefined" },
      "zone-key": {
        description: "node label that holds the zone",
        schema: textOfLength(0, 317),
        default: "topology.kubernetes.io/zone",
      },
      "rack-key": {
        description: "node label that holds the rack; empty: no costs of racks",
        schema: textOfLength(0, 317),
        default: "",
      },
      apply: {
        description: "apply it instead of printing it; with --watch again and again",
        schema: flag(),
        default: "false",
        isFlag: true,
      },
      "kube-api": { description: "API server; empty: that of this pod", schema: textOfLength(0, 2_048), default: "" },
    },
    report: async ({ session, client, options }) => {
      if (options.kubeApi !== "" && !options.apply) {
        throw new ExitError(exitCodes.badConfiguration, "Cannot use --kube-api without --apply: nothing is sent there");
      }
      if (options.zoneKey === "" && options.rackKey === "") {
        throw new ExitError(exitCodes.badConfiguration, "Cannot export no costs at all: give --zone-key or --rack-key");
      }
      const api = options.apply ? kubernetesApi(options.kubeApi, session.surroundings.environment) : undefined;
      const hosts = await everyHost(client);
      const levels: TopologyLevel[] = [];
      // Of racks as of zones: hosts of any partition are in them.
      let elsewhere: readonly string[] = [];
      for (const [level, key] of [
        ["zone", options.zoneKey],
        ["rack", options.rackKey],
      ] as const) {
        if (key === "") continue;
        const matrix = await placeMatrix(client, level, hosts, hosts);
        levels.push({ key, cells: labelledCells(matrix.cells) });
        elsewhere = matrix.measuredElsewhere;
      }
      noteElsewhere(session, elsewhere);
      const resource = networkTopology(options, levels);
      if (api === undefined) return exported(resource, `---\n${stringify(resource)}`);
      // A view that was just begun knows nothing: it must not wipe out what an earlier one knew.
      if (!levels.some(({ cells }) => cells.some(isKnown)))
        return exported(resource, "nothing is known yet: left as it is\n");
      await applyTopology(api, resource);
      const costs = levels.map(({ key, cells }) => `${cells.length} pairs of ${key}`).join(", ");
      return exported(resource, `applied NetworkTopology ${options.namespace}/${options.name}: ${costs}\n`);
    },
  }),
  verb({
    name: "export slurm",
    summary: "topology.conf, or with -o yaml topology.yaml: racks and zones as a tree of switches",
    arguments: [],
    options: {},
    report: async ({ client }) => {
      const switches = slurmSwitches(await someHosts(client));
      return exported(topologyYaml(switches), topologyConf(switches));
    },
  }),
  verb({
    name: "export nomad",
    summary: "node metadata: client configuration, or with -o json the bodies of PUT /v1/client/metadata",
    arguments: [{ name: "host", description: "only these hosts", isOptional: true, isMany: true, isHost: true }],
    options: {},
    report: async ({ session, client, words }) => {
      const all = await someHosts(client);
      const named = new Set(placesNamed(all, "host", words));
      const hosts = all.filter(({ hostId }) => words.length === 0 || named.has(hostId));
      const { cells, measuredElsewhere } = await placeMatrix(client, "rack", hosts, all);
      noteElsewhere(session, measuredElsewhere);
      const nodes = nomadNodes(hosts, cells);
      return exported(nomadBodies(nodes), nodes.map(nomadHcl).join("\n"));
    },
  }),
  verb({
    name: "export consul",
    summary: "the catalog's nodes as `?near=` orders them, the nearest to a host first, as JSON",
    arguments: [{ name: "source", description: "the host that it is near to", isHost: true }],
    options: {},
    report: async ({ session, client, words: [source = ""] }) => {
      const hosts = await someHosts(client);
      const [from = source] = placesNamed(hosts, "host", [source]);
      const own = hosts.filter(({ hostId }) => hostId === from);
      const { cells, measuredElsewhere } = await placeMatrix(client, "host", own, hosts);
      noteElsewhere(session, measuredElsewhere);
      const nodes = nearOrder(from, hosts, cells);
      return exported(nodes, `${JSON.stringify(nodes, null, 2)}\n`);
    },
  }),
];

function exported(value: unknown, text: string): Report {
  return { value, text, tables: [] };
}

// What is exported is read by programs: on stderr it is not part of it.
function noteElsewhere(session: Session, partitions: readonly string[]): void {
  for (const note of elsewhereNotes(partitions)) session.note(note);
}

// An empty topology would tell a scheduler that there is no cluster.
async function someHosts(client: AugmenterClient): Promise<readonly HostInfo__Output[]> {
  const hosts = await everyHost(client);
  if (hosts.length > 0) return hosts;
  throw new ExitError(exitCodes.notFound, "Cannot export a cluster without hosts: no agent has been heard of");
}

/** RFC 1123, as Kubernetes wants it. */
function kubernetesName() {
  const error = "1..253 lower-case letters, digits, dashes and dots";
  return textOfLength(1, 253).regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, { error });
}
