import fc from "fast-check";
import { expect, test } from "vitest";
import { ChangeLog } from "../../../../aggregator/core/change-log.ts";

test("since() gives the newest state of each changed key once, oldest change first", () => {
  const log = new ChangeLog<number>(10);
  log.changed("a", 1);
  const cursor = log.newest;
  log.changed("b", 2);
  log.changed("a", 3);
  log.changed("b", 4);
  expect(log.since(cursor, 10)).toEqual({
    changes: [
      { kind: "changed", key: "a", value: 3 },
      { kind: "changed", key: "b", value: 4 },
    ],
    cursor: log.newest,
  });
  expect(log.since(log.newest, 10)).toMatchObject({ changes: [] });
});

test("since() goes on from its cursor, and stops at an end", () => {
  const log = new ChangeLog<number>(10);
  for (let index = 0; index < 5; index += 1) log.changed(`k${index}`, index);
  const first = log.since(0, 2);
  expect(first?.changes.map((change) => change.key)).toEqual(["k0", "k1"]);
  expect(log.since(first?.cursor ?? 0, 10, 4)?.changes.map((change) => change.key)).toEqual(["k2", "k3"]);
});

test("since() tells of forgotten keys until too many were forgotten", () => {
  const log = new ChangeLog<number>(2);
  log.changed("a", 1);
  log.forgotten("a", 1);
  expect(log.since(0, 10)?.changes).toEqual([{ kind: "forgotten", key: "a", value: 1 }]);
  for (let index = 0; index < 10; index += 1) log.forgotten(`k${index}`, index);
  expect(log.since(0, 10)).toBeUndefined();
  expect(log.since(log.newest, 10)).toMatchObject({ changes: [] });
});

test("a reader that follows ends with the same state as the writer, whatever is compacted between", () => {
  const step = fc.record({ key: fc.integer({ min: 0, max: 5 }), value: fc.option(fc.integer()), read: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 6_000, size: "max" }), (steps) => {
      const log = new ChangeLog<number>(100);
      const written = new Map<string, number>();
      const read = new Map<string, number>();
      let cursor = 0;
      const follow = () => {
        const found = log.since(cursor, Number.POSITIVE_INFINITY);
        for (const change of found?.changes ?? []) {
          if (change.kind === "changed") read.set(change.key, change.value);
          else read.delete(change.key);
        }
        cursor = found?.cursor ?? cursor;
      };
      for (const { key, value, read: isRead } of steps) {
        if (value === null) {
          log.forgotten(`${key}`, 0);
          written.delete(`${key}`);
        } else {
          log.changed(`${key}`, value);
          written.set(`${key}`, value);
        }
        if (isRead) follow();
      }
      follow();
      expect(read).toEqual(written);
    }),
    { numRuns: 30 },
  );
});
