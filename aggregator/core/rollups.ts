/**
 * What the paths between two racks, and between two zones, have in common: what is known of a path before it is measured.
 *
 * Each look at a measured path adds to four sums, whatever there is beside it: those of its pair of racks, of its pair of zones, and, unless
 * it stays inside a rack or zone, of what its source's rack sends anywhere, and of what its destination's rack gets from anywhere. Sums
 * fade as knowledge does elsewhere, half in ten minutes, so that nothing has to be taken out when a path, a host or a rack goes away.
 */
import { LRUCache } from "lru-cache";
import { freshnessAfter, halfLifeMs } from "./confidence.ts";
import type { Draft } from "./draft.ts";
import type { FadingMean } from "./fading-mean.ts";
import { deviationOf, emptyMean, foldValue } from "./fading-mean.ts";
import type { PathCount } from "./path-count.ts";
import { countPath, noPaths, pathsCounted } from "./path-count.ts";
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

/** The sums above a path, the part of the racks' own in what is believed of another, and in its means. */
interface Parents {
  readonly racks: Rollup | undefined;
  readonly zones: Rollup | undefined;
  readonly credit: number;
  readonly share: number;
}

/** A look at a path as the sums take it in. */
interface Look {
  readonly sight: PathSight;
  readonly pathHash: number;
  readonly nowMs: number;
  readonly logMinRttUs: number;
  readonly logRate: number;
  readonly logStretchP50: number;
  readonly logStretchP95: number;
  readonly rttWeight: number;
  /** As long as the ends' links do not limit the path. */
  readonly rateWeight: number;
  readonly isLinkLimited: boolean;
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
  readonly #cells: LRUCache<number, Draft<Rollup>>;

  constructor(max: number) {
    this.#cells = new LRUCache({ max });
  }

  get size(): number {
    return this.#cells.size;
  }

  /** Adds a look at a path. `pathHash` tells it from other paths, 32 bits. */
  learn(source: Place, destination: Place, pathHash: number, sight: PathSight, nowMs: number): void {
    const look = lookAt(pathHash, sight, nowMs);
    if (source.rack > 0 && destination.rack > 0) this.#fold(source.rack, destination.rack, look);
    if (source.zone > 0 && destination.zone > 0) this.#fold(source.zone, destination.zone, look);
    // What stays inside a zone says little of what leaves it, and a rack without a zone is one of its own.
    if (isSameKnown(source.zone, destination.zone) || isSameKnown(source.rack, destination.rack)) return;
    if (source.rack > 0) this.#fold(source.rack, anywhere, look);
    if (destination.rack > 0) this.#fold(anywhere, destination.rack, look);
  }

  /** What is known of paths from one place to another: the racks' own, drawn to the zones'. */
  parentOf(source: Place, destination: Place, nowMs: number): ParentEstimate | undefined {
    const { racks, zones, credit, share } = this.#parentsOf(source, destination);
    const near = racks ?? zones;
    if (near === undefined) return undefined;
    const zoneTrusted = zones === undefined ? 0 : zoneTrust * credibilityOf(zones) * freshness(zones, nowMs);
    const rackTrusted = racks === undefined ? 0 : rackTrust * freshness(racks, nowMs);
    return {
      logMinRttUs: drawn(racks?.logMinRttUs, zones?.logMinRttUs, share),
      logRate: drawn(racks?.logRate, zones?.logRate, share),
      logStretchP50: near.logStretchP50.mean,
      logStretchP95: near.logStretchP95.mean,
      lossRatio: drawn(racks?.lossRatio, zones?.lossRatio, share)?.mean ?? 0,
      mssBytes: near.mssBytes,
      confidence: credit * rackTrusted + (1 - credit) * zoneTrusted,
      updatedMs: near.updatedMs,
    };
  }

  /** Of that, the rate alone: for whoever asks with each look. */
  logRateBetween(source: Place, destination: Place): Common | undefined {
    const { racks, zones, share } = this.#parentsOf(source, destination);
    return drawn(racks?.logRate, zones?.logRate, share);
  }

  /**
   * The rate that the two ends have elsewhere: the lower of what the source's rack sends out of its zone and the destination's gets; out of the
   * rack where it names no zone. Undefined where either is not known.
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

  #parentsOf(source: Place, destination: Place): Parents {
    const racks = source.rack > 0 && destination.rack > 0 ? this.between(source.rack, destination.rack) : undefined;
    const zones = source.zone > 0 && destination.zone > 0 ? this.between(source.zone, destination.zone) : undefined;
    const credit = racks === undefined ? 0 : credibilityOf(racks);
    // A rack of its own kind: paths that never leave it have nothing in common with those that do.
    const isInside = racks !== undefined && source.rack === destination.rack;
    return { racks, zones, credit, share: isInside ? 1 : credit };
  }

  #fold(from: number, to: number, look: Look): void {
    const key = from * placesMax + to;
    const known = this.#cells.get(key);
    const rollup = known ?? emptyRollup();
    if (known === undefined) this.#cells.set(key, rollup);
    foldLook(rollup, look, known === undefined);
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

function isSameKnown(from: number, to: number): boolean {
  return from > 0 && from === to;
}

function emptyRollup(): Draft<Rollup> {
  return {
    logMinRttUs: emptyMean(),
    logRate: emptyMean(),
    logStretchP50: emptyMean(),
    logStretchP95: emptyMean(),
    lossRatio: emptyMean(),
    mssBytes: 0,
    paths: noPaths(),
    updatedMs: 0,
  };
}

function lookAt(pathHash: number, sight: PathSight, nowMs: number): Look {
  const logMinRttUs = Math.log(sight.minRttUs);
  return {
    sight,
    pathHash,
    nowMs,
    logMinRttUs,
    logRate: Math.log(sight.rateBytesPerSecond),
    logStretchP50: Math.log(sight.rttP50Us) - logMinRttUs,
    logStretchP95: Math.log(sight.rttP95Us) - logMinRttUs,
    rttWeight: sightWeight(sight.minRttUs > 0 ? sight.rttSamples : 0),
    rateWeight: sightWeight(sight.rateBytesPerSecond > 0 ? sight.rateSamples : 0),
    isLinkLimited: !(sight.rateBytesPerSecond < linkLimited * sight.linkBytesPerSecond),
  };
}

// In place: with each report some of the sums of all racks change.
function foldLook(rollup: Draft<Rollup>, look: Look, isFirst: boolean): void {
  const { sight, rttWeight, nowMs } = look;
  const kept = isFirst ? 0 : freshnessAfter(nowMs - rollup.updatedMs);
  const rateWeight = look.rateWeight * linkPart(rollup, look, isFirst);
  foldValue(rollup.logMinRttUs, look.logMinRttUs, rttWeight, kept);
  foldValue(rollup.logRate, look.logRate, rateWeight, kept);
  foldValue(rollup.logStretchP50, look.logStretchP50, rttWeight, kept);
  foldValue(rollup.logStretchP95, look.logStretchP95, rttWeight, kept);
  foldValue(rollup.lossRatio, sight.lossRatio, rateWeight, kept);
  if (sight.mssBytes > 0) rollup.mssBytes = sight.mssBytes;
  countPath(rollup.paths, look.pathHash, nowMs, halfLifeMs);
  rollup.updatedMs = nowMs;
}

// A path as fast as its ends' links says only that what lies between them carries at least that.
function linkPart(rollup: Rollup, look: Look, isFirst: boolean): number {
  if (!look.isLinkLimited) return 1;
  const isNews = isFirst || look.logRate >= rollup.logRate.mean;
  return isNews ? boundPart : 0;
}

function commonOf(mean: FadingMean | undefined): Common | undefined {
  if (mean === undefined || mean.weight === 0) return undefined;
  return { mean: mean.mean, deviation: deviationOf(mean) };
}

// With single paths of few racks their deviation says little: that of the zone's stands in for it.
function drawn(nearMean: FadingMean | undefined, farMean: FadingMean | undefined, credit: number): Common | undefined {
  const near = commonOf(nearMean);
  const far = commonOf(farMean);
  if (near === undefined || far === undefined) return near ?? far;
  return {
    mean: far.mean + (near.mean - far.mean) * credit,
    deviation: Math.sqrt(credit * near.deviation ** 2 + (1 - credit) * far.deviation ** 2),
  };
}

function freshness(rollup: Rollup, nowMs: number): number {
  return freshnessAfter(nowMs - rollup.updatedMs);
}
