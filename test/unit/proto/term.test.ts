import { expect, test } from "vitest";
import { isCredibleTerm, termAheadMaxMs, termFollowedAheadMaxMs, termOfHostAheadMaxMs } from "../../../proto/term.ts";

const unixMs = 1_700_000_000_000;

test.each([1, unixMs - termAheadMaxMs, unixMs, unixMs + termAheadMaxMs])("isCredibleTerm() believes %d", (term) => {
  expect(isCredibleTerm(term, unixMs)).toBe(true);
});

test.each([0, -1, 1.5, Number.NaN, unixMs + termAheadMaxMs + 1, 2 ** 60])("isCredibleTerm() refuses %d", (term) => {
  expect(isCredibleTerm(term, unixMs)).toBe(false);
});

test("a term that a host may make a leader take is one for aggregators and hosts whose clocks are an hour behind", () => {
  const highest = unixMs + termOfHostAheadMaxMs;
  expect(isCredibleTerm(highest, unixMs, termOfHostAheadMaxMs)).toBe(true);
  expect(isCredibleTerm(highest + 1, unixMs, termOfHostAheadMaxMs)).toBe(false);
  const behindMs = unixMs - 3600_000 + 1;
  expect(isCredibleTerm(highest + 1, behindMs)).toBe(true);
  expect(isCredibleTerm(highest + 1, behindMs, termFollowedAheadMaxMs)).toBe(true);
});

test("hosts follow what aggregators believe of each other, also where their clocks are a minute behind", () => {
  expect(isCredibleTerm(unixMs + termAheadMaxMs, unixMs - 60_000, termFollowedAheadMaxMs)).toBe(true);
});
