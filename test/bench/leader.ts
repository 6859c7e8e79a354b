/** What a change of leaders does to the hosts: `npm run bench:leader`. */
import { flag, integerBetween } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import type { BedAggregator } from "./leader-bed.ts";
import { LeaderBed } from "./leader-bed.ts";
import type { LeaderCosts } from "./leader-costs.ts";
import { leaderCosts } from "./leader-costs.ts";

const leaderProgram = {
  name: "augmenter bench:leader",
  description:
    "Ends the leading one of two aggregators again and again, by SIGKILL and by SIGTERM, while played hosts report and hold advice as agents do. Needs no privileges.",
  options: {
    json: { description: "print one JSON object as the last line", schema: flag(), default: "false", isFlag: true },
    hosts: { description: "hosts that report every second", schema: integerBetween(4, 5000), default: "500" },
    paths: { description: "paths of each", schema: integerBetween(1, 500), default: "20" },
    rounds: { description: "changes of each kind", schema: integerBetween(1, 100), default: "5" },
    "ttl-ms": { description: "life of advice", schema: integerBetween(1_000, 60_000), default: "10000" },
  },
} as const;

const reportIntervalMs = 1_000;
const learnWaitMs = 60_000;

interface Figures {
  readonly hosts: number;
  readonly entries: number;
  readonly kills: number;
  readonly kill_first_ms: Spread;
  readonly kill_last_ms: Spread;
  readonly stop_last_ms: Spread;
  readonly advice_changes: number;
  readonly advice_lapses: number;
  readonly costs: LeaderCosts;
}

interface Spread {
  readonly p50: number;
  readonly max: number;
}

void runMain(async () => {
  const outcome = readOptions(leaderProgram, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { json, hosts, paths, rounds, ttlMs } = outcome.values;
  // Otherwise a host would be on both ends of one path.
  const size = { hosts, pathsPerHost: Math.min(paths, Math.floor((hosts - 1) / 2)), reportIntervalMs };
  const bed = await LeaderBed.start(size, ttlMs);
  try {
    const figures = await measure(bed, size.hosts, rounds);
    process.stdout.write(json ? `${JSON.stringify(figures)}\n` : tableOf(figures));
  } finally {
    await bed.close();
  }
});

async function measure(bed: LeaderBed, hosts: number, rounds: number): Promise<Figures> {
  let leader: BedAggregator = await bed.startAggregator();
  await bed.until(
    "every path is advised on",
    learnWaitMs,
    async () => bed.fleet.entriesInForce === bed.entriesExpected,
  );
  const kills: { firstMs: number; lastMs: number }[] = [];
  const stops: { firstMs: number; lastMs: number }[] = [];
  let standby: BedAggregator = await bed.startAggregator();
  bed.fleet.forget();
  for (let round = 0; round < 2 * rounds; round += 1) {
    const isKill = round % 2 === 0;
    const change = await bed.change(leader, isKill ? "SIGKILL" : "SIGTERM");
    (isKill ? kills : stops).push(change);
    process.stderr.write(`${isKill ? "killed" : "stopped"}: all hosts after ${change.lastMs.toFixed(0)} ms\n`);
    leader = standby;
    standby = await bed.startAggregator();
  }
  const { changes, lapses } = bed.fleet.notes;
  return {
    hosts,
    entries: bed.fleet.entriesInForce,
    kills: kills.length,
    kill_first_ms: spreadOf(kills.map(({ firstMs }) => firstMs)),
    kill_last_ms: spreadOf(kills.map(({ lastMs }) => lastMs)),
    stop_last_ms: spreadOf(stops.map(({ lastMs }) => lastMs)),
    advice_changes: changes.length,
    advice_lapses: lapses.length,
    costs: leaderCosts(),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((left, right) => left - right).map(Math.round);
  return { p50: sorted[Math.floor(sorted.length / 2)] ?? 0, max: sorted.at(-1) ?? 0 };
}

function tableOf(figures: Figures): string {
  const { costs } = figures;
  const spread = ({ p50, max }: Spread) => `${p50} (at most ${max})`;
  return [
    `${figures.hosts} hosts hold ${figures.entries} entries; ${figures.kills} leaders killed, as many stopped`,
    `first host hears the next leader, ms after a kill   ${spread(figures.kill_first_ms)}`,
    `last host                                           ${spread(figures.kill_last_ms)}`,
    `last host, ms after a stop                          ${spread(figures.stop_last_ms)}`,
    `entries that changed                                ${figures.advice_changes}`,
    `hosts whose advice ran out                          ${figures.advice_lapses}`,
    "",
    "Beside reports, of one core and one message:",
    `to take an announcement in, us ${costs.announcement_us}; to keep a host, bytes ${costs.host_bytes}`,
    `to follow a renewal, us ${costs.follow_us}`,
    `to go on with a host, us ${costs.handover_us}, bytes ${costs.handover_bytes}`,
    `to tell another partition of a path, bytes ${costs.need_bytes}`,
    "",
  ].join("\n");
}
