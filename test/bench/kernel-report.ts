/** The result of the kernel benchmark, as one JSON object and as a table. */
import Table from "cli-table3";
import type { BulkCase, CallbackCase, Measured } from "./kernel-measure.ts";
import { medianOf, spreadOf } from "./kernel-ratio.ts";
import type { Part, Round } from "./kernel-rounds.ts";

/** One load with the program in one way, and without it. A ratio is with / without, so below 1 where it costs. */
export interface Compared {
  readonly with: number;
  readonly without: number;
  /** Median over the rounds, as are the others. */
  readonly ratio: number;
  readonly quartiles: readonly [number, number];
  readonly interval95: readonly [number, number];
  /** The same per second of CPU time: what other processes take away does not count. */
  readonly cpu_ratio: number;
  readonly cpu_interval95: readonly [number, number];
  /** CPU seconds in a second that the load had without the program, of the one CPU that both hosts use. */
  readonly cpu_share: number;
}

/** How long callbacks took under one load. */
export interface Callbacks {
  readonly ns: number;
  readonly per_second: number;
  /** Of one CPU. */
  readonly cpu_share: number;
}

/** What --json prints. */
export interface Report {
  /** Mean, under a mix of short connections and transfers. */
  readonly ns_per_callback: number;
  readonly connect_rate_ratio: number;
  readonly bulk_ratio: number;
  /** Each connection granted a window at both ends. */
  readonly armed_connect_rate_ratio: number;
  /** Attached but switched off: the price of the kernel's hook, which no program can undercut. */
  readonly off_connect_rate_ratio: number;
  /** A second. */
  readonly connections: Readonly<Record<"attached" | "granted" | "switched_off", Compared>>;
  /** Gbit/s. */
  readonly bulk: Compared;
  readonly callbacks: Readonly<Record<"mixed" | "connections" | "granted" | "bulk" | "switched_off", Callbacks>>;
  readonly callbacks_per_connection: number;
  readonly granted_share: number;
  readonly advice_for_other_destinations: number;
  readonly rounds: number;
}

/** The report of what was measured. */
export function reportOf(measured: Measured): Report {
  const connections = (name: "attached" | "granted" | "switchedOff"): Compared =>
    comparedOf(measured.connections, (round) => round[name], 1);
  const cases = {
    attached: connections("attached"),
    granted: connections("granted"),
    switched_off: connections("switchedOff"),
  };
  const bulk = comparedOf<BulkCase>(measured.bulk, (round) => round.attached, 8 / 1e9);
  const callbacks = (name: CallbackCase): Callbacks => {
    const { nsPerCallback, callbacksPerSecond, cpuShare } = measured.callbacks[name];
    return {
      ns: rounded(nsPerCallback, 1),
      per_second: rounded(callbacksPerSecond, 0),
      cpu_share: rounded(cpuShare, 5),
    };
  };
  return {
    ns_per_callback: callbacks("mixed").ns,
    connect_rate_ratio: cases.attached.ratio,
    bulk_ratio: bulk.ratio,
    armed_connect_rate_ratio: cases.granted.ratio,
    off_connect_rate_ratio: cases.switched_off.ratio,
    connections: cases,
    bulk,
    callbacks: {
      mixed: callbacks("mixed"),
      connections: callbacks("connections"),
      granted: callbacks("granted"),
      bulk: callbacks("bulk"),
      switched_off: callbacks("switchedOff"),
    },
    callbacks_per_connection: rounded(measured.callbacks.connections.callbacksPerUnit, 2),
    granted_share: rounded(measured.grantedShare, 4),
    advice_for_other_destinations: measured.otherDestinations,
    rounds: measured.connections.length,
  };
}

/** The report for people. */
export function tableOf(report: Report): string {
  const ratios = tableWith("", "without", "with", "ratio", "quartiles", "95 % interval", "per CPU second");
  const compare = (name: string, compared: Compared, digits: number): void => {
    const { with: attached, without, ratio, quartiles, interval95, cpu_ratio } = compared;
    const numbers = [without.toFixed(digits), attached.toFixed(digits), ratio.toFixed(4)];
    ratios.push([name, ...numbers, rangeText(quartiles), rangeText(interval95), cpu_ratio.toFixed(4)]);
  };
  compare("connections/s", report.connections.attached, 0);
  compare("connections/s, each granted a window", report.connections.granted, 0);
  compare("connections/s, switched off: the hook alone", report.connections.switched_off, 0);
  compare("bulk, Gbit/s", report.bulk, 2);
  const callbacks = tableWith("callbacks under", "ns each", "a second", "of a CPU");
  const time = (name: string, { ns, per_second, cpu_share }: Callbacks): void => {
    callbacks.push([name, ns.toFixed(1), per_second.toFixed(0), `${(cpu_share * 100).toFixed(2)} %`]);
  };
  time("connections and transfers of 1 MiB", report.callbacks.mixed);
  time("connections", report.callbacks.connections);
  time("connections, each granted a window", report.callbacks.granted);
  time("connections, switched off: the clock's own cost", report.callbacks.switched_off);
  time("bulk", report.callbacks.bulk);
  return [
    ratios.toString(),
    callbacks.toString(),
    `A connection has ${report.callbacks_per_connection} callbacks, both ends together. There is advice for ${report.advice_for_other_destinations} other hosts.`,
    `Where a window is to be granted, ${(report.granted_share * 100).toFixed(1)} % of the connections are, at both ends.`,
    "",
  ].join("\n");
}

function comparedOf<Name extends string>(
  rounds: readonly Round<Name | "detached">[],
  withProgram: (round: Round<Name | "detached">) => Part,
  unit: number,
): Compared {
  const median = (of: (round: Round<Name | "detached">) => number): number => medianOf(rounds.map(of));
  const ratio = spreadOf(rounds.map((round) => withProgram(round).perSecond / round.detached.perSecond));
  const cpuRatio = spreadOf(rounds.map((round) => withProgram(round).perCpuSecond / round.detached.perCpuSecond));
  return {
    with: rounded(unit * median((round) => withProgram(round).perSecond), 3),
    without: rounded(unit * median((round) => round.detached.perSecond), 3),
    ratio: rounded(ratio.median, 4),
    quartiles: [rounded(ratio.quartiles[0], 4), rounded(ratio.quartiles[1], 4)],
    interval95: [rounded(ratio.interval95[0], 4), rounded(ratio.interval95[1], 4)],
    cpu_ratio: rounded(cpuRatio.median, 4),
    cpu_interval95: [rounded(cpuRatio.interval95[0], 4), rounded(cpuRatio.interval95[1], 4)],
    cpu_share: rounded(
      median((round) => round.detached.cpuShare),
      3,
    ),
  };
}

function tableWith(...head: readonly string[]): Table.Table {
  const colAligns = head.map((_, index) => (index === 0 ? "left" : "right"));
  return new Table({ head: [...head], colAligns, style: { head: [], border: [] } });
}

function rangeText([low, high]: readonly [number, number]): string {
  return `${low.toFixed(3)}..${high.toFixed(3)}`;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
