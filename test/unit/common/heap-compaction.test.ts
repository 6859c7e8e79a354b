import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import { expect, test } from "vitest";

/** Lets go of every other object of many, collects everything now and then, and says what part of V8's memory is free. */
const program = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { getHeapSpaceStatistics } from "node:v8";
  const [source] = process.argv.slice(1);
  if (source !== "") (await import("data:text/javascript;base64," + source)).compactHeap();
  const all = Array.from({ length: 600_000 }, (_, index) => ({ index, beside: [index] }));
  gc();
  for (let index = 0; index < all.length; index += 2) all[index] = undefined;
  for (let round = 0; round < 3; round += 1) {
    gc();
    await sleep(50);
  }
  const old = getHeapSpaceStatistics().find((space) => space.space_name === "old_space");
  process.stdout.write(String(1 - old.space_used_size / old.space_size));
  // Needed to the end, so that the other half is not collected as well.
  globalThis.all = all;
`;

function freePart(source: string): number {
  const encoded = Buffer.from(source).toString("base64");
  const args = ["--expose-gc", "--input-type=module", "-e", program, encoded];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

test("compactHeap() leaves little of V8's memory free where half of what was kept is gone", () => {
  const source = readFileSync(new URL("../../../common/heap-compaction.ts", import.meta.url), "utf8");
  const compilerOptions = { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 };
  expect(freePart(transpileModule(source, { compilerOptions }).outputText)).toBeLessThan(0.15);
  expect(freePart("")).toBeGreaterThan(0.25);
});
