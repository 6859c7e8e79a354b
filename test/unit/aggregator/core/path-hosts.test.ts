import fc from "fast-check";
import { expect, test } from "vitest";
import { PathHosts } from "../../../../aggregator/core/path-hosts.ts";

test("PathHosts knows the slots of each host, whatever was added and deleted", () => {
  const anyStep = fc.tuple(fc.nat(3), fc.nat(200), fc.boolean());
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 300 }), (steps) => {
      const hosts = new PathHosts(201);
      const expected = new Map<string, Set<number>>();
      const owners = new Map<number, string>();
      for (const [number, slot, isDelete] of steps) {
        const hostId = `h${number}`;
        const owner = owners.get(slot);
        if (isDelete && owner !== undefined) {
          hosts.delete(hosts.take(owner), slot);
          expected.get(owner)?.delete(slot);
          owners.delete(slot);
        } else if (!isDelete && owner === undefined) {
          hosts.add(hosts.take(hostId), slot);
          expected.set(hostId, (expected.get(hostId) ?? new Set()).add(slot));
          owners.set(slot, hostId);
        } else hosts.sweep();
      }
      for (const [hostId, slots] of expected) {
        const host = hosts.get(hostId);
        const known = host === undefined ? [] : hosts.slotsOf(host);
        expect(known.toSorted()).toEqual([...slots].toSorted());
      }
    }),
  );
});

test("listed() gives the slot of each row of the last report of either parity", () => {
  const hosts = new PathHosts(100);
  const host = hosts.take("a");
  for (let slot = 0; slot < 100; slot += 1) hosts.add(host, slot);
  for (let row = 0; row < 100; row += 1) {
    hosts.list(host, 0, row, 99 - row);
    hosts.list(host, 1, row, (7 * row) % 100);
  }
  for (let row = 0; row < 100; row += 1) {
    expect(hosts.listed(host, 0, row)).toBe(99 - row);
    expect(hosts.listed(host, 1, row)).toBe((7 * row) % 100);
  }
});

test("list() forgets rows for which a host has no room", () => {
  const hosts = new PathHosts(10);
  const host = hosts.take("a");
  hosts.list(host, 0, 0, 3);
  hosts.add(host, 3);
  hosts.list(host, 0, 100_000, 3);
  expect(hosts.listed(host, 0, 0)).toBe(3);
  expect(hosts.listed(host, 1, 100_000)).toBe(3);
});
