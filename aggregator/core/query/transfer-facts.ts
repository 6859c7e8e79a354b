/** What is believed of a path, as the transfer model wants it. */
import type { FirstWindow } from "../../../proto/gen/augmenter/v1/FirstWindow.ts";
import { adviceBounds } from "../bounds.ts";
import type { PathEstimateState } from "../path-estimate.ts";
import { minRttUsOf } from "../path-estimate.ts";
import type { PathRecord } from "../path-table.ts";
import type { Transfer, TransferPath, TransferTime } from "../transfer-model.ts";
import { isFirstWindowLost, wholeUs } from "../transfer-model.ts";
import type { View } from "../view.ts";
import { receiveWindowFor } from "../window-policy.ts";

/** The kernel's first window (RFC 6928). */
const kernelWindowSegments = 10;
const usualMssBytes = 1448;
/** The 95th percentile of an interval is a little below what waits when the buffer is full. */
const fullQueueGain = 1.1;
/** A buffer that is too small for these would lose of every first window. */
const leastBufferSegments = 4;
/** By how much transfers exceed what the model says of them where nothing goes wrong. */
const modelMargin = 1.02;
/** Round trips by which nine of ten that begin together are late at most: where none is lost, where some are, and where those are paced. */
const roundsTogether = 0.5;
const roundsOfLoss = 5;
const roundsOfPacedLoss = 2;
/** A transfer alone that loses a segment more often than one in ten does. */
const likelyLost = 0.1;

/** The path of the model; undefined where its RTT or rate is not known. */
export function transferPathOf(estimate: PathEstimateState): TransferPath | undefined {
  const rttUs = minRttUsOf(estimate);
  const { rateBytesPerSecond } = estimate.rate;
  if (rttUs === 0 || rateBytesPerSecond === 0) return undefined;
  return {
    rttUs,
    rateBytesPerSecond,
    mssBytes: estimate.mssBytes > 0 ? estimate.mssBytes : usualMssBytes,
    bufferBytes: bufferBytesOf(estimate),
  };
}

/** Which of both is not known, in words; empty: they are. */
export function unknownFacts(estimate: PathEstimateState): string {
  const unknown = [
    ...(minRttUsOf(estimate) === 0 ? ["RTT"] : []),
    ...(estimate.rate.rateBytesPerSecond === 0 ? ["rate"] : []),
  ];
  return unknown.join(" and ");
}

/** The transfers of the model: their first window, and whether it is an advised one. */
export function transferOf(
  view: View,
  record: PathRecord,
  path: TransferPath,
  wanted: { readonly bytes: number; readonly concurrent: number; readonly firstWindow: FirstWindow },
  nowMs: number,
): { readonly transfer: Transfer; readonly isAdvised: boolean } {
  const { bytes, concurrent } = wanted;
  const advice = view.ledger.adviceFor(record.hostId, record.destination);
  const isApplied = view.hosts.get(record.hostId)?.mode === "apply";
  const isAdvised =
    wanted.firstWindow !== "FIRST_WINDOW_KERNEL" &&
    (isApplied || wanted.firstWindow === "FIRST_WINDOW_ADVISED") &&
    advice !== undefined &&
    advice.windowSegments > 0;
  if (!isAdvised) {
    const transfer = { bytes, concurrent, windowSegments: kernelWindowSegments, pacedBytesPerSecond: undefined };
    return { transfer, isAdvised };
  }
  const receiver = view.hosts.ownerOf(record.destination);
  const openedBytes =
    receiver?.mode === "apply" ? receiveWindowFor(record.estimate, record.destination, adviceBounds, nowMs) : 0;
  const receiverSegments = Math.floor(Math.max(openedBytes, adviceBounds.receiveWindowMinBytes) / path.mssBytes);
  const transfer = {
    bytes,
    concurrent,
    windowSegments: Math.max(1, Math.min(advice.windowSegments, receiverSegments)),
    pacedBytesPerSecond: advice.pathRateBytesPerSecond,
  };
  return { transfer, isAdvised };
}

/**
 * The time that nine of ten transfers take at most: of several the slowest, which are over when all are, and half of the spread of the
 * path's RTT, as the bytes of a transfer come in more than one round trip. `all` is what allTime() says. What a loss costs is measured: docs/transfer-model.md.
 */
export function slowestUs(
  estimate: PathEstimateState,
  path: TransferPath,
  transfer: Transfer,
  all: TransferTime,
  p50Us: number,
): number {
  const spreadUs = Math.max(0, estimate.rttP95Us - estimate.rttP50Us) / 2;
  const isLosing = all.lossUs > 0 || isFirstWindowLost(path, transfer);
  return (
    Math.max(p50Us, wholeUs(all)) * modelMargin + spreadUs + roundsLate(estimate, path, transfer, isLosing) * path.rttUs
  );
}

function roundsLate(estimate: PathEstimateState, path: TransferPath, transfer: Transfer, isLosing: boolean): number {
  if (transfer.concurrent > 1) {
    if (!isLosing) return roundsTogether;
    return transfer.pacedBytesPerSecond === undefined ? roundsOfLoss : roundsOfPacedLoss;
  }
  const isLikelyLost = 1 - (1 - estimate.lossRatio) ** (transfer.bytes / path.mssBytes) > likelyLost;
  return isLosing || isLikelyLost ? 1 : 0;
}

// A buffer that was never seen to overflow does not limit what is estimated.
function bufferBytesOf({ fullQueueUs, rate, mssBytes }: PathEstimateState): number {
  if (fullQueueUs === 0) return Number.POSITIVE_INFINITY;
  return Math.max((fullQueueGain * fullQueueUs * rate.rateBytesPerSecond) / 1e6, leastBufferSegments * mssBytes);
}
