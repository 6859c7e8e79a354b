/** Which paths are shown, in which order, and what of each: as cells of the table and as JSON. */

import { ageText, bytesText, countText, durationText, rateText, shareText } from "../../common/quantities.ts";
import { addressFromText, isLoopback } from "../../proto/address.ts";
import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";

/** A path, and when the aggregator told of it. */
export interface SeenPath {
  readonly estimate: PathEstimate__Output;
  /** Of the same clock as the `nowMs` below. */
  readonly seenMs: number;
}

/** The columns of the table, in order. */
export const columnNames = [
  "source",
  "destination",
  "RTT min",
  "RTT p50",
  "rate",
  "loss",
  "BDP",
  "window",
  "age",
  "samples",
] as const;
export type ColumnName = (typeof columnNames)[number];

/** One path's cells, without colour. */
export type PathRow = Readonly<Record<ColumnName, string>>;

const unknown = "-";

/** The paths to other hosts: those with the largest BDP first, then those with most samples. */
export function shownPaths(paths: readonly SeenPath[]): SeenPath[] {
  return paths.filter(leadsElsewhere).sort(byImportance);
}

/** The cells of a path. */
export function pathRow({ estimate, seenMs }: SeenPath, nowMs: number): PathRow {
  const { path, minRttUs, rttP50Us, rateBytesPerSecond, bdpBytes, lossRatio, advice } = estimate;
  return {
    source: path?.source ?? "",
    destination: path?.destination ?? "",
    "RTT min": minRttUs > 0 ? durationText(minRttUs) : unknown,
    "RTT p50": rttP50Us > 0 ? durationText(rttP50Us) : unknown,
    rate: rateBytesPerSecond > 0 ? rateText(rateBytesPerSecond) : unknown,
    loss: shareText(lossRatio),
    BDP: bdpBytes > 0 ? bytesText(bdpBytes) : unknown,
    window: advice !== null && advice.windowSegments > 0 ? String(advice.windowSegments) : unknown,
    age: ageText(ageSecondsOf(estimate, seenMs, nowMs)),
    samples: `${countText(estimate.rttSamples)}/${countText(estimate.rateSamples)}`,
  };
}

/** A path as JSON; numbers that are not known yet are null. */
export function pathJson({ estimate, seenMs }: SeenPath, nowMs: number): object {
  const { path, advice } = estimate;
  return {
    source: path?.source ?? "",
    destination: path?.destination ?? "",
    min_rtt_us: estimate.minRttUs || null,
    rtt_p50_us: estimate.rttP50Us || null,
    rate_bytes_per_s: estimate.rateBytesPerSecond || null,
    loss_ratio: estimate.lossRatio,
    bdp_bytes: estimate.bdpBytes || null,
    window_segments: advice?.windowSegments || null,
    age_s: ageSecondsOf(estimate, seenMs, nowMs),
    confidence: estimate.confidence,
    connections: estimate.connections,
    rtt_samples: estimate.rttSamples,
    rate_samples: estimate.rateSamples,
  };
}

function leadsElsewhere({ estimate }: SeenPath): boolean {
  const address = addressFromText(estimate.path?.destination ?? "");
  if (address === undefined || isLoopback(address)) return false;
  return estimate.destinationHost === "" || estimate.destinationHost !== estimate.path?.source;
}

function byImportance({ estimate: a }: SeenPath, { estimate: b }: SeenPath): number {
  return b.bdpBytes - a.bdpBytes || b.rttSamples - a.rttSamples || (keyOf(a) < keyOf(b) ? -1 : 1);
}

function keyOf(estimate: PathEstimate__Output): string {
  return `${estimate.path?.source} ${estimate.path?.destination}`;
}

function ageSecondsOf(estimate: PathEstimate__Output, seenMs: number, nowMs: number): number {
  return estimate.ageSeconds + Math.max(0, nowMs - seenMs) / 1_000;
}
