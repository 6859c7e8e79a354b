/**
 * What a host's own link lets through, in one direction, where it does not say: told by the other hosts' paths beside its own.
 *
 * A host on a slow link measures one rate to nearly all others, below what its rack measures to the same places. So each path that carries
 * much less than the paths beside it is a vote for a link of just that rate, and each that carries more than that rate is one against it. One
 * path proves nothing, as its other end may be the slow one.
 */
import { LRUCache } from "lru-cache";
import { freshnessAfter, halfLifeMs } from "./confidence.ts";
import type { Spot } from "./coordinates.ts";
import type { Draft } from "./draft.ts";
import type { FadingMean } from "./fading-mean.ts";
import { emptyMean, foldValue } from "./fading-mean.ts";
import type { PathCount } from "./path-count.ts";
import { countPath, noPaths, pathsCounted } from "./path-count.ts";
import type { Place } from "./topology.ts";
import { isSamePlace } from "./topology.ts";

/** What is believed of a link. */
export interface SeemingLink {
  /** Logarithm of payload bytes a second. */
  readonly logRate: number;
  /** How likely it is that there is such a link, 0..1. */
  readonly likelihood: number;
}

/** What the paths of one host have shown, in one direction. */
interface Votes {
  /** Where the host was: at another place, other paths lie beside its own, and its link is another one. */
  readonly place: Place;
  /** Of the paths that carry less than those beside them. */
  readonly logRate: FadingMean;
  /** Other hosts to which, or from which, the path carries about that and less than those beside it. */
  readonly agreeing: PathCount;
  /** And those where it carries more than that. */
  readonly beyond: PathCount;
  readonly updatedMs: number;
}

/** Rates further apart than this, as logarithms, are different ones: a factor of 1.5, several deviations of single paths. */
const apart = Math.log(1.5);
/**
 * Votes in bits, as evidence adds up in logarithms of odds (I. J. Good, 1950). Before any, one host in eight has a link that its rack has not. A
 * path below those beside it is four times as likely with such a link as without, and one beyond it a sixteenth: that takes
 * an estimate that is wrong by half.
 */
const bitsBefore = -3;
const bitsAgreeing = 2;
const bitsBeyond = -4;

/** Owns the votes on at most `max` hosts. */
export class HostLinks {
  readonly #byHost: LRUCache<string, Draft<Votes>>;

  constructor(max: number) {
    this.#byHost = new LRUCache({ max });
  }

  /**
   * Takes in what a host's path to or from another one carries, and what the paths beside it carry. `peerHash` tells that other host from
   * others, 32 bits; `weight` is what the sight is worth, 0..1.
   */
  learn(host: Spot, peerHash: number, logRate: number, logBeside: number, weight: number, nowMs: number): void {
    if (!Number.isFinite(logRate) || !Number.isFinite(logBeside) || !(weight > 0)) return;
    const known = this.#votesOn(host);
    const isBelow = logRate < logBeside - apart;
    if (known === undefined && !isBelow) return;
    const votes = known ?? this.#begin(host, nowMs);
    if (isBelow) {
      foldValue(votes.logRate, logRate, weight, freshnessAfter(nowMs - votes.updatedMs));
      votes.updatedMs = nowMs;
    }
    const { mean } = votes.logRate;
    if (isBelow && Math.abs(logRate - mean) <= apart) countPath(votes.agreeing, peerHash, nowMs, halfLifeMs);
    if (logRate > mean + apart) countPath(votes.beyond, peerHash, nowMs, halfLifeMs);
  }

  /** The link that a host seems to have; undefined where nothing speaks for any. */
  linkOf(host: Spot, nowMs: number): SeemingLink | undefined {
    const votes = this.#votesOn(host);
    if (votes === undefined) return undefined;
    const bits = bitsBefore + bitsAgreeing * pathsCounted(votes.agreeing) + bitsBeyond * pathsCounted(votes.beyond);
    const likelihood = freshnessAfter(nowMs - votes.updatedMs) / (1 + 2 ** -bits);
    return { logRate: votes.logRate.mean, likelihood };
  }

  forget(hostId: string): void {
    this.#byHost.delete(hostId);
  }

  #votesOn({ hostId, place }: Spot): Draft<Votes> | undefined {
    const votes = this.#byHost.get(hostId);
    if (votes === undefined || isSamePlace(votes.place, place)) return votes;
    this.#byHost.delete(hostId);
    return undefined;
  }

  #begin({ hostId, place }: Spot, nowMs: number): Draft<Votes> {
    const votes = { place, logRate: emptyMean(), agreeing: noPaths(), beyond: noPaths(), updatedMs: nowMs };
    this.#byHost.set(hostId, votes);
    return votes;
  }
}
