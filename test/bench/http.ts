/** nginx and wrk under the kernel's default and under advice: `npm run bench:http`. */
import { spawnSync } from "node:child_process";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, integerBetween, oneOf, parsedBy } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { HttpBed } from "./http-bed.ts";
import { learnPath, measureHttpCell } from "./http-measure.ts";
import type { HttpPath, HttpPlan } from "./http-plan.ts";
import { bufferBdpFromText, connectionsFromText, httpCells, httpSeconds, sizesFromText } from "./http-plan.ts";
import { httpCellLine, httpTable } from "./http-report.ts";
import type { HttpRow } from "./http-results.ts";
import { httpSummary } from "./http-results.ts";

const program = {
  name: "augmenter bench:http",
  description:
    "Measures nginx with wrk, a new connection for every request, on paths between network namespaces: the kernel's default and, in turns with it, a cluster that advises and learns only from the run's own traffic. Needs root; removes all it made.",
  options: {
    "rtt-ms": { description: "round trip of the path", schema: integerBetween(1, 500), default: "20" },
    "rate-mbit": { description: "rate of the path, Mbit/s", schema: integerBetween(1, 1000), default: "200" },
    "buffer-bdp": {
      description: "the bottleneck's buffer, in bandwidth-delay products",
      schema: parsedBy(bufferBdpFromText),
      default: "0.25",
    },
    congestion: {
      description: "congestion control: cubic, bbr or reno",
      schema: oneOf(["cubic", "bbr", "reno"]),
      default: "cubic",
    },
    sizes: { description: "objects to request", schema: parsedBy(sizesFromText), default: "16K,64K,256K,1M" },
    connections: { description: "connections at once", schema: parsedBy(connectionsFromText), default: "1,8" },
    repetitions: { description: "of each system in each cell", schema: integerBetween(1, 100), default: "3" },
    seconds: { description: "of each repetition", schema: integerBetween(1, 600), default: "4" },
    json: {
      description: "print one JSON object a cell and system, and one with the ratios as the last line",
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
  const { rttMs, rateMbit, bufferBdp, congestion, sizes, connections, repetitions, seconds, json } = outcome.values;
  if (process.getuid?.() !== 0) {
    throw new ExitError(exitCodes.insufficientPrivileges, "Cannot measure: network namespaces need root");
  }
  requireProgram("nginx", "-v");
  requireProgram("wrk", "-v");
  const path = { rttMs, rateMbitPerSecond: rateMbit, bufferBdp, congestion };
  await measure(path, { sizesBytes: sizes, connections, repetitions, seconds }, json);
});

async function measure(path: HttpPath, plan: HttpPlan, json: boolean): Promise<void> {
  const startedMs = performance.now();
  const say = (text: string): void => {
    process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${text}\n`);
  };
  const cells = httpCells(plan);
  say(`${cells.length} cells, about ${Math.ceil(httpSeconds(plan))} s; starting nginx and the cluster`);
  const bed = await HttpBed.create(path, plan.sizesBytes);
  try {
    const learned = await learnPath(bed, cells);
    say(learned.windowSegments === 0 ? "learned: no advice" : `learned: a first window of ${learned.windowSegments}`);
    const rows: HttpRow[] = [];
    for (const cell of cells) {
      const { default: ordinary, advised } = await measureHttpCell(bed, cell, path, plan);
      rows.push(ordinary, advised);
      if (json) process.stdout.write(`${JSON.stringify(ordinary)}\n${JSON.stringify(advised)}\n`);
      say(`${rows.length / 2}/${cells.length}  ${httpCellLine(ordinary, advised)}`);
    }
    const summary = httpSummary(rows, path, plan);
    process.stdout.write(json ? `${JSON.stringify(summary)}\n` : httpTable(rows, summary));
  } finally {
    await bed.close();
  }
}

function requireProgram(command: string, argument: string): void {
  const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin`;
  const { error } = spawnSync(command, [argument], { env: { ...process.env, PATH }, stdio: "ignore" });
  if (error === undefined) return;
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot measure: ${command} does not start (${error.message}): install the Debian packages nginx and wrk, or run npm run bench:http as root`,
  );
}
