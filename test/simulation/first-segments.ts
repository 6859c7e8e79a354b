/** What connections send at once as they begin, and never pace: whether the path bears it, and how it spreads it (bpf/sample.h). */
import type { Batch, Bottleneck } from "./bottleneck.ts";
import { initialSegments, isLostAtRandom } from "./bottleneck.ts";
import type { IntervalFold } from "./interval-fold.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** The first segments of each connection of a batch. */
export interface FirstSegments {
  readonly segments: number;
  /** Those of all connections that found no room: then each connection lost some. */
  readonly overflowBytes: number;
}

// The constants of bpf/policy.h. Two segments are skipped, and acknowledged together with the two that follow.
const trainSegmentsMin = 3;
const trainSegmentsSkipped = 4;
const trainLowestUs = 250;
/** Hosts stretch and compress trains: measured ones were up to a tenth too slow and a fifth too fast. */
const trainSlowest = 0.9;
const trainFastest = 1.2;

/** Folds the first segments of connections that begin with a window, and the spacing of their acknowledgements. */
export function playFirstSegments(
  path: Bottleneck,
  batch: Batch,
  windowSegments: number,
  fold: IntervalFold,
  random: SeededRandom,
): FirstSegments {
  const { connections, counted } = batch;
  const segments = Math.min(initialSegments, windowSegments, batch.segments);
  const overflowBytes = Math.max(0, segments * connections * mssBytes - path.bufferBytes);
  for (let each = 0; each < connections; each += 1) {
    const isLost = overflowBytes > 0 || isLostAtRandom(path, segments, random);
    fold.takeBurst(segments * counted, isLost);
    if (!isLost) fold.takeTrain(firstTrainRate(path, segments, random));
  }
  return { segments, overflowBytes };
}

// The slowest link has spread them, also beside others: each connection has a train of its own. 0: too few, or too close.
function firstTrainRate(path: Bottleneck, segments: number, random: SeededRandom): number {
  const spread = segments - trainSegmentsSkipped;
  const noise = random.uniform(trainSlowest, trainFastest);
  if (spread < trainSegmentsMin) return 0;
  const spreadUs = (spread * mssBytes * 1e6) / (path.availableBytesPerSecond * noise);
  return spreadUs < trainLowestUs ? 0 : path.availableBytesPerSecond * noise;
}
