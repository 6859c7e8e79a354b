/** The folds of the estimator as functions that return a new value: before, row -> after. */
import type { BurstTolerance } from "../../aggregator/core/burst-tolerance.ts";
import { foldTolerance } from "../../aggregator/core/burst-tolerance.ts";
import type { Draft } from "../../aggregator/core/draft.ts";
import { draftEstimate, EstimateRecords } from "../../aggregator/core/estimate-records.ts";
import type { PathEstimateState } from "../../aggregator/core/path-estimate.ts";
import { emptyEstimate, foldFailedJump, foldRow } from "../../aggregator/core/path-estimate.ts";
import type { PathRate } from "../../aggregator/core/path-rate.ts";
import { foldFailure, foldRate } from "../../aggregator/core/path-rate.ts";
import type { PathReportRow } from "../../aggregator/core/report-check.ts";
import type { WindowedExtreme } from "../../aggregator/core/windowed-extreme.ts";
import { foldMaximum, foldMinimum, noMaximum, noMinimum } from "../../aggregator/core/windowed-extreme.ts";

export function estimateAfter(
  estimate: PathEstimateState | undefined,
  row: PathReportRow,
  nowMs: number,
): PathEstimateState {
  return after(estimate ?? emptyEstimate, (draft) => foldRow(draft, row, nowMs));
}

/** The same as the path table keeps it, in its precision. */
export function keptEstimate(estimate: PathEstimateState): PathEstimateState {
  const records = new EstimateRecords(1);
  const kept = draftEstimate();
  records.store(0, estimate);
  records.load(0, kept);
  return kept;
}

export function estimateAfterFailedJump(estimate: PathEstimateState, nowMs: number): PathEstimateState {
  return after(estimate, (draft) => foldFailedJump(draft, nowMs));
}

export function rateAfter(rate: PathRate, row: PathReportRow, nowMs: number): PathRate {
  return after(rate, (draft) => foldRate(draft, row, nowMs));
}

export function rateAfterFailure(rate: PathRate, rttUs: number, lossRatio: number, nowMs: number): PathRate {
  return after(rate, (draft) => foldFailure(draft, rttUs, lossRatio, nowMs));
}

export function toleranceAfter(tolerance: BurstTolerance, row: PathReportRow, nowMs: number): BurstTolerance {
  return after(tolerance, (draft) => foldTolerance(draft, row, nowMs));
}

export function minimumAfter(minimum: WindowedExtreme | undefined, value: number, nowMs: number, bucketMs: number) {
  return after(minimum ?? noMinimum, (draft) => foldMinimum(draft, value, nowMs, bucketMs));
}

export function maximumAfter(maximum: WindowedExtreme | undefined, value: number, nowMs: number, bucketMs: number) {
  return after(maximum ?? noMaximum, (draft) => foldMaximum(draft, value, nowMs, bucketMs));
}

function after<T>(before: T, fold: (draft: Draft<T>) => void): T {
  const draft = structuredClone(before) as Draft<T>;
  fold(draft);
  return draft as T;
}
