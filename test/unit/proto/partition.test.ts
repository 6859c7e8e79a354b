import { expect, test } from "vitest";
import type { Partition } from "../../../proto/partition.ts";
import {
  holdsSlot,
  overlaps,
  partitionFromText,
  partitionText,
  slotCount,
  wholeCluster,
} from "../../../proto/partition.ts";
import { slotOf, subjectFor, subjectForAllHosts, subjectsForHostsOf } from "../../../proto/subjects.ts";

const partitions = [1, 2, 4, 64].flatMap((of) => Array.from({ length: of }, (_, index): Partition => ({ index, of })));
const slots = Array.from({ length: slotCount }, (_, slot) => slot);

test.each(["1/1", "1/4", "4/4", "64/64"])("partitionFromText() takes %s, and partitionText() gives it back", (text) => {
  const partition = partitionFromText(text);
  expect(partition && partitionText(partition)).toBe(text);
});

test.each(["", "0/4", "5/4", "1/3", "1/128", "1/0", "1", "1/4/4", "a/b", "-1/4"])(
  "partitionFromText() refuses %j",
  (text) => {
    expect(partitionFromText(text)).toBeUndefined();
  },
);

test("the partitions of one division hold every slot once", () => {
  for (const of of [1, 2, 4, 64]) {
    const parts = partitions.filter((partition) => partition.of === of);
    for (const slot of slots) expect(parts.filter((partition) => holdsSlot(partition, slot))).toHaveLength(1);
  }
});

test("overlaps() is whether there is a slot that both hold", () => {
  for (const one of partitions) {
    for (const other of partitions) {
      const isShared = slots.some((slot) => holdsSlot(one, slot) && holdsSlot(other, slot));
      expect(overlaps(one, other)).toBe(isShared);
    }
  }
});

test("subjectsForHostsOf() covers the hosts of a partition and no others", () => {
  expect(subjectsForHostsOf(wholeCluster, "report")).toEqual([subjectForAllHosts("report")]);
  const second: Partition = { index: 1, of: 4 };
  const covered = subjectsForHostsOf(second, "report").map((subject) => subject.slice(0, -1));
  expect(covered).toHaveLength(slotCount / 4);
  for (const hostId of Array.from({ length: 200 }, (_, index) => `host-${index}`)) {
    const isCovered = covered.some((prefix) => subjectFor("report", hostId).startsWith(prefix));
    expect(isCovered).toBe(slotOf(hostId) % 4 === 1);
  }
});
