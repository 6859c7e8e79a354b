import fc from "fast-check";
import { expect, test } from "vitest";
import type { SequenceState } from "../../../../aggregator/core/sequence-check.ts";
import { checkSequence } from "../../../../aggregator/core/sequence-check.ts";

const state: SequenceState = { epoch: 100, sequence: 5 };

test.each([
  ["the next message", 100, 6, "new", 0],
  ["a message after a hole", 100, 9, "new", 3],
  ["the same message again", 100, 5, "repeated", 0],
  ["a message that comes late", 100, 4, "outdated", 0],
  ["the first of a new epoch", 101, 1, "new", 0],
  ["a new epoch that began unseen", 101, 7, "new", 0],
  ["an epoch that is over", 99, 6, "old_epoch", 0],
  ["a sequence of zero", 100, 0, "malformed", 0],
  ["a sequence beyond what numbers hold", 100, 2 ** 60, "malformed", 0],
  ["an epoch that is no number", Number.NaN, 6, "malformed", 0],
])("checkSequence() judges %s", (_, epoch, sequence, verdict, missing) => {
  const check = checkSequence(state, epoch, sequence);
  expect(check).toMatchObject({ verdict, missing });
  expect(check.state).toEqual(verdict === "new" ? { epoch, sequence } : state);
});

test("checkSequence() takes any first message", () => {
  expect(checkSequence(undefined, 3, 40)).toEqual({ verdict: "new", state: { epoch: 3, sequence: 40 }, missing: 0 });
});

test("checkSequence() accounts for every message of an epoch, whatever is lost or repeated", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sequences) => {
      let seen: SequenceState | undefined = { epoch: 1, sequence: 1 };
      let taken = 1;
      let missing = 0;
      for (const sequence of sequences) {
        const check = checkSequence(seen, 1, sequence);
        if (check.verdict === "new") taken += 1;
        missing += check.missing;
        seen = check.state;
      }
      expect(taken + missing).toBe(Math.max(1, ...sequences));
    }),
  );
});
