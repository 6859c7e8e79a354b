import { describe, expect, test } from "vitest";
import { AddressClaims } from "../../../../aggregator/core/address-claims.ts";
import { address } from "../fixtures.ts";

const shared = address("172.17.0.1");

describe("AddressClaims", () => {
  test("claim() takes an address from the host that had it, and names that host", () => {
    const claims = new AddressClaims();
    expect([...claims.claim("a", [shared])]).toEqual([]);
    expect([...claims.claim("b", [shared])]).toEqual(["a"]);
    expect(claims.ownerOf(shared)).toBe("b");
    expect(claims.conflicts).toBe(1);
  });

  test("soleOwnerOf() names nobody while more than one live host claims an address", () => {
    const claims = new AddressClaims();
    claims.claim("a", [shared]);
    expect(claims.soleOwnerOf(shared)).toBe(claims.ownerOf(shared));
    claims.claim("b", [shared]);
    expect(claims.soleOwnerOf(shared)).toBeUndefined();
    claims.release("b", [shared]);
    expect(claims.soleOwnerOf(shared)).toBe(claims.ownerOf(shared));
    expect(claims.ownerOf(shared)).toBe("a");
  });

  test("release() of what another host owns changes nothing for that one", () => {
    const claims = new AddressClaims();
    claims.claim("a", [shared]);
    claims.claim("b", [shared]);
    claims.release("a", [shared]);
    expect(claims.ownerOf(shared)).toBe("b");
    claims.release("b", [shared]);
    expect(claims.ownerOf(shared)).toBeUndefined();
  });
});
