/** The path as connections find it, and what its noise does to what they measure. */
import type { IntervalFold } from "./interval-fold.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** The path as it is for one batch. */
export interface Bottleneck {
  readonly availableBytesPerSecond: number;
  readonly rttUs: number;
  readonly bufferBytes: number;
  readonly lossRatio: number;
  readonly ackJitterUs: number;
  readonly compressedTrains: number;
}

/** Connections that are opened at once, of the same size. */
export interface Batch {
  readonly connections: number;
  /** How many the host's kernel counts: it may have missed some, or count some that are idle. */
  readonly counted: number;
  readonly segments: number;
  readonly timeLeftUs: number;
}

/** What was lost of a round. */
interface Losses {
  /** Of all connections. */
  readonly overflowBytes: number;
  readonly isRandom: boolean;
}

/** What every kernel sends at once (RFC 6928), and never paces. */
export const initialSegments = 10;
/** Shortest train whose spacing is looked at (bpf/policy.h). */
const trainSegments = 8;
/** A connection tells its fastest rate after so many rounds (bpf/policy.h). */
export const roundsPerRate = 16;
/** A longer transfer tells nothing new: it is let go of, or has settled. */
export const roundsMax = 96;
/** Delivery rates over an RTT are that exact (docs/architecture.md: 24.05-24.22 MB/s on a path of 24.13). */
const deliveryDeviation = 0.01;
/** A train whose acknowledgements are compressed on their way back looks so many times as fast at most. */
const compressionMax = 8;
/** A slot's edges cut through rounds (bpf/share.h). */
const togetherLowest = 0.6;

/** What the kernel's delivery rate says of a rate. */
export function deliveredRate(bytesPerSecond: number, random: SeededRandom): number {
  return bytesPerSecond * Math.max(0.5, 1 + deliveryDeviation * random.normal());
}

/** What the spacing of the last round's segments says of a rate: those after its first acknowledgement. 0: too few. */
export function trainRate(path: Bottleneck, segments: number, bytesPerSecond: number, random: SeededRandom): number {
  if (segments - 1 < trainSegments) return 0;
  const trainBytes = (segments - 1) * mssBytes;
  const spreadUs = Math.max(1, (trainBytes * 1e6) / bytesPerSecond + random.normal() * path.ackJitterUs);
  if (spreadUs > path.rttUs * 2) return 0;
  const compression = random.chance(path.compressedTrains) ? random.logUniform(1.5, compressionMax) : 1;
  return (trainBytes * 1e6 * compression) / spreadUs;
}

/** One RTT sample while the queue is so long. */
export function rttSeenUs(path: Bottleneck, queueUs: number, random: SeededRandom): number {
  return path.rttUs + queueUs + Math.abs(random.normal()) * path.ackJitterUs;
}

/** Whether any of the segments is lost for no reason of ours. */
export function isLostAtRandom(path: Bottleneck, segments: number, random: SeededRandom): boolean {
  return path.lossRatio > 0 && random.chance(1 - (1 - path.lossRatio) ** segments);
}

/** What several connections deliver together over a slot of two rounds: acknowledgements come in lumps. */
export function togetherRate(bytesPerSecond: number, random: SeededRandom): number {
  return bytesPerSecond * random.uniform(togetherLowest, 1);
}

/** One round of each connection, and what was lost of it: all that found no room, and one of each that lost at random. */
export function countSent(fold: IntervalFold, connections: number, segments: number, losses: Losses): void {
  const lost = Math.ceil(losses.overflowBytes / mssBytes) + (losses.isRandom ? connections : 0);
  fold.segmentsSent += segments * connections + lost;
  fold.segmentsRetransmitted += lost;
}

/** What the kernel's first window is worth as a rate. */
export function defaultRateOf(rttUs: number): number {
  return (initialSegments * mssBytes * 1e6) / rttUs;
}
