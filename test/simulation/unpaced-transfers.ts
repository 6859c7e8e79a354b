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
  trainRate,
} from "./bottleneck.ts";
import type { IntervalFold } from "./interval-fold.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** CUBIC's (RFC 9438). */
const decrease = 0.7;

/** Folds what they show: lower bounds, all of it. */
export function playUnpaced(path: Bottleneck, batch: Batch, fold: IntervalFold, random: SeededRandom): void {
  const { connections } = batch;
  const available = path.availableBytesPerSecond;
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
    const isOverflow: boolean = peakBytes(totalBytes, standingBytes, round === 0, isSlowStart) > path.bufferBytes;
    const isLost: boolean = isOverflow || isLostAtRandom(path, segments, random);
    const together = Math.min(available, totalBytes / (path.rttUs / 1e6));
    const queueUs = (Math.min(standingBytes, path.bufferBytes) / available) * 1e6;
    countSent(fold, connections, segments, isLost);
    fastest = Math.max(fastest, deliveredRate(together / connections, random));
    left -= segments;
    elapsedUs += path.rttUs + queueUs;
    for (let each = 0; left > 0 && each < connections; each += 1) fold.takeRtt(rttSeenUs(path, queueUs, random));
    // The sum over a slot of two rounds; some of it was acknowledged across the slot's edges and does not count.
    if (connections > 1 && round % 2 === 1) fold.takeRate(together * random.uniform(0.3, 1), false);
    if ((round + 1) % roundsPerRate === 0) {
      for (let each = 0; each < connections; each += 1) fold.takeRate(fastest, false);
      fastest = 0;
    }
    lastSegments = left === 0 ? segments : 0;
    window = isLost ? Math.max(2, Math.floor(window * decrease)) : isSlowStart ? window * 2 : window + 1;
    isSlowStart &&= !isLost;
  }
  for (let each = 0; each < connections; each += 1) {
    // The trains of several connections lie among each other; whose comes last sees most of the path.
    const seen = available * (connections === 1 ? 1 : random.uniform(1 / connections, 1));
    fold.takeRate(Math.max(fastest, trainRate(path, lastSegments, seen, random)), false);
  }
}

function peakBytes(totalBytes: number, standingBytes: number, isFirst: boolean, isSlowStart: boolean): number {
  if (isFirst) return totalBytes;
  return isSlowStart ? Math.max(totalBytes / 2, standingBytes) : standingBytes;
}
