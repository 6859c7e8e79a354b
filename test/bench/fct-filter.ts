/** How cells are chosen on the command line. */
import type { Cell, CellValues } from "./fct-cells.ts";
import { cellName, cellsOf, matrix } from "./fct-cells.ts";

const sizeUnits: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 * 1024 };

/** What a filter calls a dimension, and what it may be. Undefined: not such a value. */
const dimensions: Readonly<
  Record<string, { readonly field: keyof Cell; readonly parse: (text: string) => number | string | undefined }>
> = {
  rtt: { field: "rttMs", parse: numberBetween(0.2, 1000) },
  rate: { field: "rateMbitPerSecond", parse: numberBetween(1, 1000) },
  buffer: { field: "bufferBdp", parse: numberBetween(0, 100) },
  size: { field: "sizeBytes", parse: sizeBetween(1, 64 << 20) },
  n: { field: "connectionsAtOnce", parse: wholeBetween(1, 256) },
  cc: { field: "congestion", parse: (text) => (["cubic", "bbr", "reno"].includes(text) ? text : undefined) },
};

/**
 * The cells of a text such as "rtt=20,rate=200,size=64K|256K n=16,rtt=7": filters separated by blanks or semicolons, each
 * of which names values, also ones outside the matrix, and leaves every other dimension at all values of the matrix.
 * Returns what is wrong as a text.
 */
export function cellsFromText(text: string): readonly Cell[] | string {
  const cells = new Map<string, Cell>();
  for (const filter of text.split(/[\s;]+/).filter(Boolean)) {
    const values = valuesOf(filter);
    if (typeof values === "string") return values;
    for (const cell of cellsOf(values)) cells.set(cellName(cell), cell);
  }
  return cells.size === 0 ? "at least one filter" : [...cells.values()];
}

function valuesOf(filter: string): CellValues | string {
  const values: Record<string, readonly unknown[]> = { ...matrix };
  for (const part of filter.split(",")) {
    const [name = "", list = ""] = part.split("=");
    const dimension = dimensions[name];
    if (dimension === undefined) return `filters of ${Object.keys(dimensions).join(", ")}, not of "${name}"`;
    const parsed = list.split("|").map(dimension.parse);
    if (parsed.includes(undefined)) return `filters with a possible ${name}, not "${list}"`;
    values[dimension.field] = parsed;
  }
  return values as unknown as CellValues;
}

function numberBetween(lowest: number, highest: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= lowest && value <= highest ? value : undefined;
  };
}

function wholeBetween(lowest: number, highest: number): (text: string) => number | undefined {
  return (text) => (/^\d+$/.test(text) ? numberBetween(lowest, highest)(text) : undefined);
}

function sizeBetween(lowest: number, highest: number): (text: string) => number | undefined {
  return (text) => {
    const [, digits, unit = ""] = /^(\d+)([KM]?)(?:i?B)?$/i.exec(text) ?? [];
    const bytes = digits === undefined ? Number.NaN : Number(digits) * (sizeUnits[unit.toUpperCase()] ?? 1);
    return bytes >= lowest && bytes <= highest ? bytes : undefined;
  };
}
