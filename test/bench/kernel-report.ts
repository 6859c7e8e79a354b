/** The result of the kernel benchmark, as one JSON object and as a table. */
import Table from "cli-table3";
import type { CallbackCost } from "./kernel-callbacks.ts";
import type { Spread } from "./kernel-ratio.ts";
import { medianOf, spreadOf } from "./kernel-ratio.ts";
import type { Round } from "./kernel-rounds.ts";

/** Callbacks under each load. */
export type LoadName = "mixed" | "connections" | "bulk" | "armed" | "switched_off";

/** Everything that was measured. */
export interface Measured {
  readonly connections: readonly Round[];
  readonly armed: readonly Round[];
  readonly bulk: readonly Round[];
  readonly callbacks: Readonly<Record<LoadName, CallbackCost>>;
  /** Of the connections of the armed part, how many were granted a window at both of their ends. */
  readonly grantedShare: number;
  readonly otherDestinations: number;
}

interface Compared {
  readonly with: number;
  readonly without: number;
  readonly ratio: number;
  readonly quartiles: readonly [number, number];
  readonly interval95: readonly [number, number];
  /** The same per second of CPU time: what other processes take does not count. */
  readonly cpu_ratio: number;
  readonly cpu_interval95: readonly [number, number];
  /** CPU seconds a second that the load had. */
  readonly cpu_share: number;
  readonly rounds: number;
}

/** What --json prints. Ratios are with / without the program, so below 1 where it costs. */
export interface Report {
  readonly ns_per_callback: number;
  readonly connect_rate_ratio: number;
  readonly bulk_ratio: number;
  readonly armed_connect_rate_ratio: number;
  /** Connections a second. */
  readonly connections: Compared;
  /** The same with advice for the other end, at both ends. */
  readonly armed_connections: Compared & { readonly granted_share: number };
  /** Gbit/s. */
  readonly bulk: Compared;
  readonly callbacks: Readonly<Record<LoadName, { ns: number; per_second: number; cpu_share: number }>>;
  readonly callbacks_per_connection: number;
  readonly advice_for_other_destinations: number;
}

/** The report of what was measured. */
export function reportOf(measured: Measured): Report {
  const connections = comparedOf(measured.connections, 1);
  const armed = comparedOf(measured.armed, 1);
  const bulk = comparedOf(measured.bulk, 8 / 1e9);
  const callback = (name: LoadName): { ns: number; per_second: number; cpu_share: number } => {
    const { nsPerCallback, callbacksPerSecond, cpuShare } = measured.callbacks[name];
    return {
      ns: rounded(nsPerCallback, 1),
      per_second: rounded(callbacksPerSecond, 0),
      cpu_share: rounded(cpuShare, 5),
    };
  };
  return {
    ns_per_callback: callback("mixed").ns,
    connect_rate_ratio: connections.ratio,
    bulk_ratio: bulk.ratio,
    armed_connect_rate_ratio: armed.ratio,
    connections,
    armed_connections: { ...armed, granted_share: rounded(measured.grantedShare, 4) },
    bulk,
    callbacks: {
      mixed: callback("mixed"),
      connections: callback("connections"),
      bulk: callback("bulk"),
      armed: callback("armed"),
      switched_off: callback("switched_off"),
    },
    callbacks_per_connection: rounded(measured.callbacks.connections.callbacksPerUnit, 2),
    advice_for_other_destinations: measured.otherDestinations,
  };
}

/** The report for people. */
export function tableOf(report: Report): string {
  const ratios = new Table({
    head: ["both ends on one CPU", "without", "with", "ratio", "quartiles", "95 % interval", "per CPU second"],
    colAligns: ["left", "right", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  const row = (name: string, compared: Compared, digits: number): void => {
    const { with: attached, without, ratio, quartiles, interval95, cpu_ratio } = compared;
    const range = ([low, high]: readonly [number, number]): string => `${low.toFixed(3)}..${high.toFixed(3)}`;
    ratios.push([
      name,
      without.toFixed(digits),
      attached.toFixed(digits),
      ratio.toFixed(4),
      range(quartiles),
      range(interval95),
      cpu_ratio.toFixed(4),
    ]);
  };
  row("connections/s", report.connections, 0);
  row("connections/s, each granted a window", report.armed_connections, 0);
  row("bulk, Gbit/s", report.bulk, 2);
  const callbacks = new Table({
    head: ["callbacks under", "ns each", "a second", "of a CPU"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  const titles: Readonly<Record<LoadName, string>> = {
    mixed: "connections and bulk",
    connections: "connections",
    bulk: "bulk",
    armed: "connections, each granted a window",
    switched_off: "connections, switched off: the clock's own cost",
  };
  for (const [name, title] of Object.entries(titles)) {
    const { ns, per_second, cpu_share } = report.callbacks[name as LoadName];
    callbacks.push([title, ns.toFixed(1), per_second.toFixed(0), `${(cpu_share * 100).toFixed(2)} %`]);
  }
  return [
    ratios.toString(),
    callbacks.toString(),
    `${report.callbacks_per_connection} callbacks a connection, both ends together; armed, with advice for ${report.advice_for_other_destinations} other destinations;`,
    `${(report.armed_connections.granted_share * 100).toFixed(1)} % of the connections of the second row were granted a window at both ends`,
    "",
  ].join("\n");
}

function comparedOf(rounds: readonly Round[], unit: number): Compared {
  const ratio = spreadOf(rounds.map(({ attached, detached }) => attached.perSecond / detached.perSecond));
  const cpuRatio = spreadOf(rounds.map(({ attached, detached }) => attached.perCpuSecond / detached.perCpuSecond));
  return {
    with: rounded(medianOf(rounds.map(({ attached }) => attached.perSecond)) * unit, 3),
    without: rounded(medianOf(rounds.map(({ detached }) => detached.perSecond)) * unit, 3),
    ratio: rounded(ratio.median, 4),
    quartiles: pairOf(ratio.quartiles),
    interval95: pairOf(ratio.interval95),
    cpu_ratio: rounded(cpuRatio.median, 4),
    cpu_interval95: pairOf(cpuRatio.interval95),
    cpu_share: rounded(
      medianOf(rounds.map(({ attached, detached }) => (attached.cpuShare + detached.cpuShare) / 2)),
      3,
    ),
    rounds: (ratio satisfies Spread).count,
  };
}

function pairOf([low, high]: readonly [number, number]): readonly [number, number] {
  return [rounded(low, 4), rounded(high, 4)];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
