/** What a verb found out, before it becomes a table, JSON or YAML. */

/** What a cell's colour says on a terminal. */
export type Tone = "good" | "warn" | "bad" | "dim";

/** A cell, without colour or with one. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** A column. */
export interface Column {
  readonly title: string;
  /** Left-aligned; numbers stand on the right. */
  readonly isText?: true;
  /** Only with -o wide. */
  readonly isWide?: true;
}

/** Rows of equal length, a cell a column. */
export interface Table {
  readonly heading?: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Said instead where there are no rows. */
  readonly empty: string;
}

/** The answer to one call of a verb. */
export interface Report {
  /** What -o json and -o yaml print. */
  readonly value: unknown;
  readonly tables: readonly Table[];
  /** Printed in place of the tables: what another program reads. */
  readonly text?: string;
  /** Said beneath, such as how much was left out. */
  readonly notes?: readonly string[];
  /** What the program ends with after it was printed; absent: 0. */
  readonly failure?: { readonly code: number; readonly message: string };
}

/** The text of a cell. */
export function cellText(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** A table of names and values, one a row. */
export function factsTable(heading: string, facts: readonly (readonly [string, Cell])[]): Table {
  return {
    ...(heading === "" ? {} : { heading }),
    columns: [
      { title: "", isText: true },
      { title: "", isText: true },
    ],
    rows: facts,
    empty: "nothing",
  };
}
