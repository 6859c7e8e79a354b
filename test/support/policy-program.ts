/** bpf/policy.h, compiled for the host with the C compiler and driven line by line. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
let directory = "";

/** Compiles it before the tests of a file, and removes it behind them. */
export function withPolicyProgram(): void {
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "augmenter-policy-"));
    const source = join(root, "test/unit/bpf/policy-main.c");
    execFileSync("gcc", [
      "-O1",
      "-Wall",
      "-Wextra",
      "-Werror",
      `-I${root}bpf`,
      "-fsanitize=undefined",
      "-fno-sanitize-recover",
      source,
      "-o",
      join(directory, "policy"),
    ]);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
}

/** A function's name, as policy-main.c knows it, and its arguments. */
export type Call = readonly [name: string, ...args: (number | bigint)[]];

/** What all calls return, in one run of the program. */
export function results(calls: readonly Call[]): number[] {
  const input = calls
    .map(([name, ...args]) => [name, ...args, ...[0, 0, 0, 0, 0].slice(args.length)].join(" "))
    .join("\n");
  const output = execFileSync(join(directory, "policy"), { input: `${input}\n`, maxBuffer: 1 << 26 });
  return output.toString().trim().split("\n").map(Number);
}

/** What one call returns. */
export function result(...call: Call): number {
  return results([call])[0] ?? Number.NaN;
}
