import { describe, expect, test } from "vitest";
import { SortedIds } from "../../../../aggregator/core/sorted-ids.ts";

describe("SortedIds", () => {
  test("after() tells ids in order, whatever came and went, from any id on", () => {
    const ids = new SortedIds();
    const known = new Set<string>();
    for (let step = 0; step < 2_000; step += 1) {
      const id = `h${(step * 7_919) % 300}`;
      if (step % 7 < 4) {
        ids.add(id);
        known.add(id);
      } else {
        ids.delete(id);
        known.delete(id);
      }
    }
    const sorted = [...known].sort();
    expect([...ids.after("")]).toEqual(sorted);
    for (const from of ["h150", "h1500", "z", sorted[0] ?? ""]) {
      expect([...ids.after(from)]).toEqual(sorted.filter((id) => id > from));
    }
  });
});
