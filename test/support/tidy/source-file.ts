/** The sources as the tidy rules see them: paths and texts. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

/** A file of the repository; the path is relative to its root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A breach of a rule: `path:line: what`. */
export type Complaint = string;

/** One import, export-from, import() or require() of a file. */
export interface Import {
  readonly specifier: string;
  /** The file meant by a relative specifier; undefined for packages. */
  readonly path: string | undefined;
  readonly line: number;
}

const neverLookedInto = new Set(["node_modules", "dist", ".git"]);

/** Every file below the root whose name ends in one of the endings, generated ones included. */
export function readSources(root: string, endings: readonly string[]): SourceFile[] {
  const paths = readdirSync(root, { withFileTypes: true }).flatMap((entry) => pathsBelow(root, entry));
  return paths
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

function pathsBelow(root: string, entry: { name: string; isDirectory(): boolean; isFile(): boolean }): string[] {
  if (entry.isFile()) return [entry.name];
  if (!entry.isDirectory() || neverLookedInto.has(entry.name)) return [];
  return readdirSync(join(root, entry.name), { withFileTypes: true })
    .flatMap((inner) => pathsBelow(join(root, entry.name), inner))
    .map((path) => posix.join(entry.name, path));
}

/** Written by a program, so held to other rules. */
export function isGenerated(file: SourceFile): boolean {
  return file.path.startsWith("proto/gen/") || file.path.endsWith(".gen.ts");
}

/** Calls the visitor with every node of the file, outermost first. */
export function walk(file: SourceFile, visit: (node: ts.Node, line: number) => void): void {
  const parsed = parse(file);
  const descend = (node: ts.Node): void => {
    visit(node, lineOf(parsed, node));
    ts.forEachChild(node, descend);
  };
  descend(parsed);
}

/** The syntax tree of a TypeScript file. */
export function parse(file: SourceFile): ts.SourceFile {
  return ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ESNext, true);
}

/** The line on which a node begins, from 1. */
export function lineOf(parsed: ts.SourceFile, node: ts.Node): number {
  return parsed.getLineAndCharacterOfPosition(node.getStart(parsed)).line + 1;
}

/** Every import of a file, type-only ones and what createRequire() loads included. */
export function importsOf(file: SourceFile): Import[] {
  const imports: Import[] = [];
  const loaders = new Set(["require"]);
  walk(file, (node, line) => {
    if (ts.isVariableDeclaration(node) && isCreateRequire(node.initializer)) loaders.add(node.name.getText());
    const literal = importedLiteral(node, loaders);
    if (literal === undefined) return;
    const specifier = literal.text;
    const path = specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : undefined;
    imports.push({ specifier, path, line });
  });
  return imports;
}

function importedLiteral(node: ts.Node, loaders: ReadonlySet<string>): ts.StringLiteralLike | undefined {
  let literal: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) literal = node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) literal = node.argument.literal;
  if (ts.isCallExpression(node) && isLoader(node.expression, loaders)) literal = node.arguments[0];
  return literal !== undefined && ts.isStringLiteralLike(literal) ? literal : undefined;
}

function isLoader(callee: ts.Expression, loaders: ReadonlySet<string>): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword || isCreateRequire(callee)) return true;
  const name = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  return ts.isIdentifier(name) && loaders.has(name.text);
}

function isCreateRequire(node: ts.Node | undefined): boolean {
  return node !== undefined && ts.isCallExpression(node) && node.expression.getText() === "createRequire";
}

/** `@scope/name` or `name` of a bare specifier; undefined for relative ones and for Node's own modules. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
