/** GetMatrix: RTT, rate and loss between hosts, racks or zones. */
import type { GetMatrixRequest__Output } from "../../../proto/gen/augmenter/v1/GetMatrixRequest.ts";
import type { GetMatrixResponse } from "../../../proto/gen/augmenter/v1/GetMatrixResponse.ts";
import { queryBounds } from "../bounds.ts";
import type { PathBelief } from "../path-belief.ts";
import { beliefOfRecord } from "../path-belief.ts";
import type { View } from "../view.ts";
import { bestPath } from "./known-path.ts";
import type { MatrixCell } from "./matrix-cell.ts";
import { matrixCell } from "./matrix-cell.ts";
import { destinationNamed } from "./names.ts";
import type { PlaceLevel } from "./places.ts";
import { placeOf } from "./places.ts";
import { invalidField } from "./query-fault.ts";

const levels = {
  MATRIX_LEVEL_UNSPECIFIED: "rack",
  MATRIX_LEVEL_HOST: "host",
  MATRIX_LEVEL_RACK: "rack",
  MATRIX_LEVEL_ZONE: "zone",
} as const;

const pageOfPaths = 1_024;
/** Hosts of each place that speak for a pair of places between which nobody measured anything. */
const spokesmenMax = 2;

/** Answers GetMatrix. Throws QueryFault. */
export function getMatrix(view: View, request: GetMatrixRequest__Output, nowMs: number): GetMatrixResponse {
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
  const found = pathsByCell(view, level, sources, destinations, nowMs);
  const cells = Array.from({ length: count }, (_, index): MatrixCell => {
    const paths = found.get(index);
    if (paths !== undefined) return matrixCell(paths);
    const source = places.get(sources[Math.floor(index / destinations.length)] ?? "") ?? [];
    const destination = places.get(destinations[index % destinations.length] ?? "") ?? [];
    return matrixCell(pathsUnmeasured(view, source, destination, nowMs));
  });
  return {
    sources,
    destinations,
    provenance: cells.map(({ provenance }) => provenance),
    minRttUs: cells.map(({ minRttUs }) => minRttUs),
    rateBytesPerSecond: cells.map(({ rateBytesPerSecond }) => rateBytesPerSecond),
    lossRatio: cells.map(({ lossRatio }) => lossRatio),
    confidence: cells.map(({ confidence }) => confidence),
    ageSeconds: cells.map(({ ageSeconds }) => ageSeconds),
    paths: cells.map(({ paths }) => paths),
  };
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

function pathsByCell(
  view: View,
  level: PlaceLevel,
  sources: readonly string[],
  destinations: readonly string[],
  nowMs: number,
): ReadonlyMap<number, readonly PathBelief[]> {
  const columns = new Map(destinations.map((name, index) => [name, index]));
  const places = placesOf(view, level);
  const found = new Map<number, PathBelief[]>();
  for (const [row, source] of sources.entries()) {
    for (const hostId of places.get(source) ?? []) {
      for (let key = ""; ; ) {
        const records = view.table.after(key, pageOfPaths, hostId);
        for (const record of records) {
          const owner = view.hosts.ownerOf(record.destination);
          const column = owner === undefined ? undefined : columns.get(placeOf(owner, level) ?? "");
          if (column === undefined) continue;
          const path = beliefOfRecord(view, record, nowMs);
          const cell = row * destinations.length + column;
          const paths = found.get(cell);
          if (paths === undefined) found.set(cell, [path]);
          else paths.push(path);
        }
        key = records.at(-1)?.key ?? "";
        if (records.length < pageOfPaths) break;
      }
    }
  }
  return found;
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
