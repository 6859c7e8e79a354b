/** What is learned beside the paths themselves: what they have in common, where hosts are, who may speak to whom next. */

import { Coordinates } from "./coordinates.ts";
import type { SeemingLink } from "./host-links.ts";
import { HostLinks } from "./host-links.ts";
import type { HostState, Hosts } from "./hosts.ts";
import { slowerLinkOf } from "./hosts.ts";
import type { PathEstimateState } from "./path-estimate.ts";
import { minRttUsOf } from "./path-estimate.ts";
import type { Common } from "./rollups.ts";
import { Rollups, sightWeight } from "./rollups.ts";
import type { UnseenBounds } from "./unseen-destinations.ts";
import { UnseenDestinations } from "./unseen-destinations.ts";

/** Limits of what is kept and looked at. */
export interface InferenceBounds extends UnseenBounds {
  readonly hostsMax: number;
  readonly rollupsMax: number;
  /** Rows of one report that are learned from: the next report begins where this one ended. */
  readonly rowsPerReportMax: number;
  /** And of all reports of a second: the more hosts, the less of each is needed. */
  readonly rowsPerSecondMax: number;
  /** Samples below which a path teaches nothing. */
  readonly rttSamplesMin: number;
  readonly rateSamplesMin: number;
}

/** Whose rows have their turn: the place to go on from in either order of its reports, and when it had its turn last. */
export interface Learner {
  readonly turns: [number, number];
  learnedMs: number;
}

/** Reports are not exactly in time: that part of a row is due before its time. */
const earlyPart = 1 / 4;

/** Owns roll-ups, coordinates and the destinations that may be advised unseen. */
export class Inference {
  readonly #bounds: InferenceBounds;
  readonly #hosts: Hosts;
  readonly rollups: Rollups;
  readonly coordinates: Coordinates;
  readonly unseen: UnseenDestinations;
  /** What hosts' own links seem to let out and in. */
  readonly #linksOut: HostLinks;
  readonly #linksIn: HostLinks;

  constructor(hosts: Hosts, bounds: InferenceBounds) {
    this.#hosts = hosts;
    this.#bounds = bounds;
    this.rollups = new Rollups(bounds.rollupsMax);
    this.coordinates = new Coordinates(bounds.hostsMax);
    this.unseen = new UnseenDestinations(hosts, bounds);
    this.#linksOut = new HostLinks(bounds.hostsMax);
    this.#linksIn = new HostLinks(bounds.hostsMax);
  }

  /**
   * The rows of a report to learn from, by their places: a few, and the next few of its order in the next report of the same parity, so that
   * what a report costs does not grow with its rows and every path has its turn. What all hosts' reports cost in a second does not grow with
   * how many they send: each host that reports here has its part of that time. Moves its place in that order on.
   */
  turnOf(learner: Learner, parity: 0 | 1, rows: number, nowMs: number): readonly number[] {
    const { rowsPerReportMax, rowsPerSecondMax } = this.#bounds;
    const { turns } = learner;
    const perSecond = rowsPerSecondMax / Math.max(1, this.#hosts.reporting);
    const due = Math.floor((perSecond * (nowMs - learner.learnedMs)) / 1000 + earlyPart);
    const count = Math.min(rows, rowsPerReportMax, Math.max(1, Math.floor(perSecond)), due);
    const from = Math.min(turns[parity], Math.max(0, rows - 1));
    turns[parity] = rows === 0 ? 0 : (from + Math.max(0, count)) % rows;
    if (count <= 0) return [];
    // What came early is not due again before the next one's time.
    learner.learnedMs = Math.max(nowMs, learner.learnedMs + (count * 1000) / perSecond);
    return Array.from({ length: count }, (_, index) => (from + index) % rows);
  }

  /** Learns from a path between two hosts of the cluster; from others there is nothing to learn. */
  learn(sourceId: string, destination: Uint8Array, estimate: PathEstimateState, nowMs: number): void {
    const source = this.#hosts.get(sourceId);
    const owner = this.#hosts.ownerOf(destination);
    if (source === undefined || owner === undefined || owner.hostId === sourceId) return;
    this.unseen.contacted(source, destination, owner, nowMs);
    if (estimate.rttSamples < this.#bounds.rttSamplesMin) return;
    this.#observe(source, owner, minRttUsOf(estimate));
    const rateSamples = estimate.rateSamples < this.#bounds.rateSamplesMin ? 0 : estimate.rateSamples;
    if (rateSamples > 0) this.#learnLinks(source, owner, estimate, nowMs);
    this.rollups.learn(
      source.place,
      owner.place,
      spread(hashOfBytes(hashOfText(hashBasis, sourceId), destination)),
      {
        minRttUs: minRttUsOf(estimate),
        rttP50Us: estimate.rttP50Us,
        rttP95Us: estimate.rttP95Us,
        rateBytesPerSecond: rateSamples === 0 ? 0 : estimate.rate.rateBytesPerSecond,
        lossRatio: estimate.lossRatio,
        mssBytes: estimate.mssBytes,
        rttSamples: estimate.rttSamples,
        rateSamples: estimate.rateSamples,
        linkBytesPerSecond: this.#likelyLink(source, owner, nowMs),
      },
      nowMs,
    );
  }

  /**
   * A rate that paths have in common, as one path between two hosts of theirs has it: drawn to what the hosts' own links seem to let through,
   * by how likely it is that they have such links.
   */
  throughLinks(rate: Common, source: HostState, owner: HostState, nowMs: number): Common {
    let { mean } = rate;
    for (const link of this.#linksOf(source, owner, nowMs)) {
      mean = Math.min(mean, rate.mean + (link.logRate - rate.mean) * link.likelihood);
    }
    return { ...rate, mean };
  }

  /** Forgets a host that is gone; what its paths had in common with others fades. */
  forgetHost(hostId: string): void {
    this.coordinates.forget(hostId);
    this.unseen.forgetHost(hostId);
    this.#linksOut.forget(hostId);
    this.#linksIn.forget(hostId);
  }

  #learnLinks(source: HostState, owner: HostState, estimate: PathEstimateState, nowMs: number): void {
    const beside = this.rollups.logRateBetween(source.place, owner.place);
    if (beside === undefined) return;
    const logRate = Math.log(estimate.rate.rateBytesPerSecond);
    const weight = sightWeight(estimate.rateSamples);
    this.#linksOut.learn(source, hashOfHost(owner), logRate, beside.mean, weight, nowMs);
    this.#linksIn.learn(owner, hashOfHost(source), logRate, beside.mean, weight, nowMs);
  }

  // As announced, or more likely than not, payload bytes a second; infinite where neither is known.
  #likelyLink(source: HostState, owner: HostState, nowMs: number): number {
    let slowest = slowerLinkOf(source, owner);
    for (const { likelihood, logRate } of this.#linksOf(source, owner, nowMs)) {
      if (likelihood > 0.5) slowest = Math.min(slowest, Math.exp(logRate));
    }
    return slowest;
  }

  #linksOf(source: HostState, owner: HostState, nowMs: number): readonly SeemingLink[] {
    const links = [this.#linksOut.linkOf(source, nowMs), this.#linksIn.linkOf(owner, nowMs)];
    return links.filter((link) => link !== undefined);
  }

  #observe(source: HostState, owner: HostState, minRttUs: number): void {
    const observed = this.coordinates.observe(source, owner, minRttUs);
    if (observed === "taken" || observed === "too_many_hosts") return;
    this.#hosts.noteTrouble(source.hostId, observed === "reset" ? "coordinate_reset" : "coordinate_refused");
  }
}

// FNV-1a, 32 bits: tells paths and hosts apart when they are counted.
const hashBasis = 0x811c9dc5;

function hashOfHost({ hostId }: HostState): number {
  return spread(hashOfText(hashBasis, hostId));
}

function hashOfText(before: number, text: string): number {
  let hash = before;
  for (let index = 0; index < text.length; index += 1) hash = hashAfter(hash, text.charCodeAt(index));
  return hash;
}

function hashOfBytes(before: number, bytes: Uint8Array): number {
  let hash = before;
  for (const byte of bytes) hash = hashAfter(hash, byte);
  return hash;
}

function hashAfter(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}

function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
