/** The parameters of one HTTP question, as the requests of the contract want them. */
import { invalidField } from "./core/query/query-fault.ts";

/** Names that a list may hold. */
const listMax = 65_536;

/** Reads each parameter once; end() refuses those that nobody read. Everything that is refused is a QueryFault. */
export class HttpParameters {
  readonly #query: URLSearchParams;
  readonly #known = new Set<string>();

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  /** Empty where it is not given. */
  text(name: string): string {
    this.#known.add(name);
    return this.#query.get(name) ?? "";
  }

  /** A whole number; 0 where it is not given. */
  number(name: string): number {
    const text = this.text(name);
    if (text === "") return 0;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw invalidField(name, "a whole number", text);
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
    throw invalidField(name, `one of ${words.join(", ")}`, text);
  }

  /** Nothing else may have been given. */
  end(): void {
    const stray = [...this.#query.keys()].find((name) => !this.#known.has(name));
    if (stray !== undefined) throw invalidField(stray, `one of the parameters ${[...this.#known].join(", ")}`, "given");
  }
}
