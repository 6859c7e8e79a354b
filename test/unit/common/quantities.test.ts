import { expect, test } from "vitest";
import { ageText, bytesText, countText, durationText, rateText, shareText } from "../../../common/quantities.ts";

test.each([
  [0, "0 us"],
  [850.4, "850 us"],
  [1_000, "1.00 ms"],
  [20_140, "20.1 ms"],
  [212_000, "212 ms"],
  [1_204_000, "1.20 s"],
])("durationText(%d) is %s", (us, text) => {
  expect(durationText(us)).toBe(text);
});

test.each([
  [1, "8 bit/s"],
  [1_200, "9.60 kbit/s"],
  [25_000_000, "200 Mbit/s"],
  [124_950_000, "1.00 Gbit/s"],
  [1.25e15, "10000 Tbit/s"],
])("rateText(%d) is %s", (rate, text) => {
  expect(rateText(rate)).toBe(text);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [9_996, "10.0 kB"],
  [99_960, "100 kB"],
  [500_000, "500 kB"],
  [1_200_000, "1.20 MB"],
])("bytesText(%d) is %s", (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test.each([
  [0, "0 %"],
  [0.00001, "<0.01 %"],
  [0.0002, "0.02 %"],
  [0.012, "1.20 %"],
  [1, "100 %"],
])("shareText(%d) is %s", (ratio, text) => {
  expect(shareText(ratio)).toBe(text);
});

test.each([
  [0.9, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [7_300, "2 h"],
])("ageText(%d) is %s", (seconds, text) => {
  expect(ageText(seconds)).toBe(text);
});

test.each([
  [999, "999"],
  [12_345, "12.3k"],
  [4_560_000, "4.56M"],
])("countText(%d) is %s", (count, text) => {
  expect(countText(count)).toBe(text);
});
