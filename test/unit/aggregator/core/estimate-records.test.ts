import fc from "fast-check";
import { expect, test } from "vitest";
import { draftEstimate, EstimateRecords } from "../../../../aggregator/core/estimate-records.ts";
import { emptyEstimate, foldRow } from "../../../../aggregator/core/path-estimate.ts";
import type { PathReportRow } from "../../../../aggregator/core/report-check.ts";
import { estimateAfter, estimateAfterFailedJump } from "../../../support/folded.ts";
import { pathRate, row } from "../fixtures.ts";

const anyRow: fc.Arbitrary<PathReportRow> = fc
  .record({
    rttMinUs: fc.integer({ min: 1, max: 60_000_000 }),
    rttSamples: fc.nat(0xffff_ffff),
    saturatedSamples: fc.nat(40),
    unsaturatedBytesPerSecond: fc.integer({ min: 1, max: 2 * pathRate }),
    unsaturatedSamples: fc.nat(40),
    trainBytesPerSecond: fc.integer({ min: 1, max: 2 * pathRate }),
    trainSamples: fc.nat(40),
    segmentsRetransmitted: fc.nat(3_000),
    mssBytes: fc.nat(65_535),
    connectionsOpened: fc.nat(0xffff_ffff),
    windowsFailed: fc.nat(3),
    pacingFilled: fc.nat(8),
    burstsLost: fc.nat(8),
    burstLostMean: fc.nat(200),
  })
  .map((changes) => row({ ...changes, rttP50Us: changes.rttMinUs, rttP95Us: changes.rttMinUs }));

/** Every number of a value with its place in it. */
function numbersOf(value: object): readonly (readonly [string, number])[] {
  return Object.entries(value).flatMap(([name, part]): (readonly [string, number])[] =>
    typeof part === "number"
      ? [[name, part]]
      : numbersOf(part as object).map(([rest, number]) => [`${name}.${rest}`, number]),
  );
}

test("load() gives what was stored: times to 10 ms, counts to 32 bits, the rest to single precision", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyRow, fc.nat(40_000), fc.boolean()), { maxLength: 8 }), (steps) => {
      let estimate = emptyEstimate;
      let nowMs = 0;
      for (const [each, laterMs, isFailed] of steps) {
        nowMs += laterMs;
        estimate = estimateAfter(estimate, each, nowMs);
        if (isFailed) estimate = estimateAfterFailedJump(estimate, nowMs);
      }
      const records = new EstimateRecords(3);
      records.store(1, estimate);
      const loaded = draftEstimate();
      records.load(1, loaded);
      const stored = new Map(numbersOf(estimate));
      for (const [name, value] of numbersOf(loaded)) {
        const before = stored.get(name) ?? Number.NaN;
        if (!Number.isFinite(before)) expect(value).toBe(before);
        else if (name.endsWith("Ms")) expect(before - value).toBeLessThan(10);
        else if (before > 0xffff_ffff && /amples|onnections/.test(name)) expect(value).toBe(0xffff_ffff);
        else expect(Math.abs(value - before)).toBeLessThanOrEqual(before * 1e-7);
      }
      expect(records.at(1).sampledMs).toBe(loaded.sampledMs);
    }),
  );
});

test("at() gives an estimate that takes in a row as one of its own would, and touches no other", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyRow, fc.nat(40_000)), { minLength: 1, maxLength: 8 }), (steps) => {
      const records = new EstimateRecords(3);
      for (const slot of [0, 1, 2]) records.store(slot, emptyEstimate);
      let nowMs = 0;
      for (const [each, laterMs] of steps) {
        nowMs += 10 + laterMs;
        const before = draftEstimate();
        records.load(1, before);
        const expected = new Map(numbersOf(estimateAfter(before, each, nowMs)));
        foldRow(records.at(1), each, nowMs);
        const folded = draftEstimate();
        records.load(1, folded);
        for (const [name, value] of numbersOf(folded)) {
          const wanted = expected.get(name) ?? Number.NaN;
          if (!Number.isFinite(wanted)) expect(value).toBe(wanted);
          else if (name.endsWith("Ms")) expect(wanted - value).toBeLessThan(10);
          else if (wanted > 0xffff_ffff && /amples|onnections/.test(name)) expect(value).toBe(0xffff_ffff);
          else expect(Math.abs(value - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 1e-5);
        }
      }
      for (const slot of [0, 2]) {
        const other = draftEstimate();
        records.load(slot, other);
        expect(other).toEqual(emptyEstimate);
      }
    }),
    { seed: 20_261 },
  );
});
