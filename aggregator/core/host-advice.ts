/** What one host is to be told about one destination, from its own path and the path back. */
import { adviceLimits } from "../../proto/advice-bounds.ts";
import type { Advice } from "./advice-change.ts";
import { isSizeMoved } from "./advice-change.ts";
import { borrowedWindowFor } from "./borrowed-window.ts";
import type { AdviceBounds } from "./bounds.ts";
import { confidenceOf } from "./confidence.ts";
import { crowdHostsMin } from "./fan-in.ts";
import { crowdClaimantsMax } from "./fan-in-row.ts";
import type { FanInPart } from "./fan-ins.ts";
import type { HostState } from "./hosts.ts";
import type { PathBelief } from "./path-belief.ts";
import { beliefOf, beliefOfRecord, measuredEstimate } from "./path-belief.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { isWithheld, policedWindow } from "./policy/policed-advice.ts";
import type { View } from "./view.ts";
import type { WindowAdvice } from "./window-policy.ts";
import { mssBytesOf, receiveWindowFor, windowFor } from "./window-policy.ts";

/** The kernel's own (RFC 6928). */
const kernelWindowSegments = 10;
const rtoMinLowestUs = 20_000;
const rtoMinHighestUs = 200_000;

/** Addresses of one host that are looked at for the path back; more only cost time. */
export const reverseAddressesMax = 16;

/**
 * The advice for a host about a destination: a first window from the path there, a receive window from the path that
 * the destination's own host has back to it, or both; undefined where there is neither. Never about itself, and never for a host that another
 * partition looks after: it follows one leader only. An address that several hosts claim
 * has no host of its own: about that, only what this host has measured itself is told, within the crowds of all of them. What is known of the path is looked up where it is not given.
 */
export function adviceFor(
  view: View,
  hostId: string,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
  known?: KnownPath,
): Advice | undefined {
  if (isNeverAdvised(view, hostId, destination)) return undefined;
  const owner = view.hosts.ownerOf(destination);
  const advised = windowOf(view, hostId, owner, destination, bounds, nowMs, known) ?? noWindow;
  const { window, isMeasured, part, togetherHosts } = advised;
  const receiveWindowBytes = receiveWindowOf(view, hostId, owner, destination, bounds, nowMs);
  if (window === undefined && receiveWindowBytes === 0) return undefined;
  return {
    destination,
    windowSegments: window?.windowSegments ?? 0,
    receiveWindowBytes,
    // In the precision in which it is kept.
    pathRateBytesPerSecond: Math.fround(window?.pathRateBytesPerSecond ?? 0),
    minRttUs: Math.fround(window?.minRttUs ?? 0),
    burstSegments: Math.min(adviceLimits.burstMaxSegments, window?.burstSegments ?? 0),
    isCapacityKnown: window?.isCapacityKnown ?? false,
    togetherSegments: part === undefined ? 0 : Math.min(part.partSegments, bounds.windowMaxSegments),
    togetherHosts,
    // Only a receiver of the cluster is told to acknowledge promptly.
    rtoMinUs: isMeasured && owner?.mode === "apply" ? rtoMinUsFor(window.minRttUs) : 0,
  };
}

/** What is known of a path, for those who have it in hand. */
export interface KnownPath {
  readonly estimate: PathEstimateState;
  /** 0..1. */
  readonly confidence: number;
  /** Where not all of it was measured on the path itself. */
  readonly belief?: PathBelief;
}

/** Why adviceFor() says what it says, in one sentence for a person; undefined where it says nothing. */
export function reasonFor(
  view: View,
  hostId: string,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
  known?: KnownPath,
): string | undefined {
  if (isNeverAdvised(view, hostId, destination)) return undefined;
  const owner = view.hosts.ownerOf(destination);
  const advised = windowOf(view, hostId, owner, destination, bounds, nowMs, known);
  if (advised !== undefined) return advised.window.reason();
  if (receiveWindowOf(view, hostId, owner, destination, bounds, nowMs) === 0) return undefined;
  return `The kernel's first window; what ${owner?.hostId} may send at once is known`;
}

function isNeverAdvised(view: View, hostId: string, destination: Uint8Array): boolean {
  return view.hosts.isOwnAddress(hostId, destination) || view.abroad?.isAbroad(hostId) === true;
}

interface AdvisedWindow {
  readonly window: WindowAdvice;
  readonly isMeasured: boolean;
  readonly part: FanInPart | undefined;
  /** Hosts that are expected at once, as it is told; 0: none. */
  readonly togetherHosts: number;
}

const noWindow = { window: undefined, isMeasured: false, part: undefined, togetherHosts: 0 } as const;

function windowOf(
  view: View,
  hostId: string,
  owner: HostState | undefined,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
  known?: KnownPath,
): AdvisedWindow | undefined {
  const source = view.hosts.get(hostId);
  const found = known ?? measuredOn(view, hostId, destination, nowMs);
  const belief = found === undefined ? advisableBelief(view, hostId, source, owner, destination, nowMs) : found.belief;
  const estimate = found?.estimate ?? belief?.record.estimate;
  const confidence = found?.confidence ?? belief?.confidence ?? 0;
  if (estimate === undefined) return undefined;
  const isMeasured = belief === undefined || belief.provenance === "PROVENANCE_MEASURED";
  const alone = isMeasured
    ? windowFor(estimate, destination, bounds, nowMs)
    : borrowedWindowFor(belief, destination, bounds);
  const policy = view.policy.forPath(hostId, source, destination);
  // A pin stands whatever was measured, here or elsewhere.
  const part = policy.pin === undefined ? partAt(view, hostId, owner, destination) : undefined;
  const inPart = inCrowd(alone, isMeasured, part, mssBytesOf(estimate), bounds);
  const shared = lowered(inPart, view.sharedFailures.shareLeft(hostId, destination, nowMs));
  const window = policedWindow(shared, estimate, policy, confidence);
  // Hosts refuse to pace so slowly, and the kernel's first window is nearly what such a path delivers in a second.
  if (window === undefined || window.pathRateBytesPerSecond < adviceLimits.rateMinBytesPerSecond) return undefined;
  const highest = isMeasured ? policy.limits.windowMaxSegments : window.windowSegments;
  return { window, isMeasured, part, togetherHosts: hostsToldOf(part, window.windowSegments, highest) };
}

// Where several hosts claim an address, any of them may be the one that receives there: none of their crowds may be exceeded.
function partAt(
  view: View,
  hostId: string,
  owner: HostState | undefined,
  destination: Uint8Array,
): FanInPart | undefined {
  const { fanIns, hosts } = view;
  if (fanIns.size === 0) return undefined;
  if (owner !== undefined) return fanIns.partOf(owner.hostId, hostId);
  const claimants = hosts.claimantsOf(destination);
  if (claimants.length > crowdClaimantsMax) return undefined;
  let smallest: FanInPart | undefined;
  for (const claimant of claimants) {
    const part = fanIns.partOf(claimant, hostId);
    if (part !== undefined) smallest = smallest === undefined ? part : smallerPart(smallest, part);
  }
  return smallest;
}

function smallerPart(one: FanInPart, other: FanInPart): FanInPart {
  return {
    hosts: Math.min(one.hosts, other.hosts),
    firstSegments: Math.min(one.firstSegments, other.firstSegments),
    partSegments: Math.min(one.partSegments, other.partSegments),
    segments: Math.min(one.segments, other.segments),
  };
}

// What is enough by itself. Most paths are known so well, and nothing is copied for them: valid until the next one is looked at.
function measuredOn(view: View, hostId: string, destination: Uint8Array, nowMs: number): KnownPath | undefined {
  const estimate = measuredEstimate(view, hostId, destination);
  return estimate === undefined ? undefined : { estimate, confidence: confidenceOf(estimate, nowMs) };
}

// What is believed of a path that advice may be given on: one that is in the table, or that was looked for.
function advisableBelief(
  view: View,
  hostId: string,
  source: HostState | undefined,
  owner: HostState | undefined,
  destination: Uint8Array,
  nowMs: number,
): PathBelief | undefined {
  const record = view.table.get(hostId, destination);
  if (record !== undefined) return beliefOfRecord(view, record, nowMs);
  if (source === undefined || owner === undefined) return undefined;
  if (!view.inference.unseen.isCandidate(source, destination, owner, nowMs)) return undefined;
  return beliefOf(view, hostId, destination, nowMs);
}

/**
 * Where many hosts send to one receiver at once, the parts of all of them fit its link and buffer, and the window alone holds each to
 * its part: pacing only spreads it over the RTT, as fast as the link could be. The first window leaves at once and must fit the buffer alone.
 * A window that was not measured is only ever lowered to its part, and paced as it was: the link is not all that lies between.
 */
function inCrowd(
  window: WindowAdvice | undefined,
  isMeasured: boolean,
  part: FanInPart | undefined,
  mssBytes: number,
  bounds: AdviceBounds,
): WindowAdvice | undefined {
  if (window === undefined || part === undefined) return window;
  const reason = () =>
    `${Math.round(part.segments)} segments for ${part.hosts} hosts that send at once; alone: ${window.reason()}`;
  if (!isMeasured) {
    return { ...window, windowSegments: Math.min(window.windowSegments, part.firstSegments), burstSegments: 0, reason };
  }
  const linkBytesPerSecond = Math.round((part.segments * mssBytes * 1e6) / window.minRttUs);
  return {
    ...window,
    windowSegments: Math.min(part.firstSegments, bounds.windowMaxSegments),
    pathRateBytesPerSecond: Math.min(
      bounds.rateMaxBytesPerSecond,
      Math.max(window.pathRateBytesPerSecond, linkBytesPerSecond),
    ),
    isCapacityKnown: true,
    burstSegments: 0,
    reason,
  };
}

// Where fewer come than expected, the host multiplies its window by the hosts it was told of over twice those that came, three at the least
// (augmenter_together_part in bpf/policy.h): so many may be told of that it stays below what the policy allows, or what was not measured.
function hostsToldOf(part: FanInPart | undefined, windowSegments: number, highestSegments: number): number {
  if (part === undefined) return 0;
  const hosts = Math.min(part.hosts, adviceLimits.togetherHostsMax);
  return Math.min(hosts, Math.floor((2 * crowdHostsMin * highestSegments) / windowSegments));
}

// What other hosts' failed windows have left of it.
function lowered(window: WindowAdvice | undefined, share: number): WindowAdvice | undefined {
  if (window === undefined || share === 1) return window;
  const least = Math.min(window.windowSegments, kernelWindowSegments);
  return {
    ...window,
    windowSegments: Math.max(least, Math.round(window.windowSegments * share)),
    pathRateBytesPerSecond: Math.max(1, Math.round(window.pathRateBytesPerSecond * share)),
    reason: () => `${Math.round(share * 100)} % as windows of other hosts failed there: ${window.reason()}`,
  };
}

// The kernel's 200 ms are ten times a rack's RTT and more (Vasudevan et al., SIGCOMM 2009). Twice the minimum RTT leaves room for a queue
// of a whole BDP; 20 ms are twice what receivers delay their acknowledgements by (bpf/policy.h).
function rtoMinUsFor(minRttUs: number): number {
  return Math.min(rtoMinHighestUs, Math.max(rtoMinLowestUs, Math.round(minRttUs * 2)));
}

/** The other hosts' advice that a change of the path (source, destination) may change: what the far end is to receive. */
export function reverseAdvice(
  view: View,
  sourceId: string,
  destination: Uint8Array,
): readonly { readonly hostId: string; readonly destination: Uint8Array }[] {
  const receiver = view.hosts.ownerOf(destination);
  const source = view.hosts.get(sourceId);
  if (receiver === undefined || source === undefined || receiver.hostId === sourceId) return [];
  return source.addresses
    .slice(0, reverseAddressesMax)
    .map((address) => ({ hostId: receiver.hostId, destination: address }));
}

/**
 * Whether a host would still be told to receive as much at once from a destination, but for small differences: all that a change of
 * the path back may change for it.
 */
export function isReceiveWindowKept(
  view: View,
  hostId: string,
  destination: Uint8Array,
  toldBytes: number,
  bounds: AdviceBounds,
  nowMs: number,
): boolean {
  const owner = view.hosts.ownerOf(destination);
  return !isSizeMoved(toldBytes, receiveWindowOf(view, hostId, owner, destination, bounds, nowMs));
}

/** What a host should be ready to receive at once from another, bytes; 0: the kernel's own. */
export function receiveNeed(
  view: View,
  receiverId: string,
  sourceId: string,
  bounds: AdviceBounds,
  nowMs: number,
): number {
  return reverseWindowBytes(view, view.hosts.get(receiverId), view.hosts.get(sourceId), bounds, nowMs);
}

// What the path back needs, as far as the rules of the receiver itself let it be told.
function receiveWindowOf(
  view: View,
  hostId: string,
  sender: HostState | undefined,
  destination: Uint8Array,
  bounds: AdviceBounds,
  nowMs: number,
): number {
  const host = view.hosts.get(hostId);
  const wanted = reverseWindowBytes(view, host, sender, bounds, nowMs);
  if (wanted === 0) return 0;
  const policy = view.policy.forPath(hostId, host, destination);
  return isWithheld(policy) ? 0 : Math.min(wanted, policy.limits.receiveWindowMaxBytes);
}

// Which of the host's addresses the far end will answer to is not known: the largest is what it must be ready for.
function reverseWindowBytes(
  view: View,
  host: HostState | undefined,
  sender: HostState | undefined,
  bounds: AdviceBounds,
  nowMs: number,
): number {
  if (host === undefined || sender === undefined) return 0;
  if (view.abroad?.isAbroad(sender.hostId) === true) {
    return view.abroad.receiveWindowBytes(host.hostId, sender.hostId, nowMs);
  }
  let largest = 0;
  for (const address of host.addresses.slice(0, reverseAddressesMax)) {
    const back = view.table.peekBack(sender.hostId, address);
    // To an address that others claim, too, it may be a path to any of them.
    if (back === undefined || view.hosts.ownerOf(address) === undefined) continue;
    const policy = view.policy.forPath(sender.hostId, sender, address);
    if (isWithheld(policy)) continue;
    const wanted = receiveWindowFor(back, address, bounds, nowMs);
    largest = Math.max(largest, Math.min(wanted, policy.limits.receiveWindowMaxBytes));
  }
  return largest;
}
