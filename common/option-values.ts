/** The values of a table of options, each from the strongest of the places that name it. */
import type { z } from "zod";
import { ExitError, exitCodes } from "./exit-codes.ts";

/** One option of a table. Its key there is the flag's name in kebab-case. */
export interface OptionSpec {
  readonly description: string;
  /** From a text; each issue's message completes "as it must be ..." (common/option-schemas.ts). */
  readonly schema: z.ZodType<unknown, string>;
  /** As the user would write it. Absent: the option must be given. */
  readonly default?: string;
  /** A bare flag without a value. */
  readonly isFlag?: true;
  /** A letter that stands for the flag, too. */
  readonly short?: string;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

type CamelCase<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;

/** The values of a table, by camel-case name. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table & string as CamelCase<Name>]: z.output<Table[Name]["schema"]>;
};

export type OptionOrigin = "flag" | "environment" | "file" | "default";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Where values may come from, the strongest first. */
export interface OptionSources {
  /** What was parsed of the command line, by camel-case name. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Environment;
  /** What a configuration file says, by flag name. */
  readonly file?: Readonly<Record<string, string>>;
}

/** Checked values, and where each came from. */
export interface ResolvedOptions<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  /** By flag name. */
  readonly origins: Readonly<Record<keyof Table & string, OptionOrigin>>;
  /** As they were written, by flag name, without passwords. */
  readonly texts: Readonly<Record<keyof Table & string, string>>;
}

/**
 * Flags win over the environment, the environment over the file, the file over the defaults. Throws ExitError 2 that names
 * the first value that is wrong or missing.
 */
export function resolveOptions<Table extends OptionTable>(
  table: Table,
  sources: OptionSources,
): ResolvedOptions<Table> {
  const values: Record<string, unknown> = {};
  const origins: Record<string, OptionOrigin> = {};
  const texts: Record<string, string> = {};
  for (const [name, spec] of Object.entries(table)) {
    const { text, origin } = textOf(name, spec, sources);
    values[camelCase(name)] = checkedValue(name, spec, text, origin);
    origins[name] = origin;
    texts[name] = withoutPassword(text);
  }
  return { values, origins, texts } as ResolvedOptions<Table>;
}

/** The environment variable of an option: report-interval-ms is AUGMENTER_REPORT_INTERVAL_MS. */
export function environmentName(name: string): string {
  return `AUGMENTER_${name.toUpperCase().replaceAll("-", "_")}`;
}

function textOf(
  name: string,
  spec: OptionSpec,
  { flags, environment, file }: OptionSources,
): { readonly text: string; readonly origin: OptionOrigin } {
  const given = flags[camelCase(name)];
  if (given !== undefined) return { text: String(given), origin: "flag" };
  const inherited = environment[environmentName(name)];
  if (inherited !== undefined) return { text: inherited, origin: "environment" };
  const kept = file?.[name];
  if (kept !== undefined) return { text: kept, origin: "file" };
  if (spec.default !== undefined) return { text: spec.default, origin: "default" };
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot start without --${name} (${environmentName(name)}): ${spec.description}`,
  );
}

function checkedValue(name: string, spec: OptionSpec, text: string, origin: OptionOrigin): unknown {
  const result = spec.schema.safeParse(text);
  if (result.success) return result.data;
  const spelled = { flag: `--${name}`, environment: environmentName(name), file: `${name} of the file`, default: name };
  const requirement = result.error.issues[0]?.message ?? "another value";
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot use ${spelled[origin]} as it must be ${requirement}: current value is ${withoutPassword(text)}`,
  );
}

// Broker URLs may carry credentials, and what is printed here ends up in logs.
function withoutPassword(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]*@/g, "//***@");
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
