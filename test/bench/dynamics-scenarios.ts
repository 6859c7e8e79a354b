/** What changes on the paths, in which order, and what is transferred meanwhile. */
import type { Condition } from "./dynamics-condition.ts";
import { baseCondition } from "./dynamics-condition.ts";

/** By what the end of the adaptation is told: see dynamics-fit.ts. */
export type FitBy = "advice" | "transfers";

/** A change, and how long it is looked at. */
export interface Phase {
  readonly name: string;
  readonly condition: Condition;
  readonly seconds: number;
  readonly fitBy: FitBy;
}

/** Changes that follow each other on a path whose base condition was learned before. */
export interface Scenario {
  readonly name: string;
  readonly phases: readonly Phase[];
  /** Equal paths of each system at once: each is a sample of the time to fit. One where bulk flows load the machine. */
  readonly lanes: number;
  /** Clients of a path that transfer at the same time. One: every transfer is alone. */
  readonly streams: number;
  /** From the beginning of a client's transfer to that of its next: more than a transfer takes by either system. */
  readonly everyMs: number;
}

/** Each in turn. The second is past what the default transfers before it has grown to the BDP. */
export const transferSizes = [64 << 10, 256 << 10] as const;

const usual = { lanes: 4, streams: 1, everyMs: 200 };
/** Several clients: what one asks for is too little for its neighbours to notice. */
const besideBulk = { lanes: 1, streams: 4, everyMs: 400 };
const observedSeconds = 8;
/** Longer: what chance does to one transfer in a hundred has to meet several of them. */
const lossSeconds = 12;

/** All of them, in the order in which they are measured. */
export const scenarios: readonly Scenario[] = [
  {
    name: "rate",
    ...usual,
    phases: [
      phase("rate 200 -> 50 Mbit/s", { rateMbitPerSecond: 50 }),
      phase("rate 50 -> 200 Mbit/s", { rateMbitPerSecond: 200 }),
    ],
  },
  {
    name: "rtt",
    ...usual,
    lanes: 6,
    everyMs: 450,
    phases: [{ ...phase("RTT 20 -> 60 ms", { rttMs: 60 }), seconds: 10 }],
  },
  {
    name: "buffer",
    ...usual,
    phases: [phase("buffer 1 -> 0.05 BDP", { bufferBytes: 0.05 * baseCondition.bufferBytes })],
  },
  {
    name: "bulk",
    ...besideBulk,
    phases: [
      { ...phase("own bulk flow comes", { bulk: "own" }), seconds: 10, fitBy: "transfers" },
      phase("own bulk flow goes", {}),
    ],
  },
  {
    name: "neighbour",
    ...besideBulk,
    phases: [{ ...phase("neighbour's bulk flow comes", { bulk: "neighbour" }), seconds: 15, fitBy: "transfers" }],
  },
  { name: "cross", ...usual, phases: [{ ...phase("cross traffic of 80 %", { crossShare: 0.8 }), fitBy: "transfers" }] },
  {
    name: "loss-0.1",
    ...usual,
    phases: [{ ...phase("random loss of 0.1 %", { lossRatio: 0.001 }), seconds: lossSeconds }],
  },
  { name: "loss-1", ...usual, phases: [{ ...phase("random loss of 1 %", { lossRatio: 0.01 }), seconds: lossSeconds }] },
];

/** The scenarios of a text such as "rate,loss-1" or "all"; what is wrong as a text. */
export function scenariosFromText(text: string): readonly Scenario[] | string {
  if (text === "all") return scenarios;
  const wanted = text.split(",");
  const names = scenarios.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) return `all or some of ${names.join(",")}, not "${unknown}"`;
  return scenarios.filter(({ name }) => wanted.includes(name));
}

/** How long a repetition probably takes, seconds: building, learning, the phases, and the end. */
export function expectedSeconds({ phases }: Scenario): number {
  return overheadSeconds + phases.reduce((sum, { seconds }) => sum + seconds, 0);
}

const overheadSeconds = 14;

function phase(name: string, change: Partial<Condition>): Phase {
  return { name, condition: { ...baseCondition, ...change }, seconds: observedSeconds, fitBy: "advice" };
}
