/** An estimate in short: what an answer about many paths has of each. */
import type { Draft } from "./draft.ts";

/** Of one path, as it is now. */
export interface PathGlance {
  readonly sampledMs: number;
  /** Microseconds, as the next two; 0: no sample came yet. */
  readonly minRttUs: number;
  readonly rttP50Us: number;
  readonly rttP95Us: number;
  readonly rateBytesPerSecond: number;
  readonly lossRatio: number;
  readonly rttSamples: number;
  readonly rateSamples: number;
  readonly connections: number;
}

/** Before the first look(). */
export function draftGlance(): Draft<PathGlance> {
  return {
    sampledMs: Number.NEGATIVE_INFINITY,
    minRttUs: 0,
    rttP50Us: 0,
    rttP95Us: 0,
    rateBytesPerSecond: 0,
    lossRatio: 0,
    rttSamples: 0,
    rateSamples: 0,
    connections: 0,
  };
}
