import { describe, expect, test } from "vitest";
import { AddressClaims } from "../../../../aggregator/core/address-claims.ts";
import { address } from "../fixtures.ts";

const shared = address("172.17.0.1");

describe("AddressClaims", () => {
  test("claim() makes an address that another host has nobody's, and names that host", () => {
    const claims = new AddressClaims();
    expect(claims.claim("a", [shared])).toEqual({ losers: new Set(), contested: 0 });
    expect(claims.ownerOf(shared)).toBe("a");
    expect(claims.claim("b", [shared])).toEqual({ losers: new Set(["a"]), contested: 1 });
    expect(claims.ownerOf(shared)).toBeUndefined();
    expect(claims).toMatchObject({ conflicts: 1, contested: 1 });
    expect(["a", "b", "c"].map((hostId) => claims.isClaimedBy(hostId, shared))).toEqual([true, true, false]);
    expect(claims.claimantsOf(shared)).toEqual(["a", "b"]);
    expect(claims.claimantsOf(address("10.0.0.1"))).toEqual([]);
  });

  test("claim() names no host twice for one address, however many claim it", () => {
    const claims = new AddressClaims();
    for (const hostId of ["a", "b"]) claims.claim(hostId, [shared]);
    expect(claims.claim("c", [shared])).toEqual({ losers: new Set(), contested: 1 });
    expect(claims).toMatchObject({ conflicts: 2, contested: 1 });
  });

  test("release() leaves an address to the one host that still claims it", () => {
    const claims = new AddressClaims();
    for (const hostId of ["a", "b", "c"]) claims.claim(hostId, [shared]);
    claims.release("b", [shared]);
    expect(claims.ownerOf(shared)).toBeUndefined();
    claims.release("a", [shared]);
    expect(claims.ownerOf(shared)).toBe("c");
    expect(claims.contested).toBe(0);
    claims.release("a", [shared]);
    claims.release("c", [shared]);
    expect(claims.ownerOf(shared)).toBeUndefined();
    expect(claims.contested).toBe(0);
  });
});
