/** What is estimated and then transferred. */
import type { NetworkPlan } from "../testbed/network-plan.ts";

/** A destination that the source may choose, and what lies between. */
export interface Place {
  readonly name: string;
  readonly rttMs: number;
  readonly rateMbitPerSecond: number;
  /** Of the bottleneck, in bandwidth-delay products. */
  readonly bufferBdp: number;
}

/** Places, how they are learned, and what is then asked and measured. */
export interface EstimatePlan {
  readonly places: readonly Place[];
  /** Transfers of two sizes, one after the other, on each path. */
  readonly learning: {
    readonly bytes: number;
    readonly thenBytes: number;
    readonly everyMs: number;
    readonly seconds: number;
  };
  readonly sizesBytes: readonly number[];
  /** Rounds of each size by the transfers of one: the median of a round of one is no median. */
  readonly roundsOf: Readonly<Record<number, number>>;
}

/**
 * The constants of the model were chosen on `tuned` and `tuned-too`. Nothing was chosen on `held-out`: every RTT, rate, buffer and number at once
 * in it is another, and so are the sizes but the smallest and the largest. In each are places near and slow, far and fast, and what lies
 * between: which is best depends on the size.
 */
export const estimatePlans = {
  "held-out": {
    places: [
      { name: "near", rttMs: 6, rateMbitPerSecond: 30, bufferBdp: 1.2 },
      { name: "middle", rttMs: 18, rateMbitPerSecond: 60, bufferBdp: 0.6 },
      { name: "fast", rttMs: 25, rateMbitPerSecond: 250, bufferBdp: 0.3 },
      { name: "far", rttMs: 80, rateMbitPerSecond: 150, bufferBdp: 0.8 },
    ],
    learning: { bytes: 80 << 10, thenBytes: 640 << 10, everyMs: 350, seconds: 15 },
    sizesBytes: kib(16, 20, 40, 80, 160, 320, 1280, 4096),
    roundsOf: { 1: 5, 3: 1, 6: 1 },
  },
  tuned: {
    places: [
      { name: "near", rttMs: 5, rateMbitPerSecond: 50, bufferBdp: 1 },
      { name: "middle", rttMs: 10, rateMbitPerSecond: 100, bufferBdp: 1 },
      { name: "fast", rttMs: 20, rateMbitPerSecond: 200, bufferBdp: 0.25 },
      { name: "far", rttMs: 40, rateMbitPerSecond: 100, bufferBdp: 0.5 },
    ],
    learning: { bytes: 64 << 10, thenBytes: 512 << 10, everyMs: 250, seconds: 15 },
    sizesBytes: kib(16, 32, 64, 128, 256, 512, 1024, 4096),
    roundsOf: { 1: 3, 4: 1 },
  },
  "tuned-too": {
    places: [
      { name: "near", rttMs: 8, rateMbitPerSecond: 40, bufferBdp: 0.7 },
      { name: "middle", rttMs: 14, rateMbitPerSecond: 80, bufferBdp: 0.35 },
      { name: "fast", rttMs: 28, rateMbitPerSecond: 160, bufferBdp: 1.4 },
      { name: "far", rttMs: 60, rateMbitPerSecond: 120, bufferBdp: 0.2 },
    ],
    learning: { bytes: 96 << 10, thenBytes: 384 << 10, everyMs: 300, seconds: 15 },
    sizesBytes: kib(16, 24, 48, 96, 192, 384, 1536, 4096),
    roundsOf: { 1: 5, 2: 1, 5: 1 },
  },
} as const satisfies Readonly<Record<string, EstimatePlan>>;

/** Who sends. */
export const sourceName = "source";

/** One question and what is then measured: a round of transfers to one place. */
export interface EstimateCell {
  readonly place: string;
  readonly bytes: number;
  readonly concurrent: number;
}

/** Every cell as often as it is measured, in an order that a seed decides: whatever the machine does meets all of them. */
export function estimateCells({ places, sizesBytes, roundsOf }: EstimatePlan, seed: number): readonly EstimateCell[] {
  const cells = sizesBytes.flatMap((bytes) =>
    Object.entries(roundsOf).flatMap(([concurrent, rounds]) =>
      Array.from({ length: rounds }, () =>
        places.map(({ name }) => ({ place: name, bytes, concurrent: Number(concurrent) })),
      ).flat(),
    ),
  );
  return shuffled(cells, seed);
}

/** Each place behind a bottleneck of its own. */
export function estimateNetwork({ places }: EstimatePlan): NetworkPlan {
  const ways = places.flatMap((place) => {
    const oneWayDelayUs = (place.rttMs * 1000) / 2;
    return [
      { place, from: sourceName, to: place.name, oneWayDelayUs },
      { place, from: place.name, to: sourceName, oneWayDelayUs },
    ];
  });
  return {
    queues: ways.map(({ place, from, to }) => ({
      name: `${from}>${to}`,
      rateBitsPerSecond: place.rateMbitPerSecond * 1e6,
      bufferBytes: Math.round(((place.rateMbitPerSecond * 1e6 * place.rttMs) / 8000) * place.bufferBdp),
    })),
    routes: ways.map(({ from, to, oneWayDelayUs }) => ({ from, to, oneWayDelayUs, queue: `${from}>${to}` })),
  };
}

function kib(...sizes: readonly number[]): readonly number[] {
  return sizes.map((size) => size << 10);
}

// Fisher and Yates, with a linear congruential generator: the same order for the same seed.
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  const result = [...items];
  let state = seed;
  for (let last = result.length - 1; last > 0; last -= 1) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const chosen = state % (last + 1);
    [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
  }
  return result;
}
