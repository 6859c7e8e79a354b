/** What is kept of a finished cell: one line of JSON each. Names as in the output. */
import type { Congestion } from "../testbed/network-plan.ts";
import type { SystemName } from "./fct-systems.ts";
import type { Times } from "./fct-times.ts";
import { readCells } from "./results-file.ts";

/** How one system did in one cell. */
export interface SystemResult extends Times {
  /** Segments the sender's kernel counted as retransmitted, at full size. */
  readonly retransmitted_bytes: number;
  /** Packets that found the bottleneck's buffer full. */
  readonly drops: number;
  /** Before the measurement, to learn from: not in the figures above. */
  readonly warmup_transfers: number;
  readonly warmup_seconds: number;
}

/** What the cluster believed of the path, and what the sender's kernel decided during the measurement. */
export interface Learned {
  readonly rate_bytes_per_s: number;
  readonly min_rtt_us: number;
  /** 0: no advice, the kernel's default stands. */
  readonly window_segments: number;
  /** Whether the advice stood still when the measurement began. */
  readonly settled: boolean;
  /** The same when it ended. */
  readonly end_rate_bytes_per_s: number;
  readonly end_window_segments: number;
  /** By kind, without those that never happened. */
  readonly decisions: Readonly<Record<string, number>>;
}

/** A cell and how each system did. */
export interface CellResult {
  readonly cell: string;
  readonly rtt_ms: number;
  readonly rate_mbit_per_s: number;
  readonly buffer_bdp: number;
  readonly buffer_bytes: number;
  readonly size_bytes: number;
  readonly connections_at_once: number;
  readonly congestion: Congestion;
  readonly limit_ms: number;
  readonly systems: { readonly [Name in SystemName]?: SystemResult };
  readonly learned?: Learned;
  /** The window of Riptide's route at the end. */
  readonly riptide_window?: number;
  /** How much later than the model says packets were delivered: what the machine itself adds. */
  readonly lateness_us: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly seconds: number;
}

/** The cells of a results file, by name; of a cell that is there twice the later. */
export function readResults(path: string): ReadonlyMap<string, CellResult> {
  return readCells<CellResult>(path, ({ systems }) => systems !== undefined);
}
