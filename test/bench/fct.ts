/** Transfer times of augmenter beside what else there is: `npm run bench:fct`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, integerBetween, parsedBy, textOfLength } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { projectRoot } from "../testbed/programs.ts";
import type { Cell } from "./fct-cells.ts";
import { cellName, cellsOf, matrix, spread } from "./fct-cells.ts";
import { chartOf } from "./fct-chart.ts";
import { RunClock } from "./fct-clock.ts";
import { cellsFromText } from "./fct-filter.ts";
import { measureCell } from "./fct-measure.ts";
import { expectedSeconds } from "./fct-plan.ts";
import { quickCells } from "./fct-quick.ts";
import { cellLine, cellTable, failuresText, learnedText, summaryText } from "./fct-report.ts";
import type { CellResult } from "./fct-results.ts";
import { readResults } from "./fct-results.ts";
import { summaryOf } from "./fct-summary.ts";
import { systemNames, systemsFromText } from "./fct-systems.ts";
import { rateVsTruth } from "./fct-truth.ts";
import { ResultsFile } from "./results-file.ts";

const program = {
  name: "augmenter bench:fct",
  description:
    "Measures transfer times on paths between network namespaces: the kernel's default, fixed first windows, a Riptide-like daemon, and augmenter, which learns only from the run's own traffic. Needs root; removes all it made.",
  options: {
    quick: {
      description: "a fixed spread of cells, at most 12 minutes; otherwise the whole matrix, which takes hours",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    cells: {
      description: 'these cells instead, such as "rtt=20,rate=200,buffer=0.25,size=64K|256K,n=4,cc=cubic rtt=7,n=1"',
      schema: parsedBy((text) => (text === "" ? [] : cellsFromText(text))),
      default: "",
    },
    systems: {
      description: `all, or some of ${systemNames.join(",")}`,
      schema: parsedBy(systemsFromText),
      default: "all",
    },
    rounds: {
      description: "rounds a cell of default and augmenter, the others a tenth; 0: as many as make 100 transfers",
      schema: integerBetween(0, 100_000),
      default: "0",
    },
    beds: {
      description:
        "cells measured side by side, each on a testbed of its own: a core carries about two (see lateness_us)",
      schema: integerBetween(1, 64),
      default: "1",
    },
    results: {
      description: "file that a line is added to for each finished cell; empty: one in dist/bench for each kind of run",
      schema: textOfLength(0, 4096),
      default: "",
    },
    resume: { description: "keep the finished cells of that file", schema: flag(), default: "false", isFlag: true },
    summarize: {
      description: "measure nothing, only say what is in that file",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    json: {
      description: "print one JSON object a cell, and one with the summary as the last line",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    chart: { description: "write an SVG to this file", schema: textOfLength(0, 4096), default: "" },
    verbose: {
      description: "for each cell every system, what was learned, and what the kernel decided",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
  },
} as const;

type Options = Extract<ReturnType<typeof readOptions<typeof program.options>>, { kind: "values" }>["values"];

/** A quick run begins its last cell's measurement so that it is over within 12 minutes, the build included. */
const quickSeconds = 690;
/** What one cell may take at most. */
const cellSecondsMax = 400;

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const options = outcome.values;
  if (!options.summarize && process.getuid?.() !== 0) {
    throw new ExitError(exitCodes.insufficientPrivileges, "Cannot measure: network namespaces need root");
  }
  const cells = cellsToMeasure(options);
  const path = resultsPath(options);
  const failures = options.summarize ? 0 : await measureAll(cells, path, options);
  const results = readResults(path);
  const rows = (options.summarize ? [...results.keys()] : cells.map(cellName)).flatMap(
    (name) => results.get(name) ?? [],
  );
  if (options.summarize && rows.length === 0) {
    throw new ExitError(
      exitCodes.badConfiguration,
      `Cannot summarize ${path}: there are no results; name them with --results`,
    );
  }
  report(rows, options);
  // What is not written yet when a program exits is lost where it goes into a pipe: more than 64 KB are.
  await new Promise((resolve) => process.stdout.write("", resolve));
  const troubles = [failures > 0 ? `${failures} cells could not be measured` : undefined, failuresText(rows)];
  const said = troubles.filter((trouble) => trouble !== undefined).join("; ");
  if (said !== "") throw new ExitError(exitCodes.unexpected, said);
});

function cellsToMeasure(options: Options): readonly Cell[] {
  if (options.cells.length > 0) return options.cells;
  return options.quick ? quickCells : spread(cellsOf(matrix));
}

function resultsPath(options: Options): string {
  if (options.results !== "") return options.results;
  const kind = options.cells.length > 0 ? "cells" : options.quick ? "quick" : "full";
  return join(projectRoot(), "dist", "bench", `fct-${kind}.ndjson`);
}

/** Measures what is not in the file yet. Returns how many cells failed. */
async function measureAll(cells: readonly Cell[], path: string, options: Options): Promise<number> {
  const file = new ResultsFile<CellResult>(path, options.resume);
  const done = readResults(path);
  const isDone = (cell: Cell): boolean =>
    options.systems.every((system) => done.get(cellName(cell))?.systems[system] !== undefined);
  const left = cells.filter((cell) => !isDone(cell));
  const say = (text: string): void => {
    process.stderr.write(text);
  };
  const plan = { systems: options.systems, rounds: options.rounds, quick: options.quick };
  const clock = new RunClock(left.map((cell) => expectedSeconds(cell, plan)));
  say(`${left.length} cells, ${options.systems.length} systems, about ${clock.leftText()}; results: ${path}\n`);
  let failures = 0;
  const measured = async (cell: Cell, place: number): Promise<void> => {
    const share = options.quick ? clock.shareOf(place, quickSeconds) : cellSecondsMax;
    const result = await measureCell(cell, { ...plan, secondsMax: Math.min(cellSecondsMax, share) });
    file.append(result);
    clock.next();
    say(`${clock.text()}  ${cellLine(result)}\n`);
    if (options.verbose) say(`${cellTable(result)}\n${learnedText(result)}`);
  };
  const waiting = left.entries();
  const bed = async (): Promise<void> => {
    for (const [place, cell] of waiting) {
      await measured(cell, place).catch((error: Error) => {
        failures += 1;
        clock.next();
        say(`${clock.text()}  ${cellName(cell)}: ${error.message}\n`);
      });
    }
  };
  await Promise.all(Array.from({ length: options.beds }, bed));
  return failures;
}

function report(rows: readonly CellResult[], options: Options): void {
  const summary = summaryOf(rows);
  if (options.chart !== "") writeFileSync(options.chart, chartOf(rows));
  if (options.json) {
    const told = rows.map((row) => ({ ...row, ...rateVsTruth(row) }));
    for (const row of [...told, summary]) process.stdout.write(`${JSON.stringify(row)}\n`);
    return;
  }
  if (options.summarize && options.verbose) {
    for (const row of rows) process.stdout.write(`${cellLine(row)}\n${cellTable(row)}\n${learnedText(row)}`);
  }
  process.stdout.write(summaryText(summary));
}
