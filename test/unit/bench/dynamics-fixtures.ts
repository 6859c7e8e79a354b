/** What the benchmark would have seen. */
import type { AdviceLook, PhaseTransfer } from "../../bench/dynamics-fit.ts";
import type { LanePhase, Repetition } from "../../bench/dynamics-measure.ts";

/** A look at advice that fits 200 Mbit/s and 20 ms. */
export function look(seconds: number, change: Partial<AdviceLook> = {}): AdviceLook {
  return { seconds, windowSegments: 690, rateBytesPerSecond: 23e6, minRttUs: 20_000, windowsFailed: 0, ...change };
}

/** A complete transfer of 64 KiB. */
export function transfer(seconds: number, ms: number, change: Partial<PhaseTransfer> = {}): PhaseTransfer {
  return { seconds, us: ms * 1000, bytes: 64 << 10, isComplete: true, ...change };
}

/** What a path of one system showed. */
export function lane(system: LanePhase["system"], change: Partial<LanePhase> = {}): LanePhase {
  return { system, looks: [], transfers: [], drops: 0, ...change };
}

/** A repetition in which all was learned. */
export function repetition(phases: Repetition["phases"], change: Partial<Repetition> = {}): Repetition {
  return { phases, learned: true, base: [look(0)], learnSeconds: 4, latenessP99Us: 60, seconds: 20, ...change };
}
