/** How soon advice follows a path that changes, and what that costs meanwhile: `npm run bench:dynamics`. */
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, integerBetween, parsedBy } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import type { Repetition } from "./dynamics-measure.ts";
import { repeatScenario } from "./dynamics-measure.ts";
import { advisedText, dynamicsSummaryText, dynamicsTable } from "./dynamics-report.ts";
import type { Scenario } from "./dynamics-scenarios.ts";
import { expectedSeconds, scenarios, scenariosFromText } from "./dynamics-scenarios.ts";
import { dynamicsSummary, scenarioResult } from "./dynamics-summary.ts";
import { RunClock } from "./fct-clock.ts";

const program = {
  name: "augmenter bench:dynamics",
  description:
    "Changes paths between network namespaces while transfers go on, and measures how soon augmenter's advice fits, how long transfers take meanwhile beside the kernel's default, and what neighbours on the same link lose. Needs root; removes all it made.",
  options: {
    scenarios: {
      description: `all, or some of ${scenarios.map(({ name }) => name).join(",")}`,
      schema: parsedBy(scenariosFromText),
      default: "all",
    },
    repetitions: {
      description: "of each scenario, every one with a testbed and programs of its own; 0: 2, or 1 if quick",
      schema: integerBetween(0, 100),
      default: "0",
    },
    quick: {
      description: "one repetition, which is too few for a p99",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    json: {
      description: "print one JSON object a scenario, and one with the summary as the last line",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    verbose: {
      description: "for each scenario what was advised",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
  },
} as const;

type Options = Extract<ReturnType<typeof readOptions<typeof program.options>>, { kind: "values" }>["values"];

const usualRepetitions = 2;

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const options = outcome.values;
  if (process.getuid?.() !== 0) {
    throw new ExitError(exitCodes.insufficientPrivileges, "Cannot measure: network namespaces need root");
  }
  const { done, failures } = await measureAll(options);
  const results = options.scenarios.flatMap((scenario) => {
    const repetitions = done.get(scenario) ?? [];
    return repetitions.length === 0 ? [] : [scenarioResult(scenario, repetitions)];
  });
  const summary = dynamicsSummary(results);
  if (options.json) {
    for (const line of [...results, summary]) process.stdout.write(`${JSON.stringify(line)}\n`);
  } else {
    if (options.verbose) process.stdout.write(results.map(advisedText).join(""));
    process.stdout.write(`${dynamicsTable(results)}${dynamicsSummaryText(summary)}`);
  }
  if (failures > 0) throw new ExitError(exitCodes.unexpected, `${failures} repetitions could not be measured`);
});

/** All scenarios once, then all again: what the machine does meanwhile meets all of them, and an early end has all. */
async function measureAll({ scenarios: chosen, repetitions, quick }: Options): Promise<{
  readonly done: ReadonlyMap<Scenario, readonly Repetition[]>;
  readonly failures: number;
}> {
  const count = repetitions > 0 ? repetitions : quick ? 1 : usualRepetitions;
  const turns = Array.from({ length: count }, () => chosen).flat();
  const clock = new RunClock(turns.map(expectedSeconds));
  const done = new Map<Scenario, readonly Repetition[]>();
  let failures = 0;
  process.stderr.write(`${chosen.length} scenarios, ${count} repetitions, about ${clock.leftText()}\n`);
  for (const scenario of turns) {
    try {
      const repetition = await repeatScenario(scenario);
      done.set(scenario, [...(done.get(scenario) ?? []), repetition]);
      clock.next();
      process.stderr.write(`${clock.text()}  ${advisedText(scenarioResult(scenario, [repetition]))}`);
    } catch (error) {
      failures += 1;
      clock.next();
      process.stderr.write(`${clock.text()}  ${scenario.name}: ${(error as Error).message}\n`);
    }
  }
  return { done, failures };
}
