/** Plays a cluster's reports into a view: what each host would measure of the few others that it speaks to. */

import type { Learner } from "../../aggregator/core/inference.ts";
import type { View } from "../../aggregator/core/view.ts";
import { estimateAfter } from "../support/folded.ts";
import { announcement, emptyView, row } from "../unit/aggregator/fixtures.ts";
import type { ClusterTruth } from "./cluster-truth.ts";
import { addressOf } from "./cluster-truth.ts";
import { SeededRandom } from "./seeded-random.ts";

/** Who speaks to whom, and for how long. */
export interface PlayPlan {
  readonly peersPerHost: number;
  /** Of these it speaks to so many in an interval, in turn. */
  readonly peersPerInterval: number;
  readonly intervals: number;
  /** Whether hosts say how fast their links are. */
  readonly areLinksAnnounced: boolean;
  /** Pairs that never speak. */
  readonly isSilent: (source: number, destination: number) => boolean;
}

/** The view after some intervals of a second, who spoke to whom, and when that ended. */
export interface Played {
  readonly view: View;
  readonly peers: readonly ReadonlySet<number>[];
  readonly nowMs: number;
}

/** A minimum of the samples of an interval lies a little above the path's, a rate around it. */
const rttNoise = 0.03;
const rateNoise = 0.1;

/** Plays every host's reports through the estimator, and lets the view learn from them as ingest does. */
export function playCluster(truth: ClusterTruth, plan: PlayPlan, seed: number): Played {
  const random = new SeededRandom(seed);
  const view = emptyView();
  for (const host of truth.hosts) {
    const labels = { rack: `rack ${host.rack}`, zone: `zone ${host.zone}` };
    const linkBytesPerSecond = plan.areLinksAnnounced ? host.linkBytesPerSecond : 0;
    view.hosts.announce(announcement(host.id, [host.address], { ...labels, linkBytesPerSecond }), host.id, 0);
    view.hosts.heard(host.id, 1_000, 0, 0);
  }
  const peers = truth.hosts.map((_, source) => peersOf(truth, plan, source, random));
  const learners = truth.hosts.map((): Learner => ({ turns: [0, 0], learnedMs: 0 }));
  for (let interval = 1; interval <= plan.intervals; interval += 1) {
    for (const [source, learner] of learners.entries()) {
      const turn = turnOf([...(peers[source] ?? [])], plan.peersPerInterval, interval);
      report(view, truth, source, turn, interval, random);
      learn(view, truth, source, turn, learner, interval);
    }
  }
  return { view, peers, nowMs: plan.intervals * 1_000 };
}

function peersOf(truth: ClusterTruth, plan: PlayPlan, source: number, random: SeededRandom): ReadonlySet<number> {
  const peers = new Set<number>();
  for (let tries = 0; peers.size < plan.peersPerHost && tries < 100 * plan.peersPerHost; tries += 1) {
    const peer = Math.floor(random.next() * truth.hosts.length);
    if (peer !== source && !plan.isSilent(source, peer)) peers.add(peer);
  }
  return peers;
}

function turnOf(peers: readonly number[], count: number, interval: number): readonly number[] {
  return peers.length === 0
    ? []
    : Array.from({ length: count }, (_, index) => peers[(interval * count + index) % peers.length] ?? 0);
}

function report(
  view: View,
  truth: ClusterTruth,
  source: number,
  peers: readonly number[],
  interval: number,
  random: SeededRandom,
): void {
  const nowMs = interval * 1_000;
  const host = truth.hosts[source];
  if (host === undefined) return;
  for (const peer of peers) {
    const destination = addressAt(truth, peer);
    const rttUs = truth.rttUs(source, peer);
    const rate = truth.rateBytesPerSecond(source, peer) * Math.exp(rateNoise * random.normal());
    const played = row({
      rttMinUs: Math.ceil(rttUs * (1 + rttNoise * Math.abs(random.normal()))),
      rttP50Us: Math.ceil(rttUs * 1.2),
      rttP95Us: Math.ceil(rttUs * 1.5),
      rttSamples: 16,
      saturatedBytesPerSecond: Math.round(rate),
      saturatedSamples: 4,
    });
    const before = view.table.get(host.id, destination)?.estimate;
    view.table.put(host.id, destination, estimateAfter(before, played, nowMs));
  }
}

function learn(
  view: View,
  truth: ClusterTruth,
  source: number,
  peers: readonly number[],
  learner: Learner,
  interval: number,
): void {
  const host = truth.hosts[source];
  if (host === undefined) return;
  for (const index of view.inference.turnOf(learner, interval % 2 === 0 ? 0 : 1, peers.length, interval * 1_000)) {
    const record = view.table.get(host.id, addressAt(truth, peers[index] ?? 0));
    if (record !== undefined) view.inference.learn(host.id, record.destination, record.estimate, interval * 1_000);
  }
}

function addressAt(truth: ClusterTruth, index: number): Uint8Array {
  const host = truth.hosts[index];
  if (host === undefined) throw new Error(`Cannot find host ${index}`);
  return addressOf(host);
}
