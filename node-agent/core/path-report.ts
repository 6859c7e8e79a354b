/** How the samples that the kernel kept of a path become the numbers of its row. */
import { quantileOf } from "./quantile.ts";

/** Rows of one report: keeps a payload well below NATS' 1 MiB. */
export const rowsMax = 4096;

/** 100 Gbit/s, the most the wire contract takes: on a loopback or a veth pair a burst can look faster than that. */
const rateMaxBytesPerSecond = 12_500_000_000;

/** Of each kind of rate samples, the quantile that is told. */
export const rateQuantiles = {
  /** What the path carried when it was full scatters to both sides. */
  saturated: 0.5,
  /** Hosts that wake up late squeeze a train more often than anything stretches it. */
  train: 0.35,
  /** The others are lower bounds, some far below; the spacing of a train is off by a tenth now and then, so not the largest. */
  unsaturated: 0.7,
} as const;

/** A quantile of the first `count` samples in ascending order, kilobytes (1000 bytes) a second, as bytes a second. */
export function bytesPerSecondOf(ascendingKbytesPerSecond: ArrayLike<number>, count: number, quantile: number): number {
  return Math.min(rateMaxBytesPerSecond, Math.round(quantileOf(ascendingKbytesPerSecond, quantile, count) * 1000));
}
