import { describe, expect, test } from "vitest";
import { isUnicast, refusalOfReport, refusalOfRow } from "../../../../aggregator/core/report-check.ts";
import { ReportRows } from "../../../../aggregator/core/report-rows.ts";
import type { PathReport__Output } from "../../../../proto/gen/augmenter/v1/PathReport.ts";
import { pathReport } from "../../../../proto/messages.ts";
import { PathReportReader } from "../../../../proto/path-report-reader.ts";
import { address, report } from "../fixtures.ts";

function readerOf(
  changes: Partial<PathReport__Output> = {},
  destinations: readonly string[] = ["10.0.0.2"],
): PathReportReader {
  const reader = new PathReportReader();
  expect(reader.read(pathReport.seal(report("a", 1, destinations, changes)))).toBeUndefined();
  return reader;
}

function rowOf(reader: PathReportReader): ReportRows {
  const rows = new ReportRows();
  expect(refusalOfReport(reader, "a")).toBeUndefined();
  rows.take(reader, 1);
  rows.move(0);
  return rows;
}

test("refusalOfReport() takes a good report, and one without rows", () => {
  expect(refusalOfReport(readerOf(), "a")).toBeUndefined();
  expect(refusalOfReport(readerOf({}, []), "a")).toBeUndefined();
});

describe("refusalOfReport() refuses a report", () => {
  test.each<[string, Partial<PathReport__Output>]>([
    ["wrong_host", { hostId: "b" }],
    ["destinations_length", { destinations: Buffer.alloc(17) }],
    ["column_length", { pacingFilled: [] }],
    ["column_length", { rttMinUs: [1, 2] }],
    ["column_length", { trainSamples: [] }],
    ["column_length", { destinations: Buffer.alloc(32) }],
    ["interval_out_of_range", { intervalUs: 0 }],
    ["interval_out_of_range", { intervalUs: 4_000_000_000 }],
  ])("%s: %o", (refusal, changes) => {
    expect(refusalOfReport(readerOf(changes), "a")).toBe(refusal);
  });
});

describe("refusalOfRow() refuses a row", () => {
  test.each<[string, Partial<PathReport__Output>]>([
    ["rtt_out_of_range", { rttMinUs: [0] }],
    ["rtt_out_of_range", { rttP95Us: [60_000_001] }],
    ["rtt_out_of_order", { rttP50Us: [1] }],
    ["rtt_out_of_order", { rttP95Us: [20_100] }],
    ["rate_out_of_range", { saturatedBytesPerSecond: [0] }],
    ["rate_out_of_range", { unsaturatedBytesPerSecond: [12_500_000_001], unsaturatedSamples: [1] }],
    ["rate_out_of_range", { trainBytesPerSecond: [0], trainSamples: [1] }],
    ["bytes_out_of_range", { bytesAcked: [2 ** 60] }],
    ["mss_out_of_range", { mssBytes: [65_536] }],
    ["count_out_of_range", { windowsFailed: [100_000_001] }],
    ["count_out_of_range", { pacingMissed: [-1] }],
    ["count_out_of_range", { burstLostMean: [4_000_000_000] }],
    ["count_out_of_range", { hostsTogether: [1_000_001] }],
  ])("%s: %o", (reason, changes) => {
    expect(refusalOfRow(rowOf(readerOf(changes)))).toBe(reason);
    expect(rowOf(readerOf(changes)).refusal()).toBe(reason);
  });

  test("but not for an RTT or a rate that has no samples", () => {
    const changes = { rttMinUs: [0], rttP50Us: [0], rttP95Us: [0], rttSamples: [0], saturatedSamples: [0] };
    expect(rowOf(readerOf(changes)).refusal()).toBeUndefined();
  });
});

test.each([
  ["10.0.0.2", true],
  ["223.255.255.255", true],
  ["2001:db8::1", true],
  ["::1", true],
  ["224.0.0.1", false],
  ["0.0.0.0", false],
  ["255.255.255.255", false],
  ["::", false],
  ["ff02::1", false],
])("isUnicast() of %s is %s", (text, expected) => {
  expect(isUnicast(new DataView(address(text).buffer), 0)).toBe(expected);
});
