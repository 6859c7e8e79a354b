/** How soon advice is in the kernel maps of the hosts it concerns: `npm run bench:push`. */
import { setTimeout as sleep } from "node:timers/promises";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import { flag, integerBetween } from "../../common/option-schemas.ts";
import { readOptions } from "../../common/options.ts";
import { runMain } from "../../common/run-main.ts";
import { addressFromText } from "../../proto/address.ts";
import { quantileMs } from "../testbed/demo-cells.ts";
import { firstPath, PushBed } from "./push-bed.ts";
import { momentsOf } from "./push-maps.ts";

const program = {
  name: "augmenter bench:push",
  description:
    "Measures, with real agents, a broker and an aggregator between network namespaces, how long it takes from a failed window in one host's kernel to lower advice in the maps of all hosts, and from new samples to a new window. Samples and failures are put into the kernel maps; everything from there on is real. Needs root; removes all it made.",
  options: {
    agents: { description: "hosts with an agent", schema: integerBetween(3, 64), default: "50" },
    failures: { description: "failed windows, one after the other", schema: integerBetween(1, 200), default: "100" },
    changes: { description: "new conditions on each host", schema: integerBetween(1, 50), default: "4" },
    json: { description: "print one JSON object", schema: flag(), default: "false", isFlag: true },
  },
} as const;

const reportIntervalMs = 1_000;
const waitMs = 10_000;
/** Lower by less than the hysteresis of pushed rates would not be sent (aggregator/core/advice-change.ts). */
const lowerThan = 31 / 32;

void runMain(async () => {
  const outcome = readOptions(program, process.argv.slice(2), process.env);
  if (outcome.kind === "text") {
    process.stdout.write(outcome.text);
    return;
  }
  const { agents, failures, changes, json } = outcome.values;
  if (process.getuid?.() !== 0) {
    throw new ExitError(exitCodes.insufficientPrivileges, "Cannot measure: network namespaces need root");
  }
  const destinations = Array.from({ length: failures + 1 }, (_, index) => destinationOf(index));
  const bed = await PushBed.create(agents, destinations);
  try {
    const failed = await measureFailures(bed, destinations.slice(1));
    const changed = await measureChanges(bed, destinations[0] as Uint8Array, changes);
    const result = {
      agents,
      failures,
      failure_to_last_map_p50_ms: quantile(failed.lastMs, 0.5),
      failure_to_last_map_p99_ms: quantile(failed.lastMs, 0.99),
      failure_to_last_map_max_ms: quantile(failed.lastMs, 1),
      failure_to_each_map_p50_ms: quantile(failed.eachMs, 0.5),
      failure_to_each_map_p99_ms: quantile(failed.eachMs, 0.99),
      changes: changed.length,
      change_to_window_p50_intervals: quantile(changed, 0.5, reportIntervalMs),
      change_to_window_p99_intervals: quantile(changed, 0.99, reportIntervalMs),
      change_to_window_max_intervals: quantile(changed, 1, reportIntervalMs),
      report_interval_ms: reportIntervalMs,
    };
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : textOf(result));
  } finally {
    await bed.testbed.close();
  }
});

/** Each failure is another host's, and of a destination of its own: the ones before have lowered nothing there. */
async function measureFailures(
  bed: PushBed,
  destinations: readonly Uint8Array[],
): Promise<{ readonly lastMs: readonly number[]; readonly eachMs: readonly number[] }> {
  const names = [...bed.maps.keys()];
  const lastMs: number[] = [];
  const eachMs: number[] = [];
  for (const [index, destination] of destinations.entries()) {
    // So that failures come at any moment of the agents' turns and the aggregator's ticks.
    await sleep(100 + ((index * 37) % 200));
    const reporter = names[index % names.length] ?? "";
    const waiting = new Map(
      [...bed.maps].map(([name, maps]) => {
        const before = maps.advice(destination)?.rateBytesPerSecond ?? 0;
        return [name, () => (maps.advice(destination)?.rateBytesPerSecond ?? before) < before * lowerThan] as const;
      }),
    );
    const startMs = performance.now();
    bed.maps.get(reporter)?.putFailedJump(destination, bed.maps.get(reporter)?.advice(destination)?.version ?? 0);
    const took = [...(await momentsOf(waiting, waitMs)).values()].map((ms) => ms - startMs);
    lastMs.push(Math.max(...took));
    eachMs.push(...took);
  }
  return { lastMs, eachMs };
}

/** On every host at a moment of its own the path becomes half as fast, or as fast as before. */
async function measureChanges(bed: PushBed, destination: Uint8Array, changes: number): Promise<readonly number[]> {
  const took: number[] = [];
  for (let change = 0; change < changes; change += 1) {
    const path = { ...firstPath, rateBytesPerSecond: firstPath.rateBytesPerSecond / (change % 2 === 0 ? 2 : 1) };
    const hosts = [...bed.maps];
    took.push(
      ...(await Promise.all(
        hosts.map(async ([name, maps], index) => {
          await sleep((index * reportIntervalMs) / hosts.length);
          const before = maps.advice(destination)?.windowSegments ?? 0;
          const startMs = performance.now();
          maps.putFold(destination, path);
          const hasChanged = () => (maps.advice(destination)?.windowSegments ?? before) !== before;
          return ((await momentsOf(new Map([[name, hasChanged]]), waitMs)).get(name) ?? 0) - startMs;
        }),
      )),
    );
    await sleep(2 * reportIntervalMs);
  }
  return took;
}

// Addresses of nobody (RFC 2544).
function destinationOf(index: number): Uint8Array {
  const address = addressFromText(`198.18.${Math.floor(index / 250)}.${1 + (index % 250)}`);
  if (address === undefined) throw new Error(`Cannot make destination ${index}`);
  return address;
}

function quantile(ms: readonly number[], q: number, unitMs = 1): number {
  const us = ms.map((value) => (value / unitMs) * 1000);
  return Number(quantileMs(us, q).toFixed(unitMs === 1 ? 1 : 3));
}

function textOf(result: Readonly<Record<string, number>>): string {
  const wanted: Readonly<Record<string, string>> = {
    failure_to_last_map_p99_ms: "<= 250",
    change_to_window_p99_intervals: "<= 1.5",
  };
  const lines = Object.entries(result).map(
    ([name, value]) =>
      `${name.padEnd(34)}${String(value).padStart(10)}${wanted[name] ? `   wanted ${wanted[name]}` : ""}\n`,
  );
  return lines.join("");
}
