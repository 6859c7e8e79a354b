import fc from "fast-check";
import { expect, test } from "vitest";
import { isAdviceChanged } from "../../../../aggregator/core/advice-change.ts";
import { estimateAsAdvised } from "../../../../aggregator/core/advised-estimate.ts";
import { adviceBounds } from "../../../../aggregator/core/bounds.ts";
import type { PathEstimateState } from "../../../../aggregator/core/path-estimate.ts";
import { receiveWindowFor, windowFor } from "../../../../aggregator/core/window-policy.ts";
import { address, estimateOf, pathRate, quietRow, row } from "../fixtures.ts";

const far = address("10.0.0.2");
const nowMs = 10_000;

function adviceFrom(estimate: PathEstimateState, atMs = nowMs) {
  const window = windowFor(estimate, far, adviceBounds, atMs);
  if (window === undefined) throw new Error("Cannot advise");
  return { ...window, destination: far, receiveWindowBytes: 0, rtoMinUs: 0, togetherSegments: 0, togetherHosts: 0 };
}

const anyRow = fc.record({
  saturatedBytesPerSecond: fc.integer({ min: 100_000, max: 100_000_000 }),
  saturatedSamples: fc.constantFrom(0, 8, 32),
  unsaturatedBytesPerSecond: fc.integer({ min: 100_000, max: 100_000_000 }),
  unsaturatedSamples: fc.constantFrom(4, 16),
  rttMinUs: fc.integer({ min: 100, max: 100_000 }),
  queueUs: fc.integer({ min: 0, max: 100_000 }),
  connectionsBusyMax: fc.integer({ min: 1, max: 16 }),
  burstsLost: fc.constantFrom(0, 0, 8),
});
const anyEstimate = fc.array(anyRow, { minLength: 1, maxLength: 6 }).map((rows) =>
  estimateOf(
    ...rows.map(({ queueUs, ...each }) =>
      row({
        ...each,
        rttP50Us: each.rttMinUs + queueUs,
        rttP95Us: each.rttMinUs + 2 * queueUs,
        bytesAcked: 8 * 20_000,
        burstLostMean: each.burstsLost,
      }),
    ),
  ),
);

test("estimateAsAdvised() gives an estimate that is advised on as before, whatever was believed of the path", () => {
  fc.assert(
    fc.property(anyEstimate, fc.option(anyEstimate, { nil: undefined }), (theirs, ours) => {
      const advice = adviceFrom(theirs);
      const adopted = estimateAsAdvised(ours, advice, adviceBounds, nowMs);
      // Nothing tells such advice from a borrowed window.
      if (ours === undefined && !advice.isCapacityKnown && advice.burstSegments === 0) {
        expect(adopted).toBeUndefined();
        return;
      }
      if (adopted === undefined) throw new Error("Cannot adopt");
      // How many connections start at once is what both see in the same reports.
      const same = {
        ...adopted,
        busyMax: theirs.busyMax,
        lossRatio: theirs.lossRatio,
        connectionBytes: theirs.connectionBytes,
      };
      expect(isAdviceChanged(advice, adviceFrom(same))).toBe(false);
      const [window, before] = [same, theirs].map((each) => receiveWindowFor(each, far, adviceBounds, nowMs));
      // The policy rounds windows up to a least, and down to a most: how far is not to be read back.
      if (advice.windowSegments > 20 && advice.windowSegments < 4_096) {
        expect(window).toBeGreaterThan(0.8 * (before ?? 0));
        expect(window).toBeLessThan(1.2 * (before ?? 0));
      }
    }),
  );
});

test("estimateAsAdvised() goes on from what is advised as reports come in", () => {
  const advice = adviceFrom(estimateOf(row()));
  const weak = quietRow({ unsaturatedBytesPerSecond: pathRate / 4, unsaturatedSamples: 4 });
  const adopted = estimateAsAdvised(estimateOf(weak), advice, adviceBounds, nowMs);
  expect(adopted?.rate.rateBytesPerSecond).toBeCloseTo(pathRate, -2);
  expect(adopted?.connections).toBe(8);
});

test("estimateAsAdvised() reads nothing out of advice without a window", () => {
  const advice = { ...adviceFrom(estimateOf(row())), windowSegments: 0, receiveWindowBytes: 100_000 };
  expect(estimateAsAdvised(undefined, advice, adviceBounds, nowMs)).toBeUndefined();
});

test("estimateAsAdvised() makes no path measured that nobody may have measured", () => {
  const borrowed = { ...adviceFrom(estimateOf(row())), windowSegments: 20, isCapacityKnown: false, burstSegments: 0 };
  const thin = estimateOf(row({ rttSamples: 2, saturatedSamples: 1, connectionsOpened: 1 }));
  expect(estimateAsAdvised(undefined, borrowed, adviceBounds, nowMs)).toBeUndefined();
  expect(estimateAsAdvised(thin, borrowed, adviceBounds, nowMs)).toBeUndefined();
  expect(estimateAsAdvised(thin, { ...borrowed, isCapacityKnown: true }, adviceBounds, nowMs)).toBeDefined();
  expect(estimateAsAdvised(estimateOf(row()), borrowed, adviceBounds, nowMs)).toBeDefined();
});
