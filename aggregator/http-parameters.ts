/** The parameters of one HTTP question, as the requests of the contract want them. */
import type { FieldViolation } from "../proto/status-details.ts";
import { QueryFault, violationOf } from "./core/query/query-fault.ts";

/** Names that a list may hold. */
const listMax = 65_536;

/** Reads each parameter once; wrong() tells those that cannot be read and those that nobody read. */
export class HttpParameters {
  readonly #query: URLSearchParams;
  readonly #known = new Set<string>();
  readonly #violations: FieldViolation[];

  /** `wrong` tells what was given in a form that no parameter has. */
  constructor(query: URLSearchParams, wrong: readonly FieldViolation[] = []) {
    this.#query = query;
    this.#violations = [...wrong];
  }

  /** Empty where it is not given; it may be given once. */
  text(name: string): string {
    this.#known.add(name);
    const [text = "", ...others] = this.#query.getAll(name);
    if (others.length > 0) this.#violations.push(violationOf(name, "given once", 1 + others.length));
    return text;
  }

  /** A whole number; 0 where it is not given. */
  number(name: string): number {
    const text = this.text(name);
    if (text === "") return 0;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    this.#violations.push(violationOf(name, "a whole number", text));
    return 0;
  }

  /** Separated by commas, or given again and again. */
  list(name: string): string[] {
    this.#known.add(name);
    return this.#query
      .getAll(name)
      .flatMap((text) => text.split(",", listMax))
      .filter((text) => text !== "");
  }

  /** One of an enum: "rack" or "RACK" for MATRIX_LEVEL_RACK. The first of `values` where it is not given. */
  choice<Value extends string>(name: string, prefix: string, values: readonly [Value, ...Value[]]): Value {
    const text = this.text(name);
    if (text === "") return values[0];
    const found = values.find((value) => value === text || value === `${prefix}${text.toUpperCase()}`);
    if (found !== undefined) return found;
    const words = values.slice(1).map((value) => value.slice(prefix.length).toLowerCase());
    this.#violations.push(violationOf(name, `one of ${words.join(", ")}`, text));
    return values[0];
  }

  /** What is wrong with what was read, and what else was given. */
  wrong(): readonly FieldViolation[] {
    const told = new Set(this.#violations.map(({ field }) => field));
    const stray = [...new Set(this.#query.keys())].filter((name) => !this.#known.has(name) && !told.has(name));
    const requirement = `one of the parameters ${[...this.#known].join(", ")}`;
    return [...this.#violations, ...stray.map((name) => violationOf(name, requirement, "given"))];
  }
}

/** The parameters of a URL and those in a JSON object: texts, whole numbers, and lists of them. Throws QueryFault for what is no object. */
export function parametersIn(body: unknown, query: URLSearchParams): HttpParameters {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new QueryFault("INVALID_ARGUMENT", "Cannot read the parameters as they must be a JSON object");
  }
  const parameters = new URLSearchParams(query);
  const violations: FieldViolation[] = [];
  for (const [name, value] of Object.entries(body)) {
    const each = Array.isArray(value) ? value : [value];
    const texts = each.filter((one) => typeof one === "string" || typeof one === "number");
    for (const text of texts) parameters.append(name, String(text));
    const other = each.find((one) => one !== null && typeof one !== "string" && typeof one !== "number");
    if (other !== undefined) violations.push(violationOf(name, "a text, a number or a list of them", other));
  }
  return new HttpParameters(parameters, violations);
}
