/** Whether package.json, the sources and the documents tell the same story. */
import type { Complaint, SourceFile } from "./source-file.ts";
import { importsOf, packageOf } from "./source-file.ts";

/** The part of package.json that the rules look at. */
export interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Packages that nothing imports. A development tool may instead be called by a script, and types need neither. */
export function unusedDependencyComplaints(manifest: Manifest, files: readonly SourceFile[]): Complaint[] {
  const imported = new Set(files.flatMap((file) => importsOf(file).map(({ specifier }) => packageOf(specifier))));
  const commands = Object.values(manifest.scripts).flatMap((script) => script.split(/\s+/));
  const tools = Object.keys(manifest.devDependencies).filter(
    (name) => !name.startsWith("@types/") && !commands.includes(name.split("/").at(-1) ?? name),
  );
  return [...Object.keys(manifest.dependencies), ...tools]
    .filter((name) => !imported.has(name))
    .map((name) => `package.json:1: nothing imports ${name}`);
}

/** Imports of packages that an installation does not bring. */
export function undeclaredDependencyComplaints(manifest: Manifest, files: readonly SourceFile[]): Complaint[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const name = packageOf(specifier);
      const development = file.path.startsWith("test/") || !file.path.includes("/");
      const declared = development ? { ...manifest.dependencies, ...manifest.devDependencies } : manifest.dependencies;
      if (name === undefined || name in declared) return [];
      return [`${file.path}:${line}: ${name} is not in package.json's dependencies`];
    }),
  );
}

/**
 * Options that a program's --help lists and docs/configuration.md does not, and the other way round, with their
 * environment variables and defaults. The document has a section for each program, headed by its name, with a table
 * row for each option.
 */
export function optionComplaints(program: string, help: string, document: string): Complaint[] {
  const section = document.split(/^## /m).find((text) => text.startsWith(`${program}\n`)) ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `--"));
  const documented = new Map(rows.map((row) => [/`(--[a-z0-9-]+)/.exec(row)?.[1] ?? "", row]));
  const listed = optionsOf(help);
  const where = `docs/configuration.md:1: ${program}`;
  return [
    ...[...documented.keys()].filter((flag) => !listed.has(flag)).map((flag) => `${where}: ${flag} does not exist`),
    ...[...listed].flatMap(([flag, { variable, preset }]) => {
      const row = documented.get(flag);
      if (row === undefined) return [`${where}: ${flag} is not documented`];
      const expected = [...(variable ? [`\`${variable}\``] : []), ...(preset ? [presetText(preset)] : [])];
      return expected
        .filter((text) => !row.includes(text))
        .map((text) => `${where}: ${flag} is documented without ${text}`);
    }),
  ];
}

interface ListedOption {
  readonly variable: string | undefined;
  readonly preset: string | undefined;
}

// As common/options.ts writes it: "--name <value>  description (AUGMENTER_NAME, default x)", wrapped anywhere.
function optionsOf(help: string): Map<string, ListedOption> {
  const entries = help.split(/^\s+(?:-\w, )?(?=--[a-z])/m).slice(1);
  return new Map(
    entries.map((entry) => {
      const text = entry.replaceAll(/\s+/g, " ");
      const match = /\((AUGMENTER_\w+)(?:, default (.+))?\) ?$/.exec(text);
      return [/^--[a-z0-9-]+/.exec(text)?.[0] ?? "", { variable: match?.[1], preset: match?.[2] }];
    }),
  );
}

function presetText(preset: string): string {
  return preset === "empty" ? "empty" : `\`${preset}\``;
}
