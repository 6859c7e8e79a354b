/**
 * An unpaced transfer of the transfer model, each of its rounds played one after the other, as the model is told in docs/transfer-model.md:
 * what transfer-model.ts, which ends where nothing new can come, is held against.
 */
import type { Transfer, TransferPath } from "../../../../aggregator/core/transfer-model.ts";

const cubicBeta = 0.7;
const cubicC = 0.4;
const renoSegmentsPerRound = (3 * (1 - cubicBeta)) / (1 + cubicBeta);
const trainShare = 0.5;
const roundsMax = 256;

interface Flight {
  /** Of all transfers together, bytes. */
  readonly windowBytes: number;
  readonly leftBytes: number;
  /** Since the first byte could have arrived. */
  readonly elapsedUs: number;
  readonly phase: "slow start" | "avoidance";
  /** The window before the last loss, and when that was. */
  readonly lossWindowBytes: number;
  readonly lossAtUs: number;
  readonly lossUs: number;
}

/** When the last byte has come, and what of it losses cost; microseconds since the first byte could have arrived. */
export function playedTransfer(
  path: TransferPath,
  transfer: Transfer,
): { readonly elapsedUs: number; readonly lossUs: number } {
  let flight: Flight = {
    windowBytes: transfer.windowSegments * path.mssBytes * transfer.concurrent,
    leftBytes: transfer.bytes * transfer.concurrent,
    elapsedUs: 0,
    phase: "slow start",
    lossWindowBytes: 0,
    lossAtUs: 0,
    lossUs: 0,
  };
  for (let round = 0; round < roundsMax && flight.leftBytes > 0; round += 1)
    flight = afterRound(path, transfer, flight, round);
  const rate = Math.min(path.rateBytesPerSecond, (flight.windowBytes / path.rttUs) * 1e6);
  return { ...flight, elapsedUs: flight.elapsedUs + (flight.leftBytes / rate) * 1e6 };
}

function afterRound(path: TransferPath, transfer: Transfer, flight: Flight, round: number): Flight {
  const bdpBytes = (path.rateBytesPerSecond * path.rttUs) / 1e6;
  const sentBytes = Math.min(flight.windowBytes, flight.leftBytes);
  const leftBytes = flight.leftBytes - sentBytes;
  const drainUs = (sentBytes / path.rateBytesPerSecond) * 1e6;
  // The last round is over when its last byte has come through; any other when its acknowledgements are back, the first of them
  // behind a whole segment.
  const roundUs = leftBytes === 0 ? drainUs : Math.max(path.rttUs + segmentUs(path), drainUs);
  const elapsedUs = flight.elapsedUs + roundUs;
  const isFirst = round === 0;
  if (flight.phase === "slow start") {
    // Acknowledgements come at the rate of the path and each lets two segments go, so half of a round waits; all of the first.
    const queueBytes = Math.max(isFirst ? sentBytes : sentBytes / 2, sentBytes - bdpBytes);
    if (queueBytes > path.bufferBytes)
      return afterLoss(path, transfer, { ...flight, leftBytes, elapsedUs }, bdpBytes, isFirst);
    const isTrainLong = drainUs > trainShare * path.rttUs;
    const grownBytes = isTrainLong ? flight.windowBytes + bdpBytes * trainShare : flight.windowBytes * 2;
    return {
      ...flight,
      leftBytes,
      elapsedUs,
      windowBytes: grownBytes,
      phase: isTrainLong ? "avoidance" : "slow start",
      lossWindowBytes: grownBytes,
      lossAtUs: elapsedUs,
    };
  }
  if (flight.windowBytes - bdpBytes > path.bufferBytes)
    return afterLoss(path, transfer, { ...flight, leftBytes, elapsedUs }, bdpBytes, false);
  return { ...flight, leftBytes, elapsedUs, windowBytes: grownWindow(path, transfer, flight, elapsedUs) };
}

function segmentUs(path: TransferPath): number {
  return (path.mssBytes / path.rateBytesPerSecond) * 1e6;
}

// What was lost is sent again in the next round, and the window is cut to a part of what was under way: one goes on growing for the round trip in
// which the loss is on its way back. Of several that overflow a buffer together each loses more of its window than it could know of. First windows
// that are lost leave the others growing.
function afterLoss(path: TransferPath, transfer: Transfer, flight: Flight, bdpBytes: number, isFirst: boolean): Flight {
  const grownBytes = transfer.concurrent === 1 ? flight.windowBytes : flight.windowBytes / 2;
  const heldBytes = isFirst
    ? flight.windowBytes
    : Math.min(2 * grownBytes, bdpBytes + path.bufferBytes, 2 * path.bufferBytes + grownBytes);
  return {
    ...flight,
    elapsedUs: flight.elapsedUs + path.rttUs,
    lossUs: flight.lossUs + path.rttUs,
    windowBytes: Math.max(2 * path.mssBytes, heldBytes * (isFirst ? 1 : cubicBeta)),
    phase: isFirst ? "slow start" : "avoidance",
    lossWindowBytes: heldBytes,
    lossAtUs: flight.elapsedUs,
  };
}

// W(t) = C (t - K)^3 + Wmax in segments and seconds, of each transfer; never below what Reno would grow.
function grownWindow(path: TransferPath, transfer: Transfer, flight: Flight, elapsedUs: number): number {
  const segmentsOf = (bytes: number) => bytes / path.mssBytes / transfer.concurrent;
  const peak = segmentsOf(flight.lossWindowBytes);
  const start = Math.min(peak, segmentsOf(flight.windowBytes));
  const seconds = (elapsedUs - flight.lossAtUs) / 1e6;
  const k = Math.cbrt((peak * (1 - cubicBeta)) / cubicC);
  const cubic = flight.lossUs === 0 ? peak + cubicC * seconds ** 3 : cubicC * (seconds - k) ** 3 + peak;
  const reno = start + renoSegmentsPerRound;
  return Math.max(flight.windowBytes, Math.max(cubic, reno) * path.mssBytes * transfer.concurrent);
}
