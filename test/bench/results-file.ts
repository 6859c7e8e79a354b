/** The file of a run: a line is appended when a cell is finished, so that a broken-off run can be resumed. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What is kept of a cell has its name. */
export interface NamedCell {
  readonly cell: string;
}

/** Writes one. */
export class ResultsFile<Result extends NamedCell> {
  readonly #path: string;

  /** Without `resume` an older file of the same name is kept as `.old`. */
  constructor(path: string, resume: boolean) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true });
    if (resume && existsSync(path)) {
      // The run before may have been broken off within a line.
      if (!/(^|\n)$/.test(readFileSync(path, "utf8").slice(-1))) appendFileSync(path, "\n");
      return;
    }
    if (existsSync(path)) renameSync(path, `${path}.old`);
    writeFileSync(path, "");
  }

  /** Adds a finished cell. */
  append(result: Result): void {
    appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
  }
}

/** The cells of a file, by name; of a cell that is there twice the later. A line cut short, or not of this kind, is passed over. */
export function readCells<Result extends NamedCell>(
  path: string,
  isResult: (value: Partial<Result>) => boolean,
): ReadonlyMap<string, Result> {
  const results = new Map<string, Result>();
  for (const line of existsSync(path) ? readFileSync(path, "utf8").split("\n") : []) {
    const result = parsed<Result>(line);
    if (result?.cell !== undefined && isResult(result)) results.set(result.cell, result as Result);
  }
  return results;
}

function parsed<Result>(line: string): Partial<Result> | undefined {
  try {
    return JSON.parse(line) as Partial<Result>;
  } catch {
    return undefined;
  }
}
