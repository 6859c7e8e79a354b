/** In which cell of a matrix a path is: by the places of its two ends, each looked up once. */
import type { View } from "../view.ts";
import type { PlaceLevel } from "./places.ts";
import { placeOf } from "./places.ts";

/**
 * For paths one after another. Hosts and addresses are taken to be where they were when they were first looked up; where the table has forgotten
 * a path meanwhile, renew() comes first, as numbers are given out again.
 */
export class CellFinder {
  readonly #view: View;
  readonly #level: PlaceLevel;
  readonly #rows: ReadonlyMap<string, number>;
  readonly #columns: ReadonlyMap<string, number>;
  /** By the numbers of path-pairs.ts; -1: not in the matrix. */
  readonly #rowOf = new Map<number, number>();
  readonly #columnOf = new Map<number, number>();

  constructor(view: View, level: PlaceLevel, sources: readonly string[], destinations: readonly string[]) {
    this.#view = view;
    this.#level = level;
    this.#rows = new Map(sources.map((name, index) => [name, index]));
    this.#columns = new Map(destinations.map((name, index) => [name, index]));
  }

  /** Everything is looked up anew. */
  renew(): void {
    this.#rowOf.clear();
    this.#columnOf.clear();
  }

  /** The cell of the path in a slot; -1 where it is in none, or the slot is free. */
  cellOf(slot: number): number {
    const { pairs } = this.#view.table;
    const host = pairs.hostAt(slot);
    if (host < 0) return -1;
    const row = this.#rowOf.get(host) ?? this.#rowFound(host);
    if (row < 0) return -1;
    const address = pairs.addressAt(slot);
    const column = this.#columnOf.get(address) ?? this.#columnFound(address);
    return column < 0 ? -1 : row * this.#columns.size + column;
  }

  #rowFound(number: number): number {
    const host = this.#view.hosts.get(this.#view.table.pairs.hostIdOf(number));
    const row = host === undefined ? -1 : (this.#rows.get(placeOf(host, this.#level) ?? "") ?? -1);
    this.#rowOf.set(number, row);
    return row;
  }

  #columnFound(number: number): number {
    const owner = this.#view.hosts.ownerOf(this.#view.table.pairs.addressOf(number));
    const column = owner === undefined ? -1 : (this.#columns.get(placeOf(owner, this.#level) ?? "") ?? -1);
    this.#columnOf.set(number, column);
    return column;
  }
}
