/** Transfer times of a system in a cell, with those that failed. */
import { quantileMs } from "../testbed/demo-cells.ts";
import type { TransferResult } from "../testbed/load.ts";

/** A transfer is given up after this long. */
export const transferLimitMs = 30_000;

/** From connect() to the last byte. Names as in the output. */
export interface Times {
  /** All that began, also those that failed. */
  readonly transfers: number;
  /** How many of them failed. */
  readonly errors: number;
  readonly p50_ms: number;
  readonly p90_ms: number;
  readonly p99_ms: number;
}

/**
 * The quantiles of all transfers; zeros where none began. One that failed counts as if it had taken until it would have been given
 * up, however soon it failed: whoever asked for it has waited in vain, and a system is not to look better for what it did not deliver.
 */
export function timesOf(bursts: readonly TransferResult[]): Times {
  const completeUs = bursts.flatMap((burst) => burst.us);
  const errors = bursts.reduce((sum, burst) => sum + burst.errors.length, 0);
  const us = [...completeUs, ...Array.from({ length: errors }, () => transferLimitMs * 1000)];
  const quantile = (q: number): number => (us.length === 0 ? 0 : Number(quantileMs(us, q).toFixed(3)));
  return {
    transfers: us.length,
    errors,
    p50_ms: quantile(0.5),
    p90_ms: quantile(0.9),
    p99_ms: quantile(0.99),
  };
}
