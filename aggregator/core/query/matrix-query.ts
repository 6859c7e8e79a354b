/** GetMatrix: RTT, rate and loss between hosts, racks or zones. */
import type { GetMatrixRequest__Output } from "../../../proto/gen/augmenter/v1/GetMatrixRequest.ts";
import type { GetMatrixResponse } from "../../../proto/gen/augmenter/v1/GetMatrixResponse.ts";
import { adviceBounds, queryBounds } from "../bounds.ts";
import { confidenceOf } from "../confidence.ts";
import type { Draft } from "../draft.ts";
import type { PathBelief } from "../path-belief.ts";
import { ageSecondsOf, beliefOfRecord } from "../path-belief.ts";
import { minRttUsOf } from "../path-estimate.ts";
import type { PathGlance } from "../path-glance.ts";
import { draftGlance } from "../path-glance.ts";
import type { Steps } from "../steps.ts";
import type { View } from "../view.ts";
import { hasEvidence } from "../window-policy.ts";
import { CellFinder } from "./cell-finder.ts";
import { bestPath } from "./known-path.ts";
import type { CellPath } from "./matrix-cells.ts";
import { MatrixCells } from "./matrix-cells.ts";
import { destinationNamed } from "./names.ts";
import type { PlaceLevel } from "./places.ts";
import { placeOf } from "./places.ts";
import { provenanceNumbers } from "./provenance-numbers.ts";
import { invalidField } from "./query-fault.ts";

const levels = {
  MATRIX_LEVEL_UNSPECIFIED: "rack",
  MATRIX_LEVEL_HOST: "host",
  MATRIX_LEVEL_RACK: "rack",
  MATRIX_LEVEL_ZONE: "zone",
} as const;

/** Hosts of each place that speak for a pair of places between which nobody measured anything. */
const spokesmenMax = 2;
const slotsPerStep = 64;

/** Answers GetMatrix. Throws QueryFault. */
export function* getMatrix(view: View, request: GetMatrixRequest__Output, nowMs: number): Steps<GetMatrixResponse> {
  const level: PlaceLevel | undefined = levels[request.level];
  if (level === undefined) throw invalidField("level", "a MatrixLevel", request.level);
  const places = placesOf(view, level);
  const sources = chosen(request.sources, places);
  const destinations = chosen(request.destinations, places);
  const count = sources.length * destinations.length;
  if (count > queryBounds.pairsMax) {
    const requirement = `so few names that the matrix has at most ${queryBounds.pairsMax} cells, or a coarser level`;
    throw invalidField(request.sources.length > 0 ? "destinations" : "sources", requirement, count);
  }
  const cells = new MatrixCells(count);
  yield* gather(view, new CellFinder(view, level, sources, destinations), cells, nowMs);
  for (let cell = 0; cell < count; cell += 1) {
    if (!cells.isEmpty(cell)) continue;
    const source = places.get(sources[Math.floor(cell / destinations.length)] ?? "") ?? [];
    const destination = places.get(destinations[cell % destinations.length] ?? "") ?? [];
    for (const path of pathsUnmeasured(view, source, destination, nowMs)) cells.add(cell, cellPathOf(path));
    yield;
  }
  return { sources, destinations, ...(yield* cells.columns()) };
}

/** Host ids by place. */
function placesOf(view: View, level: PlaceLevel): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  for (const host of view.hosts.all()) {
    const place = placeOf(host, level);
    if (place === undefined) continue;
    const hosts = places.get(place);
    if (hosts === undefined) places.set(place, [host.hostId]);
    else hosts.push(host.hostId);
  }
  return places;
}

// A place that nobody knows has a row of unknown cells: it may come back.
function chosen(names: readonly string[], places: ReadonlyMap<string, readonly string[]>): string[] {
  return [...new Set(names.length > 0 ? names : places.keys())].sort();
}

// Every path that is in the table, once: by the slots, which stay where they are while the table changes.
function* gather(view: View, finder: CellFinder, cells: MatrixCells, nowMs: number): Steps<void> {
  const glance = draftGlance();
  const { pairs } = view.table;
  let { forgotten } = pairs;
  for (let slot = 0; slot < view.table.slotsUsed; slot += slotsPerStep) {
    yield;
    if (pairs.forgotten > forgotten) finder.renew();
    forgotten = pairs.forgotten;
    const end = Math.min(slot + slotsPerStep, view.table.slotsUsed);
    for (let each = slot; each < end; each += 1) addPath(view, each, finder, cells, glance, nowMs);
  }
}

// A plain function, as it runs for every path there is.
function addPath(
  view: View,
  slot: number,
  finder: CellFinder,
  cells: MatrixCells,
  glance: Draft<PathGlance>,
  nowMs: number,
): void {
  const cell = finder.cellOf(slot);
  if (cell < 0) return;
  view.table.pairs.look(slot, glance);
  if (!hasEvidence(glance, adviceBounds)) {
    cells.add(cell, cellPathOf(beliefOfRecord(view, view.table.at(slot), nowMs)));
    return;
  }
  const { minRttUs, rateBytesPerSecond, lossRatio } = glance;
  const provenance = provenanceNumbers.PROVENANCE_MEASURED;
  const [confidence, ageSeconds] = [confidenceOf(glance, nowMs), ageSecondsOf(glance, nowMs)];
  cells.add(cell, { provenance, minRttUs, rateBytesPerSecond, lossRatio, confidence, ageSeconds });
}

function cellPathOf({ record: { estimate }, ...path }: PathBelief): CellPath {
  return {
    provenance: provenanceNumbers[path.provenance],
    minRttUs: minRttUsOf(estimate),
    rateBytesPerSecond: estimate.rate.rateBytesPerSecond,
    lossRatio: estimate.lossRatio,
    confidence: path.confidence,
    ageSeconds: path.ageSeconds,
  };
}

/** What is believed of some paths that are not in the table, from the hosts of one place to those of another. */
function pathsUnmeasured(
  view: View,
  sources: readonly string[],
  destinations: readonly string[],
  nowMs: number,
): readonly PathBelief[] {
  const paths: PathBelief[] = [];
  for (const sourceId of sources.slice(0, spokesmenMax)) {
    for (const destinationId of destinations.slice(0, spokesmenMax)) {
      if (sourceId === destinationId) continue;
      const path = bestPath(view, sourceId, destinationNamed(view, "destinations", destinationId), nowMs);
      if (path !== undefined) paths.push(path);
    }
  }
  return paths;
}
