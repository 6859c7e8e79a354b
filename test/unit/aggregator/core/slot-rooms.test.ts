import fc from "fast-check";
import { expect, test } from "vitest";
import { SlotRooms } from "../../../../aggregator/core/slot-rooms.ts";

test("take() gives room that no other room overlaps, at most a quarter more than was asked for", () => {
  const anySize = fc.integer({ min: 17, max: 70_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(anySize, fc.boolean()), { maxLength: 40 }), (steps) => {
      const rooms = new SlotRooms();
      const taken: Uint32Array[] = [];
      for (const [words, isGivenBack] of steps) {
        const given = isGivenBack ? taken.pop() : undefined;
        if (given !== undefined) rooms.give(given);
        const room = rooms.take(words);
        expect(room.length).toBeGreaterThanOrEqual(words);
        expect(room.length).toBeLessThanOrEqual(words * 1.25 + 4);
        taken.push(room);
      }
      for (const [number, room] of taken.entries()) room.fill(number);
      for (const [number, room] of taken.entries()) expect(room.every((word) => word === number)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("take() gives room again that was given back", () => {
  const rooms = new SlotRooms();
  const room = rooms.take(200);
  rooms.give(room);
  expect(rooms.take(199)).toBe(room);
  expect(rooms.take(199)).not.toBe(room);
});
