import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { expect, test } from "vitest";

/** Keeps enough of what it makes for V8 to let the young generation grow, then says how large that is. */
const program = `
  import { getHeapSpaceStatistics } from "node:v8";
  import { setImmediate as turn } from "node:timers/promises";
  const [source] = process.argv.slice(1);
  if (source !== "") (await import("data:text/javascript;base64," + source)).holdYoungGeneration();
  for (let turns = 0; turns < 400; turns += 1) {
    const kept = [];
    for (let index = 0; index < 40_000; index += 1) kept.push({ index, beside: [index] });
    await turn();
  }
  process.stdout.write(String(getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size));
`;

function youngBytes(source: string): number {
  const encoded = Buffer.from(source).toString("base64");
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", program, encoded], { encoding: "utf8" }));
}

test("holdYoungGeneration() keeps the young generation smaller than it grows by itself", () => {
  const source = readFileSync(new URL("../../../common/young-generation.ts", import.meta.url), "utf8");
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  const heldBytes = youngBytes(transpileModule(source, { compilerOptions }).outputText);
  expect(heldBytes).toBeLessThanOrEqual(16 << 20);
  expect(youngBytes("")).toBeGreaterThan(heldBytes);
});
