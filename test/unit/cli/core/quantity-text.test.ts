import { describe, expect, test } from "vitest";
import { bytesFromText, rateFromText } from "../../../../cli/core/quantity-text.ts";

describe("bytesFromText()", () => {
  test.each([
    ["1", 1],
    ["1048576", 1_048_576],
    ["512k", 512_000],
    ["1.5MB", 1_500_000],
    ["64KiB", 65_536],
    ["1Mi", 1_048_576],
    ["2 GiB", 2 ** 31],
    ["10G", 1e10],
  ])("reads %s as %d", (text, bytes) => {
    expect(bytesFromText(text)).toBe(bytes);
  });

  test.each(["", "0", "-1", "1.2.3", "5 apples", "1e9", "99999999999T"])("says what %j must be", (text) => {
    expect(bytesFromText(text)).toMatch(/^a size such as/);
  });
});

describe("rateFromText()", () => {
  test.each([
    ["200Mbit", 25_000_000],
    ["200Mbit/s", 25_000_000],
    ["1.2 Gbit/s", 150_000_000],
    ["25MB/s", 25_000_000],
    ["25000000", 25_000_000],
    ["8kbit/s", 1_000],
  ])("reads %s as %d bytes a second", (text, rate) => {
    expect(rateFromText(text)).toBe(rate);
  });

  test.each(["", "0", "fast", "1Mbit/h", "-5MB/s"])("says what %j must be", (text) => {
    expect(rateFromText(text)).toMatch(/^a rate such as/);
  });
});
