/** Names that stay apart although labels become alike when what a system does not take is replaced. */

/** Gives each name once: a second of the same gets a number behind it. */
export class UniqueNames {
  readonly #taken = new Set<string>();
  readonly #separator: string;

  constructor(separator: string) {
    this.#separator = separator;
  }

  unique(plain: string): string {
    let name = plain;
    for (let next = 2; this.#taken.has(name); next += 1) name = `${plain}${this.#separator}${next}`;
    this.#taken.add(name);
    return name;
  }
}
