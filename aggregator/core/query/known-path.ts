/** Which of the paths that a question names answers it. */
import type { PathBelief } from "../path-belief.ts";
import { beliefOf } from "../path-belief.ts";
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

function isBetter(path: PathBelief, other: PathBelief): boolean {
  const isMeasured = path.provenance === "PROVENANCE_MEASURED";
  const isOtherMeasured = other.provenance === "PROVENANCE_MEASURED";
  return isMeasured === isOtherMeasured ? path.confidence > other.confidence : isMeasured;
}
