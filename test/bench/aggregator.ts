/** What the aggregator takes in on one core, and what paths cost it: `npm run bench:aggregator`. */
import { flag, integerBetween } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import type { FleetSize } from "./aggregator-fleet.ts";
import type { FleetPlan, Measured } from "./aggregator-measure.ts";
import { measureFleet } from "./aggregator-measure.ts";
import { reportOf, tableOf } from "./aggregator-report.ts";

const program = {
  name: "augmenter bench:aggregator",
  description:
    "Measures path rows from NATS into the aggregator's view: a load generator sends the sealed reports of a whole fleet through a real nats-server on loopback, at 1 Hz and as fast as they are taken, beside a subscriber that only copies the bytes. About four minutes, 2 GB of memory; removes all it made.",
  options: {
    agents: { description: "agents of the fleet", schema: integerBetween(1, 20_000), default: "10000" },
    paths: { description: "paths of each agent", schema: integerBetween(1, 4_096), default: "100" },
    seconds: { description: "of each measurement", schema: integerBetween(1, 600), default: "5" },
    single: {
      description: "this fleet alone, without the sizes that show how everything grows",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    json: { description: "print one JSON object as the last line", schema: flag(), default: "false", isFlag: true },
  },
} as const;

/** The other sizes: agents from 10^2 to 10^4, paths from 10^4 to 10^6. */
const growthSizes: readonly FleetSize[] = [
  { agents: 100, pathsPerAgent: 100 },
  { agents: 1_000, pathsPerAgent: 100 },
  { agents: 10_000, pathsPerAgent: 10 },
  { agents: 1_000, pathsPerAgent: 1_000 },
];

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { agents, paths, seconds, single, json } = outcome.values;
  const startedMs = performance.now();
  const say = (text: string): void => {
    process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
  };
  const main: FleetPlan = {
    size: { agents, pathsPerAgent: paths },
    warmSeconds: 12,
    steadySeconds: 3 * seconds,
    turns: 3,
    fullSeconds: seconds,
    withBare: true,
  };
  const measured = await measureFleet(main, say);
  const growth: Measured[] = [];
  for (const size of single ? [] : growthSizes) {
    const plan = { ...main, size, warmSeconds: 8, steadySeconds: seconds, turns: 1, withBare: false };
    growth.push(await measureFleet(plan, say));
  }
  const report = reportOf(measured, growth);
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : tableOf(report));
});
