/** Whether new advice differs enough from what a host holds to be worth a message. */
import { addressOfKey } from "./path-key.ts";

/** What one host is told about one destination. Zero means "the kernel's" in each of the first two. */
export interface AdviceTerms {
  readonly windowSegments: number;
  readonly receiveWindowBytes: number;
  readonly pathRateBytesPerSecond: number;
  readonly minRttUs: number;
  readonly isCapacityKnown: boolean;
  readonly burstSegments: number;
  readonly rtoMinUs: number;
  /** Segments in flight at once while the receiver's link has a queue, as others send to it too; 0: no others are expected. */
  readonly togetherSegments: number;
  /** So many hosts are expected; a connection that is not of a crowd gets the kernel's window. */
  readonly togetherHosts: number;
}

/** The same with its destination. */
export interface Advice extends AdviceTerms {
  /** 16 bytes. */
  readonly destination: Uint8Array;
}

/** Advice as it is kept by the key of its destination: an array of 16 bytes takes more than all its terms. */
export function termsOf(advice: Advice): AdviceTerms {
  return {
    windowSegments: advice.windowSegments,
    receiveWindowBytes: advice.receiveWindowBytes,
    pathRateBytesPerSecond: advice.pathRateBytesPerSecond,
    minRttUs: advice.minRttUs,
    isCapacityKnown: advice.isCapacityKnown,
    burstSegments: advice.burstSegments,
    rtoMinUs: advice.rtoMinUs,
    togetherSegments: advice.togetherSegments,
    togetherHosts: advice.togetherHosts,
  };
}

/** The advice about the destination of a key (addressKey) that has these terms. */
export function adviceAbout(key: string, terms: AdviceTerms): Advice {
  return { destination: addressOfKey(key), ...terms };
}

/** Below a difference of an eighth a host would hardly send differently, and noise would make every report a message. */
const sizeRatio = 1 / 8;
/** The rate is what pacing rests on: a queue or a gap of more than this would show. */
const paceRatio = 1 / 32;
/** The minimum RTT only guards the handshake (RFC 9959: half to ten times), so it may be off by more. */
const rttRatio = 1 / 4;

/** True where the advice appears, goes away, or one of its numbers moves by more than its hysteresis. */
export function isAdviceChanged(held: AdviceTerms | undefined, wanted: AdviceTerms | undefined): boolean {
  if (held === undefined || wanted === undefined) return held !== wanted;
  return (
    hasMoved(held.windowSegments, wanted.windowSegments, sizeRatio) ||
    hasMoved(held.pathRateBytesPerSecond, wanted.pathRateBytesPerSecond, paceRatio) ||
    hasMoved(held.receiveWindowBytes, wanted.receiveWindowBytes, sizeRatio) ||
    hasMoved(held.minRttUs, wanted.minRttUs, rttRatio) ||
    hasMoved(held.burstSegments, wanted.burstSegments, paceRatio) ||
    hasMoved(held.togetherSegments, wanted.togetherSegments, sizeRatio) ||
    hasMoved(held.togetherHosts, wanted.togetherHosts, sizeRatio) ||
    hasMoved(held.rtoMinUs, wanted.rtoMinUs, rttRatio) ||
    held.isCapacityKnown !== wanted.isCapacityKnown
  );
}

/** Whether a window differs enough, segments or bytes; 0: the kernel's. */
export function isSizeMoved(held: number, wanted: number): boolean {
  return hasMoved(held, wanted, sizeRatio);
}

function hasMoved(held: number, wanted: number, ratio: number): boolean {
  if ((held === 0) !== (wanted === 0)) return true;
  return Math.abs(wanted - held) > held * ratio;
}
