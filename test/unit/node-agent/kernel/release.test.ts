import { expect, test } from "vitest";
import { readInEveryNamespace } from "../../../../node-agent/kernel/release.ts";

test("readInEveryNamespace() says what it could not read, and goes on", () => {
  const failures = readInEveryNamespace("/proc/nowhere/release");
  expect(failures[0]).toContain("ENOENT");
  for (const failure of failures) expect(failure).toMatch(/release|namespace/);
});
