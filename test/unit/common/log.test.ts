import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentLog } from "../../../common/log.ts";

test("createLog() writes to stderr only, because stdout belongs to the reader", () => {
  // In a process of its own: the log writes to the descriptor, past what a test could catch.
  const program = join(import.meta.dirname, "../../../dist/common/log.js");
  const script = `import { createLog } from ${JSON.stringify(program)}; createLog("example", "info").info({ port: 1 }, "listening");`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(JSON.parse(stderr)).toMatchObject({ program: "example", port: 1, msg: "listening" });
});

test("silentLog() says nothing", () => {
  expect(silentLog().isLevelEnabled("fatal")).toBe(false);
});
