import { describe, expect, test } from "vitest";
import { checkReport } from "../../../../aggregator/core/report-check.ts";
import type { PathReport__Output } from "../../../../proto/gen/augmenter/v1/PathReport.ts";
import { address, report, row } from "../fixtures.ts";

function checked(changes: Partial<PathReport__Output> = {}) {
  return checkReport(report("a", 1, ["10.0.0.2"], changes), "a");
}

test("checkReport() gives the rows of a good report", () => {
  expect(checked()).toEqual({ ok: true, rows: [row()], refusedRows: new Map() });
  expect(checkReport(report("a", 1, []), "a")).toMatchObject({ ok: true, rows: [] });
});

test("checkReport() copies addresses, so that a path does not keep its report alive", () => {
  const source = report("a", 1, ["10.0.0.2"]);
  const check = checkReport(source, "a");
  source.destinations.fill(0);
  expect(check).toMatchObject({ rows: [{ destination: address("10.0.0.2") }] });
});

describe("checkReport() refuses a report", () => {
  test.each<[string, Partial<PathReport__Output>]>([
    ["wrong_host", { hostId: "b" }],
    ["destinations_length", { destinations: Buffer.alloc(17) }],
    ["too_many_rows", { destinations: Buffer.alloc(16 * 100_001) }],
    ["column_length", { pacingFilled: [] }],
    ["column_length", { rttMinUs: [1, 2] }],
    ["column_length", { trainSamples: [] }],
    ["interval_out_of_range", { intervalUs: 0 }],
    ["interval_out_of_range", { intervalUs: Number.NaN }],
    ["interval_out_of_range", { intervalUs: 4_000_000_000 }],
  ])("%s: %o", (refusal, changes) => {
    expect(checked(changes)).toEqual({ ok: false, refusal });
  });
});

describe("checkReport() refuses a row", () => {
  test.each<[string, Partial<PathReport__Output>]>([
    ["destination_not_unicast", { destinations: Buffer.from(address("224.0.0.1")) }],
    ["destination_not_unicast", { destinations: Buffer.from(address("0.0.0.0")) }],
    ["destination_not_unicast", { destinations: Buffer.from(address("255.255.255.255")) }],
    ["destination_not_unicast", { destinations: Buffer.from(address("::")) }],
    ["destination_not_unicast", { destinations: Buffer.from(address("ff02::1")) }],
    ["rtt_out_of_range", { rttMinUs: [0] }],
    ["rtt_out_of_range", { rttP95Us: [60_000_001] }],
    ["rtt_out_of_order", { rttP50Us: [1] }],
    ["rtt_out_of_order", { rttP95Us: [20_100] }],
    ["rate_out_of_range", { saturatedBytesPerSecond: [0] }],
    ["rate_out_of_range", { saturatedBytesPerSecond: [Number.NaN] }],
    ["rate_out_of_range", { unsaturatedBytesPerSecond: [12_500_000_001], unsaturatedSamples: [1] }],
    ["rate_out_of_range", { trainBytesPerSecond: [Number.NaN], trainSamples: [1] }],
    ["bytes_out_of_range", { bytesAcked: [2 ** 60] }],
    ["mss_out_of_range", { mssBytes: [65_536] }],
    ["count_out_of_range", { windowsFailed: [100_000_001] }],
    ["count_out_of_range", { pacingMissed: [-1] }],
    ["count_out_of_range", { burstLostMean: [Number.NaN] }],
    ["count_out_of_range", { segmentsSent: [2 ** 33] }],
  ])("%s: %o", (reason, changes) => {
    expect(checked(changes)).toEqual({ ok: true, rows: [], refusedRows: new Map([[reason, 1]]) });
  });

  test("and keeps the good ones beside it", () => {
    const check = checkReport(report("a", 1, ["10.0.0.2", "224.0.0.1", "10.0.0.3", "224.0.0.2"]), "a");
    expect(check).toMatchObject({ rows: [{ destination: address("10.0.0.2") }, { destination: address("10.0.0.3") }] });
    expect(check).toMatchObject({ refusedRows: new Map([["destination_not_unicast", 2]]) });
  });

  test("but not for an RTT or a rate that has no samples", () => {
    const changes = { rttMinUs: [0], rttP50Us: [0], rttP95Us: [0], rttSamples: [0], saturatedSamples: [0] };
    expect(checked(changes)).toMatchObject({ rows: [{ rttSamples: 0 }] });
  });
});
