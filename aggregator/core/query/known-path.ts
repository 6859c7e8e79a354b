/** Which of the paths that a question names answers it. */
import { confidenceOf } from "../confidence.ts";
import type { PathBelief } from "../path-belief.ts";
import { beliefOf, measuredEstimate } from "../path-belief.ts";
import type { View } from "../view.ts";
import type { NamedDestination } from "./names.ts";

/** The best known path to any of a destination's addresses: one that was measured before one that was not. */
export function bestPath(
  view: View,
  sourceId: string,
  destination: NamedDestination,
  nowMs: number,
): PathBelief | undefined {
  let best: PathBelief | undefined;
  for (const address of destination.addresses) {
    const path = beliefOf(view, sourceId, address, nowMs);
    if (path !== undefined && (best === undefined || isBetter(path, best))) best = path;
  }
  return best;
}

/** Which of a destination's addresses bestPath() would choose for being measured; -1 where none is, and bestPath() has to tell. */
export function bestMeasured(view: View, sourceId: string, destination: NamedDestination, nowMs: number): number {
  let [best, bestConfidence] = [-1, -1];
  for (let index = 0; index < destination.addresses.length; index += 1) {
    const estimate = measuredEstimate(view, sourceId, destination.addresses[index] as Uint8Array);
    if (estimate === undefined) continue;
    const confidence = confidenceOf(estimate, nowMs);
    if (confidence > bestConfidence) [best, bestConfidence] = [index, confidence];
  }
  return best;
}

function isBetter(path: PathBelief, other: PathBelief): boolean {
  const isMeasured = path.provenance === "PROVENANCE_MEASURED";
  const isOtherMeasured = other.provenance === "PROVENANCE_MEASURED";
  return isMeasured === isOtherMeasured ? path.confidence > other.confidence : isMeasured;
}
