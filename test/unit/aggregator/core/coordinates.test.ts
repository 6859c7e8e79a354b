import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Spot } from "../../../../aggregator/core/coordinates.ts";
import { Coordinates } from "../../../../aggregator/core/coordinates.ts";

function spot(hostId: string, rack = 0, zone = 0): Spot {
  return { hostId, place: { rack, zone } };
}

const names = ["a", "b", "c", "d", "e"];

describe("Coordinates", () => {
  test("tell the RTT of a path that was never measured: hosts on a line, 1 ms apart, without racks", () => {
    const coordinates = new Coordinates(100);
    for (let round = 0; round < 400; round += 1) {
      for (const [from, source] of names.entries()) {
        for (const [to, destination] of names.entries()) {
          const isUnseen = from + to === 4 && Math.abs(from - to) === 2;
          if (from < to && !isUnseen) coordinates.observe(spot(source), spot(destination), 1_000 * (to - from));
        }
      }
    }
    const predicted = coordinates.rttBetween(spot("b"), spot("d"));
    expect(predicted?.rttUs).toBeGreaterThan(1_800);
    expect(predicted?.rttUs).toBeLessThan(2_200);
    expect(predicted?.error).toBeLessThan(0.1);
  });

  test("learn within a rack from paths of that rack, however noisy the far ones are", () => {
    const coordinates = new Coordinates(100);
    const [here, there] = [(name: string) => spot(name, 1, 10), (name: string) => spot(`far ${name}`, 2, 20)];
    for (let round = 0; round < 400; round += 1) {
      for (const [index, name] of names.entries()) {
        coordinates.observe(here(name), here(names[(index + 1) % 5] ?? "a"), 100);
        coordinates.observe(here(name), there(name), 20_000 + 2_000 * Math.sin(round + index));
      }
    }
    expect(coordinates.rttBetween(here("a"), here("c"))?.rttUs).toBeLessThan(250);
    expect(coordinates.rttBetween(here("a"), there("c"))?.rttUs).toBeGreaterThan(18_000);
  });

  test("are the same for the same measurements", () => {
    const results = [0, 1].map(() => {
      const coordinates = new Coordinates(100);
      for (let index = 0; index < 200; index += 1) {
        coordinates.observe(
          spot(names[index % 5] ?? ""),
          spot(names[(index * 3 + 1) % 5] ?? ""),
          500 + (index % 7) * 100,
        );
      }
      return coordinates.rttBetween(spot("a"), spot("d"));
    });
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toBeDefined();
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -1, 10_000_001])("observe() refuses an RTT of %d us", (rttUs) => {
    const coordinates = new Coordinates(100);
    expect(coordinates.observe(spot("a"), spot("b"), rttUs)).toBe("refused");
    expect(coordinates.size).toBe(0);
  });

  test("observe() takes in no more hosts than the bound, and forget() makes room", () => {
    const coordinates = new Coordinates(2);
    expect(coordinates.observe(spot("a"), spot("b"), 100)).toBe("taken");
    expect(coordinates.observe(spot("a"), spot("c"), 100)).toBe("too_many_hosts");
    coordinates.forget("b");
    expect(coordinates.observe(spot("a"), spot("c"), 100)).toBe("taken");
    expect(coordinates.rttBetween(spot("a"), spot("b"))).toBeUndefined();
  });

  test("a host that moved to another rack begins anew", () => {
    const coordinates = new Coordinates(10);
    for (let round = 0; round < 100; round += 1) coordinates.observe(spot("a", 1), spot("b", 2), 1_000);
    const before = coordinates.errorOf(spot("a", 1)) ?? 2;
    coordinates.observe(spot("a", 3), spot("b", 2), 1_000);
    expect(coordinates.errorOf(spot("a", 3))).toBeGreaterThan(before);
  });

  test("rttBetween() and errorOf() do not tell of a host that moved what it was before, also where nothing was measured since", () => {
    const coordinates = new Coordinates(100);
    const [here, there] = [(name: string) => spot(`here ${name}`, 1, 10), (name: string) => spot(name, 2, 20)];
    for (let round = 0; round < 400; round += 1) {
      for (const [index, name] of names.entries()) {
        coordinates.observe(here(name), here(names[(index + 1) % 5] ?? ""), 200);
        coordinates.observe(there(name), there(names[(index + 1) % 5] ?? ""), 200);
        for (const other of names) coordinates.observe(here(name), there(other), 20_000);
      }
    }
    expect(coordinates.rttBetween(here("a"), there("b"))?.rttUs).toBeGreaterThan(18_000);
    const moved = spot("here a", 2, 20);
    expect(coordinates.rttBetween(moved, there("b"))?.rttUs).toBeLessThan(500);
    expect(coordinates.rttBetween(there("b"), moved)?.error).toBeGreaterThan(0.7);
    expect(coordinates.errorOf(moved)).toBe(1.5);
    expect(coordinates.rttBetween(moved, here("b"))?.rttUs).toBeGreaterThan(18_000);
    expect(coordinates.errorOf(spot("unknown", 2, 20))).toBeUndefined();
  });

  test("stay finite whatever is observed", () => {
    const number = fc.oneof(fc.double({ noDefaultInfinity: false }), fc.double({ min: 1, max: 1e7 }), fc.constant(1));
    const step = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.nat(2), fc.nat(2), number);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const coordinates = new Coordinates(4);
        for (const [source, destination, rack, zone, rttUs] of steps) {
          coordinates.observe(spot(source, rack, zone), spot(destination, zone, rack), rttUs);
          const rtt = coordinates.rttBetween(spot(source, rack, zone), spot(destination, zone, rack));
          if (rtt !== undefined)
            expect(Number.isFinite(rtt.rttUs) && rtt.rttUs > 0 && Number.isFinite(rtt.error)).toBe(true);
          expect(coordinates.size).toBeLessThanOrEqual(4);
        }
      }),
    );
  });
});
