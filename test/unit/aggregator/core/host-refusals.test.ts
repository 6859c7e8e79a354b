import { describe, expect, test } from "vitest";
import { HostRefusals } from "../../../../aggregator/core/host-refusals.ts";

const minute = 60_000;

describe("HostRefusals", () => {
  test("roomTrouble() tells of messages that found no room, until there were none for ten minutes", () => {
    const refusals = new HostRefusals(5);
    expect(refusals.roomTrouble(0)).toBeUndefined();
    refusals.noRoom(0);
    refusals.noRoom(9 * minute);
    const text = (count: number) => `${count} messages of hosts were refused, as 5 hosts are all that are kept`;
    expect(refusals.roomTrouble(18 * minute)).toBe(text(2));
    expect(refusals.roomTrouble(19 * minute)).toBeUndefined();
    refusals.noRoom(30 * minute);
    expect(refusals.roomTrouble(30 * minute)).toBe(text(1));
  });
});
