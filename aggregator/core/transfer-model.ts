/**
 * How long a transfer takes: a fetch over a new connection, from the receiver's connect() to the last byte.
 *
 * Two round trips for the handshake and the request, then rounds of a growing window until the path is full, then the
 * rest at the rate of the path. Transfers that begin together are one transfer of all their windows and all their bytes, as they
 * share what the path carries and end at about the same time. docs/transfer-model.md derives it and says how well it was met.
 */

/** What the model is told of a path. */
export interface TransferPath {
  readonly rttUs: number;
  /** Payload that all transfers together get. */
  readonly rateBytesPerSecond: number;
  readonly mssBytes: number;
  /** What waits in front of the bottleneck before segments are lost; Infinity: it was never seen to overflow. */
  readonly bufferBytes: number;
}

/** What the model is told of the transfers. */
export interface Transfer {
  /** Payload of each. */
  readonly bytes: number;
  /** Transfers that begin together. */
  readonly concurrent: number;
  /** First window of each. */
  readonly windowSegments: number;
  /** Payload bytes a second at which all together are paced; undefined: not at all, as the kernel's default is. */
  readonly pacedBytesPerSecond: number | undefined;
}

/** Microseconds; the parts add up to the whole. */
export interface TransferTime {
  readonly handshakeUs: number;
  readonly slowStartUs: number;
  readonly sendingUs: number;
  readonly lossUs: number;
}

/** CUBIC (RFC 9438): what is left of a window after a loss, and how fast it grows again. */
const cubicBeta = 0.7;
const cubicC = 0.4;
/** The share of its own window by which CUBIC's Reno-friendly region grows in a round, in segments. */
const renoSegmentsPerRound = (3 * (1 - cubicBeta)) / (1 + cubicBeta);
/** HyStart ends slow start when the acknowledgements of a round take half of the minimum RTT (tcp_cubic.c, hystart_update). */
const trainShare = 0.5;
/**
 * Of transfers that lose of each other's windows some get more than their share: half are over after 0.7 of the whole (0.6 where
 * first windows are what is lost, 0.75 where they are paced behind them), until after hundreds of windows all had as much.
 * Measured: docs/transfer-model.md.
 */
const unevenness = 0.3;
const firstUnevenness = 0.4;
const pacedUnevenness = 0.15;
const evenedOutWindows = 100;
/** Rounds that are played; beyond them the window is taken to stay as it is. */
const roundsMax = 256;
/** Segments that TCP never paces (tcp_update_skb_after_send). */
const unpacedSegments = 10;

/**
 * Of a first window of which nothing came through the last segment is sent again after two round trips and two ticks of the kernel's clock
 * (tcp_schedule_loss_probe, at the usual 250 Hz), its acknowledgement tells of the others, and these take another. Segments that are paced behind the
 * first ones tell so without a probe.
 */
const probeRounds = 4;
const probeSlackUs = 8_000;
const pacedRecoveryRounds = 2;

/** Transfers under way, changed in place with every round. */
interface Flight {
  /** Of all transfers together, bytes. */
  windowBytes: number;
  leftBytes: number;
  /** Since the first byte could have arrived. */
  elapsedUs: number;
  isSlowStart: boolean;
  /** The window before the last loss, and when that was. */
  lossWindowBytes: number;
  lossAtUs: number;
  lossUs: number;
}

/** The time that half of such transfers take at most; `all` is what allTime() says of them, where it is in hand. */
export function transferTime(path: TransferPath, transfer: Transfer, all = allTime(path, transfer)): TransferTime {
  const lateUs = lateFirstWindowUs(path, transfer);
  if (lateUs > 0) return { ...all, lossUs: Math.max(all.lossUs, all.lossUs + lateUs - wholeUs(all)) };
  const part = medianPart(path, transfer, all.lossUs > 0);
  return {
    handshakeUs: all.handshakeUs,
    sendingUs: all.sendingUs * part,
    slowStartUs: all.slowStartUs * part,
    lossUs: all.lossUs * part,
  };
}

/** The time after which all of such transfers are over. */
export function allTime(path: TransferPath, transfer: Transfer): TransferTime {
  const { elapsedUs, lossUs } = isPaced(transfer) ? paced(path, transfer) : unpaced(path, transfer);
  const sendingUs = ((transfer.bytes * transfer.concurrent) / rateOf(path, transfer)) * 1e6;
  return { handshakeUs: 2 * path.rttUs, sendingUs, slowStartUs: Math.max(0, elapsedUs - lossUs - sendingUs), lossUs };
}

/** Whether first windows that arrive together are more than waits in front of the bottleneck. */
export function isFirstWindowLost(path: TransferPath, transfer: Transfer): boolean {
  return transfer.concurrent > 1 && headBytes(path, transfer) * transfer.concurrent > path.bufferBytes;
}

/** The whole of it. */
export function wholeUs({ handshakeUs, slowStartUs, sendingUs, lossUs }: TransferTime): number {
  return handshakeUs + slowStartUs + sendingUs + lossUs;
}

function rateOf(path: TransferPath, transfer: Transfer): number {
  return Math.min(path.rateBytesPerSecond, transfer.pacedBytesPerSecond ?? Number.POSITIVE_INFINITY);
}

function isPaced({ pacedBytesPerSecond }: Transfer): boolean {
  return pacedBytesPerSecond !== undefined;
}

// Of each transfer, what is sent at once at the beginning.
function headBytes(path: TransferPath, transfer: Transfer): number {
  return Math.min(unpacedSegments, transfer.windowSegments, transfer.bytes / path.mssBytes) * path.mssBytes;
}

// First windows arrive one behind the other. Those that find the buffer full are lost whole: nothing is acknowledged, so that a probe has
// to find out. By then the others are over. 0 where half of them find room.
function lateFirstWindowUs(path: TransferPath, transfer: Transfer): number {
  const { bytes, concurrent } = transfer;
  if (!isFirstWindowLost(path, transfer)) return 0;
  const unharmed = Math.floor(path.bufferBytes / headBytes(path, transfer));
  if (Math.ceil(concurrent / 2) <= unharmed) return 0;
  const recoveryUs = isPaced(transfer) ? pacedRecoveryRounds * path.rttUs : probeRounds * path.rttUs + probeSlackUs;
  return 2 * path.rttUs + recoveryUs + ((bytes * (concurrent - unharmed)) / rateOf(path, transfer)) * 1e6;
}

// When half of the transfers are over, as a part of when all are.
function medianPart(path: TransferPath, transfer: Transfer, isLosing: boolean): number {
  if (transfer.concurrent === 1) return 1;
  const isFirstLost = isFirstWindowLost(path, transfer);
  if (!isLosing && !isFirstLost) return 1;
  const windowBytes = bdpBytesOf(path) + Math.min(path.bufferBytes, Number.MAX_SAFE_INTEGER);
  const windows = (transfer.bytes * transfer.concurrent) / windowBytes;
  const lost = isFirstLost ? firstUnevenness : unevenness;
  return 1 - (transfer.pacedBytesPerSecond === undefined ? lost : pacedUnevenness) / (1 + windows / evenedOutWindows);
}

// Pacing never fills a queue, so there are no losses of its own making; a window below the BDP stalls once a round and doubles.
function paced(path: TransferPath, transfer: Transfer): { readonly elapsedUs: number; readonly lossUs: number } {
  const rate = rateOf(path, transfer);
  const totalBytes = transfer.bytes * transfer.concurrent;
  let windowBytes = transfer.windowSegments * path.mssBytes * transfer.concurrent;
  // The head leaves unpaced: by the time pacing begins it is under way.
  let leftBytes = totalBytes;
  let elapsedUs = 0;
  for (
    let round = 0;
    round < roundsMax && leftBytes > windowBytes && (windowBytes / rate) * 1e6 < path.rttUs;
    round += 1
  ) {
    leftBytes -= windowBytes;
    windowBytes *= 2;
    elapsedUs += path.rttUs;
  }
  const headBytes = Math.min(leftBytes, elapsedUs === 0 ? unpacedSegments * path.mssBytes * transfer.concurrent : 0);
  const headUs = (headBytes / path.rateBytesPerSecond) * 1e6;
  return { elapsedUs: elapsedUs + headUs + ((leftBytes - headBytes) / rate) * 1e6, lossUs: 0 };
}

function unpaced(path: TransferPath, transfer: Transfer): { readonly elapsedUs: number; readonly lossUs: number } {
  const flight: Flight = {
    windowBytes: transfer.windowSegments * path.mssBytes * transfer.concurrent,
    leftBytes: transfer.bytes * transfer.concurrent,
    elapsedUs: 0,
    isSlowStart: true,
    lossWindowBytes: 0,
    lossAtUs: 0,
    lossUs: 0,
  };
  for (let round = 0; round < roundsMax && flight.leftBytes > 0 && !isSteady(path, transfer, flight); round += 1)
    playRound(path, transfer, flight, round === 0);
  const rate = Math.min(path.rateBytesPerSecond, (flight.windowBytes / path.rttUs) * 1e6);
  return { elapsedUs: flight.elapsedUs + (flight.leftBytes / rate) * 1e6, lossUs: flight.lossUs };
}

// From here on every round is full, and the window, which only grows now, has not overflowed the buffer by the end of the last: what is left takes
// what it takes at the rate of the path, in however many rounds.
function isSteady(path: TransferPath, transfer: Transfer, flight: Flight): boolean {
  const bdpBytes = bdpBytesOf(path);
  if (flight.isSlowStart || flight.windowBytes < bdpBytes + path.mssBytes) return false;
  if (path.bufferBytes === Number.POSITIVE_INFINITY) return true;
  const roomBytes = bdpBytes + path.bufferBytes;
  // What Reno would grow ends a part of a segment above the last peak.
  if (flight.lossWindowBytes + path.mssBytes * transfer.concurrent > roomBytes) return false;
  const endUs = flight.elapsedUs + (flight.leftBytes / path.rateBytesPerSecond) * 1e6;
  return grownWindow(path, transfer, flight, endUs) <= roomBytes;
}

function playRound(path: TransferPath, transfer: Transfer, flight: Flight, isFirst: boolean): void {
  const bdpBytes = bdpBytesOf(path);
  const sentBytes = Math.min(flight.windowBytes, flight.leftBytes);
  const drainUs = (sentBytes / path.rateBytesPerSecond) * 1e6;
  flight.leftBytes -= sentBytes;
  // The last round is over when its last byte has come through; any other when its acknowledgements are back, the first of them
  // behind a whole segment.
  flight.elapsedUs += flight.leftBytes === 0 ? drainUs : Math.max(path.rttUs + segmentUs(path), drainUs);
  if (!flight.isSlowStart) {
    if (flight.windowBytes - bdpBytes > path.bufferBytes) lose(path, transfer, flight, bdpBytes, false);
    else flight.windowBytes = grownWindow(path, transfer, flight, flight.elapsedUs);
    return;
  }
  // Acknowledgements come at the rate of the path and each lets two segments go, so half of a round waits; all of the first.
  const queueBytes = Math.max(isFirst ? sentBytes : sentBytes / 2, sentBytes - bdpBytes);
  if (queueBytes > path.bufferBytes) {
    lose(path, transfer, flight, bdpBytes, isFirst);
    return;
  }
  flight.isSlowStart = drainUs <= trainShare * path.rttUs;
  flight.windowBytes = flight.isSlowStart ? flight.windowBytes * 2 : flight.windowBytes + bdpBytes * trainShare;
  flight.lossWindowBytes = flight.windowBytes;
  flight.lossAtUs = flight.elapsedUs;
}

function bdpBytesOf(path: TransferPath): number {
  return (path.rateBytesPerSecond * path.rttUs) / 1e6;
}

function segmentUs(path: TransferPath): number {
  return (path.mssBytes / path.rateBytesPerSecond) * 1e6;
}

// What was lost is sent again in the next round, and the window is cut to a part of what was under way: one goes on growing for the round trip in
// which the loss is on its way back. Of several that overflow a buffer together each loses more of its window than it could know of. First windows
// that are lost leave the others growing.
function lose(path: TransferPath, transfer: Transfer, flight: Flight, bdpBytes: number, isFirst: boolean): void {
  const grownBytes = transfer.concurrent === 1 ? flight.windowBytes : flight.windowBytes / 2;
  const heldBytes = isFirst
    ? flight.windowBytes
    : Math.min(2 * grownBytes, bdpBytes + path.bufferBytes, 2 * path.bufferBytes + grownBytes);
  flight.lossAtUs = flight.elapsedUs;
  flight.elapsedUs += path.rttUs;
  flight.lossUs += path.rttUs;
  flight.windowBytes = Math.max(2 * path.mssBytes, heldBytes * (isFirst ? 1 : cubicBeta));
  flight.isSlowStart = isFirst;
  flight.lossWindowBytes = heldBytes;
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
