/** An estimate read back from advice: what whoever gave it must have believed of the path. */
import type { Advice } from "./advice-change.ts";
import type { AdviceBounds } from "./bounds.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { emptyEstimate, minRttUsOf } from "./path-estimate.ts";
import { hasEvidence, medianGain, rateHeadroom, usualMssBytes, windowGain } from "./window-policy.ts";

/**
 * The estimate from which windowFor() gives about this advice. Of what is known already, only what says otherwise is replaced; evidence
 * is raised to the least that is advised on. `undefined` where the advice has no window, or rests on what many hosts send to one
 * receiver: it says nothing of the path then. Nor does it where the path may not have been measured, neither here nor there: taken for
 * measured, a borrowed window would lose its limits.
 */
export function estimateAsAdvised(
  known: PathEstimateState | undefined,
  advice: Advice,
  bounds: AdviceBounds,
  nowMs: number,
): PathEstimateState | undefined {
  if (advice.windowSegments === 0 || advice.togetherSegments > 0) return undefined;
  const before = known ?? emptyEstimate;
  if (!hasEvidence(before, bounds) && !isSurelyMeasured(advice)) return undefined;
  const mssBytes = before.mssBytes > 0 ? before.mssBytes : usualMssBytes;
  const rateBytesPerSecond = rateBehind(advice, mssBytes, bounds);
  const roundTripUs = (advice.windowSegments * mssBytes * 1e6) / rateBytesPerSecond;
  return {
    ...before,
    sampledMs: nowMs,
    minRtt:
      minRttUsOf(before) === advice.minRttUs
        ? before.minRtt
        : { bucketStartMs: nowMs, current: advice.minRttUs, previous: Number.POSITIVE_INFINITY },
    rttP50Us: medianUsFor(roundTripUs, advice, bounds, before.rttP50Us),
    rate: {
      ...before.rate,
      rateBytesPerSecond,
      capacityBytesPerSecond: advice.isCapacityKnown ? rateBytesPerSecond : 0,
      sampledMs: nowMs,
      knownMs: advice.isCapacityKnown ? nowMs : before.rate.knownMs,
      raises: 0,
    },
    tolerance:
      advice.burstSegments === Math.round(before.tolerance.segments)
        ? before.tolerance
        : { segments: advice.burstSegments, changedMs: nowMs },
    mssBytes,
    rttSamples: Math.max(before.rttSamples, bounds.rttSamplesMin),
    rateSamples: Math.max(before.rateSamples, bounds.rateSamplesMin),
    connections: Math.max(before.connections, bounds.connectionsMin),
  };
}

// Nothing that is borrowed has a capacity or a burst tolerance (borrowed-window.ts), nor has a pin without evidence.
function isSurelyMeasured({ isCapacityKnown, burstSegments }: Advice): boolean {
  return isCapacityKnown || burstSegments > 0;
}

// Where the path was never seen full, pacing may be faster than what is believed of it; a window of so many segments is not.
function rateBehind(advice: Advice, mssBytes: number, bounds: AdviceBounds): number {
  const paced = advice.pathRateBytesPerSecond / rateHeadroom;
  if (advice.isCapacityKnown || advice.windowSegments >= bounds.windowMaxSegments) return paced;
  return Math.min(paced, (advice.windowSegments * mssBytes * 1e6) / (windowGain * advice.minRttUs));
}

// The window is the rate times twice the minimum RTT, or times a little more than the median where that is larger.
function medianUsFor(roundTripUs: number, advice: Advice, bounds: AdviceBounds, knownUs: number): number {
  const leastUs = windowGain * advice.minRttUs;
  const plausibleUs = Math.max(knownUs, advice.minRttUs);
  if (advice.windowSegments >= bounds.windowMaxSegments) return Math.max(plausibleUs, roundTripUs / medianGain);
  return roundTripUs <= leastUs ? Math.min(plausibleUs, leastUs / medianGain) : roundTripUs / medianGain;
}
