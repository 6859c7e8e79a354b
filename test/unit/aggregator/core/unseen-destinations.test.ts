import { describe, expect, test } from "vitest";
import { inferenceBounds, tableBounds } from "../../../../aggregator/core/bounds.ts";
import type { HostState } from "../../../../aggregator/core/hosts.ts";
import { Hosts } from "../../../../aggregator/core/hosts.ts";
import { RecentMap } from "../../../../aggregator/core/recent-map.ts";
import { UnseenDestinations } from "../../../../aggregator/core/unseen-destinations.ts";
import { addressText } from "../../../../proto/address.ts";
import { address, announcement } from "../fixtures.ts";

/** Racks of `perRack` hosts, each with an address in two networks. */
function clusterOf(racks: number, perRack: number) {
  const hosts = new Hosts(tableBounds);
  for (let rack = 0; rack < racks; rack += 1) {
    for (let index = 0; index < perRack; index += 1) {
      const id = `r${rack}h${index}`;
      const addresses = [`172.16.${rack}.${index + 1}`, `10.0.${rack}.${index + 1}`];
      hosts.announce(announcement(id, addresses, { rack: `r${rack}` }), id, 0);
    }
  }
  const unseen = new UnseenDestinations(hosts, inferenceBounds);
  const host = (id: string) => hosts.get(id) as HostState;
  const contacted = (from: string, to: string, nowMs = 0) => {
    const destination = host(to).addresses[1] as Uint8Array;
    unseen.contacted(host(from), destination, host(to), nowMs);
  };
  return { unseen, host, contacted };
}

describe("UnseenDestinations", () => {
  test("candidatesOf() names what the rack speaks to, and the hosts beside what the host speaks to, in the same network", () => {
    const { unseen, host, contacted } = clusterOf(3, 2);
    contacted("r0h0", "r1h0");
    contacted("r0h1", "r2h1");
    const told = (id: string) => unseen.candidatesOf(host(id), 0).map(addressText).sort();
    expect(told("r0h0")).toEqual(["10.0.1.1", "10.0.1.2", "10.0.2.2"]);
    expect(told("r0h1")).toEqual(["10.0.1.1", "10.0.2.1", "10.0.2.2"]);
    expect(told("r1h0")).toEqual([]);
  });

  test("are at most 64 and 4 x 32 for a host, however many are spoken to, and stay the same", () => {
    const { unseen, host, contacted } = clusterOf(60, 40);
    for (let rack = 1; rack < 60; rack += 1)
      for (let index = 0; index < 40; index += 1) contacted("r0h0", `r${rack}h${index}`);
    const before = unseen.candidatesOf(host("r0h0"), 0).map(addressText);
    expect(before.length).toBeGreaterThan(64);
    expect(before.length).toBeLessThanOrEqual(64 + 4 * 32);
    expect(unseen.refused).toBeGreaterThan(2_000);
    contacted("r0h1", "r59h39", 1_000);
    expect(unseen.candidatesOf(host("r0h0"), 1_000).map(addressText)).toEqual(before);
  });

  test("isCandidate() ends ten minutes after the last connection, and makes room then", () => {
    const { unseen, host, contacted } = clusterOf(2, 2);
    contacted("r0h0", "r1h0");
    const destination = address("10.0.1.1");
    expect(unseen.isCandidate(host("r0h1"), destination, host("r1h0"), 600_000)).toBe(true);
    expect(unseen.isCandidate(host("r0h1"), destination, host("r1h0"), 600_001)).toBe(false);
    expect(unseen.isCandidate(host("r1h0"), destination, host("r1h0"), 0)).toBe(false);
  });
});

describe("suspend()", () => {
  test("ends after a minute, and is for the newest failures however many there were before", () => {
    const { unseen, host, contacted } = clusterOf(2, 2);
    contacted("r0h0", "r1h0");
    const destination = address("10.0.1.1");
    const isCandidate = (nowMs: number) => unseen.isCandidate(host("r0h1"), destination, host("r1h0"), nowMs);
    for (let index = 0; index < inferenceBounds.suspendedMax; index += 1) {
      unseen.suspend(address(`198.18.${index >> 8}.${index & 255}`), 1_000);
    }
    expect(isCandidate(1_000)).toBe(true);
    unseen.suspend(destination, 1_000);
    expect(isCandidate(61_000)).toBe(false);
    expect(isCandidate(61_001)).toBe(true);
  });
});

describe("RecentMap", () => {
  test("note() refuses others while all its entries are in use, and takes them when one is not", () => {
    const map = new RecentMap<string, number>(2, 1_000);
    expect([map.note("a", 1, 0), map.note("b", 2, 0), map.note("c", 3, 0)]).toEqual([true, true, false]);
    map.note("a", 1, 900);
    expect(map.note("c", 3, 1_500)).toBe(true);
    expect(map.entries(1_500).map(([key]) => key)).toEqual(["a", "c"]);
  });
});
