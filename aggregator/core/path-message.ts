/** A path as the query service tells it. */
import { addressText } from "../../proto/address.ts";
import type { PathAdvice__Output } from "../../proto/gen/augmenter/v1/PathAdvice.ts";
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import type { PathKey__Output } from "../../proto/gen/augmenter/v1/PathKey.ts";
import type { Advice } from "./advice-change.ts";
import { adviceBounds } from "./bounds.ts";
import { reasonFor } from "./host-advice.ts";
import type { PathBelief } from "./path-belief.ts";
import { beliefOfRecord } from "./path-belief.ts";
import { bdpBytesOf, minRttUsOf } from "./path-estimate.ts";
import type { PathRecord } from "./path-table.ts";
import type { View } from "./view.ts";

const none: string[] = [];

/** The message for one path of the table at a moment. */
export function pathMessage(view: View, known: PathRecord, nowMs: number): PathEstimate__Output {
  return beliefMessage(view, beliefOfRecord(view, known, nowMs), nowMs);
}

/** What a message tells of a belief. */
export interface ToldBelief extends Pick<PathBelief, "provenance" | "confidence" | "ageSeconds"> {
  readonly record: Pick<PathRecord, "hostId" | "destination" | "estimate">;
}

/** The message for what is believed of one path. */
export function beliefMessage(view: View, belief: ToldBelief, nowMs: number): PathEstimate__Output {
  const { record } = belief;
  const { estimate } = record;
  const source = view.hosts.get(record.hostId);
  const destination = view.hosts.ownerOf(record.destination);
  const advice = view.ledger.adviceFor(record.hostId, record.destination);
  return {
    path: pathKeyMessage(record),
    provenance: belief.provenance,
    confidence: belief.confidence,
    ageSeconds: belief.ageSeconds,
    rttSamples: estimate.rttSamples,
    rateSamples: estimate.rateSamples,
    minRttUs: Math.round(minRttUsOf(estimate)),
    rttP50Us: Math.round(estimate.rttP50Us),
    rttP95Us: Math.round(estimate.rttP95Us),
    rateBytesPerSecond: Math.round(estimate.rate.rateBytesPerSecond),
    lossRatio: estimate.lossRatio,
    bdpBytes: Math.round(bdpBytesOf(estimate)),
    advice:
      advice === undefined ? null : adviceMessage(advice, heldReason(view, belief, nowMs), source?.mode ?? "unknown"),
    connections: estimate.connections,
    windowsGranted: estimate.windowsGranted,
    windowsFailed: estimate.windowsFailed,
    sourceRack: source?.rack ?? "",
    sourceZone: source?.zone ?? "",
    destinationHost: destination?.hostId ?? "",
    destinationRack: destination?.rack ?? "",
    destinationZone: destination?.zone ?? "",
    // For who asked to say.
    measuredElsewhere: none,
  };
}

/** The name of a path. */
export function pathKeyMessage(record: Pick<PathRecord, "hostId" | "destination">): PathKey__Output {
  return { source: record.hostId, destination: addressText(record.destination) };
}

/** Advice for a host in this mode. */
export function adviceMessage(advice: Advice, reason: string, mode: string): PathAdvice__Output {
  return {
    windowSegments: advice.windowSegments,
    pathRateBytesPerSecond: advice.pathRateBytesPerSecond,
    receiveWindowBytes: advice.receiveWindowBytes,
    minRttUs: advice.minRttUs,
    capacityKnown: advice.isCapacityKnown,
    burstSegments: advice.burstSegments,
    rtoMinUs: advice.rtoMinUs,
    togetherSegments: advice.togetherSegments,
    togetherHosts: advice.togetherHosts,
    reason,
    mode,
  };
}

// The sentence is not kept with the advice: what is advised now is what the host holds, but for small differences.
function heldReason(view: View, { provenance, confidence, record }: ToldBelief, nowMs: number): string {
  const { hostId, destination, estimate } = record;
  const measured = provenance === "PROVENANCE_MEASURED" ? { estimate, confidence } : undefined;
  const reason = reasonFor(view, hostId, destination, adviceBounds, nowMs, measured);
  if (view.ledger.term !== 0) return reason ?? "No longer advised: the host is told so next";
  const seen = reason === undefined ? "nothing that is known here says why" : `as this one sees it: ${reason}`;
  return `Advised by the aggregator that leads, and this one stands by; ${seen}`;
}
