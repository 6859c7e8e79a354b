import { describe, expect, test } from "vitest";
import { tableBounds } from "../../../../aggregator/core/bounds.ts";
import { Hosts } from "../../../../aggregator/core/hosts.ts";
import type { HostAnnouncement__Output } from "../../../../proto/gen/augmenter/v1/HostAnnouncement.ts";
import { address, announcement } from "../fixtures.ts";

function hostsOf(...announced: readonly HostAnnouncement__Output[]): Hosts {
  const hosts = new Hosts(tableBounds);
  for (const each of announced) hosts.announce(each, each.hostId, 0);
  return hosts;
}

describe("Hosts", () => {
  test("announce() keeps a host and its addresses, without loopback", () => {
    const hosts = hostsOf(announcement("a", ["10.0.0.1", "127.0.0.1", "2001:db8::1"]));
    expect(hosts.get("a")).toMatchObject({ rack: "rack of a", mode: "apply", reportIntervalMs: 1_000 });
    expect(hosts.ownerOf(address("10.0.0.1"))?.hostId).toBe("a");
    expect(hosts.ownerOf(address("2001:db8::1"))?.hostId).toBe("a");
    expect(hosts.ownerOf(address("127.0.0.1"))).toBeUndefined();
  });

  test("announce() leaves out addresses that no connection can have, and counts them and an unknown mode with the host", () => {
    const odd = ["224.0.0.1", "::", "0.0.0.1", "255.255.255.255", "ff02::1"];
    const hosts = hostsOf(announcement("a", ["10.0.0.1", ...odd]));
    expect(hosts.get("a")).toMatchObject({ addresses: [address("10.0.0.1")], troubles: { address_not_unicast: 5 } });
    for (const text of odd) expect(hosts.isOwnAddress("a", address(text))).toBe(false);
    hosts.announce(announcement("b", ["10.0.0.2"], { mode: 77 as never }), "b", 0);
    expect(hosts.get("b")).toMatchObject({ mode: "unknown", troubles: { mode_unknown: 1 } });
  });

  test("announce() lets go of addresses that are not announced any more", () => {
    const hosts = hostsOf(announcement("a", ["10.0.0.1", "10.0.0.9"]), announcement("a", ["10.0.0.1"]));
    expect(hosts.ownerOf(address("10.0.0.9"))).toBeUndefined();
    expect(hosts.conflicts).toBe(0);
  });

  test("announce() gives an address that two hosts claim to neither, and counts it with both, once", () => {
    const first = announcement("a", ["10.0.0.1", "172.17.0.1"]);
    const hosts = hostsOf(first, announcement("b", ["10.0.0.2", "172.17.0.1"]));
    hosts.announce(first, "a", 1);
    expect(hosts.ownerOf(address("172.17.0.1"))).toBeUndefined();
    expect(hosts.isOwnAddress("a", address("172.17.0.1"))).toBe(true);
    expect(hosts).toMatchObject({ conflicts: 1, contestedAddresses: 1 });
    for (const hostId of ["a", "b"]) expect(hosts.get(hostId)?.troubles).toEqual({ address_contested: 1 });
    hosts.announce(announcement("b", ["10.0.0.2"]), "b", 2);
    expect(hosts.ownerOf(address("172.17.0.1"))?.hostId).toBe("a");
    expect(hosts.contestedAddresses).toBe(0);
  });

  test.each<[string, Partial<HostAnnouncement__Output>]>([
    ["wrong_host", { hostId: "b" }],
    ["epoch_out_of_range", { epoch: 0 }],
    ["epoch_out_of_range", { epoch: 2 ** 60 }],
    ["old_epoch", { epoch: 999 }],
    ["addresses_length", { addresses: Buffer.alloc(15) }],
    ["too_many_addresses", { addresses: Buffer.alloc(16 * 257) }],
    ["label_length", { rack: "r".repeat(129) }],
    ["report_interval_out_of_range", { reportIntervalMs: 0 }],
    ["report_interval_out_of_range", { reportIntervalMs: 99 }],
    ["report_interval_out_of_range", { reportIntervalMs: 60_001 }],
  ])("announce() refuses %s: %o", (refusal, changes) => {
    const hosts = hostsOf(announcement("a", ["10.0.0.1"]));
    expect(hosts.announce(announcement("a", ["10.0.0.7"], changes), "a", 1)).toEqual({ ok: false, refusal });
    expect(hosts.ownerOf(address("10.0.0.7"))).toBeUndefined();
    expect(hosts.get("a")?.troubles).toEqual({ announcement_refused: 1 });
  });

  test("strangerTrouble names hosts that were never taken in, until they are", () => {
    const hosts = hostsOf(announcement("a", ["10.0.0.1"]));
    expect(hosts.strangerTrouble).toBeUndefined();
    hosts.announce(announcement("b", ["10.0.0.2"], { epoch: 0 }), "b", 0);
    expect(hosts.get("b")).toBeUndefined();
    expect(hosts.strangerTrouble).toBe("what 1 unknown hosts announce is refused: b (epoch_out_of_range)");
    for (let index = 0; index < 100; index += 1) hosts.announce(announcement("c", [], { epoch: 0 }), `c${index}`, 0);
    expect(hosts.strangerTrouble).toMatch(
      /^what 64 unknown hosts announce is refused: (c\d+ \(wrong_host\), ){5}\.\.\.$/,
    );
    hosts.announce(announcement("b", ["10.0.0.2"]), "b", 1);
    expect(hosts.strangerTrouble).not.toContain("b (");
  });

  test("announce() puts a host that found no room where it says it is as soon as there is room", () => {
    const hosts = new Hosts({ ...tableBounds, racksMax: 1 });
    const late = announcement("b", ["10.0.0.2"], { rack: "r2" });
    hosts.announce(announcement("a", ["10.0.0.1"], { rack: "r1" }), "a", 0);
    for (const ms of [0, 30_000, 60_000]) hosts.announce(late, "b", ms);
    expect(hosts.get("b")).toMatchObject({ place: { rack: 0 }, troubles: { topology_full: 1 } });
    expect(hosts.expire(60_001, 0)).toEqual([]);
    expect(hosts.expire(60_001)).toEqual(["a"]);
    hosts.announce(late, "b", 70_000);
    expect(hosts.get("b")?.place.rack).toBeGreaterThan(0);
    expect(hosts.get("b")?.troubles).toEqual({ topology_full: 1 });
  });

  test("announce() counts a rack in two zones with the hosts of either zone", () => {
    const inZone = (hostId: string, zone: string) => announcement(hostId, [], { rack: "r1", zone });
    const hosts = hostsOf(inZone("a", "z1"), inZone("b", "z1"), inZone("c", "z2"));
    for (const hostId of ["a", "b", "c"]) expect(hosts.get(hostId)?.troubles).toEqual({ rack_in_two_zones: 1 });
  });

  test("announce() and heard() take in no more hosts than the bound", () => {
    const hosts = new Hosts({ ...tableBounds, hostsMax: 1 });
    expect(hosts.heard("a", 1, 0, 0)).toBe(true);
    expect(hosts.heard("b", 1, 0, 0)).toBe(false);
    expect(hosts.announce(announcement("b", []), "b", 0)).toEqual({ ok: false, refusal: "too_many_hosts" });
    expect(hosts.heard("a", 1, 0, 0)).toBe(true);
    expect(hosts.roomTrouble(0)).toBe("2 messages of hosts were refused, as 1 hosts are all that are kept");
  });

  test("heard() keeps what was announced, and knows a host that never announced itself", () => {
    const hosts = hostsOf(announcement("a", ["10.0.0.1"]));
    hosts.heard("a", 2_000, 500, 9);
    hosts.heard("b", 5, 0, 9);
    expect(hosts.get("a")).toMatchObject({ rack: "rack of a", epoch: 2_000, heardMs: 9, clockOffsetMs: 500 });
    expect(hosts.get("b")).toMatchObject({ rack: "", mode: "unknown", addresses: [] });
  });

  test("after() tells hosts by id, from one on that need not be known", () => {
    const hosts = hostsOf(announcement("c", []), announcement("a", []));
    hosts.heard("b", 1, 0, 30_000);
    const idsAfter = (hostId: string) => [...hosts.after(hostId)].map((host) => host.hostId);
    expect([idsAfter(""), idsAfter("a"), idsAfter("aa")]).toEqual([
      ["a", "b", "c"],
      ["b", "c"],
      ["b", "c"],
    ]);
    hosts.expire(60_001);
    expect(idsAfter("")).toEqual(["b"]);
  });

  test("expire() forgets silent hosts and their addresses", () => {
    const hosts = hostsOf(announcement("a", ["10.0.0.1"]), announcement("b", ["10.0.0.2"]));
    hosts.heard("b", 1_000, 0, 30_000);
    expect(hosts.expire(60_000)).toEqual([]);
    expect(hosts.expire(60_001)).toEqual(["a"]);
    expect(hosts.ownerOf(address("10.0.0.1"))).toBeUndefined();
    expect(hosts.all().map((host) => host.hostId)).toEqual(["b"]);
  });
});
