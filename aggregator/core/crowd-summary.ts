/** What a partition tells the others of receivers that many hosts send to: small sums, whatever the number of hosts. */
import type { CrowdBound__Output, CrowdBound as CrowdBoundMessage } from "../../proto/gen/augmenter/v1/CrowdBound.ts";
import type { CrowdTally__Output, CrowdTally as CrowdTallyMessage } from "../../proto/gen/augmenter/v1/CrowdTally.ts";
import { reportBounds } from "./bounds.ts";
import type { FanIn, FanInBound } from "./fan-in.ts";
import type { FanInTally } from "./fan-in-tally.ts";
import { maximumOf } from "./windowed-extreme.ts";

/** What all senders to a receiver are held to, by who looks after the receiver. */
export interface CrowdBound extends FanInBound {
  readonly receiverId: string;
}

/** What senders of one partition tell of a receiver in about an interval, by who looks after these senders. */
export interface CrowdTally {
  readonly receiverId: string;
  readonly intervalMs: number;
  readonly tally: FanInTally;
}

/** Nobody has so much in flight. */
const segmentsMax = 1e9;
const countMax = 1e12;
const intervalMaxMs = 600_000;

/** What is told of a receiver. */
export function boundOf(receiverId: string, { hosts, segments, firstSegments }: FanIn): CrowdBound {
  return { receiverId, hosts: maximumOf(hosts), segments, firstSegments };
}

/** A bound as it is told. */
export function boundMessage({ receiverId, hosts, segments, firstSegments }: CrowdBound): CrowdBoundMessage {
  return { receiver: receiverId, hosts, segments, firstSegments };
}

/** A tally as it is told. */
export function tallyMessage({ receiverId, intervalMs, tally }: CrowdTally): CrowdTallyMessage {
  return { receiver: receiverId, intervalMs, ...tally };
}

/** A bound that was heard; undefined where it can be none. */
export function boundHeard({ receiver, hosts, segments, firstSegments }: CrowdBound__Output): CrowdBound | undefined {
  const isOne =
    isWithin(hosts, reportBounds.hostsTogetherMax) &&
    isWithin(segments, segmentsMax) &&
    isWithin(firstSegments, segmentsMax);
  return isOne ? { receiverId: receiver, hosts, segments, firstSegments } : undefined;
}

/** A tally that was heard; undefined where it can be none. */
export function tallyHeard({ receiver, intervalMs, ...tally }: CrowdTally__Output): CrowdTally | undefined {
  const isOne = isWithin(intervalMs, intervalMaxMs) && Object.values(tally).every((value) => isWithin(value, countMax));
  return isOne && isConsistent(tally) ? { receiverId: receiver, intervalMs, tally } : undefined;
}

// Sums over rows, so that what is divided by their number is no surprise.
function isConsistent(tally: FanInTally): boolean {
  const { rows, lossShares, lossShareHighest, burstShares, burstShareHighest, burstRows } = tally;
  const areShares = isWithin(lossShares, rows) && isWithin(burstShares, rows);
  const areHighest = isWithin(lossShareHighest, 1) && isWithin(burstShareHighest, 1);
  const areRows = [tally.lossRows, burstRows, tally.filledRows, tally.queuedRows].every((count) => count <= rows);
  return areShares && areHighest && areRows && burstRows > 0 === burstShares > 0;
}

function isWithin(value: number, highest: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= highest;
}
