/** rank and estimate. */
import { integerBetween, oneOf, parsedBy } from "../../common/option-schemas.ts";
import { bytesFromText } from "../core/quantity-text.ts";
import { requireHosts } from "../known-hosts.ts";
import { estimateReport, rankReport } from "../reports/transfer-report.ts";
import type { Verb } from "../verb.ts";
import { verb } from "../verb.ts";
import { destinationArgument, sourceArgument } from "./path-verbs.ts";

const firstWindows = {
  now: "FIRST_WINDOW_UNSPECIFIED",
  kernel: "FIRST_WINDOW_KERNEL",
  advised: "FIRST_WINDOW_ADVISED",
} as const;

const transferOptions = {
  bytes: {
    description: "payload, such as 64KiB or 10GB",
    schema: parsedBy<number | string>(bytesFromText),
    default: "1MiB",
  },
  concurrent: {
    description: "transfers of this size that begin together",
    schema: integerBetween(1, 1_000),
    default: "1",
  },
  "first-window": {
    description: "what it begins with: as it is now, the kernel's, or the advised one",
    schema: oneOf(["now", "kernel", "advised"]),
    default: "now",
  },
} as const;

/** The verbs. */
export const transferVerbs: readonly Verb[] = [
  verb({
    name: "rank",
    summary: "where a transfer would finish first",
    arguments: [
      sourceArgument,
      { name: "candidate", description: "receiving hosts to choose from", isHost: true, isMany: true },
    ],
    options: transferOptions,
    report: async ({ client, words: [source = "", ...candidates], options }) => {
      const { bytes, concurrent, firstWindow } = options;
      const request = { source, candidates, bytes, concurrent, firstWindow: firstWindows[firstWindow] };
      const ranked = await client.rankDestinations(request);
      const isUnknown = ranked.destinations.some(({ estimate }) => estimate === null);
      if (isUnknown) await requireHosts(client, [source, ...candidates]);
      return rankReport(source, ranked);
    },
  }),
  verb({
    name: "estimate",
    summary: "when one transfer would finish, and what its time is made of",
    arguments: [sourceArgument, destinationArgument],
    options: transferOptions,
    report: async ({ client, words: [source = "", destination = ""], options }) => {
      const { bytes, concurrent, firstWindow } = options;
      const request = { source, destination, bytes, concurrent, firstWindow: firstWindows[firstWindow] };
      return estimateReport(await client.estimateTransfer(request), bytes);
    },
  }),
];
