import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { expect, test } from "vitest";

/** Has V8 optimise a function that calls forty others, of some hundred bytes each. */
const program = `
  const [source] = process.argv.slice(1);
  if (source !== "") (await import("data:text/javascript;base64," + source)).inlineMore();
  const terms = (part) => Array.from({ length: 12 }, (_, term) => "a * " + (part + term + 2) + " + b").join(" - ");
  const parts = Array.from({ length: 40 }, (_, part) => "function part" + part + "(a, b) { return " + terms(part) + "; }");
  const calls = parts.map((_, part) => "part" + part + "(a, b)").join(" + ");
  const all = new Function(parts.join("\\n") + "return function all(a, b) { return " + calls + "; };")();
  let sum = 0;
  for (let round = 0; round < 200_000; round += 1) sum += all(round, 0.5);
  if (!Number.isFinite(sum)) process.exit(1);
`;

function inlined(source: string): number {
  const args = ["--trace-turbo-inlining", "--input-type=module", "-e", program, Buffer.from(source).toString("base64")];
  const trace = execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 64 << 20 });
  return new Set([...trace.matchAll(/^Inlining .*?<SharedFunctionInfo (part\d+)>/gm)].map((match) => match[1])).size;
}

test("inlineMore() has V8 inline all that is called for a row, where by itself it stops", () => {
  const source = readFileSync(new URL("../../../common/inlining.ts", import.meta.url), "utf8");
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  const { outputText } = transpileModule(source, { compilerOptions });
  const byItself = inlined("");
  expect(byItself).toBeGreaterThan(0);
  expect(inlined(outputText)).toBeGreaterThan(2 * byItself);
});
