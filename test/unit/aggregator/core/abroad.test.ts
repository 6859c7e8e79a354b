import { expect, test } from "vitest";
import { Abroad } from "../../../../aggregator/core/abroad.ts";
import { slotOf } from "../../../../proto/subjects.ts";

const bounds = { needsMax: 2, needLifeMs: 90_000 };
const half = { index: 0, of: 2 };
const other = { index: 1, of: 2 };

test("isAbroad() is whether another partition looks after a host", () => {
  const abroad = new Abroad(half, bounds);
  for (const hostId of ["a", "b", "c", "d", "e"]) expect(abroad.isAbroad(hostId)).toBe(slotOf(hostId) % 2 === 1);
});

test("put() says what is news, and receiveWindowBytes() forgets what is not told again", () => {
  const abroad = new Abroad(half, bounds);
  expect(abroad.put("a", "b", 1_000, 0)).toBe(true);
  expect(abroad.put("a", "b", 1_000, 10_000)).toBe(false);
  expect(abroad.receiveWindowBytes("a", "b", 100_000)).toBe(1_000);
  expect(abroad.receiveWindowBytes("b", "a", 100_000)).toBe(0);
  expect(abroad.receiveWindowBytes("a", "b", 100_001)).toBe(0);
  expect(abroad.put("a", "b", 0, 100_001)).toBe(false);
});

test("put() keeps no more than its bound", () => {
  const abroad = new Abroad(half, bounds);
  for (const source of ["b", "c", "d"]) abroad.put("a", source, 1_000, 0);
  expect(abroad.size).toBe(2);
  abroad.put("a", "c", 0, 0);
  expect(abroad.dropped, "what is not needed any more was not dropped").toEqual({ needs_evicted: 1 });
});

test("put() lets go of what was not told again in its time, and at once of what is not needed any more", () => {
  const abroad = new Abroad(half, { ...bounds, needsMax: 8 });
  for (const source of ["b", "c", "d"]) abroad.put("a", source, 1_000, 0);
  abroad.put("a", "b", 1_000, 60_000);
  // To be looked at is not to be told.
  abroad.receiveWindowBytes("a", "c", 60_000);
  abroad.put("a", "e", 1_000, 90_001);
  expect(abroad.size).toBe(2);
  expect(abroad.receiveWindowBytes("a", "b", 90_001)).toBe(1_000);
  expect(abroad.put("a", "b", 0, 90_001)).toBe(true);
  expect(abroad.size).toBe(1);
  expect(abroad.receiveWindowBytes("a", "b", 200_000)).toBe(0);
  expect(abroad.size).toBe(0);
});

test("isNewest() heeds only the highest term of each partition", () => {
  const abroad = new Abroad(half, bounds);
  expect([abroad.isNewest(other, 7), abroad.isNewest(other, 7), abroad.isNewest(other, 6)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(abroad.isNewest({ index: 1, of: 4 }, 6)).toBe(true);
});
