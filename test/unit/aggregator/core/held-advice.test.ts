import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Advice } from "../../../../aggregator/core/advice-change.ts";
import { HeldAdvice } from "../../../../aggregator/core/held-advice.ts";
import { addressKey, addressOfKey } from "../../../../aggregator/core/path-key.ts";
import { PathTable } from "../../../../aggregator/core/path-table.ts";
import { address, estimateOf, row } from "../fixtures.ts";

const keyOf = (last: number) => addressKey(address(`10.0.0.${last}`));

function advice(last: number, changes: Partial<Advice> = {}): Advice {
  return {
    destination: address(`10.0.0.${last}`),
    windowSegments: 4_096,
    receiveWindowBytes: 6 << 20,
    pathRateBytesPerSecond: 24_000_000,
    minRttUs: 20_000,
    isCapacityKnown: true,
    burstSegments: 7,
    rtoMinUs: 200_000,
    togetherSegments: 12,
    togetherHosts: 20_000,
    ...changes,
  };
}

describe("HeldAdvice", () => {
  test("gives back every field of what was set, with a path beside it and without", () => {
    const table = new PathTable({ pathsMax: 8, pathsPerHostMax: 8, forgottenKept: 8 });
    table.put("a", address("10.0.0.1"), estimateOf(row()));
    const held = new HeldAdvice(table).ofHost("a");
    for (const last of [1, 2]) {
      held.set(keyOf(last), { advice: advice(last), loweredVersion: last });
      expect(held.get(keyOf(last))).toEqual({ advice: advice(last), loweredVersion: last });
      const other = advice(last, { isCapacityKnown: false, burstSegments: 0, togetherSegments: 0, togetherHosts: 0 });
      held.set(keyOf(last), { advice: other, loweredVersion: 0 });
      expect(held.get(keyOf(last))).toEqual({ advice: other, loweredVersion: 0 });
    }
    expect(held.size).toBe(2);
  });

  test("bounds what another aggregator may have said beyond what a place holds", () => {
    const table = new PathTable({ pathsMax: 8, pathsPerHostMax: 8, forgottenKept: 8 });
    table.put("a", address("10.0.0.1"), estimateOf(row()));
    const held = new HeldAdvice(table).ofHost("a");
    const huge = {
      windowSegments: 4e9,
      burstSegments: 4e9,
      togetherSegments: 4e9,
      togetherHosts: 4e9,
      isCapacityKnown: false,
    };
    held.set(keyOf(1), { advice: advice(1, huge), loweredVersion: 0 });
    expect(held.get(keyOf(1))?.advice).toMatchObject({
      windowSegments: 65_535,
      burstSegments: 65_535,
      togetherSegments: 16_383,
      togetherHosts: 65_535,
      isCapacityKnown: false,
    });
  });

  test("is what a map would be, however paths come and go beside it", () => {
    const step = fc.record({
      what: fc.constantFrom("set", "delete", "path", "prune", "clear", "forget"),
      host: fc.constantFrom("a", "b"),
      last: fc.integer({ min: 1, max: 6 }),
      windowSegments: fc.integer({ min: 0, max: 4_096 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        // Fewer places than paths: some make room for others.
        const table = new PathTable({ pathsMax: 5, pathsPerHostMax: 8, forgottenKept: 8 });
        const all = new HeldAdvice(table);
        const maps = new Map([...["a", "b"]].map((hostId) => [hostId, new Map<string, number>()]));
        for (const { what, host, last, windowSegments } of steps) {
          const map = maps.get(host) as Map<string, number>;
          if (what === "set") {
            all.ofHost(host).set(keyOf(last), { advice: advice(last, { windowSegments }), loweredVersion: 0 });
            map.set(keyOf(last), windowSegments);
          } else if (what === "delete") {
            all.ofHost(host).delete(keyOf(last));
            map.delete(keyOf(last));
          } else if (what === "path") table.put(host, address(`10.0.0.${last}`), estimateOf(row()));
          else if (what === "prune") table.prune(1e9, 1);
          else {
            if (what === "clear") all.ofHost(host).clear();
            else all.forgetHost(host);
            map.clear();
          }
        }
        for (const [hostId, map] of maps) {
          const held = all.ofHost(hostId);
          expect(held.size).toBe(map.size);
          expect([...held.keys()].sort()).toEqual([...map.keys()].sort());
          for (const [key, windowSegments] of map) {
            expect(held.get(key)?.advice.windowSegments).toBe(windowSegments);
            const holders = new Set(all.strayHolders(key));
            table.eachTo(addressOfKey(key), (_, holder) => holders.add(holder));
            expect([...holders]).toContain(hostId);
          }
        }
      }),
    );
  });
});
