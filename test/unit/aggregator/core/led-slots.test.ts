import { describe, expect, test } from "vitest";
import { isMisconfigured, LedSlots, unledText } from "../../../../aggregator/core/led-slots.ts";
import type { Partition } from "../../../../proto/partition.ts";
import { partitionFromText } from "../../../../proto/partition.ts";

const graceMs = 15_000;

function partition(text: string): Partition {
  const found = partitionFromText(text);
  if (found === undefined) throw new Error(`Cannot read partition ${text}`);
  return found;
}

/** What is left of the hosts after a while in which these were led. */
function leftBy(...led: readonly string[]) {
  const slots = new LedSlots(0, graceMs);
  for (const each of led) slots.led(partition(each), graceMs + 1);
  return slots.unled(graceMs + 1);
}

describe("LedSlots", () => {
  test.each([[["1/1"]], [["1/2", "2/2"]], [["1/4", "2/4", "3/4", "4/4"]], [["1/2", "2/4", "4/4"]], [["1/1", "1/4"]]])(
    "unled() leaves nothing of hosts that %j lead",
    (led) => expect(leftBy(...led)).toBeUndefined(),
  );

  test.each([
    [["1/2"], ["2/2"], [2]],
    [["1/4", "2/4", "3/4"], ["4/4"], [4]],
    [["1/4", "2/2"], ["3/4"], [2, 4]],
    [["2/4", "1/2", "1/8"], ["4/4"], [2, 4, 8]],
    [[], ["1/1"], []],
  ])("unled() of hosts that %j lead is %j", (led, partitions, divisions) => {
    expect(leftBy(...led)).toEqual({ partitions, divisions });
  });

  test("unled() waits for a change of leaders, and ends when somebody leads", () => {
    const slots = new LedSlots(0, graceMs);
    slots.led(partition("1/2"), 0);
    expect(slots.unled(graceMs)).toBeUndefined();
    slots.led(partition("1/2"), graceMs);
    expect(slots.unled(graceMs + 1)?.partitions).toEqual(["2/2"]);
    slots.led(partition("2/2"), graceMs + 2);
    expect(slots.unled(graceMs + 2)).toBeUndefined();
  });

  test("a mistake is told from an aggregator that is away", () => {
    const away = leftBy("1/2");
    expect(isMisconfigured(away)).toBe(false);
    expect(away && unledText(away)).toBe("nobody leads the hosts of partition 2/2: an aggregator of each is needed");
    const wrong = leftBy("1/4", "2/2");
    expect(isMisconfigured(wrong)).toBe(true);
    expect(wrong && unledText(wrong)).toMatch(/^nobody leads the hosts of partition 3\/4: .* of 2 and of 4 parts/);
  });
});
