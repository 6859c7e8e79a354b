import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("an answer that cannot be written is one line and code 1", () => {
  const program = join(import.meta.dirname, "../../../dist/cli/main.js");
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [program, "--help"], {
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  expect(stderr).toMatch(/^Cannot write the answer: ENOSPC[^\n]*\n$/);
  expect(status).toBe(1);
});
