import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { slotCount } from "../../../proto/partition.ts";
import {
  hostIdMaxLength,
  hostIdOf,
  isHostId,
  slotOf,
  subjectFor,
  subjectForAllHosts,
  subjectKinds,
} from "../../../proto/subjects.ts";

const anyHostId = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,30}[A-Za-z0-9])?$/);

describe("subjectFor()", () => {
  test("puts a host id with dots in one token", () => {
    const subject = subjectFor("report", "node1.example.org");
    expect(subject.split(".")).toHaveLength(subjectForAllHosts("report").split(".").length);
    expect(hostIdOf("report", subject)).toBe("node1.example.org");
  });

  test("keeps every host id apart, and hostIdOf() finds it again, for its own kind only", () => {
    fc.assert(
      fc.property(anyHostId, anyHostId, fc.constantFrom(...subjectKinds), (hostId, other, kind) => {
        const subject = subjectFor(kind, hostId);
        expect(subject).not.toMatch(/[\s*>]/);
        expect(hostIdOf(kind, subject)).toBe(hostId);
        expect(subject === subjectFor(kind, other)).toBe(hostId === other);
        for (const another of subjectKinds) if (another !== kind) expect(hostIdOf(another, subject)).toBeUndefined();
      }),
    );
  });

  test("lets no text escape its token", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
        expect(subjectFor("report", text).split(".")).toHaveLength(5);
      }),
    );
  });
});

test("slotOf() spreads hosts evenly, and does not change between versions", () => {
  expect(["a", "b", "node1.example.org"].map(slotOf)).toEqual([3, 57, 35]);
  const hosts = Array.from({ length: 64_000 }, (_, index) => `node-${index}.example.org`);
  const counts = new Array<number>(slotCount).fill(0);
  for (const host of hosts) counts[slotOf(host)] = (counts[slotOf(host)] ?? 0) + 1;
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1_150);
});

test("hostIdOf() finds no host in another slot than its own", () => {
  const subject = subjectFor("report", "a");
  const other = subject.replace(`.${slotOf("a")}.`, `.${(slotOf("a") + 1) % slotCount}.`);
  expect(other).not.toBe(subject);
  expect(hostIdOf("report", other)).toBeUndefined();
  expect(hostIdOf("report", `${subject}.a`)).toBeUndefined();
});

test("hostIdOf() never throws", () => {
  expect(hostIdOf("report", subjectFor("report", "a").replace(/a$/, "%zz"))).toBeUndefined();
  expect(hostIdOf("report", "")).toBeUndefined();
  fc.assert(
    fc.property(
      fc.string(),
      (text) =>
        void hostIdOf(
          "report",
          subjectForAllHosts("report").replace("*", () => text),
        ),
    ),
  );
});

describe("isHostId()", () => {
  test.each([
    "a",
    "node-1",
    "node_1.example.org",
    "6ba7b8109dad11d180b400c04fd430c8",
    "10.0.0.1",
    "x".repeat(hostIdMaxLength),
  ])("takes %s", (text) => {
    expect(isHostId(text)).toBe(true);
  });

  test.each(["", "-a", "a-", ".", "a b", "a*", "a>", "ä", "a\n", "a/b", "x".repeat(hostIdMaxLength + 1)])(
    "refuses %j",
    (text) => {
      expect(isHostId(text)).toBe(false);
    },
  );
});
