/** Paths as lines of text that fit a width and a height. */
import Table from "cli-table3";
import pc from "picocolors";
import type { ColumnName, PathRow } from "./path-row.ts";
import { columnNames } from "./path-row.ts";

/** How a table is to look. */
export interface TableLook {
  /** Characters that a line may have, and lines that there may be. */
  readonly widthMax: number;
  readonly linesMax: number;
  readonly isColoured: boolean;
  /** Whether windows are granted, or only would be. */
  readonly isApplied: boolean;
}

/** What goes first where the width does not hold every column. */
const dispensable: readonly ColumnName[] = ["samples", "RTT p50", "age", "BDP", "loss", "source", "RTT min"];
const gap = 2;
/** What numbers take at most, so that columns do not jump from one second to the next: "99.9 ms", "99.9 Mbit/s". */
const usualWidths: Partial<Record<ColumnName, number>> = { "RTT p50": 7, rate: 11, loss: 6, BDP: 7, age: 4 };
const destinationMin = 7;

/** A line of headings and one for each row; where they are too many, the last line says how many are left out. */
export function tableLines(rows: readonly PathRow[], look: TableLook): string[] {
  const columns = columnsFor(rows, look);
  const rowsMax = Math.max(1, look.linesMax - 1);
  const shown = rows.length <= rowsMax ? rows : rows.slice(0, rowsMax - 1);
  const colours = pc.createColors(look.isColoured);
  const table = new Table({
    chars: noBorders,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colAligns: columns.map((name) => (isText(name) ? "left" : "right")),
    colWidths: columns.map((name) => shownWidth(rows, columns, name, look)),
  });
  table.push(columns.map((name) => colours.dim(headingOf(name, look))));
  for (const row of shown) table.push(columns.map((name) => (name === "window" ? colours.green : plain)(row[name])));
  const left = rows.length - shown.length;
  return [...table.toString().split("\n"), ...(left > 0 ? [colours.dim(`and ${left} more`)] : [])].map((line) =>
    line.trimEnd(),
  );
}

const noBorders = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: " ".repeat(gap) },
};

function plain(text: string): string {
  return text;
}

// The source is worth a column only where there is more than one.
function columnsFor(rows: readonly PathRow[], look: TableLook): ColumnName[] {
  const sources = new Set(rows.map((row) => row.source));
  let columns = columnNames.filter((name) => name !== "source" || sources.size > 1);
  for (const name of dispensable) {
    if (widthOf(rows, columns, look) <= look.widthMax) break;
    columns = columns.filter((column) => column !== name);
  }
  return columns;
}

function shownWidth(
  rows: readonly PathRow[],
  columns: readonly ColumnName[],
  name: ColumnName,
  look: TableLook,
): number {
  const width = columnWidth(rows, name, look);
  if (name !== "destination") return width;
  const excess = widthOf(rows, columns, look) - look.widthMax;
  return excess <= 0 ? width : Math.max(destinationMin, width - excess);
}

function widthOf(rows: readonly PathRow[], columns: readonly ColumnName[], look: TableLook): number {
  return columns.reduce((sum, name) => sum + columnWidth(rows, name, look), gap * (columns.length - 1));
}

function columnWidth(rows: readonly PathRow[], name: ColumnName, look: TableLook): number {
  const least = Math.max(usualWidths[name] ?? 0, headingOf(name, look).length);
  return rows.reduce((widest, row) => Math.max(widest, row[name].length), least);
}

function headingOf(name: ColumnName, look: TableLook): string {
  if (name === "samples") return "samples RTT/rate";
  return name === "window" && !look.isApplied ? "would-be window" : name;
}

function isText(name: ColumnName): boolean {
  return name === "source" || name === "destination";
}
