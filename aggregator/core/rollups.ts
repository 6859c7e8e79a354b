/**
 * What the paths between two racks, and between two zones, have in common: what is known of a path before it is measured.
 *
 * Each look at a measured path adds to four sums, whatever there is beside it: those of its pair of racks, of its pair of zones, of what
 * its source's rack sends anywhere, and of what its destination's rack gets from anywhere. Sums fade as knowledge does elsewhere, half in ten
 * minutes, so that nothing has to be taken out when a path, a host or a rack goes away.
 */
import { LRUCache } from "lru-cache";
import { freshnessAfter, halfLifeMs } from "./confidence.ts";
import type { FadingMean } from "./fading-mean.ts";
import { deviationOf, fadingMeanAfter, noMean } from "./fading-mean.ts";
import type { PathCount } from "./path-count.ts";
import { noPaths, pathCountAfter, pathsCounted } from "./path-count.ts";
import type { Place } from "./topology.ts";

/** What is seen of one path at one moment; 0: not known. */
export interface PathSight {
  readonly minRttUs: number;
  readonly rttP50Us: number;
  readonly rttP95Us: number;
  readonly rateBytesPerSecond: number;
  readonly lossRatio: number;
  readonly mssBytes: number;
  readonly rttSamples: number;
  readonly rateSamples: number;
  /** The slower of the ends' own links, payload bytes a second; infinite where none is known. */
  readonly linkBytesPerSecond: number;
}

/** What paths have in common. */
export interface Rollup {
  /** Logarithms, so that a path ten times as fast weighs as much as one a tenth as fast. */
  readonly logMinRttUs: FadingMean;
  readonly logRate: FadingMean;
  /** Median and 95th percentile over the minimum RTT, logarithms. */
  readonly logStretchP50: FadingMean;
  readonly logStretchP95: FadingMean;
  readonly lossRatio: FadingMean;
  readonly mssBytes: number;
  readonly paths: PathCount;
  readonly updatedMs: number;
}

/** A mean and how far single paths are from it. */
export interface Common {
  readonly mean: number;
  readonly deviation: number;
}

/** What is believed of a path of which nothing is known but where its ends are. */
export interface ParentEstimate {
  readonly logMinRttUs: Common | undefined;
  readonly logRate: Common | undefined;
  readonly logStretchP50: number;
  readonly logStretchP95: number;
  readonly lossRatio: number;
  readonly mssBytes: number;
  /** 0..0.6. */
  readonly confidence: number;
  readonly updatedMs: number;
}

/** So many paths of a pair of racks weigh as much as everything known of the pair of zones (Buehlmann's credibility, n / (n + k)). */
const credibilityPaths = 2;
/** What a path borrows is trusted less than what it would measure itself, and less again from further away. */
const rackTrust = 0.6;
const zoneTrust = 0.3;
/** Samples at which a path's evidence is half of what endless evidence would be, as in confidence.ts. */
const halfEvidenceSamples = 16;
/** A path that carries so much of its ends' links is limited by them, and weighs so much of another. */
const linkLimited = 0.7;
const boundPart = 0.05;
/** Stands for "any rack" in a key: numbers begin at 1. */
const anywhere = 0;
/** Places are numbered far below this. */
const placesMax = 2 ** 26;

/** Owns the sums, at most `max` of them: the least recently used make room. */
export class Rollups {
  readonly #cells: LRUCache<number, Rollup>;

  constructor(max: number) {
    this.#cells = new LRUCache({ max });
  }

  get size(): number {
    return this.#cells.size;
  }

  /** Adds a look at a path. `pathHash` tells it from other paths, 32 bits. */
  learn(source: Place, destination: Place, pathHash: number, sight: PathSight, nowMs: number): void {
    const pairs: [number, number][] = [];
    if (source.rack > 0 && destination.rack > 0) pairs.push([source.rack, destination.rack]);
    if (source.zone > 0 && destination.zone > 0) pairs.push([source.zone, destination.zone]);
    // What stays inside a zone says little of what leaves it.
    const isFar = source.zone === 0 || source.zone !== destination.zone;
    if (isFar && source.rack > 0) pairs.push([source.rack, anywhere]);
    if (isFar && destination.rack > 0) pairs.push([anywhere, destination.rack]);
    for (const [from, to] of pairs) {
      const key = from * placesMax + to;
      this.#cells.set(key, rollupAfter(this.#cells.get(key), pathHash, sight, nowMs));
    }
  }

  /** What is known of paths from one place to another: the racks' own, drawn to the zones'. */
  parentOf(source: Place, destination: Place, nowMs: number): ParentEstimate | undefined {
    const racks = source.rack > 0 && destination.rack > 0 ? this.between(source.rack, destination.rack) : undefined;
    const zones = source.zone > 0 && destination.zone > 0 ? this.between(source.zone, destination.zone) : undefined;
    const near = racks ?? zones;
    if (near === undefined) return undefined;
    const credit = racks === undefined ? 0 : credibilityOf(racks);
    // A rack of its own kind: paths that never leave it have nothing in common with those that do.
    const isInside = racks !== undefined && source.rack === destination.rack;
    const pick = (of: (rollup: Rollup) => FadingMean) =>
      drawn(commonOf(racks && of(racks)), commonOf(zones && of(zones)), isInside ? 1 : credit);
    const zoneTrusted = zones === undefined ? 0 : zoneTrust * credibilityOf(zones) * freshness(zones, nowMs);
    const rackTrusted = racks === undefined ? 0 : rackTrust * freshness(racks, nowMs);
    return {
      logMinRttUs: pick((rollup) => rollup.logMinRttUs),
      logRate: pick((rollup) => rollup.logRate),
      logStretchP50: near.logStretchP50.mean,
      logStretchP95: near.logStretchP95.mean,
      lossRatio: pick((rollup) => rollup.lossRatio)?.mean ?? 0,
      mssBytes: near.mssBytes,
      confidence: credit * rackTrusted + (1 - credit) * zoneTrusted,
      updatedMs: near.updatedMs,
    };
  }

  /**
   * The rate that the two ends have elsewhere: the lower of what the source's rack sends out of its zone and the destination's gets; undefined
   * where either is not known.
   */
  rateOfEnds(source: Place, destination: Place): Common | undefined {
    const sent = commonOf(source.rack > 0 ? this.between(source.rack, anywhere)?.logRate : undefined);
    const got = commonOf(destination.rack > 0 ? this.between(anywhere, destination.rack)?.logRate : undefined);
    if (sent === undefined || got === undefined) return undefined;
    return sent.mean < got.mean ? sent : got;
  }

  /** The sums of a pair of racks or of zones, by their numbers. */
  between(from: number, to: number): Rollup | undefined {
    return this.#cells.get(from * placesMax + to);
  }
}

/** The part that a pair of racks' own paths have in what is believed of another, 0..1. */
export function credibilityOf(rollup: Rollup): number {
  const paths = pathsCounted(rollup.paths);
  return paths / (paths + credibilityPaths);
}

/** What a look at a path is worth that has so many samples, 0..1. */
export function sightWeight(samples: number): number {
  return samples / (samples + halfEvidenceSamples);
}

function rollupAfter(before: Rollup | undefined, pathHash: number, sight: PathSight, nowMs: number): Rollup {
  const kept = before === undefined ? 0 : freshnessAfter(nowMs - before.updatedMs);
  const rttWeight = sightWeight(sight.minRttUs > 0 ? sight.rttSamples : 0);
  const rateWeight = sightWeight(sight.rateBytesPerSecond > 0 ? sight.rateSamples : 0) * linkPart(before, sight);
  const logMinRtt = Math.log(sight.minRttUs);
  return {
    logMinRttUs: fadingMeanAfter(before?.logMinRttUs ?? noMean, logMinRtt, rttWeight, kept),
    logRate: fadingMeanAfter(before?.logRate ?? noMean, Math.log(sight.rateBytesPerSecond), rateWeight, kept),
    logStretchP50: fadingMeanAfter(
      before?.logStretchP50 ?? noMean,
      Math.log(sight.rttP50Us) - logMinRtt,
      rttWeight,
      kept,
    ),
    logStretchP95: fadingMeanAfter(
      before?.logStretchP95 ?? noMean,
      Math.log(sight.rttP95Us) - logMinRtt,
      rttWeight,
      kept,
    ),
    lossRatio: fadingMeanAfter(before?.lossRatio ?? noMean, sight.lossRatio, rateWeight, kept),
    mssBytes: sight.mssBytes > 0 ? sight.mssBytes : (before?.mssBytes ?? 0),
    paths: pathCountAfter(before?.paths ?? noPaths, pathHash, nowMs, halfLifeMs),
    updatedMs: nowMs,
  };
}

// A path as fast as its ends' links says only that what lies between them carries at least that.
function linkPart(before: Rollup | undefined, sight: PathSight): number {
  if (sight.rateBytesPerSecond < linkLimited * sight.linkBytesPerSecond) return 1;
  const isNews = before === undefined || Math.log(sight.rateBytesPerSecond) >= before.logRate.mean;
  return isNews ? boundPart : 0;
}

function commonOf(mean: FadingMean | undefined): Common | undefined {
  if (mean === undefined || mean.weight === 0) return undefined;
  return { mean: mean.mean, deviation: deviationOf(mean) };
}

// With single paths of few racks their deviation says little: that of the zone's stands in for it.
function drawn(near: Common | undefined, far: Common | undefined, credit: number): Common | undefined {
  if (near === undefined || far === undefined) return near ?? far;
  return {
    mean: far.mean + (near.mean - far.mean) * credit,
    deviation: Math.sqrt(credit * near.deviation ** 2 + (1 - credit) * far.deviation ** 2),
  };
}

function freshness(rollup: Rollup, nowMs: number): number {
  return freshnessAfter(nowMs - rollup.updatedMs);
}
