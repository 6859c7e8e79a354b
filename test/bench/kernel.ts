/** What the kernel half costs a host: `npm run bench:kernel`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { absolutePath, flag, integerBetween } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { kernelObstacles } from "../support/privileges.ts";
import { projectRoot } from "../testbed/programs.ts";
import { createCabledHosts } from "./kernel-hosts.ts";
import type { Measured, Say } from "./kernel-measure.ts";
import { measureAll } from "./kernel-measure.ts";
import { MeasuredProgram } from "./kernel-program.ts";
import { reportOf, tableOf } from "./kernel-report.ts";

const kernelProgram = {
  name: "augmenter bench:kernel",
  description:
    "Measures connections/s and bulk throughput between two hosts made of network namespaces, with and without the BPF program by turns, and the time of a callback. Needs root; removes all it made.",
  options: {
    json: { description: "print one JSON object as the last line", schema: flag(), default: "false", isFlag: true },
    rounds: { description: "rounds of about 2 s for each ratio", schema: integerBetween(1, 1000), default: "30" },
    object: {
      description: "the compiled BPF program, to compare one with another",
      schema: absolutePath(),
      default: join(projectRoot(), "dist/bpf/augmenter.bpf.o"),
    },
  },
} as const;

void runMain(async () => {
  const outcome = readOptions(kernelProgram, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { json, rounds, object } = outcome.values;
  if (kernelObstacles.length > 0) {
    throw new ExitError(
      exitCodes.insufficientPrivileges,
      `Cannot measure the kernel half: ${kernelObstacles.join(", ")}`,
    );
  }
  if (!existsSync(object)) {
    throw new ExitError(
      exitCodes.badConfiguration,
      `Cannot use --object as it must be a file: current value is ${object}`,
    );
  }
  const startedMs = performance.now();
  const say: Say = (text) => {
    process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(3)} s  ${text}\n`);
  };
  const report = reportOf(await run(object, rounds, say));
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : tableOf(report));
});

async function run(objectPath: string, count: number, say: Say): Promise<Measured> {
  const hosts = createCabledHosts();
  try {
    return await measureAll(new MeasuredProgram(objectPath, hosts), hosts, count, say);
  } finally {
    await hosts.close();
  }
}
