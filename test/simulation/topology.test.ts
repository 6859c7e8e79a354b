/**
 * What is measured, inferred and predicted of the paths of a thousand hosts, against what they really are. Each host speaks to twenty of
 * the others, so that one path in fifty is measured; hosts of zones 0 and 1, 2 and 3, 4 and 5 never speak to each other.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { borrowedWindowFor } from "../../aggregator/core/borrowed-window.ts";
import { adviceBounds } from "../../aggregator/core/bounds.ts";
import { beliefOf } from "../../aggregator/core/path-belief.ts";
import { minRttUsOf } from "../../aggregator/core/path-estimate.ts";
import type { Played } from "./cluster-play.ts";
import { playCluster } from "./cluster-play.ts";
import type { ClusterTruth, Narrowest } from "./cluster-truth.ts";
import { addressOf, clusterTruth } from "./cluster-truth.ts";
import { SeededRandom } from "./seeded-random.ts";

const size = { hosts: 1_000, racks: 50, zones: 10 };
const pathsLookedAt = 15_000;

interface Look {
  readonly provenance: string;
  readonly confidence: number;
  readonly level: "rack" | "zone" | "cluster";
  /** Estimate over truth. */
  readonly rtt: number;
  readonly rate: number;
  /** What it would be told if it were advised unseen; undefined: the kernel's default stands. */
  readonly window: { readonly segments: number; readonly rate: number } | undefined;
  /** Of the coordinates alone. */
  readonly coordinateRtt: number;
}

describe.each([1, 2, 10])("a cluster of 1,000 hosts, seed %d", (seed) => {
  let looks: readonly Look[];
  let candidates: readonly string[];

  beforeAll(() => {
    const { truth, played } = playedCluster(seed, true);
    looks = looksAt(truth, played, new SeededRandom(seed + 1_000));
    candidates = candidatesIn(played);
  }, 120_000);

  const of = (provenance: string) => looks.filter((look) => look.provenance === provenance);

  test("a measured path is known: RTT to 5 % and rate within a factor of 1.5 for 99 of 100", () => {
    const measured = of("PROVENANCE_MEASURED");
    expect(measured.length).toBeGreaterThan(100);
    expect(meanError(measured.map(({ rtt }) => rtt))).toBeLessThan(0.05);
    expect(
      shareWithin(
        measured.map(({ rate }) => rate),
        1.5,
      ),
    ).toBeGreaterThan(0.99);
  });

  test("an inferred path's rate is within a factor of 1.5 of the truth for 95 of 100 paths", () => {
    const inferred = of("PROVENANCE_INFERRED");
    expect(inferred.length).toBeGreaterThan(10_000);
    expect(
      shareWithin(
        inferred.map(({ rate }) => rate),
        1.5,
      ),
    ).toBeGreaterThanOrEqual(0.95);
  });

  test("an inferred path's RTT is off by 7 % at most in the mean, by 25 % inside a rack", () => {
    const inferred = of("PROVENANCE_INFERRED");
    expect(meanError(inferred.map(({ rtt }) => rtt))).toBeLessThanOrEqual(0.07);
    const insideRack = inferred.filter(({ level }) => level === "rack");
    expect(meanError(insideRack.map(({ rtt }) => rtt))).toBeLessThanOrEqual(0.25);
  });

  test("a predicted path's RTT is off by 10 % at most in the mean: between zones that never spoke", () => {
    const predicted = of("PROVENANCE_PREDICTED");
    expect(predicted.length).toBeGreaterThan(500);
    expect(meanError(predicted.map(({ rtt }) => rtt))).toBeLessThanOrEqual(0.1);
  });

  // Between two zones that never spoke lies whatever it may: rates of zones that spoke are 5 to 80 Mbyte/s here, each as likely as any other.
  test("a predicted path's rate is no guess upwards: two thirds of it in the middle, and five times as much at the most", () => {
    const rates = of("PROVENANCE_PREDICTED").map(({ rate }) => rate);
    expect(quantile(rates, 0.5)).toBeGreaterThan(0.5);
    expect(quantile(rates, 0.5)).toBeLessThan(1);
    expect(quantile(rates, 0.95)).toBeLessThan(4);
    expect(Math.max(...rates)).toBeLessThan(5);
    expect(shareWithin(rates, 1.5)).toBeGreaterThan(0.3);
  });

  test("a predicted path would be told twenty segments at the most, and paced above what it carries in one of five cases, by 2.5 times", () => {
    const told = of("PROVENANCE_PREDICTED").flatMap(({ window }) => window ?? []);
    expect(told.length).toBeGreaterThan(500);
    expect(Math.max(...told.map(({ segments }) => segments))).toBeLessThanOrEqual(20);
    const rates = told.map(({ rate }) => rate);
    expect(rates.filter((rate) => rate > 1).length / rates.length).toBeLessThan(1 / 5);
    expect(Math.max(...rates)).toBeLessThan(2.5);
  });

  test("coordinates alone are off by 10 % at most in the mean, over all paths that were not measured", () => {
    const unseen = looks.filter(({ provenance }) => provenance !== "PROVENANCE_MEASURED");
    expect(meanError(unseen.map(({ coordinateRtt }) => coordinateRtt))).toBeLessThanOrEqual(0.1);
    const insideZones = unseen.filter(({ level }) => level === "zone");
    expect(meanError(insideZones.map(({ coordinateRtt }) => coordinateRtt))).toBeLessThanOrEqual(0.15);
  });

  test("whom hosts may be advised about unseen is inferred: predictions answer questions", () => {
    expect(candidates.length).toBeGreaterThan(10_000);
    const predicted = candidates.filter((provenance) => provenance === "PROVENANCE_PREDICTED");
    expect(predicted.length / candidates.length).toBeLessThan(0.01);
  });

  test("what is borrowed is trusted less than what is measured, and what is predicted less again", () => {
    const [measured = 0, inferred = 0, predicted = 0] = ["MEASURED", "INFERRED", "PREDICTED"].map((each) =>
      mean(of(`PROVENANCE_${each}`).map(({ confidence }) => confidence)),
    );
    expect(measured).toBeGreaterThan(1.3 * inferred);
    expect(inferred).toBeGreaterThan(1.3 * predicted);
  });
});

// Most virtual interfaces do not say how fast the link below them is.
describe.each([1, 2, 3, 4, 5])("a cluster of 1,000 hosts that do not announce their links, seed %d", (seed) => {
  let looks: readonly Look[];

  beforeAll(() => {
    const { truth, played } = playedCluster(seed, false);
    looks = looksAt(truth, played, new SeededRandom(seed + 1_000));
  }, 120_000);

  test("an inferred path's rate is within a factor of 1.5 of the truth for 95 of 100 paths", () => {
    const rates = looks.filter(({ provenance }) => provenance === "PROVENANCE_INFERRED").map(({ rate }) => rate);
    expect(rates.length).toBeGreaterThan(10_000);
    expect(shareWithin(rates, 1.5)).toBeGreaterThanOrEqual(0.95);
  });
});

// What the ends have in common with their other paths, those tell.
describe.each([1, 2, 3])("a cluster of 1,000 hosts whose racks are its narrowest part, seed %d", (seed) => {
  let rates: readonly number[];

  beforeAll(() => {
    const { truth, played } = playedCluster(seed, true, "racks");
    const predicted = ({ provenance }: Look) => provenance === "PROVENANCE_PREDICTED";
    rates = looksAt(truth, played, new SeededRandom(seed + 1_000))
      .filter(predicted)
      .map(({ rate }) => rate);
  }, 120_000);

  test("a predicted path's rate is within a factor of 1.5 of the truth for 85 of 100 paths, and never above that", () => {
    expect(rates.length).toBeGreaterThan(500);
    expect(shareWithin(rates, 1.5)).toBeGreaterThan(0.85);
    expect(quantile(rates, 0.5)).toBeGreaterThan(0.85);
    expect(quantile(rates, 0.5)).toBeLessThan(1);
    expect(Math.max(...rates)).toBeLessThan(1.5);
  });
});

function playedCluster(
  seed: number,
  areLinksAnnounced: boolean,
  narrowest?: Narrowest,
): { truth: ClusterTruth; played: Played } {
  const truth = clusterTruth(size, seed, narrowest);
  const isSilent = (source: number, destination: number) => {
    const [from = 0, to = 0] = [source, destination].map((index) => truth.hosts[index]?.zone);
    return from !== to && from < 6 && from >> 1 === to >> 1;
  };
  const plan = { peersPerHost: 20, peersPerInterval: 8, intervals: 25, areLinksAnnounced, isSilent };
  return { truth, played: playCluster(truth, plan, seed) };
}

/** How the paths are known that hosts did not measure and may be advised about all the same. */
function candidatesIn({ view, nowMs }: Played): readonly string[] {
  return view.hosts.all().flatMap((host) =>
    view.inference.unseen
      .candidatesOf(host, nowMs)
      .filter((destination) => view.table.get(host.hostId, destination) === undefined)
      .map((destination) => beliefOf(view, host.hostId, destination, nowMs)?.provenance ?? "none"),
  );
}

function looksAt(truth: ClusterTruth, { view, nowMs }: Played, random: SeededRandom): readonly Look[] {
  const looks: Look[] = [];
  while (looks.length < pathsLookedAt) {
    const [source, destination] = [0, 0].map(() => Math.floor(random.next() * truth.hosts.length));
    const [from, to] = [truth.hosts[source ?? 0], truth.hosts[destination ?? 0]];
    if (source === undefined || destination === undefined || from === undefined || to === undefined || from === to)
      continue;
    const belief = beliefOf(view, from.id, addressOf(to), nowMs);
    const [here, there] = [view.hosts.get(from.id), view.hosts.get(to.id)];
    const coordinates = here && there && view.inference.coordinates.rttBetween(here, there);
    if (belief === undefined || coordinates === undefined)
      throw new Error(`Nothing is known of ${from.id} to ${to.id}`);
    const { estimate } = belief.record;
    const rttUs = truth.rttUs(source, destination);
    const rateBytesPerSecond = truth.rateBytesPerSecond(source, destination);
    const window = borrowedWindowFor(belief, addressOf(to), adviceBounds);
    looks.push({
      provenance: belief.provenance,
      confidence: belief.confidence,
      level: from.rack === to.rack ? "rack" : from.zone === to.zone ? "zone" : "cluster",
      rtt: minRttUsOf(estimate) / rttUs,
      rate: estimate.rate.rateBytesPerSecond / rateBytesPerSecond,
      window: window && {
        segments: window.windowSegments,
        rate: window.pathRateBytesPerSecond / rateBytesPerSecond,
      },
      coordinateRtt: coordinates.rttUs / rttUs,
    });
  }
  return looks;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanError(ratios: readonly number[]): number {
  return mean(ratios.map((ratio) => Math.abs(ratio - 1)));
}

function quantile(values: readonly number[], part: number): number {
  return [...values].sort((left, right) => left - right)[Math.floor(part * (values.length - 1))] ?? Number.NaN;
}

function shareWithin(ratios: readonly number[], factor: number): number {
  return ratios.filter((ratio) => ratio <= factor && ratio >= 1 / factor).length / ratios.length;
}
