/** wrk: how it is called, and what it says. */
import { z } from "zod";

/** How often each latency was measured: [microseconds, times], ascending. */
export type Latencies = readonly (readonly [us: number, count: number])[];

/** One run of wrk. */
export interface WrkRun {
  readonly seconds: number;
  /** Answered in full, whatever the status. */
  readonly requests: number;
  /** From the request's first byte sent to the response's last received: without the handshake before it. */
  readonly latencies: Latencies;
  /** Connections, reads and writes that failed, statuses of 400 and above, and answers later than the time-out. */
  readonly errors: number;
}

/** What a run of wrk is to do. */
export interface WrkRequest {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Of http-wrk.lua. */
  readonly scriptPath: string;
}

/** The longest latency that wrk counts; later answers are errors. Seconds, whole ones. */
const timeoutSeconds = 10;

const printed = z.object({
  duration_us: z.number().positive(),
  requests: z.number().nonnegative(),
  errors: z.object({
    connect: z.number().nonnegative(),
    read: z.number().nonnegative(),
    write: z.number().nonnegative(),
    status: z.number().nonnegative(),
    timeout: z.number().nonnegative(),
  }),
  latency_us: z.array(z.tuple([z.number().nonnegative(), z.number().positive()])),
});

/** The arguments of a run in which every request has a connection of its own. */
export function wrkArguments({ url, connections, seconds, scriptPath }: WrkRequest): readonly string[] {
  return [
    "--threads=1",
    `--connections=${connections}`,
    `--duration=${seconds}s`,
    `--timeout=${timeoutSeconds}s`,
    "--latency",
    "--header=Connection: close",
    `--script=${scriptPath}`,
    url,
  ];
}

/** Reads what wrk printed with http-wrk.lua. Throws where that is not there. */
export function parseWrk(output: string, connections: number): WrkRun {
  const line = output.split("\n").find((candidate) => candidate.startsWith('{"duration_us"'));
  if (line === undefined)
    throw new Error(`Cannot read what wrk printed: no line of JSON: ${output.trim().slice(-300)}`);
  const { duration_us, requests, errors, latency_us } = printed.parse(JSON.parse(line));
  const latencies = measuredLatencies(latency_us, intervalUs(duration_us, requests, connections));
  const measured = countOf(latencies);
  // A wrk that corrects in another way than the 4.1 and 4.2 known here would show here.
  if (measured !== requests - errors.timeout) {
    throw new Error(`Cannot read what wrk printed: ${measured} latencies of ${requests - errors.timeout} requests`);
  }
  return {
    seconds: duration_us / 1e6,
    requests,
    latencies,
    errors: Object.values(errors).reduce((sum, count) => sum + count, 0),
  };
}

/** The latencies of several runs in one. */
export function mergedLatencies(runs: readonly Latencies[]): Latencies {
  const counts = new Map<number, number>();
  for (const [us, count] of runs.flat()) counts.set(us, (counts.get(us) ?? 0) + count);
  return [...counts].sort(([a], [b]) => a - b);
}

/** Nearest-rank quantile, milliseconds; 0 of nothing. */
export function latencyQuantileMs(latencies: Latencies, q: number): number {
  const rank = Math.ceil(q * countOf(latencies));
  let seen = 0;
  for (const [us, count] of latencies) {
    seen += count;
    if (seen >= rank) return us / 1000;
  }
  return 0;
}

/**
 * Before it prints anything, wrk adds to every latency of twice the mean interval of a connection's requests or more
 * the latencies that requests sent meanwhile, one an interval, would have had (stats_correct() in its src/stats.c).
 * Nobody sent those: with responses of some intervals' length, as the default's with losses, they would be most of the
 * tail. The addition goes upwards and only adds below, so undone downwards it leaves exactly what was measured.
 */
function measuredLatencies(corrected: Latencies, interval: number): Latencies {
  if (interval <= 0) return corrected;
  const counts = new Map(corrected);
  const descending = corrected.map(([us]) => us).sort((a, b) => b - a);
  for (const us of descending) {
    const count = counts.get(us) ?? 0;
    if (us < 2 * interval || count <= 0) continue;
    for (let added = us - interval; added > interval; added -= interval) {
      counts.set(added, (counts.get(added) ?? 0) - count);
    }
  }
  return [...counts].filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
}

function countOf(latencies: Latencies): number {
  return latencies.reduce((sum, [, count]) => sum + count, 0);
}

/** As wrk computes it, in whole microseconds; 0 where it corrects nothing. */
function intervalUs(durationUs: number, requests: number, connections: number): number {
  const each = Math.floor(requests / connections);
  return each === 0 ? 0 : Math.floor(durationUs / each);
}
