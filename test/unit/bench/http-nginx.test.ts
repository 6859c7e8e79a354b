import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { configureNginx, createNginxFolder, nginxConfig, objectUrl } from "../../bench/http-nginx.ts";

test("createNginxFolder() has an object of each size, and remove() leaves nothing", () => {
  const folder = createNginxFolder([16 << 10, 5000]);
  try {
    expect(statSync(join(folder.path, "objects", "16384")).size).toBe(16 << 10);
    expect(statSync(join(folder.path, "objects", "5000")).size).toBe(5000);
    const file = configureNginx(folder, "10.0.0.1").at(-1) ?? "";
    expect(readFileSync(file, "utf8")).toBe(nginxConfig(folder.path, "10.0.0.1"));
  } finally {
    folder.remove();
  }
  expect(existsSync(folder.path)).toBe(false);
});

test("createNginxFolder() removes folders of processes that are gone, and no others", () => {
  // No process has this start time, whatever its id.
  const gone = join(tmpdir(), "augmenter-http-1-zzzzzzzzzz-1");
  const foreign = join(tmpdir(), "augmenter-http-foreign");
  for (const path of [gone, foreign]) mkdirSync(path, { recursive: true });
  const living = createNginxFolder([1]);
  const folder = createNginxFolder([1]);
  try {
    expect(existsSync(gone)).toBe(false);
    expect(existsSync(foreign)).toBe(true);
    expect(existsSync(living.path)).toBe(true);
  } finally {
    for (const made of [living, folder]) made.remove();
    rmSync(foreign, { recursive: true });
  }
  expect(basename(folder.path)).toMatch(/^augmenter-http-\d+-/);
});

test("nginxConfig() closes connections, logs no requests, and writes nowhere but in its folder", () => {
  const config = nginxConfig("/tmp/x", "10.0.0.1");
  expect(config).toMatch(/^ +keepalive_timeout 0;$/m);
  expect(config).toMatch(/^ +access_log off;$/m);
  expect(config).toMatch(/^ +listen 10\.0\.0\.1:8080;$/m);
  for (const [, path] of config.matchAll(/(?:pid|root|_path) (\S+);/g)) expect(path).toMatch(/^\/tmp\/x\//);
});

test("objectUrl() is where the object of that size is served", () => {
  expect(objectUrl("10.0.0.1", 65536)).toBe("http://10.0.0.1:8080/65536");
});
