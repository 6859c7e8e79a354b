import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Topology } from "../../../../aggregator/core/topology.ts";

const bounds = { racksMax: 3, zonesMax: 2 };

describe("Topology", () => {
  test("place() gives hosts of one rack and zone the same numbers, others different ones", () => {
    const topology = new Topology(bounds);
    const a = topology.place("a", "r1", "z1").place;
    expect(topology.place("b", "r1", "z1").place).toEqual(a);
    const c = topology.place("c", "r2", "z1").place;
    expect(c.zone).toBe(a.zone);
    expect(c.rack).not.toBe(a.rack);
    expect([...topology.hostsOfRack(a.rack)]).toEqual(["a", "b"]);
  });

  test("place() knows nothing of hosts that do not say where they are", () => {
    expect(new Topology(bounds).place("a", "", "")).toMatchObject({ place: { rack: 0, zone: 0 }, trouble: undefined });
  });

  test("place() keeps the hosts of a rack that is named under two zones apart, and says so", () => {
    const topology = new Topology(bounds);
    const first = topology.place("a", "r1", "z1");
    const second = topology.place("b", "r1", "z2");
    expect(first.trouble).toBeUndefined();
    expect(second.trouble).toBe("rack_in_two_zones");
    expect(second.place.rack).not.toBe(first.place.rack);
    topology.leave("b");
    expect(topology.place("c", "r1", "z1").trouble).toBeUndefined();
  });

  test("place() tells once whose rack is named under another zone from now on", () => {
    const topology = new Topology({ racksMax: 9, zonesMax: 9 });
    const othersOf = (hostId: string, zone: string) => topology.place(hostId, "r1", zone).others;
    expect([othersOf("a", "z1"), othersOf("b", "z1")]).toEqual([[], []]);
    expect([othersOf("c", "z2"), othersOf("d", "z2"), othersOf("e", "z3")]).toEqual([["a", "b"], [], []]);
    for (const hostId of ["c", "d", "e"]) topology.leave(hostId);
    expect(othersOf("f", "z1")).toEqual([]);
    expect(othersOf("c", "z2")).toEqual(["a", "b", "f"]);
    topology.leave("c");
    for (let index = 0; index < 100; index += 1) topology.place(`h${index}`, "r1", "z1");
    expect(othersOf("c", "z2")).toHaveLength(64);
  });

  test("place() tells no others where a host found no room", () => {
    const topology = new Topology({ racksMax: 9, zonesMax: 1 });
    topology.place("a", "r1", "z1");
    for (let times = 0; times < 2; times += 1) {
      expect(topology.place("b", "r1", "z2")).toMatchObject({ trouble: "topology_full", others: [] });
    }
  });

  test("place() treats racks and zones beyond the limits as not named, until others are empty", () => {
    const topology = new Topology(bounds);
    for (const [index, zone] of ["z1", "z1", "z2"].entries()) topology.place(`h${index}`, `r${index}`, zone);
    expect(topology.place("x", "r9", "z1")).toMatchObject({ place: { rack: 0 }, trouble: "topology_full" });
    expect(topology.place("y", "r0", "z9")).toMatchObject({ place: { rack: 0, zone: 0 }, trouble: "topology_full" });
    topology.leave("h2");
    expect(topology.place("x", "r9", "z1")).toMatchObject({ trouble: undefined });
    expect(topology.place("y", "", "z9")).toMatchObject({ trouble: undefined });
  });

  test("a rack without hosts keeps its number for those that come back", () => {
    const topology = new Topology(bounds);
    const { place } = topology.place("a", "r1", "z1");
    topology.leave("a");
    expect(topology.place("b", "r1", "z1").place).toEqual(place);
  });

  test("stays within its limits whatever hosts say, and no host is in two racks", () => {
    const name = fc.constantFrom("", "1", "2", "3", "4", "5");
    const moves = fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d", "e"), name, name, fc.boolean()));
    fc.assert(
      fc.property(moves, (steps) => {
        const topology = new Topology(bounds);
        const racks = new Set<number>();
        for (const [host, rack, zone, leaves] of steps) {
          if (leaves) topology.leave(host);
          else racks.add(topology.place(host, rack, zone).place.rack);
          expect(topology.racks).toBeLessThanOrEqual(bounds.racksMax);
          expect(topology.zones).toBeLessThanOrEqual(bounds.zonesMax);
          const members = [...racks].flatMap((number) => [...topology.hostsOfRack(number)]);
          expect(new Set(members).size).toBe(members.length);
        }
      }),
    );
  });
});
