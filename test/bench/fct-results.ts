/** What is kept of a finished cell: one line of JSON each. Names as in the output. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Congestion } from "../testbed/network-plan.ts";
import type { SystemName } from "./fct-systems.ts";

/** How one system did in one cell. Times are from connect() to the last byte. */
export interface SystemResult {
  /** Measured, without those in error. */
  readonly transfers: number;
  readonly errors: number;
  readonly p50_ms: number;
  readonly p90_ms: number;
  readonly p99_ms: number;
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

/** The file of a run: a line is appended when a cell is finished, so that a broken-off run can be resumed. */
export class ResultsFile {
  readonly #path: string;

  /** Without `resume` an older file of the same name is kept as `.old`. */
  constructor(path: string, resume: boolean) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    if (resume && existsSync(path)) {
      // The run before may have been broken off within a line.
      if (!/(^|\n)$/.test(readFileSync(path, "utf8").slice(-1))) appendFileSync(path, "\n");
      return;
    }
    if (existsSync(path)) renameSync(path, `${path}.old`);
    writeFileSync(path, "");
  }

  /** Adds a finished cell. */
  append(result: CellResult): void {
    appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
  }
}

/** The cells of a results file, by name; of a cell that is there twice the later. A line cut short is passed over. */
export function readResults(path: string): ReadonlyMap<string, CellResult> {
  const results = new Map<string, CellResult>();
  for (const line of existsSync(path) ? readFileSync(path, "utf8").split("\n") : []) {
    const result = parsed(line);
    if (result !== undefined) results.set(result.cell, result);
  }
  return results;
}

function parsed(line: string): CellResult | undefined {
  try {
    const value = JSON.parse(line) as Partial<CellResult>;
    return value.cell !== undefined && value.systems !== undefined ? (value as CellResult) : undefined;
  } catch {
    return undefined;
  }
}
