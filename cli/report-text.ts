/** A report as the text that is printed. */
import { stripVTControlCharacters } from "node:util";
import CliTable from "cli-table3";
import pc from "picocolors";
import { stringify } from "yaml";
import { isPrintableDocument, printable, printableJson, printableYaml } from "../common/printable-text.ts";
import type { Cell, Column, Report, Table, Tone } from "./core/report.ts";
import { cellText } from "./core/report.ts";

/** The forms of an answer. */
export const outputFormats = ["table", "wide", "json", "yaml"] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** How it is to look. */
export interface ReportLook {
  readonly format: OutputFormat;
  readonly isColoured: boolean;
  /** One of several that follow each other: JSON takes one line, YAML is a document of its own. */
  readonly isRepeated: boolean;
}

/** Ends with a line end. */
export function reportText(report: Report, look: ReportLook): string {
  if (look.format === "json") return `${printableJson(JSON.stringify(report.value, null, look.isRepeated ? 0 : 2))}\n`;
  if (look.format === "yaml") return `${look.isRepeated ? "---\n" : ""}${yamlText(report.value)}`;
  if (report.text !== undefined) return report.text;
  const colours = pc.createColors(look.isColoured);
  const parts = report.tables.map((table) => tableText(table, look.format === "wide", colours));
  return `${[...parts, ...(report.notes ?? []).map((note) => colours.dim(printable(note)))].join("\n")}\n`;
}

/** YAML without quotes where they are not needed; what cannot be shown stands in quotes, by its number. */
function yamlText(value: unknown): string {
  const text = stringify(value);
  if (isPrintableDocument(text)) return text;
  return printableYaml(stringify(value, { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 }));
}

type Colours = ReturnType<typeof pc.createColors>;

function tableText(table: Table, isWide: boolean, colours: Colours): string {
  const heading = table.heading === undefined ? [] : [colours.bold(printable(table.heading))];
  if (table.rows.length === 0) return [...heading, colours.dim(table.empty)].join("\n");
  const shown = table.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => isWide || !column.isWide);
  const text = new CliTable({
    chars: noBorders,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colAligns: shown.map(({ column }) => (column.isText ? "left" : "right")),
  });
  if (shown.some(({ column }) => column.title !== "")) text.push(shown.map(({ column }) => titleText(column, colours)));
  for (const row of table.rows) text.push(shown.map(({ index }) => coloured(row[index] ?? "", colours)));
  return [...heading, ...text.toString().split("\n").map(withoutTrailing)].join("\n");
}

function titleText(column: Column, colours: Colours): string {
  return colours.dim(printable(column.title));
}

function coloured(cell: Cell, colours: Colours): string {
  const text = printable(cellText(cell));
  return typeof cell === "string" ? text : painters(colours)[cell.tone](text);
}

function painters({ green, yellow, red, dim }: Colours): Readonly<Record<Tone, (text: string) => string>> {
  return { good: green, warn: yellow, bad: red, dim };
}

// Colours end behind the blanks that fill a column up.
function withoutTrailing(line: string): string {
  return stripVTControlCharacters(line) === line ? line.trimEnd() : line;
}

const noBorders = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: "  " },
};
