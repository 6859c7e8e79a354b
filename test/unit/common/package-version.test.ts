import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { packageVersion } from "../../../common/package-version.ts";

test("packageVersion() is that of package.json", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(packageVersion()).toBe(manifest.version);
});
