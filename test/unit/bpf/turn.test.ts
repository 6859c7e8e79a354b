/** bpf/turn.h: who of many connections of one host comes first. */
import { describe, expect, it } from "vitest";
import type { Call } from "../../support/policy-program.ts";
import { result, results, withPolicyProgram } from "../../support/policy-program.ts";

withPolicyProgram();

describe("augmenter_turn_gain()", () => {
  const [none, early, late] = [0, 1, 2];

  it("is two to one where half of the connections wait", () => {
    expect(result("turn_gain", early, 8, 8)).toBe(85);
    expect(result("turn_gain", late, 8, 8)).toBe(43);
  });

  it("adds up to equal shares, and never beyond two to one", () => {
    const parts = Array.from({ length: 57 }, (_, more) => 8 + more).flatMap((connections) =>
      Array.from({ length: connections + 1 }, (_, first) => ({ first, waiting: connections - first })),
    );
    const gains = results(
      parts.flatMap(({ first, waiting }): Call[] => [
        ["turn_gain", early, first, waiting],
        ["turn_gain", late, first, waiting],
      ]),
    );
    parts.forEach(({ first, waiting }, index) => {
      const [ofFirst = 0, ofWaiting = 0] = gains.slice(2 * index);
      expect(ofFirst).toBeLessThanOrEqual(85);
      expect(ofWaiting).toBeGreaterThanOrEqual(42);
      const all = ofFirst * first + ofWaiting * waiting;
      expect(all).toBeLessThanOrEqual(64 * (first + waiting));
      expect(all).toBeGreaterThan(63 * (first + waiting));
    });
  });

  it("is one for large transfers, among few, and where nobody or everybody waits", () => {
    expect(result("turn_gain", none, 8, 8)).toBe(64);
    expect(results([early, late].map((turn): Call => ["turn_gain", turn, 4, 3]))).toEqual([64, 64]);
    expect(result("turn_gain", early, 16, 0)).toBe(64);
    expect(result("turn_gain", late, 0, 16)).toBe(64);
  });

  it("is one where hardly anybody waits, or comes first", () => {
    expect(results([early, late].map((turn): Call => ["turn_gain", turn, 13, 3]))).toEqual([64, 64]);
    expect(results([early, late].map((turn): Call => ["turn_gain", turn, 3, 13]))).toEqual([64, 64]);
    expect(result("turn_gain", late, 12, 4)).toBe(42);
  });
});

describe("augmenter_rate_left()", () => {
  it("is the rate without what others still send in the time, and a quarter of it at the least", () => {
    expect(result("rate_left", 1_000_000, 0, 20_000)).toBe(1_000_000);
    expect(result("rate_left", 1_000_000, 5_000, 20_000)).toBe(750_000);
    expect(result("rate_left", 1_000_000, 15_000, 20_000)).toBe(250_000);
    expect(result("rate_left", 1_000_000, 1e15, 20_000)).toBe(1_000_000);
    expect(result("rate_left", 1_000_000, 5_000, 0)).toBe(1_000_000);
  });
});

describe("augmenter_sent_within()", () => {
  it("holds for what the rate sends in an RTT and the window bears", () => {
    expect(result("sent_within", 20_000, 1_000_000, 20_000, 30_000)).toBe(1);
    expect(result("sent_within", 20_001, 1_000_000, 20_000, 30_000)).toBe(0);
    expect(result("sent_within", 20_000, 1_000_000, 20_000, 19_999)).toBe(0);
    expect(result("sent_within", 0, 0, 20_000, 0)).toBe(1);
  });

  it("does not hold for an amount that nobody knows", () => {
    expect(result("sent_within", 0xffffffff, 0xfffffffe, 2_000_000, 1e12)).toBe(0);
  });
});

describe("augmenter_sends_train()", () => {
  it("is one whose turn it is, where its part is less than ten segments", () => {
    expect(results([9, 10].map((part): Call => ["sends_train", 28, part, 20, 63, 1]))).toEqual([1, 0]);
    expect(result("sends_train", 28, 4, 64, 63, 0)).toBe(0);
  });

  it("is nobody where enough trains came, where one alone would be too much, or less than ten are advised", () => {
    expect(result("sends_train", 28, 4, 64, 64, 1)).toBe(0);
    expect(result("sends_train", 28, 4, 19, 0, 1)).toBe(0);
    expect(results([9, 10].map((advised): Call => ["sends_train", advised, 4, 64, 0, 1]))).toEqual([0, 1]);
  });
});
