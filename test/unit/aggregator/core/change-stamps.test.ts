import { describe, expect, test } from "vitest";
import { ChangeStamps } from "../../../../aggregator/core/change-stamps.ts";

describe("ChangeStamps", () => {
  test("goes on where its stamps end: readers that are near see what changed, those far behind start anew", () => {
    const stamps = new ChangeStamps<string>(600, 4, 100);
    const early = stamps.placeAfter(0);
    for (let change = 0; change < 90; change += 1) {
      stamps.begin();
      stamps.changed(change % 3);
    }
    const late = stamps.placeAfter(stamps.newest);
    for (let change = 0; change < 20; change += 1) {
      stamps.begin();
      stamps.changed(500 + (change % 2));
    }
    expect(stamps.newest).toBe(110);
    expect(stamps.read(early, 10, 600)).toBeUndefined();
    expect(stamps.read(late, 10, 600)).toMatchObject({ slots: [500, 501], isDone: true });
    expect(stamps.newestOf(501)).toBe(110);
    expect(stamps.newestOf(2)).toBe(90);
    expect(stamps.newestOf(7)).toBeLessThan(90);
  });
});
