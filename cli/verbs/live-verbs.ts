/** top and watch. */
import { setTimeout as sleep } from "node:timers/promises";
import type { AugmenterClient } from "../../client/client.ts";
import { LiveScreen } from "../../common/live-screen.ts";
import { integerBetween, oneOf } from "../../common/option-schemas.ts";
import type { OptionValues } from "../../common/option-values.ts";
import { rateText } from "../../common/quantities.ts";
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathUpdate__Output } from "../../proto/gen/augmenter/v1/PathUpdate.ts";
import { requireHosts } from "../known-hosts.ts";
import { PathBoard } from "../path-board.ts";
import { elsewhereNotes } from "../reports/elsewhere-note.ts";
import { duration, pathsReport, pathsTable, unknownText } from "../reports/path-report.ts";
import type { Session } from "../session.ts";
import type { Verb } from "../verb.ts";
import { verb } from "../verb.ts";
import { filterOptions, hostsOfFilter } from "./path-verbs.ts";

const sortKeys = {
  bdp: (path: PathEstimate__Output) => path.bdpBytes,
  rate: (path: PathEstimate__Output) => path.rateBytesPerSecond,
  rtt: (path: PathEstimate__Output) => path.minRttUs,
  loss: (path: PathEstimate__Output) => path.lossRatio,
  connections: (path: PathEstimate__Output) => path.connections,
  failed: (path: PathEstimate__Output) => path.windowsFailed,
  newest: (path: PathEstimate__Output) => -path.ageSeconds,
} as const;

const sortNames = ["bdp", "rate", "rtt", "loss", "connections", "failed", "newest"] as const;

/** How often it is looked whether the first state is complete. */
const firstLookMs = 20;

/** The verbs. */
export const liveVerbs: readonly Verb[] = [
  verb({
    name: "top",
    summary: "the paths with the most of something, live",
    arguments: [],
    options: {
      ...filterOptions,
      sort: { description: `by ${sortNames.join(", ")}`, schema: oneOf(sortNames), default: "bdp" },
      limit: { description: "paths shown at most", schema: integerBetween(1, 1_000), default: "40" },
      "every-ms": { description: "how often it is drawn", schema: integerBetween(100, 60_000), default: "1000" },
      count: { description: "how many times; 0: until Ctrl-C", schema: integerBetween(0, 1e9), default: "0" },
    },
    run: async ({ session, client, options }) => {
      const { source, destination, sort, limit, everyMs, count } = options;
      await requireHosts(client, hostsOfFilter(options));
      const { nowMs } = session.surroundings;
      const signal = session.surroundings.interruption();
      const show = drawer(session, await elsewhereOf(client, options));
      const board = new PathBoard();
      const ended = new AbortController();
      const end = AbortSignal.any([signal, ended.signal]);
      const updates = client.watchPaths({ filter: { source, destination }, minIntervalMs: everyMs }, { signal: end });
      const watching = (async () => {
        for await (const update of updates) board.take(update, nowMs());
      })().finally(() => ended.abort());
      // It is awaited below; until then nobody else may be told of its failure.
      watching.catch(() => undefined);
      for (let drawn = 0; !end.aborted && (count === 0 || drawn < count); ) {
        await sleep(drawn === 0 ? firstLookMs : everyMs, undefined, { signal: end }).catch(() => undefined);
        if (!board.isComplete || end.aborted) continue;
        const paths = board.paths(nowMs()).sort((a, b) => sortKeys[sort](b) - sortKeys[sort](a));
        show(paths.slice(0, limit), paths.length);
        drawn += 1;
      }
      ended.abort();
      await watching;
    },
  }),
  verb({
    name: "watch",
    summary: "every change of a path, as it comes",
    arguments: [],
    options: {
      ...filterOptions,
      "min-interval-ms": {
        description: "at most one change of a path in this time",
        schema: integerBetween(0, 60_000),
        default: "1000",
      },
      count: {
        description: "changes told, the state at the beginning included; 0: until Ctrl-C",
        schema: integerBetween(0, 1e9),
        default: "0",
      },
    },
    run: async ({ session, client, options }) => {
      const { source, destination, minIntervalMs, count } = options;
      await requireHosts(client, hostsOfFilter(options));
      const signal = session.surroundings.interruption();
      for (const note of await elsewhereOf(client, options)) session.note(note);
      const onInterrupted = () => session.note("connection lost; asking again");
      let told = 0;
      for await (const update of client.watchPaths(
        { filter: { source, destination }, minIntervalMs },
        { signal, onInterrupted },
      )) {
        if (update.change === "heartbeat") continue;
        session.print(updateText(update, session));
        told += update.estimate || update.forgotten ? 1 : 0;
        if (count !== 0 && told >= count) break;
      }
    },
  }),
];

/** What a watch does not tell: a page of the same paths names the partitions that have others of them. */
async function elsewhereOf(
  client: AugmenterClient,
  { source, destination }: OptionValues<typeof filterOptions>,
): Promise<readonly string[]> {
  const { measuredElsewhere } = await client.listPaths({ filter: { source, destination }, pageSize: 1 });
  return elsewhereNotes(measuredElsewhere);
}

/** Draws in place on a terminal; elsewhere one answer follows the other. */
function drawer(
  session: Session,
  elsewhere: readonly string[],
): (paths: readonly PathEstimate__Output[], total: number) => void {
  const { stdout } = session.surroundings;
  const { output } = session.settings.values;
  const notes = (shown: number, total: number) => (total > shown ? [`${shown} of ${total} paths`] : []);
  if (stdout.isTTY !== true || output === "json" || output === "yaml") {
    for (const note of elsewhere) session.note(note);
    return (paths, total) => session.print(session.textOf(pathsReport(paths, notes(paths.length, total)), true));
  }
  const screen = new LiveScreen(stdout);
  return (paths, total) => {
    const shown = paths.slice(0, Math.max(1, screen.lines - 2 - elsewhere.length));
    const report = { value: {}, tables: [pathsTable(shown)], notes: [...notes(shown.length, total), ...elsewhere] };
    screen.draw(session.textOf(report, true).trimEnd().split("\n"));
  };
}

function updateText(update: PathUpdate__Output, session: Session): string {
  const { output } = session.settings.values;
  if (output === "json" || output === "yaml") return session.textOf({ value: updateValue(update), tables: [] }, true);
  const time = new Date(session.surroundings.nowMs()).toISOString().slice(11, 23);
  if (update.forgotten) return `${time} ${update.forgotten.source} -> ${update.forgotten.destination} forgotten\n`;
  if (update.snapshotBegin) return `${time} what was told before is outdated\n`;
  if (update.snapshotEnd) return `${time} that is all there is at the moment: ${update.snapshotEnd.paths} paths\n`;
  const { estimate } = update;
  if (!estimate) return "";
  const rate = estimate.rateBytesPerSecond > 0 ? rateText(estimate.rateBytesPerSecond) : unknownText;
  const window = estimate.advice?.windowSegments ? `${estimate.advice.windowSegments} segments` : "kernel's";
  const ends = `${estimate.path?.source} -> ${estimate.path?.destination}`;
  return `${time} ${ends} RTT ${duration(estimate.minRttUs)} rate ${rate} window ${window}\n`;
}

function updateValue(update: PathUpdate__Output): unknown {
  const { change = "", version } = update;
  return { change, [change]: update[change as "estimate"], version };
}
