/** The first window on a path that has not measured enough itself. */
import { isLoopback } from "../../proto/address.ts";
import type { AdviceBounds } from "./bounds.ts";
import type { PathBelief } from "./path-belief.ts";
import { minRttUsOf } from "./path-estimate.ts";
import type { WindowAdvice } from "./window-policy.ts";
import { lossRatioMax, mssBytesOf, rateHeadroom, secondRoundSegments, windowBytes } from "./window-policy.ts";

/**
 * The window for a path that is inferred or predicted; undefined where the kernel's default stands.
 *
 * Predicted: never more than 20 segments, what the kernel's default sends in its second round trip. Inferred: from there up to what
 * would be advised if it were measured, w, as far as the confidence c reaches: 20^(1 - c) w^c. Both are paced one deviation below
 * what the paths beside it carry, so that five of six such paths carry it. A path on which a window has failed is advised only what it
 * has measured itself.
 */
export function borrowedWindowFor(
  belief: PathBelief,
  destination: Uint8Array,
  bounds: AdviceBounds,
): WindowAdvice | undefined {
  const { estimate } = belief.record;
  const minRttUs = minRttUsOf(estimate);
  const rate = estimate.rate.rateBytesPerSecond * Math.exp(-belief.rateDeviation) * rateHeadroom;
  const segmentsPerRoundTrip = (rate * minRttUs) / 1e6 / mssBytesOf(estimate);
  // Parts of a path's rate that are smaller than the kernel's first window are granted only where its capacity is known.
  if (isLoopback(destination) || segmentsPerRoundTrip <= bounds.windowMinSegments) return undefined;
  if (estimate.windowsFailed > 0 || estimate.lossRatio > lossRatioMax) return undefined;
  const wanted = windowBytes(estimate) / mssBytesOf(estimate);
  const supported =
    belief.provenance === "PROVENANCE_PREDICTED"
      ? secondRoundSegments
      : secondRoundSegments * (wanted / secondRoundSegments) ** belief.confidence;
  const windowSegments = Math.round(Math.min(wanted, supported, bounds.windowMaxSegments));
  return {
    windowSegments,
    pathRateBytesPerSecond: Math.max(1, Math.round(Math.min(rate, bounds.rateMaxBytesPerSecond))),
    minRttUs,
    isCapacityKnown: false,
    burstSegments: 0,
    reason: () => reasonOf(belief, windowSegments, wanted),
  };
}

function reasonOf(belief: PathBelief, given: number, wanted: number): string {
  const basis =
    belief.provenance === "PROVENANCE_INFERRED"
      ? "Inferred from the paths beside it"
      : "Predicted from where its ends are";
  const confidence = belief.confidence.toPrecision(2);
  return `${basis}: ${given} of ${Math.round(wanted)} segments at confidence ${confidence}, paced one deviation below the rate there`;
}
