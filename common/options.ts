/** Options of a program: one table, from which come parsing, help, the environment's names and --check-config. */
import { Command, CommanderError, Option } from "commander";
import { ExitError, exitCodes } from "./exit-codes.ts";
import type { Environment, OptionOrigin, OptionSpec, OptionTable, OptionValues } from "./option-values.ts";
import { environmentName, resolveOptions } from "./option-values.ts";
import { packageVersion } from "./package-version.ts";

/** A program and its options, by flag name. */
export interface ProgramSpec<Table extends OptionTable> {
  readonly name: string;
  readonly description: string;
  readonly options: Table;
}

/** Either the values to run with, or a text to print to stdout before ending with code 0. */
export type OptionsOutcome<Table extends OptionTable> =
  | {
      readonly kind: "values";
      readonly values: OptionValues<Table>;
      /** Where each value came from, by flag name. */
      readonly origins: Readonly<Record<keyof Table & string, OptionOrigin>>;
    }
  | { readonly kind: "text"; readonly text: string };

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
  const { values, origins, texts } = resolveOptions(program.options, { flags: parsed, environment });
  if (parsed["checkConfig"] !== true) return { kind: "values", values, origins };
  const rows = Object.entries<string>(texts).map(([name, text]) => `${name} = ${text} (${origins[name]})\n`);
  return { kind: "text", text: rows.join("") };
}

/** The flag of an option; its default and, where it has one, its environment variable are in the help text. */
export function flagOf(name: string, spec: OptionSpec, hasVariable = true): Option {
  const preset = spec.default === undefined ? [] : [`default ${spec.default === "" ? "empty" : spec.default}`];
  const hints = [...(hasVariable ? [environmentName(name)] : []), ...(spec.isFlag && !hasVariable ? [] : preset)];
  const description = hints.length === 0 ? spec.description : `${spec.description} (${hints.join(", ")})`;
  const short = spec.short === undefined ? "" : `-${spec.short}, `;
  return new Option(spec.isFlag ? `${short}--${name}` : `${short}--${name} <value>`, description);
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
