import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../../common/log.ts";
import { HostTopology } from "../../../node-agent/host-topology.ts";

const log = createLog("test", "silent");
const topologyKeys = ["rack", "zone"];

describe("HostTopology", () => {
  let directory: string;
  let labelsFile: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "labels-"));
    labelsFile = join(directory, "labels");
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("follows the file when it is replaced by a symbolic link to another, as the downward API does", () => {
    writeFileSync(join(directory, "v1"), 'rack="r1"\nzone="z1"\n');
    symlinkSync(join(directory, "v1"), labelsFile);
    const topology = new HostTopology({ rack: "", zone: "", labelsFile, topologyKeys, log });
    expect(topology.current()).toEqual({ rack: "r1", zone: "z1" });
    writeFileSync(join(directory, "v2"), 'rack="r2"\nzone="z1"\n');
    symlinkSync(join(directory, "v2"), join(directory, "next"));
    renameSync(join(directory, "next"), labelsFile);
    expect(topology.current()).toEqual({ rack: "r2", zone: "z1" });
    expect(topology.failures).toBe(0);
  });

  it("lets an option win over the file", () => {
    writeFileSync(labelsFile, "rack=r1\nzone=z1\n");
    const topology = new HostTopology({ rack: "r9", zone: "", labelsFile, topologyKeys, log });
    expect(topology.current()).toEqual({ rack: "r9", zone: "z1" });
  });

  it("keeps what was said while the file cannot be read, and counts it", () => {
    writeFileSync(labelsFile, "rack=r1\n");
    const topology = new HostTopology({ rack: "", zone: "", labelsFile, topologyKeys, log });
    topology.current();
    rmSync(labelsFile);
    expect(topology.current()).toEqual({ rack: "r1", zone: "" });
    writeFileSync(labelsFile, "x".repeat(300_000));
    expect(topology.current()).toEqual({ rack: "r1", zone: "" });
    expect(topology.failures).toBe(2);
  });

  it.each<[string, (path: string) => void]>([
    ["is emptied", (path) => writeFileSync(path, "")],
    ["has nothing but blanks", (path) => writeFileSync(path, "\n \n")],
    ["is not UTF-8", (path) => writeFileSync(path, Buffer.from([0x72, 0x3d, 0xff, 0xfe, 0x0a]))],
    ["is something else", (path) => writeFileSync(path, "<html>\n502 Bad Gateway\n\u0001\u0002\n")],
    ["is half of what it was", (path) => writeFileSync(path, 'rack="r')],
    ["is larger than any", (path) => writeFileSync(path, "x=1\n".repeat(100_000))],
    ["is a directory", (path) => mkdirSync(path)],
    ["is a pipe that nobody writes to", (path) => void execFileSync("mkfifo", [path])],
    ["is a device", (path) => symlinkSync("/dev/zero", path)],
  ])("keeps what was said where the file %s, says so once and counts it", (_, spoil) => {
    const warned: unknown[] = [];
    const heard = { ...log, warn: (what: unknown) => void warned.push(what) } as unknown as typeof log;
    writeFileSync(labelsFile, "rack=r1\nzone=z1\n");
    const topology = new HostTopology({ rack: "", zone: "", labelsFile, topologyKeys, log: heard });
    topology.current();
    rmSync(labelsFile);
    spoil(labelsFile);
    for (let report = 0; report < 3; report += 1) expect(topology.current()).toEqual({ rack: "r1", zone: "z1" });
    expect(topology.failures).toBe(3);
    expect(warned).toHaveLength(1);
    rmSync(labelsFile, { recursive: true });
    writeFileSync(labelsFile, "rack=r2\n");
    expect(topology.current(), "a label that was taken away").toEqual({ rack: "r2", zone: "" });
    expect(topology.failures).toBe(3);
  });
});
