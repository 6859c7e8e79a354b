/** paths, path and explain. */
import { integerBetween, textOfLength } from "../../common/option-schemas.ts";
import type { OptionValues } from "../../common/option-values.ts";
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import { requireHosts } from "../known-hosts.ts";
import { elsewhereNotes } from "../reports/elsewhere-note.ts";
import { explainReport } from "../reports/explain-report.ts";
import { pathReport, pathsReport } from "../reports/path-report.ts";
import type { Argument, Verb } from "../verb.ts";
import { verb } from "../verb.ts";

/** Who sends. */
export const sourceArgument: Argument = {
  name: "source",
  description: "sending host: its id or an address",
  isHost: true,
};
/** Who receives. */
export const destinationArgument: Argument = {
  name: "destination",
  description: "receiving host: its id or an address",
  isHost: true,
};

/** Which paths, for every verb that takes a filter. */
export const filterOptions = {
  source: { description: "only from this host", schema: textOfLength(0, 256), default: "" },
  destination: {
    description: "only to this host, address or prefix (10.0.0.0/8)",
    schema: textOfLength(0, 256),
    default: "",
  },
} as const;

/** The words of a filter that name a host; a prefix names none. */
export function hostsOfFilter({ source, destination }: OptionValues<typeof filterOptions>): readonly string[] {
  return [source, destination.includes("/") ? "" : destination].filter((word) => word !== "");
}

const pageSize = 1_000;

/** The verbs. */
export const pathVerbs: readonly Verb[] = [
  verb({
    name: "paths",
    summary: "every path that is known, and what is believed of it",
    arguments: [],
    options: {
      ...filterOptions,
      limit: { description: "paths told at most", schema: integerBetween(1, 100_000), default: "1000" },
    },
    report: async ({ client, options }) => {
      const { source, destination, limit } = options;
      const paths: PathEstimate__Output[] = [];
      let pageToken = "";
      let elsewhere: readonly string[] = [];
      do {
        const size = Math.min(pageSize, limit - paths.length);
        const page = await client.listPaths({ filter: { source, destination }, pageSize: size, pageToken });
        paths.push(...page.paths);
        [pageToken, elsewhere] = [page.nextPageToken, page.measuredElsewhere];
      } while (pageToken !== "" && paths.length < limit);
      if (paths.length === 0) await requireHosts(client, hostsOfFilter(options));
      const more = pageToken === "" ? [] : [`and more: raise --limit, now ${limit}`];
      return pathsReport(paths, [...more, ...elsewhereNotes(elsewhere)]);
    },
  }),
  verb({
    name: "path",
    summary: "what is believed of one path, and what is advised for it",
    arguments: [sourceArgument, destinationArgument],
    options: {},
    report: async ({ client, words: [source = "", destination = ""] }) =>
      pathReport(await client.getPath({ source, destination })),
  }),
  verb({
    name: "explain",
    summary: "why a source is advised what it is advised: inputs, formula, bounds, failures, alternatives",
    arguments: [sourceArgument, destinationArgument],
    options: {},
    report: async ({ client, words: [source = "", destination = ""] }) =>
      explainReport(await client.explainAdvice({ source, destination })),
  }),
];
