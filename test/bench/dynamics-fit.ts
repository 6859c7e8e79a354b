/** When the cluster has adapted to a change. */
import { quantileMs } from "../testbed/demo-cells.ts";
import type { Condition } from "./dynamics-condition.ts";
import { offerOf } from "./dynamics-condition.ts";

/** What the aggregator advised for a path at a moment; zeros where it advised nothing. */
export interface AdviceLook {
  /** Since the change; below zero: before it. */
  readonly seconds: number;
  readonly windowSegments: number;
  /** Payload, of the path as a whole. */
  readonly rateBytesPerSecond: number;
  readonly minRttUs: number;
  /** Granted first windows that lost segments, since the path was first seen. */
  readonly windowsFailed: number;
}

/** One transfer, and when it began after the change. */
export interface PhaseTransfer {
  readonly seconds: number;
  readonly us: number;
  readonly bytes: number;
  /** Whether it ended as it should; otherwise `us` is what it had taken until then. */
  readonly isComplete: boolean;
}

/** Advice within a fifth of the truth fits: windows are given in steps of an eighth, rates 4 % below what is believed. */
const tolerance = 0.2;
/** A transfer may take this much longer than by default. */
const slowdownMax = 1.1;
const binSeconds = 1;

/**
 * Whether advice serves a path in this condition: the rate is that of the link within a fifth, and the first window covers
 * the BDP less a fifth. A larger window does no harm, as it is paced; and the minimum RTT that is remembered may be an
 * older, shorter one, as long as the window is enough.
 */
export function adviceFits(look: AdviceLook, condition: Condition): boolean {
  const { bytesPerSecond, bdpSegments } = offerOf(condition);
  const isRate = Math.abs(look.rateBytesPerSecond - bytesPerSecond) <= tolerance * bytesPerSecond;
  return isRate && look.windowSegments >= (1 - tolerance) * bdpSegments;
}

/** Whether the minimum RTT that is believed is that of the path within a fifth. */
export function rttFits(look: AdviceLook, condition: Condition): boolean {
  return Math.abs(look.minRttUs - condition.rttMs * 1000) <= tolerance * condition.rttMs * 1000;
}

/**
 * Seconds from a change until advice fitted and went on to fit until the last look; 0 where it never ceased to; null
 * where the last look saw none that fits. Where no packet is lost at random, a first window that failed since the look
 * before says that advice did not fit either.
 */
export function secondsToFit(looks: readonly AdviceLook[], condition: Condition): number | null {
  return startOfLastRun(looks, (look, before) => {
    const hasFailed = condition.lossRatio === 0 && look.seconds > 0 && look.windowsFailed > before.windowsFailed;
    return adviceFits(look, condition) && !hasFailed;
  });
}

/** The same for the minimum RTT alone. */
export function secondsToRtt(looks: readonly AdviceLook[], condition: Condition): number | null {
  return startOfLastRun(looks, (look) => rttFits(look, condition));
}

/**
 * Seconds from a change until transfers took at most 1.1 times as long as the default's in the same second, and went on
 * so: medians of each size, and their geometric mean. Null where it was not so in the last second.
 */
export function secondsToTransfers(
  defaults: readonly PhaseTransfer[],
  augmenter: readonly PhaseTransfer[],
): number | null {
  const last = Math.max(0, ...augmenter.map(({ seconds }) => seconds));
  let from: number | null = 0;
  for (let bin = 0; bin * binSeconds <= last; bin += 1) {
    const ratio = medianRatio(inBin(defaults, bin), inBin(augmenter, bin));
    if (ratio === null) continue;
    if (ratio > slowdownMax) from = null;
    else from ??= bin * binSeconds;
  }
  return from;
}

function startOfLastRun(
  looks: readonly AdviceLook[],
  fits: (look: AdviceLook, before: AdviceLook) => boolean,
): number | null {
  let from: number | null = null;
  for (const [index, look] of looks.entries()) {
    if (!fits(look, looks[index - 1] ?? look)) from = null;
    else from ??= Math.max(0, look.seconds);
  }
  return from;
}

function inBin(transfers: readonly PhaseTransfer[], bin: number): readonly PhaseTransfer[] {
  return transfers.filter(({ seconds }) => Math.max(0, Math.floor(seconds / binSeconds)) === bin);
}

/** Null where no size was transferred by both. */
function medianRatio(defaults: readonly PhaseTransfer[], augmenter: readonly PhaseTransfer[]): number | null {
  const ratios = [...new Set(defaults.map(({ bytes }) => bytes))].flatMap((bytes) => {
    const [ours, theirs] = [augmenter, defaults].map((all) => all.filter((one) => one.bytes === bytes));
    return ours?.length && theirs?.length ? [medianMs(ours) / medianMs(theirs)] : [];
  });
  if (ratios.length === 0) return null;
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

function medianMs(transfers: readonly PhaseTransfer[]): number {
  const us = transfers.map((transfer) => transfer.us);
  return quantileMs(us, 0.5);
}
