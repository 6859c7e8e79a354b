import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
});
