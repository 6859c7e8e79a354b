/** Matrices of any size: asked for in slices of rows that the server answers. */
import type { AugmenterClient } from "../client/client.ts";
import type { HostInfo__Output } from "../proto/gen/augmenter/v1/HostInfo.ts";
import type { MatrixCell } from "./core/matrix-cells.ts";
import { matrixCells } from "./core/matrix-cells.ts";
import type { PlaceLevel } from "./known-hosts.ts";
import { placeName } from "./known-hosts.ts";

/** The levels of GetMatrix. */
export const matrixLevels = {
  host: "MATRIX_LEVEL_HOST",
  rack: "MATRIX_LEVEL_RACK",
  zone: "MATRIX_LEVEL_ZONE",
} as const;

/** The most cells that GetMatrix answers at once. */
export const cellsMax = 65_536;

/** Cells, and the partitions whose aggregators measured some of them. */
export interface PlaceMatrix {
  readonly cells: readonly MatrixCell[];
  readonly measuredElsewhere: readonly string[];
}

/** The cells from the places of some hosts to those of others, row by row, both sorted; hosts without such a place are in none. */
export async function placeMatrix(
  client: AugmenterClient,
  level: PlaceLevel,
  from: readonly HostInfo__Output[],
  to: readonly HostInfo__Output[],
): Promise<PlaceMatrix> {
  const [sources, destinations] = [placesOf(from, level), placesOf(to, level)];
  if (destinations.length === 0) return { cells: [], measuredElsewhere: [] };
  const rows = Math.max(1, Math.floor(cellsMax / destinations.length));
  const cells: MatrixCell[] = [];
  const elsewhere = new Set<string>();
  for (let row = 0; row < sources.length; row += rows) {
    const slice = { level: matrixLevels[level], sources: sources.slice(row, row + rows), destinations };
    const matrix = await client.getMatrix(slice);
    for (const cell of matrixCells(matrix)) cells.push(cell);
    for (const partition of matrix.measuredElsewhere) elsewhere.add(partition);
  }
  return { cells, measuredElsewhere: [...elsewhere].sort() };
}

function placesOf(hosts: readonly HostInfo__Output[], level: PlaceLevel): string[] {
  return [...new Set(hosts.map((host) => placeName(host, level)))].filter((name) => name !== "").sort();
}
