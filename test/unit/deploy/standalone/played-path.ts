/** Paths as the aggregator would tell of them. */
import type { SeenPath } from "../../../../deploy/standalone/path-row.ts";
import type { PathEstimate__Output } from "../../../../proto/gen/augmenter/v1/PathEstimate.ts";

/** A path with a known rate and an advised window, seen at 0 ms. */
export function playedPath(destination: string, fields: Partial<PathEstimate__Output> = {}, source = "a"): SeenPath {
  const estimate: PathEstimate__Output = {
    path: { source, destination },
    provenance: "PROVENANCE_MEASURED",
    confidence: 0.9,
    ageSeconds: 1,
    rttSamples: 120,
    rateSamples: 30,
    minRttUs: 20_000,
    rttP50Us: 21_500,
    rttP95Us: 30_000,
    rateBytesPerSecond: 25_000_000,
    lossRatio: 0,
    bdpBytes: 500_000,
    advice: {
      windowSegments: 690,
      pathRateBytesPerSecond: 24_000_000,
      receiveWindowBytes: 0,
      minRttUs: 20_000,
      capacityKnown: true,
      burstSegments: 0,
      rtoMinUs: 0,
      togetherSegments: 0,
      togetherHosts: 0,
      reason: "",
      mode: "MODE_OBSERVE",
    },
    connections: 9,
    windowsGranted: 0,
    windowsFailed: 0,
    sourceRack: "",
    sourceZone: "",
    destinationHost: "",
    destinationRack: "",
    destinationZone: "",
    measuredElsewhere: [],
    ...fields,
  };
  return { estimate, seenMs: 0 };
}
