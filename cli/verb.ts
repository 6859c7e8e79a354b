/** What a verb of the command is: its words, its options, and what it does. */

import type { AugmenterClient } from "../client/client.ts";
import type { OptionTable, OptionValues } from "../common/option-values.ts";
import type { Report } from "./core/report.ts";
import type { Session } from "./session.ts";

/** A word behind the verb. */
export interface Argument {
  readonly name: string;
  readonly description: string;
  readonly isOptional?: true;
  /** Takes all that follow; only the last may. */
  readonly isMany?: true;
  /** The id or an address of a host. */
  readonly isHost?: true;
  /** The words that it may be. */
  readonly choices?: readonly string[];
}

/** What a verb is called with. */
export interface Call<Table extends OptionTable> {
  readonly session: Session;
  /** Connected as the settings say, from its first use on. */
  readonly client: AugmenterClient;
  /** In the order of the arguments; what was left out is absent, and many are many. */
  readonly words: readonly string[];
  readonly options: OptionValues<Table>;
}

/** A verb whose options are `Table`. */
export interface VerbSpec<Table extends OptionTable> {
  /** One word, or two: "policy get". */
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly Argument[];
  readonly options: Table;
  /** Where all a verb does is to answer: it can then be asked again and again (--watch). */
  readonly report?: (call: Call<Table>) => Promise<Report>;
  /** Where a verb prints itself. */
  readonly run?: (call: Call<Table>) => Promise<void>;
}

/** Any verb. */
export type Verb = VerbSpec<OptionTable>;

/** Checks a verb's types, and forgets those of its options. */
export function verb<const Table extends OptionTable>(spec: VerbSpec<Table>): Verb {
  return spec as unknown as Verb;
}
