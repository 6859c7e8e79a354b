/** What must not stand in a file, and what must. */
import ts from "typescript";
import type { Complaint, SourceFile } from "./source-file.ts";
import { lineOf, parse, walk } from "./source-file.ts";

const linesMax = 400;

/** Files that are too long to hold one idea. */
export function lengthComplaints(files: readonly SourceFile[]): Complaint[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    return lines > linesMax ? [`${path}:${lines}: longer than ${linesMax} lines`] : [];
  });
}

/** Notes to oneself. */
export function leftoverComplaints(files: readonly SourceFile[]): Complaint[] {
  return matches(files, /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/, "leftover note");
}

/** Output past the logger: `console` anywhere but in the operator's command and the benchmarks. */
export function consoleComplaints(files: readonly SourceFile[]): Complaint[] {
  const looked = files.filter(({ path }) => !path.startsWith("cli/") && !path.startsWith("test/bench/"));
  return accesses(looked, (object) => object === "console").map(({ at, name }) => `${at}: ${name} past the logger`);
}

/** Clocks, timers, randomness and the process in a core/ folder, where they are arguments. */
export function impurityComplaints(files: readonly SourceFile[]): Complaint[] {
  const core = files.filter(({ path }) => /^(?!test\/)[^/]+\/core\//.test(path));
  const impureObjects = new Set(["process", "performance", "crypto", "console"]);
  const impureMembers = new Set(["Math.random", "Date.now"]);
  const impureCalls = new Set(["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch", "Date"]);
  const members = accesses(core, (object, name) => impureObjects.has(object) || impureMembers.has(name));
  const calls = core.flatMap((file) => {
    const found: { at: string; name: string }[] = [];
    walk(file, (node, line) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      if (!ts.isIdentifier(node.expression) || !impureCalls.has(node.expression.text)) return;
      if (node.expression.text === "Date" && (node.arguments?.length ?? 0) > 0) return;
      found.push({ at: `${file.path}:${line}`, name: `${node.expression.text}()` });
    });
    return found;
  });
  return [...members, ...calls].map(({ at, name }) => `${at}: ${name} in core`);
}

/** Tests that are switched off, or that switch off all others. `skipIf` says why and stays. */
export function disabledTestComplaints(files: readonly SourceFile[]): Complaint[] {
  const tests = files.filter(({ path }) => path.startsWith("test/"));
  const runners = new Set(["test", "it", "describe", "suite", "bench"]);
  const modifiers = new Set(["only", "skip", "todo", "fails"]);
  return accesses(tests, (object, name) => runners.has(object) && modifiers.has(name.split(".")[1] ?? "")).map(
    ({ at, name }) => `${at}: ${name}`,
  );
}

/** NATS subjects spelled out. Names of protobuf messages and gRPC services begin with a capital and are none. */
export function subjectComplaints(files: readonly SourceFile[], kinds: readonly string[]): Complaint[] {
  const subject = new RegExp(`\\baugmenter\\.v1\\.(?:${kinds.join("|")}|[*>])`);
  return matches(
    files.filter(({ path }) => path.endsWith(".ts") && path !== "proto/subjects.ts"),
    subject,
    "NATS subject outside of proto/subjects.ts",
  );
}

/** Exported functions, classes, interfaces and constants without a doc comment directly above. */
export function docComplaints(files: readonly SourceFile[]): Complaint[] {
  return files.flatMap((file) => {
    const parsed = parse(file);
    const documented = new Set<string>();
    return parsed.statements.flatMap((statement) => {
      const name = exportedName(statement);
      if (name === undefined || documented.has(name)) return [];
      documented.add(name);
      return hasDocComment(parsed, statement)
        ? []
        : [`${file.path}:${lineOf(parsed, statement)}: no doc comment: ${name}`];
    });
  });
}

function exportedName(statement: ts.Statement): string | undefined {
  const documentable =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isVariableStatement(statement);
  if (!documentable || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return undefined;
  if (!ts.isVariableStatement(statement)) return statement.name?.text ?? "default";
  return statement.declarationList.declarations.map(({ name }) => name.getText()).join(", ");
}

function hasDocComment(parsed: ts.SourceFile, statement: ts.Statement): boolean {
  const last = ts.getLeadingCommentRanges(parsed.text, statement.getFullStart())?.at(-1);
  if (last === undefined || !parsed.text.startsWith("/**", last.pos)) return false;
  return parsed.text.slice(last.end, statement.getStart(parsed, false)).split("\n").length === 2;
}

function matches(files: readonly SourceFile[], pattern: RegExp, what: string): Complaint[] {
  return files.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const match = pattern.exec(line);
      return match ? [`${path}:${index + 1}: ${what}: ${match[0]}`] : [];
    }),
  );
}

function accesses(
  files: readonly SourceFile[],
  wanted: (object: string, name: string) => boolean,
): { readonly at: string; readonly name: string }[] {
  return files.flatMap((file) => {
    const found: { at: string; name: string }[] = [];
    walk(file, (node, line) => {
      if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return;
      const name = `${node.expression.text}.${node.name.text}`;
      if (wanted(node.expression.text, name)) found.push({ at: `${file.path}:${line}`, name });
    });
    return found;
  });
}
