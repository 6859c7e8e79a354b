/** What all repetitions of a scenario come to. Names as in the output. */
import { quantileMs } from "../testbed/demo-cells.ts";
import type { PhaseTransfer } from "./dynamics-fit.ts";
import { secondsToFit, secondsToRtt, secondsToTransfers } from "./dynamics-fit.ts";
import type { LanePhase, Repetition } from "./dynamics-measure.ts";
import type { Phase, Scenario } from "./dynamics-scenarios.ts";
import { transferSizes } from "./dynamics-scenarios.ts";

/** Transfer times, from connect() to the last byte; of those that did not end, what they had taken until then. */
export interface Times {
  readonly transfers: number;
  readonly unfinished: number;
  readonly p50_ms: number;
  readonly p90_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
}

/** One size of transfers. Ratios are augmenter / default: below 1, augmenter is faster. */
export interface SizeResult {
  readonly size_bytes: number;
  readonly default: Times;
  readonly augmenter: Times;
  readonly p50_ratio: number;
  readonly p99_ratio: number;
}

/** A figure beside transfers of either system; the ratio is augmenter / default. */
export interface Beside {
  readonly default: number;
  readonly augmenter: number;
  readonly ratio: number;
}

/** What a bulk flow on the same link had: its throughput, and what a small packet in its queue met with. */
export interface BulkResult {
  readonly owner: "own" | "neighbour";
  readonly mbit_per_s: Beside;
  readonly rtt_p50_ms: Beside;
  readonly rtt_p95_ms: Beside;
}

/** One change. */
export interface PhaseResult {
  readonly phase: string;
  readonly fit_by: "advice" | "transfers";
  /** Seconds until it fits, of every path and repetition; null: not while it was looked at. */
  readonly fit_s: readonly (number | null)[];
  /** The longest of them; null where one is. */
  readonly fit_s_worst: number | null;
  /** Seconds until the advice fits what is left of the link, of every path; where bulk flows share it no rate can be called right. */
  readonly advice_fit_s?: readonly (number | null)[];
  /** Seconds until the minimum RTT fits, the longest likewise. */
  readonly min_rtt_fit_s_worst: number | null;
  /** Seconds until the transfers are no slower than the default's. */
  readonly transfers_fit_s: number | null;
  /** Medians over paths at the end of the phase. */
  readonly advised_mbit_per_s: number;
  readonly window_segments: number;
  readonly min_rtt_ms: number;
  /** Granted first windows that lost segments, of all paths. */
  readonly windows_failed: number;
  readonly drops: { readonly default: number; readonly augmenter: number };
  readonly sizes: readonly SizeResult[];
  /** The worst size's. */
  readonly p99_ratio: number | null;
  readonly bulk?: BulkResult;
}

/** A scenario. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly repetitions: number;
  /** In how many of them the base condition was learned before the first change. */
  readonly learned: number;
  readonly learn_s_worst: number;
  /** What was advised then, the lowest and the highest rate of all paths. */
  readonly learned_mbit_per_s: readonly [number, number];
  readonly phases: readonly PhaseResult[];
  readonly lateness_p99_us: number;
  readonly seconds: number;
}

/** The last line: the worst of everything, and whether it is good enough. Null where nothing was measured. */
export interface DynamicsSummary {
  readonly phases: number;
  readonly phases_fit: number;
  readonly worst_fit_s: number | null;
  readonly worst_fit_phase: string | null;
  readonly worst_p99_ratio: number | null;
  readonly worst_p99_phase: string | null;
  readonly bulk_throughput_ratio: number | null;
  readonly bulk_rtt_ratio: number | null;
  readonly neighbour_throughput_ratio: number | null;
  readonly neighbour_rtt_ratio: number | null;
  /** Whether every figure is as wanted; bulk flows of the own hosts are not judged. */
  readonly passed: boolean;
}

/** What is wanted of every change. */
export const wanted = { fitSecondsMax: 5, p99RatioMax: 1.1, throughputRatioMin: 0.95, rttRatioMax: 1.05 } as const;

/** The result of a scenario's repetitions, of which there is at least one. */
export function scenarioResult(scenario: Scenario, repetitions: readonly Repetition[]): ScenarioResult {
  const learned = repetitions.flatMap(({ base }) => base.map((look) => (look.rateBytesPerSecond * 8) / 1e6));
  return {
    scenario: scenario.name,
    repetitions: repetitions.length,
    learned: repetitions.filter(({ learned }) => learned).length,
    learn_s_worst: rounded(Math.max(...repetitions.map(({ learnSeconds }) => learnSeconds)), 1),
    learned_mbit_per_s: [rounded(Math.min(...learned), 1), rounded(Math.max(...learned), 1)],
    phases: scenario.phases.map((phase, index) =>
      phaseResult(
        phase,
        repetitions.flatMap(({ phases }) => phases[index] ?? []),
      ),
    ),
    lateness_p99_us: Math.max(...repetitions.map(({ latenessP99Us }) => latenessP99Us)),
    seconds: rounded(sum(repetitions.map(({ seconds }) => seconds)), 1),
  };
}

/** The result of one phase from all of its lanes, of all repetitions. */
export function phaseResult(phase: Phase, lanes: readonly LanePhase[]): PhaseResult {
  const defaults = lanes.filter(({ system }) => system === "default");
  const advised = lanes.filter(({ system }) => system === "augmenter");
  const [theirs, ours] = [defaults, advised].map((some) => some.flatMap(({ transfers }) => transfers));
  const transfersFit = secondsToTransfers(theirs ?? [], ours ?? []);
  const adviceFit = advised.map(({ looks }) => secondsToFit(looks, phase.condition));
  const fit = phase.fitBy === "transfers" ? [transfersFit] : adviceFit;
  const sizes = transferSizes.flatMap((size) => sizeResult(size, theirs ?? [], ours ?? []) ?? []);
  const last = advised.flatMap(({ looks }) => looks.at(-1) ?? []);
  const bulk = bulkResult(phase, defaults, advised);
  return {
    phase: phase.name,
    fit_by: phase.fitBy,
    fit_s: roundedSeconds(fit),
    fit_s_worst: worstSeconds(fit),
    ...(phase.condition.bulk === "none" && { advice_fit_s: roundedSeconds(adviceFit) }),
    min_rtt_fit_s_worst: worstSeconds(advised.map(({ looks }) => secondsToRtt(looks, phase.condition))),
    transfers_fit_s: transfersFit,
    advised_mbit_per_s: rounded((median(last.map((look) => look.rateBytesPerSecond)) * 8) / 1e6, 1),
    window_segments: median(last.map((look) => look.windowSegments)),
    min_rtt_ms: rounded(median(last.map((look) => look.minRttUs)) / 1000, 2),
    windows_failed: sum(
      advised.map(({ looks }) => (looks.at(-1)?.windowsFailed ?? 0) - (looks[0]?.windowsFailed ?? 0)),
    ),
    drops: { default: sum(defaults.map(({ drops }) => drops)), augmenter: sum(advised.map(({ drops }) => drops)) },
    sizes,
    p99_ratio: sizes.length === 0 ? null : Math.max(...sizes.map(({ p99_ratio }) => p99_ratio)),
    ...(bulk && { bulk }),
  };
}

/** The summary of all scenarios. */
export function dynamicsSummary(results: readonly ScenarioResult[]): DynamicsSummary {
  const phases = results.flatMap((result) => result.phases);
  const unfit = phases.find((phase) => phase.fit_s_worst === null);
  const slowest = unfit ?? worstBy(phases, (phase) => phase.fit_s_worst);
  const late = worstBy(phases, (phase) => phase.p99_ratio);
  const bulks = phases.flatMap(({ bulk }) => bulk ?? []);
  const worstOf = (owner: BulkResult["owner"], figure: (bulk: BulkResult) => number, worst: typeof Math.max) => {
    const figures = bulks.filter((bulk) => bulk.owner === owner).map(figure);
    return figures.length === 0 ? null : worst(...figures);
  };
  const throughput = ({ mbit_per_s }: BulkResult): number => mbit_per_s.ratio;
  const rtt = ({ rtt_p50_ms }: BulkResult): number => rtt_p50_ms.ratio;
  const fitting = phases.filter(({ fit_s_worst }) => fit_s_worst !== null && fit_s_worst <= wanted.fitSecondsMax);
  return {
    phases: phases.length,
    phases_fit: fitting.length,
    worst_fit_s: slowest?.fit_s_worst ?? null,
    worst_fit_phase: slowest?.phase ?? null,
    worst_p99_ratio: late?.p99_ratio ?? null,
    worst_p99_phase: late?.phase ?? null,
    bulk_throughput_ratio: worstOf("own", throughput, Math.min),
    bulk_rtt_ratio: worstOf("own", rtt, Math.max),
    neighbour_throughput_ratio: worstOf("neighbour", throughput, Math.min),
    neighbour_rtt_ratio: worstOf("neighbour", rtt, Math.max),
    passed: phases.length > 0 && phases.every((phase) => failingsOf(phase).length === 0),
  };
}

/** In what a phase is not as wanted: a word for each. */
export function failingsOf({ fit_s_worst, p99_ratio, bulk }: PhaseResult): readonly ("fit" | "p99" | "neighbour")[] {
  const isFit = fit_s_worst !== null && fit_s_worst <= wanted.fitSecondsMax;
  const isQuick = p99_ratio !== null && p99_ratio <= wanted.p99RatioMax;
  const isKind =
    bulk?.owner !== "neighbour" ||
    (bulk.mbit_per_s.ratio >= wanted.throughputRatioMin && bulk.rtt_p50_ms.ratio <= wanted.rttRatioMax);
  return [
    ...(isFit ? [] : ["fit" as const]),
    ...(isQuick ? [] : ["p99" as const]),
    ...(isKind ? [] : ["neighbour" as const]),
  ];
}

function sizeResult(
  size: number,
  defaults: readonly PhaseTransfer[],
  augmenter: readonly PhaseTransfer[],
): SizeResult | undefined {
  const [theirs, ours] = [defaults, augmenter].map((all) => timesOf(all.filter(({ bytes }) => bytes === size)));
  if (theirs === undefined || ours === undefined) return undefined;
  return {
    size_bytes: size,
    default: theirs,
    augmenter: ours,
    p50_ratio: rounded(ours.p50_ms / theirs.p50_ms, 3),
    p99_ratio: rounded(ours.p99_ms / theirs.p99_ms, 3),
  };
}

function timesOf(transfers: readonly PhaseTransfer[]): Times | undefined {
  if (transfers.length === 0) return undefined;
  const us = transfers.map((transfer) => transfer.us);
  const quantile = (q: number): number => rounded(quantileMs(us, q), 1);
  return {
    transfers: us.length,
    unfinished: transfers.filter(({ isComplete }) => !isComplete).length,
    p50_ms: quantile(0.5),
    p90_ms: quantile(0.9),
    p99_ms: quantile(0.99),
    max_ms: quantile(1),
  };
}

function bulkResult(
  { condition }: Phase,
  defaults: readonly LanePhase[],
  augmenter: readonly LanePhase[],
): BulkResult | undefined {
  if (condition.bulk === "none") return undefined;
  const mbit = (lanes: readonly LanePhase[]): number =>
    sum(lanes.map((lane) => (lane.bulkBitsPerSecond ?? 0) / 1e6)) / lanes.length;
  const ping = (lanes: readonly LanePhase[], q: number): number =>
    quantileMs(
      lanes.flatMap(({ pingUs }) => pingUs ?? []),
      q,
    );
  return {
    owner: condition.bulk,
    mbit_per_s: beside(mbit(defaults), mbit(augmenter)),
    rtt_p50_ms: beside(ping(defaults, 0.5), ping(augmenter, 0.5)),
    rtt_p95_ms: beside(ping(defaults, 0.95), ping(augmenter, 0.95)),
  };
}

function beside(theirs: number, ours: number): Beside {
  return { default: rounded(theirs, 2), augmenter: rounded(ours, 2), ratio: rounded(ours / theirs, 3) };
}

function roundedSeconds(all: readonly (number | null)[]): readonly (number | null)[] {
  return all.map((seconds) => (seconds === null ? null : rounded(seconds, 1)));
}

function worstSeconds(all: readonly (number | null)[]): number | null {
  return all.length === 0 || all.includes(null) ? null : rounded(Math.max(...all.map(Number)), 1);
}

function worstBy(
  phases: readonly PhaseResult[],
  figure: (phase: PhaseResult) => number | null,
): PhaseResult | undefined {
  return [...phases].sort((a, b) => (figure(b) ?? 0) - (figure(a) ?? 0))[0];
}

function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.floor((ascending.length - 1) / 2)] ?? 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
