import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isRepeatedElsewhere } from "../../../node-agent/host-interfaces.ts";

let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "augmenter-interfaces-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function make(name: string, ...entries: readonly string[]): void {
  for (const entry of ["queues", ...entries]) mkdirSync(join(directory, name, entry), { recursive: true });
}

test("a bridge is other hosts' too unless a device is below it, through whatever", () => {
  make("eth0", "device");
  make("eth1", "device");
  make("bond0", "lower_eth1");
  make("bond0.7", "lower_bond0");
  make("veth1");
  make("docker0", "bridge", "brif");
  make("br-containers", "bridge", "brif", "lower_veth1");
  make("br0", "bridge", "brif", "lower_veth1", "lower_eth0");
  make("br7", "bridge", "brif", "lower_bond0.7");
  const repeated = ["eth0", "bond0", "veth1", "docker0", "br-containers", "br0", "br7", "kube-ipvs0", "gone"].filter(
    (name) => isRepeatedElsewhere(name, directory),
  );
  expect(repeated).toEqual(["docker0", "br-containers", "kube-ipvs0"]);
});
