/** hosts and matrix. */
import { CallError } from "../../client/call-error.ts";
import type { AugmenterClient } from "../../client/client.ts";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { integerBetween, oneOf, textOfLength } from "../../common/option-schemas.ts";
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import type { PlaceLevel } from "../known-hosts.ts";
import { everyHost, hostsOf, placeName, placesNamed } from "../known-hosts.ts";
import { cellsMax, matrixLevels } from "../place-matrix.ts";
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
      rack: { description: "only of this rack: its label, or zone/rack", schema: textOfLength(0, 128), default: "" },
      zone: { description: "only of this zone", schema: textOfLength(0, 128), default: "" },
      limit: { description: "hosts told at most", schema: integerBetween(1, 100_000), default: "1000" },
    },
    report: async ({ client, options }) => {
      const { rack, zone, limit } = options;
      const { hosts, isCut, warnings } = await hostsOf(client, { rack, zone }, limit);
      // No label of a rack: then its name in a matrix, or nothing that is known.
      const meant = hosts.length > 0 || (rack === "" && zone === "") ? hosts : await hostsNamed(client, rack, zone);
      const isMore = isCut || meant.length > limit;
      const why = rack === "" && zone === "" ? "no agent has been heard of" : "none is of both this rack and this zone";
      const notes = isMore ? [`and more: raise --limit, now ${limit}`] : [];
      return hostsReport(meant.slice(0, limit), warnings, notes, why);
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
      const named = words.length === 0 ? [] : placesNamed(await everyHost(client), options.level, words);
      return matrixReport(await wholeMatrix(client, options.level, named), options.metric);
    },
  }),
];

/** The matrix of some places, or of all. Throws ExitError 2 where that is more than is told at once, and more than anybody would read. */
async function wholeMatrix(client: AugmenterClient, level: PlaceLevel, named: readonly string[]) {
  if (named.length ** 2 > cellsMax) throw tooLarge(level);
  try {
    return await client.getMatrix({ level: matrixLevels[level], sources: [...named], destinations: [...named] });
  } catch (error) {
    const isTooLarge = error instanceof CallError && error.violations.some(({ field }) => field === "sources");
    throw isTooLarge ? tooLarge(level) : error;
  }
}

function tooLarge(level: PlaceLevel): ExitError {
  const coarser = { host: ", or take --level rack or --level zone", rack: ", or take --level zone", zone: "" }[level];
  const text = `Cannot tell a matrix of more than ${cellsMax} pairs of ${level}s: name some, as in augmenter matrix --level ${level} A B${coarser}`;
  return new ExitError(exitCodes.badConfiguration, text);
}

/** The hosts of a rack, as a matrix or its label names it, and of a zone; "" is any. Throws ExitError 8 where there is no such place. */
async function hostsNamed(client: AugmenterClient, rack: string, zone: string): Promise<readonly HostInfo__Output[]> {
  const hosts = await everyHost(client);
  const racks = rack === "" ? undefined : placesNamed(hosts, "rack", [rack]);
  if (zone !== "") placesNamed(hosts, "zone", [zone]);
  return hosts.filter(
    (host) => (zone === "" || host.zone === zone) && (racks === undefined || racks.includes(placeName(host, "rack"))),
  );
}
