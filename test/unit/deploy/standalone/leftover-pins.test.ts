import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { pinsPath, removePins } from "../../../../deploy/standalone/leftover-pins.ts";

test("pinsPath() is below the BPF file system, wherever that is", () => {
  expect(pinsPath("a", "none /mnt/bpf bpf rw 0 0\n")).toBe("/mnt/bpf/augmenter/a");
  expect(pinsPath("a", "tmpfs /tmp tmpfs rw 0 0\n")).toBeUndefined();
});

test("removePins() removes one host id's, and the folder of all only with the last", () => {
  const folder = mkdtempSync(join(tmpdir(), "augmenter-pins-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const all = join(folder, "augmenter");
  for (const host of ["a", "b"]) {
    mkdirSync(join(all, host, "v1"), { recursive: true });
    for (const pin of ["link", "release", "v1/advice"]) writeFileSync(join(all, host, pin), "");
  }
  removePins(join(all, "a"));
  expect(existsSync(join(all, "a"))).toBe(false);
  expect(existsSync(join(all, "b", "v1", "advice"))).toBe(true);
  removePins(join(all, "b"));
  expect(existsSync(all)).toBe(false);
  removePins(join(all, "b"));
});
