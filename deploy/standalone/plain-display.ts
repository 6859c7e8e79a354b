/** The table where there is no terminal: printed again only when it has changed, and not too often. */
import type { Addresses, Display, Scene } from "./display.ts";
import { addressLines, nothingYet } from "./display.ts";
import type { Notices } from "./notices.ts";
import type { PathRow } from "./path-row.ts";
import { pathRow, shownPaths } from "./path-row.ts";
import { tableLines } from "./path-table.ts";

/** How it is shown. */
export interface PlainDisplayOptions {
  readonly write: (text: string) => void;
  readonly writeNotice: (text: string) => void;
  readonly notices: Notices;
  readonly isApplied: boolean;
}

const intervalMs = 5_000;
const widthMax = 160;
const linesMax = 50;

/** Remembers what it has printed. */
export class PlainDisplay implements Display {
  readonly #options: PlainDisplayOptions;
  #printed: string | undefined;
  #printedMs = Number.NEGATIVE_INFINITY;

  constructor(options: PlainDisplayOptions) {
    this.#options = options;
  }

  status(text: string): void {
    this.#options.write(`${text}\n`);
  }

  addresses(addresses: Addresses): void {
    this.#options.write(`${addressLines(addresses, this.#options.isApplied).join("\n")}\n`);
  }

  show({ paths, nowMs }: Scene): void {
    const notice = this.#options.notices.takeNew();
    if (notice !== undefined) this.#options.writeNotice(`${notice}\n`);
    const rows = shownPaths(paths).map((path) => pathRow(path, nowMs));
    const state = JSON.stringify(rows.map(lastingPart));
    const isFirst = this.#printed === undefined;
    if (state === this.#printed || (!isFirst && rows.length > 0 && nowMs - this.#printedMs < intervalMs)) return;
    this.#printed = state;
    // The first paths do not wait for the interval since the line that there are none.
    this.#printedMs = rows.length === 0 ? Number.NEGATIVE_INFINITY : nowMs;
    const { isApplied, write } = this.#options;
    const lines =
      rows.length === 0
        ? [nothingYet]
        : [...tableLines(rows, { widthMax, linesMax, isColoured: false, isApplied }), ""];
    write(`${lines.join("\n")}\n`);
  }
}

// A path that only grows older, or only confirms what is known, has not changed.
function lastingPart({ age, samples, ...rest }: PathRow): Omit<PathRow, "age" | "samples"> {
  return rest;
}
