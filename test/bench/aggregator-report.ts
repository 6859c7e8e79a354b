/** The result of the aggregator benchmark, as one JSON object and as a table. */
import Table from "cli-table3";
import type { Measured } from "./aggregator-measure.ts";
import type { ReceiverFigures } from "./aggregator-messages.ts";
import { medianOf } from "./kernel-ratio.ts";

/** Of one size of fleet. */
export interface FleetReport {
  readonly agents: number;
  readonly paths: number;
  /** Rows from NATS into the view for each CPU second, as fast as they are taken in, by a process that does nothing else. */
  readonly rows_per_s: number;
  /** The same for each second of the clock; broker and generator have the other core. */
  readonly rows_per_wall_s: number;
  /** Rows of the whole aggregator for each of its CPU seconds: advice that changes meanwhile takes its part. */
  readonly advised_rows_per_s: number;
  /** What the process grew by from no path to all of them, after garbage collection; MB are 10^6 bytes. */
  readonly mb_per_million_paths: number;
  readonly rss_mb: number;
  /** While every agent reports once a second. */
  readonly loop_delay_p99_ms: number;
  readonly loop_delay_max_ms: number;
  readonly steady_cpu_share: number;
  /** Dropped at 1 Hz: in the first seconds, in which every path is new, and after them. */
  readonly rows_lost_while_starting: number;
  readonly rows_lost_at_1hz: number;
  /** As fast as they are taken in: there the sender does not wait for anything but its own count of what is on its way. */
  readonly rows_lost: number;
}

/** What --json prints: the largest fleet, beside a subscriber that only copies, and how everything grows. */
export interface Report extends FleetReport {
  readonly bare_rows_per_s: number;
  readonly bare_rows_per_wall_s: number;
  readonly bare_ratio: number;
  /** The same of the whole aggregator. */
  readonly advised_bare_ratio: number;
  readonly growth: readonly FleetReport[];
}

/** Of one fleet. */
export function fleetReportOf(measured: Measured): FleetReport {
  const { size, steady, full } = measured;
  const paths = size.agents * size.pathsPerAgent;
  return {
    agents: size.agents,
    paths,
    rows_per_s: perCpuSecond(full),
    rows_per_wall_s: perSecond(full),
    advised_rows_per_s: perCpuSecond(measured.advised),
    mb_per_million_paths: rounded((measured.rssBytes - measured.rssEmptyBytes) / paths),
    rss_mb: rounded(measured.rssBytes / 1e6),
    loop_delay_p99_ms: rounded(steady.loopDelayP99Ms),
    loop_delay_max_ms: rounded(steady.loopDelayMaxMs),
    steady_cpu_share: rounded(steady.cpuSeconds / steady.wallSeconds, 1000),
    rows_lost_while_starting: measured.warmRowsLost,
    rows_lost_at_1hz: measured.steadyRowsLost,
    rows_lost: measured.fullRowsLost,
  };
}

/** `main` was measured with the bare subscriber; `growth` are the other sizes. */
export function reportOf(main: Measured, growth: readonly Measured[]): Report {
  const fleet = fleetReportOf(main);
  const bare = perCpuSecond(main.bare);
  return {
    ...fleet,
    bare_rows_per_s: bare,
    bare_rows_per_wall_s: perSecond(main.bare),
    bare_ratio: rounded(fleet.rows_per_s / bare, 1000),
    advised_bare_ratio: rounded(fleet.advised_rows_per_s / bare, 1000),
    growth: [...growth.map(fleetReportOf), fleet].toSorted((a, b) => a.paths - b.paths || a.agents - b.agents),
  };
}

/** For a person. */
export function tableOf(report: Report): string {
  const table = new Table({
    head: [
      "agents",
      "paths",
      "rows/CPU s",
      "rows/s",
      "with advice",
      "MB / 10^6 paths",
      "RSS MB",
      "loop delay p99 ms",
      "CPU at 1 Hz",
    ],
  });
  for (const each of report.growth) {
    table.push([
      each.agents,
      each.paths,
      each.rows_per_s,
      each.rows_per_wall_s,
      each.advised_rows_per_s,
      each.mb_per_million_paths,
      each.rss_mb,
      each.loop_delay_p99_ms,
      each.steady_cpu_share,
    ]);
  }
  const bare = `A bare subscriber that copies the same bytes: ${report.bare_rows_per_s} rows/CPU s; ratio ${report.bare_ratio}, of the whole aggregator ${report.advised_bare_ratio}`;
  return `${table.toString()}\n${bare}\n`;
}

function perCpuSecond(figures: readonly ReceiverFigures[]): number {
  return Math.round(medianOf(figures.map(({ rows, cpuSeconds }) => rows / cpuSeconds)));
}

function perSecond(figures: readonly ReceiverFigures[]): number {
  return Math.round(medianOf(figures.map(({ rows, wallSeconds }) => rows / wallSeconds)));
}

function rounded(value: number, parts = 10): number {
  return Math.round(value * parts) / parts;
}
