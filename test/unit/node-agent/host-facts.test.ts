import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { NetworkInterfaceInfo } from "node:os";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { announcedAddresses, linkBytesPerSecond } from "../../../node-agent/host-facts.ts";
import { addressText } from "../../../proto/address.ts";

function announced(interfaces: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const infos = Object.entries(interfaces).map(([name, addresses]): [string, NetworkInterfaceInfo[]] => [
    name,
    addresses.map((address) => ({ address, internal: name === "lo" }) as NetworkInterfaceInfo),
  ]);
  const bytes = announcedAddresses(Object.fromEntries(infos), (name) => name === "docker0");
  return Array.from({ length: bytes.length / 16 }, (_, index) =>
    addressText(bytes.subarray(16 * index, 16 * index + 16)),
  );
}

describe("announcedAddresses()", () => {
  it("leaves out the loopback, what is local to a link, and what other hosts have too", () => {
    const interfaces = {
      lo: ["127.0.0.1", "::1"],
      eth0: ["10.0.0.1", "2001:db8::1", "fe80::1"],
      docker0: ["172.17.0.1", "fd00::1"],
      nodelocaldns: ["169.254.20.10"],
    };
    expect(announced(interfaces)).toEqual(["10.0.0.1", "2001:db8::1"]);
  });

  it("names a host that has nothing else by what others may have, too", () => {
    expect(announced({ lo: ["127.0.0.1"], eth0: ["fe80::1"], docker0: ["172.17.0.1"] })).toEqual(["172.17.0.1"]);
  });
});

describe("linkBytesPerSecond()", () => {
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "augmenter-facts-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function make(name: string, megabits: number, ...entries: readonly string[]): void {
    for (const entry of ["queues", ...entries]) mkdirSync(join(directory, name, entry), { recursive: true });
    writeFileSync(join(directory, name, "speed"), `${megabits}\n`);
  }

  function megabitsOf(...names: readonly string[]): number {
    return linkBytesPerSecond(0, names, directory) / 125_000;
  }

  it("is that of the card, not the 10 Gbit/s that every veth and a bridge of them say", () => {
    make("eth0", 1_000, "device");
    make("veth1", 10_000);
    make("docker0", 10_000, "bridge", "lower_veth1");
    expect(megabitsOf("eth0", "veth1", "docker0")).toBe(1_000);
    expect(megabitsOf("veth1", "docker0")).toBe(0);
  });

  it("is that of what lies below a bridge, a VLAN or a bond: of a bond its own, the sum of its cards", () => {
    make("eth0", 1_000, "device");
    make("eth1", 1_000, "device");
    make("veth1", 10_000);
    make("br0", 10_000, "bridge", "lower_eth0", "lower_veth1");
    make("bond0", 2_000, "bonding", "lower_eth0", "lower_eth1");
    make("bond0.7", 2_000, "lower_bond0");
    expect([megabitsOf("br0"), megabitsOf("bond0"), megabitsOf("bond0.7")]).toEqual([1_000, 2_000, 2_000]);
  });

  it("is 0 where a card does not know", () => {
    make("eth0", -1, "device");
    expect(megabitsOf("eth0")).toBe(0);
  });

  it("believes what is configured over the kernel", () => {
    expect(linkBytesPerSecond(10_000, ["lo"])).toBe(1_250_000_000);
  });

  it("is 0 where no interface says", () => {
    expect(linkBytesPerSecond(0, ["lo", "no-such-interface"])).toBe(0);
  });
});
