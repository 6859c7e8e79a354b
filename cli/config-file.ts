/** The configuration file: settings by their flag names, as YAML. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import { parseDocument } from "yaml";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { Environment } from "../common/option-values.ts";
import { environmentName } from "../common/option-values.ts";
import { suggestion } from "./core/near-names.ts";

/** A file that was looked for. */
export interface ConfigFile {
  readonly path: string;
  readonly exists: boolean;
  /** By flag name. */
  readonly texts: Readonly<Record<string, string>>;
}

const bytesMax = 64 << 10;

/**
 * Reads the file that --config or AUGMENTER_CONFIG names, or the usual one: `augmenter/config.yaml` below XDG_CONFIG_HOME or
 * ~/.config, which need not exist. Throws ExitError 2 where a named file is not there, and for a file that is not a flat map of
 * `names`.
 */
export function readConfigFile(
  named: string | undefined,
  environment: Environment,
  home: string,
  names: readonly string[],
): ConfigFile {
  const asked = named ?? (environment[environmentName("config")] || undefined);
  const path = asked ?? join(environment["XDG_CONFIG_HOME"] || join(home, ".config"), "augmenter", "config.yaml");
  const text = contentOf(path, asked !== undefined);
  return { path, exists: text !== undefined, texts: text === undefined ? {} : settingsIn(text, path, names) };
}

function contentOf(path: string, mustExist: boolean): string | undefined {
  try {
    const text = readFileSync(path, "utf8");
    if (text.length <= bytesMax) return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!mustExist && (code === "ENOENT" || code === "ENOTDIR")) return undefined;
    throw refused(path, code ?? String(error));
  }
  throw refused(path, `it must be at most ${bytesMax} bytes`);
}

function settingsIn(text: string, path: string, names: readonly string[]): Record<string, string> {
  const document = parseDocument(text, { schema: "core" });
  const problem = document.errors[0];
  if (problem !== undefined) throw refused(path, problem.message.split("\n")[0]?.replace(/:$/, "") ?? "not YAML");
  const content = plainContent(document, path);
  if (content === null || typeof content !== "object" || Array.isArray(content))
    throw refused(path, "it must be a map of settings");
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, valueText(path, name, value, names)]),
  );
}

// An alias may stand for more than fits into memory, or for nothing.
function plainContent(document: Document.Parsed, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch (error) {
    if (error instanceof ReferenceError) throw refused(path, "it must have no aliases");
    throw error;
  }
}

function valueText(path: string, name: string, value: unknown, names: readonly string[]): string {
  if (!names.includes(name)) {
    const hint = suggestion(name, names);
    throw refused(path, `there is no setting ${JSON.stringify(name)}${hint === "" ? "" : `; ${hint}`}`);
  }
  if (["string", "number", "boolean"].includes(typeof value)) return String(value);
  throw refused(path, `${name} must be one value`);
}

function refused(path: string, reason: string): ExitError {
  return new ExitError(exitCodes.badConfiguration, `Cannot use the configuration file ${path}: ${reason}`);
}
