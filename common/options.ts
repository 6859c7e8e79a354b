/** Options of a program: one table, from which come parsing, help, the environment's names and --check-config. */
import { Command, CommanderError, Option } from "commander";
import type { z } from "zod";
import { ExitError, exitCodes } from "./exit-codes.ts";
import { packageVersion } from "./package-version.ts";

/** One option of a table. Its key there is the flag's name in kebab-case. */
export interface OptionSpec {
  readonly description: string;
  /** From a text; each issue's message completes "as it must be ..." (common/option-schemas.ts). */
  readonly schema: z.ZodType<unknown, string>;
  /** As the user would write it. Absent: the option must be given. */
  readonly default?: string;
  /** A bare flag without a value. */
  readonly isFlag?: true;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** A program and its options, by flag name. */
export interface ProgramSpec<Table extends OptionTable> {
  readonly name: string;
  readonly description: string;
  readonly options: Table;
}

type CamelCase<Text extends string> = Text extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Text;

/** The values of a table, by camel-case name. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table & string as CamelCase<Name>]: z.output<Table[Name]["schema"]>;
};

export type OptionOrigin = "flag" | "environment" | "default";

/** Either the values to run with, or a text to print to stdout before ending with code 0. */
export type OptionsOutcome<Table extends OptionTable> =
  | {
      readonly kind: "values";
      readonly values: OptionValues<Table>;
      /** Where each value came from, by flag name. */
      readonly origins: Readonly<Record<keyof Table & string, OptionOrigin>>;
    }
  | { readonly kind: "text"; readonly text: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a program's options: flags win over the environment, the environment over the defaults. `argv` is without
 * the interpreter and the script. Throws ExitError 2 that names the first value that is wrong.
 */
export function readOptions<Table extends OptionTable>(
  program: ProgramSpec<Table>,
  argv: readonly string[],
  environment: Environment,
): OptionsOutcome<Table> {
  const parsed = parseFlags(program, argv);
  if (typeof parsed === "string") return { kind: "text", text: parsed };
  const values: Record<string, unknown> = {};
  const origins: Record<string, OptionOrigin> = {};
  const rows: string[] = [];
  for (const [name, spec] of Object.entries(program.options)) {
    const { text, origin } = textOf(name, spec, parsed, environment);
    values[camelCase(name)] = checkedValue(name, spec, text, origin);
    origins[name] = origin;
    rows.push(`${name} = ${withoutPassword(text)} (${origin})\n`);
  }
  if (parsed["checkConfig"] === true) return { kind: "text", text: rows.join("") };
  return {
    kind: "values",
    values: values as OptionValues<Table>,
    origins: origins as Record<keyof Table & string, OptionOrigin>,
  };
}

/** The environment variable of an option: report-interval-ms is AUGMENTER_REPORT_INTERVAL_MS. */
export function environmentName(name: string): string {
  return `AUGMENTER_${name.toUpperCase().replaceAll("-", "_")}`;
}

function parseFlags(program: ProgramSpec<OptionTable>, argv: readonly string[]): Record<string, unknown> | string {
  let printed = "";
  const command = new Command(program.name)
    .description(program.description)
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option("--check-config", "print every option, its value and where that came from")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => undefined,
    });
  for (const [name, spec] of Object.entries(program.options)) command.addOption(flagOf(name, spec));
  try {
    command.parse([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return printed;
    throw new ExitError(
      exitCodes.badConfiguration,
      `Cannot read the options: ${error.message.replace(/^error: /, "")}`,
    );
  }
  return command.opts();
}

function flagOf(name: string, spec: OptionSpec): Option {
  const preset = spec.default === undefined ? "" : `, default ${spec.default === "" ? "empty" : spec.default}`;
  const description = `${spec.description} (${environmentName(name)}${preset})`;
  return new Option(spec.isFlag ? `--${name}` : `--${name} <value>`, description);
}

function textOf(
  name: string,
  spec: OptionSpec,
  parsed: Record<string, unknown>,
  environment: Environment,
): { readonly text: string; readonly origin: OptionOrigin } {
  const given = parsed[camelCase(name)];
  if (given !== undefined) return { text: String(given), origin: "flag" };
  const inherited = environment[environmentName(name)];
  if (inherited !== undefined) return { text: inherited, origin: "environment" };
  if (spec.default !== undefined) return { text: spec.default, origin: "default" };
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot start without --${name} (${environmentName(name)}): ${spec.description}`,
  );
}

function checkedValue(name: string, spec: OptionSpec, text: string, origin: OptionOrigin): unknown {
  const result = spec.schema.safeParse(text);
  if (result.success) return result.data;
  const spelled = origin === "environment" ? environmentName(name) : `--${name}`;
  const requirement = result.error.issues[0]?.message ?? "another value";
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot use ${spelled} as it must be ${requirement}: current value is ${withoutPassword(text)}`,
  );
}

// Broker URLs may carry credentials, and what is printed here ends up in logs.
function withoutPassword(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]*@/g, "//***@");
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
