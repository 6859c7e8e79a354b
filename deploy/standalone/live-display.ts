/** The table on a terminal, drawn again in place. */
import pc from "picocolors";
import type { LiveScreen } from "../../common/live-screen.ts";
import type { Addresses, Display, Scene } from "./display.ts";
import { addressLines, nothingYet } from "./display.ts";
import type { Notices } from "./notices.ts";
import { pathRow, shownPaths } from "./path-row.ts";
import { tableLines } from "./path-table.ts";

/** How it is shown. */
export interface LiveDisplayOptions {
  readonly screen: LiveScreen;
  readonly notices: Notices;
  readonly isApplied: boolean;
  readonly isColoured: boolean;
}

/** So that there is a table even where the addresses fill a low terminal. */
const tableLinesMin = 4;

/** Owns what is drawn. */
export class LiveDisplay implements Display {
  readonly #options: LiveDisplayOptions;
  #header: readonly string[] = [];
  #table: readonly string[] = [];

  constructor(options: LiveDisplayOptions) {
    this.#options = options;
  }

  status(text: string): void {
    this.#options.screen.draw([...this.#table, text]);
  }

  addresses(addresses: Addresses): void {
    this.#header = addressLines(addresses, this.#options.isApplied);
    this.#options.screen.print(this.#header);
  }

  /** The terminal has another size. */
  resized(scene: Scene): void {
    this.#options.screen.clear();
    this.#options.screen.print(this.#header);
    this.show(scene);
  }

  show({ paths, nowMs }: Scene): void {
    const { screen, notices, isApplied, isColoured } = this.#options;
    const notice = notices.newest;
    const linesMax = Math.max(tableLinesMin, screen.lines - this.#header.length - (notice === undefined ? 0 : 1));
    const rows = shownPaths(paths).map((path) => pathRow(path, nowMs));
    this.#table =
      rows.length === 0
        ? [nothingYet]
        : tableLines(rows, { widthMax: screen.columns, linesMax, isColoured, isApplied });
    const shownNotice = notice === undefined ? [] : [pc.createColors(isColoured).yellow(notice)];
    screen.draw([...this.#table, ...shownNotice]);
  }
}
