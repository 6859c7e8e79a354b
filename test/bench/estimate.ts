/** How well EstimateTransfer and RankDestinations meet real transfers: `npm run bench:estimate`. */
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, integerBetween, oneOf } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import type { EstimatedRound, Phase } from "./estimate-measure.ts";
import { EstimateBed } from "./estimate-measure.ts";
import type { EstimatePlan } from "./estimate-plan.ts";
import { estimateCells, estimatePlans } from "./estimate-plan.ts";
import type { EstimateSummary } from "./estimate-results.ts";
import { estimateSummary } from "./estimate-results.ts";

const program = {
  name: "augmenter bench:estimate",
  description:
    "Asks the aggregator how long a transfer will take and which of four destinations is the fastest, then makes the transfer, on paths between network namespaces: under the kernel's default and under advice, alone and four at once. Needs root; removes all it made.",
  options: {
    plan: {
      description:
        "held-out: paths, sizes and numbers at once that no constant was chosen on; tuned, tuned-too: those that they were",
      schema: oneOf(["held-out", "tuned", "tuned-too"]),
      default: "held-out",
    },
    seed: { description: "of the order of the transfers", schema: integerBetween(1, 1_000_000), default: "1" },
    json: {
      description: "print one JSON object a round, and one with the summary as the last line",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
  },
} as const;

const phases: readonly Phase[] = ["default", "advised"];

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { plan, seed, json } = outcome.values;
  if (process.getuid?.() !== 0) {
    throw new ExitError(exitCodes.insufficientPrivileges, "Cannot measure: network namespaces need root");
  }
  const rounds: EstimatedRound[] = [];
  for (const phase of phases) rounds.push(...(await measured(phase, estimatePlans[plan], seed)));
  if (json) for (const round of rounds) process.stdout.write(`${JSON.stringify(round)}\n`);
  const summary = estimateSummary(rounds);
  process.stdout.write(json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
});

async function measured(phase: Phase, plan: EstimatePlan, seed: number): Promise<readonly EstimatedRound[]> {
  const startedMs = performance.now();
  const say = (text: string): void => {
    process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${phase}: ${text}\n`);
  };
  say("starting the cluster, and learning");
  const bed = await EstimateBed.create(phase, plan);
  try {
    const cells = estimateCells(plan, seed);
    say(`${cells.length} rounds`);
    const rounds: EstimatedRound[] = [];
    for (const cell of cells) rounds.push(await bed.round(phase, cell));
    say("done");
    return rounds;
  } finally {
    await bed.close();
  }
}

function summaryText(summary: EstimateSummary): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const kinds = summary.by_kind.map(
    ({ phase, concurrent, transfers, error_p50, error_p90 }) =>
      `  ${phase}, ${concurrent} at once: ${transfers} transfers, half within ${percent(error_p50)}, nine of ten within ${percent(error_p90)}\n`,
  );
  return [
    `${summary.transfers} transfers: half within ${percent(summary.error_p50)} of the estimate, nine of ten within ${percent(summary.error_p90)}\n`,
    ...kinds,
    `  ${percent(summary.within_p90)} took no longer than p90 said\n`,
    `${summary.rankings} rankings: ${percent(summary.ranked_right)} named the fastest of four, ${percent(summary.ranked_near)} one within a twentieth of it\n`,
  ].join("");
}
