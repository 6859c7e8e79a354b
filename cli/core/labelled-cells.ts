/** A matrix between places as node labels hold them. */
import type { MatrixCell } from "./matrix-cells.ts";
import { isKnown } from "./matrix-cells.ts";
import { networkCost } from "./network-topology.ts";

/**
 * A label has no "/", which a matrix puts between zone and rack: racks of one label in several zones are one place to a scheduler. Of the
 * pairs that become one the slowest known stands, so that no pod is promised more than the worst of its racks has.
 */
export function labelledCells(cells: readonly MatrixCell[]): readonly MatrixCell[] {
  const merged = new Map<string, MatrixCell>();
  for (const cell of cells) {
    const [source, destination] = [labelOf(cell.source), labelOf(cell.destination)];
    const pair = `${source}/${destination}`;
    const before = merged.get(pair);
    if (before === undefined || slowness(cell) > slowness(before)) merged.set(pair, { ...cell, source, destination });
  }
  return [...merged.values()];
}

function labelOf(name: string): string {
  return name.split("/").at(-1) ?? name;
}

/** Of what is not known, less than of anything known. */
function slowness(cell: MatrixCell): number {
  return isKnown(cell) && cell.minRttUs > 0 ? networkCost(cell) : -1;
}
