/** Connections as the kernel runs them by default: slow start, whose every round goes out at twice the path's rate. */
import type { Batch, Bottleneck } from "./bottleneck.ts";
import {
  countSent,
  deliveredRate,
  initialSegments,
  isLostAtRandom,
  roundsMax,
  roundsPerRate,
  rttSeenUs,
  togetherRate,
  trainRate,
} from "./bottleneck.ts";
import { playFirstSegments } from "./first-segments.ts";
import type { IntervalFold } from "./interval-fold.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** CUBIC's (RFC 9438). */
const decrease = 0.7;

/** Folds what they show: lower bounds, all of it. */
export function playUnpaced(path: Bottleneck, batch: Batch, fold: IntervalFold, random: SeededRandom): void {
  const { connections, counted } = batch;
  const available = path.availableBytesPerSecond;
  playFirstSegments(path, batch, initialSegments, fold, random);
  let window = initialSegments;
  let isSlowStart = true;
  let left = batch.segments;
  let elapsedUs = 0;
  let fastest = 0;
  let lastSegments = 0;
  for (let round = 0; round < roundsMax && left > 0 && elapsedUs < batch.timeLeftUs; round += 1) {
    const segments = Math.min(window, left);
    const totalBytes = segments * mssBytes * connections;
    const standingBytes = Math.max(0, totalBytes - (available * path.rttUs) / 1e6);
    const peak: number = peakBytes(totalBytes, standingBytes, round === 0, isSlowStart);
    const overflowBytes = Math.max(0, peak - path.bufferBytes);
    const isRandom = isLostAtRandom(path, segments, random);
    const isLost: boolean = overflowBytes > 0 || isRandom;
    const together = Math.min(available, totalBytes / (path.rttUs / 1e6));
    const queueUs = (Math.min(standingBytes, path.bufferBytes) / available) * 1e6;
    countSent(fold, connections, segments, { overflowBytes, isRandom });
    fastest = Math.max(fastest, deliveredRate(together / connections, random));
    left -= segments;
    elapsedUs += path.rttUs + queueUs;
    for (let each = 0; left > 0 && each < connections; each += 1) fold.takeRtt(rttSeenUs(path, queueUs, random));
    if (counted > 1 && round % 2 === 1) fold.takeRate(togetherRate(together, random), false);
    if (counted === 1 && (round + 1) % roundsPerRate === 0) {
      for (let each = 0; each < connections; each += 1) fold.takeRate(fastest, false);
      fastest = 0;
    }
    lastSegments = left === 0 ? segments : 0;
    window = isLost ? Math.max(2, Math.floor(window * decrease)) : isSlowStart ? window * 2 : window + 1;
    isSlowStart &&= !isLost;
  }
  // Of one among several neither its rounds nor its last train tell what the path carries.
  for (let each = 0; counted === 1 && each < connections; each += 1) {
    // The trains of several connections lie among each other; whose comes last sees most of the path.
    const seen = available * (connections === 1 ? 1 : random.uniform(1 / connections, 1));
    fold.takeRate(Math.max(fastest, trainRate(path, lastSegments, seen, random)), false);
  }
}

function peakBytes(totalBytes: number, standingBytes: number, isFirst: boolean, isSlowStart: boolean): number {
  if (isFirst) return totalBytes;
  return isSlowStart ? Math.max(totalBytes / 2, standingBytes) : standingBytes;
}
