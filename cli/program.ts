/** The command line: from words to a verb's answer. */

import { status } from "@grpc/grpc-js";
import { Command, CommanderError, Option } from "commander";
import { CallError } from "../client/call-error.ts";
import type { ExitCode } from "../common/exit-codes.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { OptionTable } from "../common/option-values.ts";
import { resolveOptions } from "../common/option-values.ts";
import { flagOf } from "../common/options.ts";
import { packageVersion } from "../common/package-version.ts";
import { readConfigFile } from "./config-file.ts";
import { suggestion } from "./core/near-names.ts";
import { requireHosts } from "./known-hosts.ts";
import { offeredOptions, repeat } from "./repeated.ts";
import { exitErrorFor } from "./server-problem.ts";
import type { Surroundings } from "./session.ts";
import { Session } from "./session.ts";
import { reachedBy, settingsTable } from "./settings.ts";
import type { Argument, Verb } from "./verb.ts";
import { verbs } from "./verbs/verbs.ts";

/** Runs the command. `argv` is without the interpreter and the script. Throws ExitError for whatever a person can mend. */
export async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<void> {
  const program = new Command("augmenter")
    .description("Asks an Augmenter aggregator about the paths of a cluster, and checks this host.")
    .helpOption("-h, --help", "print this help")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpCommand(false)
    .addOption(
      new Option("--config <value>", "configuration file (AUGMENTER_CONFIG, default ~/.config/augmenter/config.yaml)"),
    );
  for (const [name, spec] of Object.entries(settingsTable)) program.addOption(flagOf(name, spec));
  for (const verb of verbs) addVerb(program, verb, surroundings);
  forAll(program, (command) => {
    if (command.commands.length > 0) addHead(command, surroundings);
    command.exitOverride().configureOutput({
      writeOut: (text) => void surroundings.stdout.write(text),
      writeErr: () => undefined,
    });
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw misread(error);
  }
}

function addVerb(program: Command, verb: Verb, surroundings: Surroundings): void {
  const names = verb.name.split(" ");
  const last = names.pop() ?? "";
  const parent = names.reduce((command, name) => childOf(command, name), program);
  const command = parent.command(last).description(verb.summary).allowExcessArguments(false);
  for (const argument of verb.arguments) command.argument(spelled(argument), argument.description);
  const table = offeredOptions(verb);
  for (const [name, spec] of Object.entries(table)) command.addOption(flagOf(name, spec, false));
  command.addHelpText("after", "\nServer, TLS and output: see augmenter --help.");
  command.action(async () => {
    await runVerb(verb, table, command.args, command.opts(), program.opts(), surroundings);
  });
}

/** What a command does that only has others below it. */
function addHead(command: Command, { stdout }: Surroundings): void {
  const isProgram = command.parent === null;
  if (!isProgram) command.description(`one of ${command.commands.map((child) => child.name()).join(", ")}`);
  command.allowExcessArguments(true).action(() => {
    const [word, ...words] = command.args;
    if (word === "help" && isProgram) return void stdout.write(named(command, words).helpInformation());
    if (word === undefined && isProgram) return void stdout.write(command.helpInformation());
    throw unknownWord(command, word);
  });
}

/** What is wrong with a command that has no child of that name, or needs one. */
function unknownWord(command: Command, word: string | undefined): ExitError {
  const isProgram = command.parent === null;
  const names = command.commands.map((child) => child.name());
  const place = isProgram ? "" : `${command.name()} `;
  const expected = suggestion(word ?? "", names) || (isProgram ? "see augmenter --help" : `one of ${names.join(", ")}`);
  const found = word === undefined ? `it ends behind "${command.name()}"` : `there is no "${place}${word}"`;
  return new ExitError(exitCodes.badConfiguration, `Cannot read the command: ${found}; ${expected}`);
}

type Flags = Readonly<Record<string, unknown>>;

async function runVerb(
  verb: Verb,
  table: OptionTable,
  words: readonly string[],
  ownFlags: Flags,
  flags: Flags,
  surroundings: Surroundings,
): Promise<void> {
  const named = flags["config"] as string | undefined;
  const file = readConfigFile(named, surroundings.environment, surroundings.home, Object.keys(settingsTable));
  const sources = { flags, environment: surroundings.environment, file: file.texts };
  const session = new Session(resolveOptions(settingsTable, sources), file, surroundings);
  checkChoices(verb, words);
  // What is asked is for this one call: no variable and no file has it.
  const { values } = resolveOptions(table, { flags: ownFlags, environment: {} });
  const options = values as Record<string, unknown>;
  const call = {
    session,
    words,
    options,
    get client() {
      return session.client;
    },
  };
  try {
    await verb.run?.(call);
    const { report } = verb;
    if (report === undefined) return;
    if (options["watch"] === true) return await repeat(session, () => report(call), Number(options["everyMs"]));
    const answer = await report(call);
    session.print(session.textOf(answer, false));
    if (answer.failure !== undefined) throw new ExitError(answer.failure.code as ExitCode, answer.failure.message);
  } catch (error) {
    throw await explained(error, session, hostsAmong(verb, words));
  } finally {
    session.close();
  }
}

/** An error as the end of the program; of a host that nobody knows, what may have been meant. */
async function explained(error: unknown, session: Session, hosts: readonly string[]): Promise<unknown> {
  if (!(error instanceof CallError)) return error;
  const isOfQuestion = error.code === status.NOT_FOUND || error.code === status.INVALID_ARGUMENT;
  if (isOfQuestion && hosts.length > 0) {
    try {
      await requireHosts(session.client, hosts);
    } catch (better) {
      if (better instanceof ExitError) return better;
    }
  }
  return exitErrorFor(error, reachedBy(session.settings));
}

function hostsAmong(verb: Verb, words: readonly string[]): readonly string[] {
  const isHost = (place: number) => (verb.arguments[place] ?? verb.arguments.at(-1))?.isHost === true;
  return words.filter((_, place) => isHost(place));
}

function checkChoices(verb: Verb, words: readonly string[]): void {
  for (const [place, { name, choices }] of verb.arguments.entries()) {
    const word = words[place];
    if (word === undefined || choices === undefined || choices.includes(word)) continue;
    const text = `Cannot use ${name} as it must be one of ${choices.join(", ")}: current value is ${word}`;
    throw new ExitError(exitCodes.badConfiguration, text);
  }
}

function misread(error: CommanderError): ExitError {
  const text = error.message.replace(/^error: /, "").replace(/\s*\n\(Did you mean (.*)\?\)$/s, "; did you mean $1?");
  return new ExitError(exitCodes.badConfiguration, `Cannot read the command: ${text}`);
}

function spelled({ name, choices, isOptional, isMany }: Argument): string {
  const text = `${choices?.join("|") ?? name}${isMany ? "..." : ""}`;
  return isOptional ? `[${text}]` : `<${text}>`;
}

function childOf(parent: Command, name: string): Command {
  const found = parent.commands.find((command) => command.name() === name);
  return found ?? parent.command(name).helpCommand(false);
}

// `augmenter help policy set`, as git and kubectl have it.
function named(command: Command, words: readonly string[]): Command {
  const [word, ...rest] = words;
  if (word === undefined) return command;
  const found = command.commands.find((child) => child.name() === word);
  if (found !== undefined) return named(found, rest);
  // Behind a verb there are arguments, of which there is no help of its own.
  if (command.commands.length === 0) return command;
  throw unknownWord(command, word);
}

function forAll(command: Command, change: (command: Command) => void): void {
  change(command);
  for (const child of command.commands) forAll(child, change);
}
