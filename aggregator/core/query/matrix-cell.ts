/** What many paths between two places come to. */

import type { PathBelief } from "../path-belief.ts";
import { minRttUsOf } from "../path-estimate.ts";
import type { Provenance } from "./provenance-numbers.ts";

/** One cell of a matrix; zeros where nothing is known. */
export interface MatrixCell {
  readonly provenance: Provenance;
  readonly minRttUs: number;
  readonly rateBytesPerSecond: number;
  readonly lossRatio: number;
  readonly confidence: number;
  readonly ageSeconds: number;
  readonly paths: number;
}

/** The cell of these paths: medians of what is known, and the mean loss, each weighed by confidence. */
export function matrixCell(paths: readonly PathBelief[]): MatrixCell {
  const [first] = paths;
  if (first === undefined) {
    return {
      provenance: "PROVENANCE_UNSPECIFIED",
      minRttUs: 0,
      rateBytesPerSecond: 0,
      lossRatio: 0,
      confidence: 0,
      ageSeconds: 0,
      paths: 0,
    };
  }
  const best = paths.reduce((most, path) => (path.confidence > most.confidence ? path : most), first);
  return {
    provenance: best.provenance,
    minRttUs: Math.round(median(paths.map((path) => weighed(path, minRttUsOf(path.record.estimate))))),
    rateBytesPerSecond: median(paths.map((path) => weighed(path, path.record.estimate.rate.rateBytesPerSecond))),
    lossRatio: mean(paths.map((path) => weighed(path, path.record.estimate.lossRatio))),
    confidence: best.confidence,
    ageSeconds: paths.reduce((newest, path) => Math.min(newest, path.ageSeconds), best.ageSeconds),
    paths: paths.filter(({ provenance }) => provenance === "PROVENANCE_MEASURED").length,
  };
}

interface Weighed {
  readonly value: number;
  readonly weight: number;
}

/** A path that is not trusted at all still counts where there is no other. */
const leastWeight = 1e-9;

function weighed({ confidence }: PathBelief, value: number): Weighed {
  return { value, weight: Math.max(confidence, leastWeight) };
}

// Values of 0 are not known.
function median(values: readonly Weighed[]): number {
  const known = values.filter(({ value }) => value > 0).sort((left, right) => left.value - right.value);
  const half = sum(known) / 2;
  let weight = 0;
  for (const each of known) {
    weight += each.weight;
    if (weight >= half) return each.value;
  }
  return 0;
}

function mean(values: readonly Weighed[]): number {
  return values.reduce((total, { value, weight }) => total + value * weight, 0) / sum(values);
}

function sum(values: readonly Weighed[]): number {
  return values.reduce((total, { weight }) => total + weight, 0);
}
