/**
 * What a host's kernel would fold of a few transfers over one bottleneck: a fluid model, in rounds of one RTT.
 *
 * It mirrors bpf/sample.h and bpf/grant.h: which delivery rates count as the path's capacity, which as a lower bound; the
 * spacing of the first and of the last train; filled and missed pacing; probing upward; failed windows. It leaves out:
 *
 * - packets. Bursts of TSO, the clocking of acknowledgements and the order of arrivals are not there; what they do to the
 *   spacing of trains is a normal error of the time between acknowledgements and, now and then, ACK compression;
 * - congestion control beyond slow start, a decrease by 0.7 and one segment a round; recovery takes no time;
 * - competition. Connections at once are equal and start together; cross traffic does not give way;
 * - the rest of a transfer that would outlast its interval or 96 rounds, and what a connection does after its cap is lifted;
 * - the time before and after: queues are empty at the start of each batch of connections, as if nobody else had been there;
 * - the receiver's window and the application: data is always there until the transfer ends.
 */
import type { Batch, Bottleneck } from "./bottleneck.ts";
import { initialSegments, rttSeenUs } from "./bottleneck.ts";
import type { IntervalFold } from "./interval-fold.ts";
import type { Granted } from "./paced-transfers.ts";
import { PacedTransfers } from "./paced-transfers.ts";
import { mssBytes } from "./path-truth.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { playUnpaced } from "./unpaced-transfers.ts";

/** Folds what the connections show. Returns true where a granted window failed: the advice is dropped at once. */
export function playBatch(
  path: Bottleneck,
  batch: Batch,
  granted: Granted | undefined,
  fold: IntervalFold,
  random: SeededRandom,
): boolean {
  fold.connectionsOpened += batch.connections;
  fold.connectionsBusyMax = Math.max(fold.connectionsBusyMax, batch.counted);
  for (let each = 0; each < batch.connections; each += 1) fold.takeRtt(rttSeenUs(path, 0, random));
  if (granted === undefined || !isGranted(path, batch, granted)) {
    playUnpaced(path, batch, fold, random);
    return false;
  }
  return new PacedTransfers(path, batch, granted, fold, random).play();
}

// The handshake must fit the remembered RTT, and a share less than the kernel's ten segments is granted only out of a rate that is sure.
function isGranted(path: Bottleneck, batch: Batch, granted: Granted): boolean {
  const fits = path.rttUs * 2 > granted.minRttUs && path.rttUs <= granted.minRttUs * 10;
  const share = ((granted.pathRateBytesPerSecond / batch.counted) * granted.minRttUs) / 1e6;
  return fits && (granted.isCapacityKnown || share >= initialSegments * mssBytes);
}
