import type { NetworkInterfaceInfo } from "node:os";
import { describe, expect, it } from "vitest";
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
  it("believes what is configured over the kernel", () => {
    expect(linkBytesPerSecond(10_000, ["lo"])).toBe(1_250_000_000);
  });

  it("is 0 where no interface says", () => {
    expect(linkBytesPerSecond(0, ["lo", "no-such-interface"])).toBe(0);
  });
});
