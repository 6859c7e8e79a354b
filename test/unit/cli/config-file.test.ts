import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readConfigFile } from "../../../cli/config-file.ts";

const names = ["server", "tls", "timeout-ms"];
let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "augmenter-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

function written(folder: string, text: string): string {
  mkdirSync(join(home, folder, "augmenter"), { recursive: true });
  const path = join(home, folder, "augmenter", "config.yaml");
  writeFileSync(path, text);
  return path;
}

describe("readConfigFile()", () => {
  test("reads ~/.config/augmenter/config.yaml", () => {
    const path = written(".config", "server: a:1\ntls: true\ntimeout-ms: 700 # slow\n");
    expect(readConfigFile(undefined, {}, home, names)).toEqual({
      path,
      exists: true,
      texts: { server: "a:1", tls: "true", "timeout-ms": "700" },
    });
  });

  test("prefers a named file, then AUGMENTER_CONFIG, then XDG_CONFIG_HOME", () => {
    const [named, variable] = [written("named", "server: a:1"), written("variable", "server: a:2")];
    written("xdg", "server: a:3");
    const environment = { AUGMENTER_CONFIG: variable, XDG_CONFIG_HOME: join(home, "xdg") };
    expect(readConfigFile(named, environment, home, names).texts["server"]).toBe("a:1");
    expect(readConfigFile(undefined, environment, home, names).texts["server"]).toBe("a:2");
    expect(readConfigFile(undefined, { XDG_CONFIG_HOME: join(home, "xdg") }, home, names).texts["server"]).toBe("a:3");
  });

  test("needs no file, but for one that was named", () => {
    expect(readConfigFile(undefined, {}, home, names)).toMatchObject({ exists: false, texts: {} });
    expect(readConfigFile(undefined, { AUGMENTER_CONFIG: "" }, home, names)).toMatchObject({
      exists: false,
      texts: {},
    });
    expect(() => readConfigFile(join(home, "none"), {}, home, names)).toThrow(/^Cannot use .*none: ENOENT$/);
  });

  test.each([
    ["servr: a:1", /there is no setting "servr"; did you mean server\?$/],
    ["server: [a, b]", /server must be one value$/],
    ["- server", /it must be a map of settings$/],
    ["server: &a x:1\ntls-ca: *a", /it must have no aliases$/],
    ["server: *nothing", /^Cannot use the configuration file .*config\.yaml: \S/],
    ["server: {", /^Cannot use the configuration file .*config\.yaml: \S/],
    [`server: ${"x".repeat(70_000)}`, /it must be at most 65536 bytes$/],
  ])("refuses %.20s in one line", (text, reason) => {
    written(".config", text);
    expect(() => readConfigFile(undefined, {}, home, names)).toThrow(reason);
  });

  test("takes an empty file", () => {
    written(".config", "# nothing yet\n");
    expect(readConfigFile(undefined, {}, home, names).texts).toEqual({});
  });
});
