import { expect, test } from "vitest";
import { isCredibleTerm, termAheadMaxMs } from "../../../proto/term.ts";

const unixMs = 1_700_000_000_000;

test.each([1, unixMs - termAheadMaxMs, unixMs, unixMs + termAheadMaxMs])("isCredibleTerm() believes %d", (term) => {
  expect(isCredibleTerm(term, unixMs)).toBe(true);
});

test.each([0, -1, 1.5, Number.NaN, unixMs + termAheadMaxMs + 1, 2 ** 60])("isCredibleTerm() refuses %d", (term) => {
  expect(isCredibleTerm(term, unixMs)).toBe(false);
});
