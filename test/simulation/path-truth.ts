/** What a simulated path is, and who uses it: what the estimator has to find out. */
import type { SeededRandom } from "./seeded-random.ts";

/** Rates are payload bytes a second. */
export interface PathTruth {
  readonly rateBytesPerSecond: number;
  readonly rttUs: number;
  readonly bufferBytes: number;
  /** Lost at random, not by a full buffer: 0..1 of the segments. */
  readonly lossRatio: number;
  /** Part of the rate that others take on average, 0..1; it wobbles from interval to interval. */
  readonly crossShare: number;
  /** Deviation of the time between two acknowledgements that is not the path's: coalesced interrupts, schedulers. */
  readonly ackJitterUs: number;
  /** Part of the trains whose acknowledgements come back compressed, 0..1. */
  readonly compressedTrains: number;
  readonly traffic: Traffic;
}

/** Who uses the path. */
export interface Traffic {
  /** Median of the transfers; they spread around it by a factor of two either way. */
  readonly transferBytes: number;
  readonly connectionsAtOnce: number;
  /** How often in an interval so many connections are opened at once, on average. */
  readonly batchesPerInterval: number;
}

/** Ethernet with timestamps. */
export const mssBytes = 1_448;
/** The shallowest switches have some kilobytes for a port. Smaller buffers cannot take the kernel's own first ten segments. */
const bufferMinBytes = 20 * mssBytes;

/** A path within the range that the project is for. */
export function anyPath(random: SeededRandom): PathTruth {
  const rateBytesPerSecond = random.logUniform(1e6 / 8, 10e9 / 8);
  const rttUs = Math.round(random.logUniform(100, 200_000));
  const bdpBytes = (rateBytesPerSecond * rttUs) / 1e6;
  return {
    rateBytesPerSecond,
    rttUs,
    bufferBytes: Math.max(bufferMinBytes, bdpBytes * random.logUniform(0.02, 2)),
    lossRatio: random.chance(0.7) ? 0 : random.logUniform(1e-6, 1e-2),
    crossShare: random.chance(0.5) ? 0 : random.uniform(0, 0.5),
    // The testbed's forwarder is 20-40 us late in the median (docs/architecture.md); network cards coalesce less.
    ackJitterUs: random.logUniform(2, 40),
    compressedTrains: random.chance(0.5) ? 0 : 0.01,
    traffic: {
      transferBytes: random.logUniform(16 << 10, 8 << 20),
      connectionsAtOnce: random.chance(0.5) ? 1 : random.pick([2, 4, 8, 16]),
      batchesPerInterval: random.logUniform(0.3, 8),
    },
  };
}

/**
 * A path of which a sample can be right, and worth advice: up to 1 Gbit/s, where a train of acknowledgements takes longer
 * than they are late; nobody else on it, one connection at a time, nothing lost but in its own buffer.
 */
export function plainPath(random: SeededRandom): PathTruth {
  for (;;) {
    const path = anyPath(random);
    const { traffic } = path;
    const plain = { ...path, lossRatio: 0, crossShare: 0, compressedTrains: 0 };
    if (path.rateBytesPerSecond > 1e9 / 8 || !isWorthAdvice(plain)) continue;
    return { ...plain, traffic: { ...traffic, connectionsAtOnce: 1 } };
  }
}

/** Advice begins where a BDP does not fit into the kernel's ten segments; twice that leaves room for an estimate too low. */
export function isWorthAdvice(path: PathTruth): boolean {
  return (availableRateOf(path) * path.rttUs) / 1e6 > 20 * mssBytes;
}

/** What is left for our connections on average. */
export function availableRateOf(path: PathTruth): number {
  return path.rateBytesPerSecond * (1 - path.crossShare);
}

/** Everything that fits into the path: BDP and buffer. */
export function pipeBytesOf(path: PathTruth): number {
  return (path.rateBytesPerSecond * path.rttUs) / 1e6 + path.bufferBytes;
}
