/** Many hosts answer one at once, by default and under advice: `npm run bench:incast`. */
import { join } from "node:path";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, integerBetween, parsedBy, textOfLength } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { projectRoot } from "../testbed/programs.ts";
import { incastCellName, incastCellsFromText } from "./incast-cells.ts";
import { measureIncast } from "./incast-measure.ts";
import type { IncastResult, IncastSummary } from "./incast-results.ts";
import {
  aloneRatio,
  completionRatio,
  incastSummary,
  incastWanted,
  p99Ratio,
  readIncastResults,
} from "./incast-results.ts";
import { ResultsFile } from "./results-file.ts";

const program = {
  name: "augmenter bench:incast",
  description:
    "Measures how long it takes until many hosts have answered one that asked them all at once, on links between network namespaces: the kernel's default and, in turns with it on the same hosts, a cluster that advises and learns only from the run's own traffic. Needs root; removes all it made.",
  options: {
    cells: {
      description: 'these cells instead of a spread of 16, such as "n=32,size=64K,rtt=1,buffer=64 n=8,rtt=5"',
      schema: parsedBy(incastCellsFromText),
      default: "",
    },
    rounds: {
      description: "of either system in each cell, at the most",
      schema: integerBetween(1, 10_000),
      default: "200",
    },
    "cell-seconds": {
      description: "no more turns in a cell after this long",
      schema: integerBetween(1, 600),
      default: "24",
    },
    "learn-seconds": { description: "spent on learning in each cell", schema: integerBetween(1, 600), default: "20" },
    results: {
      description: "file that a line is added to for each finished cell; empty: one in dist/bench",
      schema: textOfLength(0, 4096),
      default: "",
    },
    resume: {
      description: "keep the finished cells of that file, and count them into the summary",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    "run-seconds": {
      description: "no more cells begin after this long: what is left is for --resume",
      schema: integerBetween(1, 100_000),
      default: "100000",
    },
    json: {
      description: "print one JSON object a cell, and one with the summary as the last line",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
  },
} as const;

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { cells, rounds, cellSeconds, learnSeconds, runSeconds, resume, json } = outcome.values;
  if (process.getuid?.() !== 0) {
    throw new ExitError(exitCodes.insufficientPrivileges, "Cannot measure: network namespaces need root");
  }
  const path = outcome.values.results === "" ? join(projectRoot(), "dist/bench/incast.ndjson") : outcome.values.results;
  const file = new ResultsFile<IncastResult>(path, resume);
  const done = readIncastResults(path);
  const left = cells.filter((cell) => !done.has(incastCellName(cell)));
  const startedMs = performance.now();
  for (const [index, cell] of left.entries()) {
    if (performance.now() - startedMs > runSeconds * 1000) break;
    const result = await measureIncast(cell, { rounds, secondsMax: cellSeconds, learnSeconds });
    file.append(result);
    process.stderr.write(`${index + 1}/${left.length}  ${lineOf(result)}\n`);
  }
  const finished = readIncastResults(path);
  const results = cells.flatMap((cell) => finished.get(incastCellName(cell)) ?? []);
  const summary = incastSummary(results);
  if (json) for (const result of results) process.stdout.write(`${JSON.stringify(result)}\n`);
  process.stdout.write(json ? `${JSON.stringify(summary)}\n` : textOf(summary));
});

function lineOf(result: IncastResult): string {
  const { cell, limit_ms, default: theirs, augmenter: ours, advice } = result;
  return (
    `${cell}: limit ${limit_ms}, whole ${theirs.whole_p50_ms} -> ${ours.whole_p50_ms} ms (x ${completionRatio(result).toFixed(2)}), ` +
    `answers' p99 ${theirs.answer_p99_ms} -> ${ours.answer_p99_ms} ms (x ${p99Ratio(result).toFixed(2)}), ` +
    `resent a round ${perRound(theirs)} -> ${perRound(ours)}, one alone x ${aloneRatio(result).toFixed(2)}; ${advice.sources_advised} advised ` +
    `${advice.window_segments} segments, ${advice.rate_mbit_per_s} Mbit/s; ${result.seconds} s`
  );
}

function perRound({ retransmitted_segments, rounds }: IncastResult["default"]): string {
  return (retransmitted_segments / Math.max(1, rounds)).toFixed(1);
}

function textOf(summary: IncastSummary): string {
  const wanted: Partial<Record<keyof IncastSummary, string>> = {
    completion_ratio_geomean: `>= ${incastWanted.completionRatioMin}`,
    worst_p99_ratio: `>= ${incastWanted.p99RatioMin}`,
    retransmit_ratio: `< ${incastWanted.retransmitRatioMax}`,
    worst_alone_ratio: `>= ${incastWanted.aloneRatioMin}`,
  };
  const lines = Object.entries(summary).map(([name, value]) => {
    const target = wanted[name as keyof IncastSummary];
    return `${name.padEnd(28)}${String(value).padStart(10)}${target === undefined ? "" : `   wanted ${target}`}\n`;
  });
  return lines.join("");
}
