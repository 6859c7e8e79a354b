/** hosts and matrix. */
import { integerBetween, oneOf, textOfLength } from "../../common/option-schemas.ts";
import { hostsOf, requirePlaces } from "../known-hosts.ts";
import { matrixLevels } from "../place-matrix.ts";
import { hostsReport } from "../reports/hosts-report.ts";
import { matrixMetrics, matrixReport } from "../reports/matrix-report.ts";
import type { Verb } from "../verb.ts";
import { verb } from "../verb.ts";

/** The verbs. */
export const clusterVerbs: readonly Verb[] = [
  verb({
    name: "hosts",
    summary: "the hosts whose agents were heard of lately",
    arguments: [],
    options: {
      rack: { description: "only of this rack", schema: textOfLength(0, 128), default: "" },
      zone: { description: "only of this zone", schema: textOfLength(0, 128), default: "" },
      limit: { description: "hosts told at most", schema: integerBetween(1, 100_000), default: "1000" },
    },
    report: async ({ client, options }) => {
      const { rack, zone, limit } = options;
      const { hosts, isCut } = await hostsOf(client, { rack, zone }, limit);
      return hostsReport(hosts, isCut ? [`and more: raise --limit, now ${limit}`] : []);
    },
  }),
  verb({
    name: "matrix",
    summary: "RTT, rate or loss between hosts, racks or zones",
    arguments: [{ name: "name", description: "only these hosts, racks or zones", isOptional: true, isMany: true }],
    options: {
      level: {
        description: "between what: host, rack or zone",
        schema: oneOf(["host", "rack", "zone"]),
        default: "rack",
      },
      metric: { description: "what the table shows: rtt, rate or loss", schema: oneOf(matrixMetrics), default: "rtt" },
    },
    report: async ({ client, words, options }) => {
      // The server has rows for places that may come back; who types a name means one that is there.
      await requirePlaces(client, options.level, words);
      const level = matrixLevels[options.level];
      const matrix = await client.getMatrix({ level, sources: [...words], destinations: [...words] });
      return matrixReport(matrix, options.metric);
    },
  }),
];
