import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openLogFile } from "../../../../deploy/standalone/log-file.ts";

test("openLogFile() appends to what is there", () => {
  const folder = mkdtempSync(join(tmpdir(), "augmenter-log-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "log");
  for (const line of ["one", "two"]) {
    const file = openLogFile(path);
    file.append(line);
    file.close();
  }
  expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
});

test("openLogFile() without a path keeps nothing", () => {
  const file = openLogFile("");
  file.append("one");
  file.close();
});

test("openLogFile() names a file that it cannot write", () => {
  expect(() => openLogFile("/proc/nowhere/log")).toThrow('Cannot write --log-file "/proc/nowhere/log": ENOENT');
});

test("a disk that is full does not end the program", () => {
  const file = openLogFile("/dev/full");
  file.append("one");
  file.append("two");
  file.close();
});
