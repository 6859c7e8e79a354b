/**
 * The paced side: turns changed estimates into advice and publishes it, a tick at a time. Only a failed jump does not
 * wait for the tick. While another aggregator leads, all is worked out the same, and nothing published.
 */

import type { Log } from "../common/log.ts";
import type { NatsLink } from "../common/nats-link.ts";
import { AdvicePublisher } from "./advice-publisher.ts";
import type { Clock } from "./clock.ts";
import type { HeldDestination } from "./core/advice-in-turn.ts";
import { adviceInTurn } from "./core/advice-in-turn.ts";
import { adviceBounds, inferenceBounds, pushBounds, tableBounds } from "./core/bounds.ts";
import type { Draft } from "./core/draft.ts";
import { noteEvictions } from "./core/eviction-troubles.ts";
import { adviceFor, isReceiveWindowKept, reverseAddressesMax, reverseAdvice } from "./core/host-advice.ts";
import type { PathEstimateState } from "./core/path-estimate.ts";
import { foldFailedJump } from "./core/path-estimate.ts";
import { addressKey } from "./core/path-key.ts";
import type { PathRecord } from "./core/path-table.ts";
import { isWithheld } from "./core/policy/policed-advice.ts";
import type { View } from "./core/view.ts";
import type { FailureSink } from "./ingest.ts";
import type { Metrics } from "./metrics.ts";
import { SteppedWork } from "./stepped-work.ts";

/** What the advisor works with. */
export interface AdvisorParts {
  readonly view: View;
  readonly link: Pick<NatsLink, "connected" | "publish" | "flush">;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly ttlMs: number;
  /** Whether advice may be sent now: one of several aggregators does. */
  readonly leads: () => boolean;
  /** Told of paths that may have changed and lead to a host of another partition. */
  readonly onPathAbroad: (receiverId: string, sourceId: string) => void;
  /** Told of every failed window that other hosts should know of. */
  readonly onFailure: (hostId: string, destination: Uint8Array) => void;
  /** Told of every host that fell silent. */
  readonly onHostGone: (hostId: string) => void;
}

/** Lowered advice waits this long for more of the same moment. */
const urgentWaitMs = 20;

/** Owns the tick and its timers. */
export class Advisor implements FailureSink {
  readonly #parts: AdvisorParts;
  readonly #publisher: AdvicePublisher;
  /** To be told at once: hosts, with what is to be looked at before, by its key. */
  readonly #urgent = new Map<string, Map<string, Uint8Array>>();
  #reviewedMs = Number.NEGATIVE_INFINITY;
  #agingPlace = 0;
  #agingAdvice: Iterator<HeldDestination | undefined> | undefined;
  /** What a change of the policy has yet to reach: advice, then paths after a key. */
  #policyAdvice: Iterator<HeldDestination | undefined> | undefined;
  #policyKey: string | undefined;
  #unseenHosts: string[] = [];
  #isFlushing = false;
  /** Whether the last tick left something to publish. */
  #isBehind = false;
  readonly #work = new SteppedWork();
  #timer: NodeJS.Timeout | undefined;
  #urgentTimer: NodeJS.Timeout | undefined;

  constructor(parts: AdvisorParts) {
    this.#parts = parts;
    this.#publisher = new AdvicePublisher(parts);
  }

  /** Ticks until stop(). */
  start(): void {
    const isBehind = this.#parts.view.table.newsSize > 0 || this.#policyKey !== undefined || this.#isBehind;
    this.#timer = setTimeout(
      () => this.#work.run(this.#steps(), () => this.start()),
      isBehind ? pushBounds.tickBehindMs : pushBounds.tickMs,
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#work.stop();
    clearTimeout(this.#urgentTimer);
  }

  /**
   * Whether hosts of the usual interval have reported twice since the start. Before that the view is emptier than
   * what an earlier aggregator left in force, and nothing is pushed.
   */
  get isWarm(): boolean {
    return this.#publisher.isWarmFor(0);
  }

  /** One tick at once. */
  tick(): void {
    const steps = this.#steps();
    while (steps.next().done !== true);
  }

  /** One tick: what changed, what aged, who is gone, then publishing. Each step has a bound of its own. */
  *#steps(): Generator<void> {
    const { clock, metrics } = this.#parts;
    const end = metrics.tickSeconds.startTimer();
    this.#followPolicy(clock.nowMs());
    this.#followNews(clock.nowMs());
    yield;
    yield* this.#followCrowds();
    if (clock.nowMs() - this.#reviewedMs >= pushBounds.tickMs) {
      this.#reviewedMs = clock.nowMs();
      yield;
      this.#reviewPaths(clock.nowMs());
      yield;
      this.#reviewAdvice(clock.nowMs());
      yield;
      this.#reviewUnseen(clock.nowMs());
      yield;
      this.#forgetSilent(clock.nowMs());
    }
    yield;
    this.#publishAll(clock.nowMs());
    end();
  }

  failedJump(hostId: string, destination: Uint8Array, adviceVersion: number): string {
    const { view, clock } = this.#parts;
    const record = view.table.get(hostId, destination);
    // Whoever else would be advised about it unmeasured had better measure first.
    if (this.#isAdvised(hostId, destination)) view.inference.unseen.suspend(destination, clock.nowMs());
    if (record === undefined) {
      this.lowered(hostId, destination);
      return "unknown_path";
    }
    if (view.ledger.isLoweredSince(hostId, destination, adviceVersion)) return "known";
    // The record is a copy of its own.
    foldFailedJump(record.estimate as Draft<PathEstimateState>, clock.nowMs());
    view.table.put(hostId, destination, record.estimate);
    this.lowered(hostId, destination);
    return "lowered";
  }

  lowered(hostId: string, destination: Uint8Array): void {
    const nowMs = this.#parts.clock.nowMs();
    if (this.#isAdvised(hostId, destination)) {
      this.#parts.onFailure(hostId, destination);
      this.#tellOthers(hostId, destination, nowMs);
    }
    // Its host has dropped the entry: whatever is advised now must be sent, however little it differs.
    this.#advise(hostId, destination, nowMs, true);
    this.#publishSoon(hostId);
  }

  /** The same of a host of another partition: what it was told is known there. */
  failedAbroad(hostId: string, destination: Uint8Array): void {
    const nowMs = this.#parts.clock.nowMs();
    this.#parts.view.inference.unseen.suspend(destination, nowMs);
    this.#tellOthers(hostId, destination, nowMs);
  }

  // Only who was told to send there has anything to tell the others.
  #isAdvised(hostId: string, destination: Uint8Array): boolean {
    return this.#parts.view.ledger.adviceFor(hostId, destination) !== undefined;
  }

  #tellOthers(hostId: string, destination: Uint8Array, nowMs: number): void {
    const { view } = this.#parts;
    if (!view.sharedFailures.failed(hostId, destination, nowMs)) return;
    for (const other of view.ledger.holdersOf(destination)) {
      if (other !== hostId) this.#publishSoon(other, destination);
    }
  }

  #publishSoon(hostId: string, destination?: Uint8Array): void {
    const destinations = this.#urgent.get(hostId) ?? new Map<string, Uint8Array>();
    if (destination !== undefined) destinations.set(addressKey(destination), destination);
    this.#urgent.set(hostId, destinations);
    this.#urgentTimer ??= setTimeout(() => this.#publishUrgent(), urgentWaitMs);
  }

  /** The policy changed: all advice is reviewed as soon as that can be done without holding up messages and calls. */
  policyChanged(): void {
    this.#policyAdvice = adviceInTurn(this.#parts.view.ledger);
    this.#policyKey = "";
  }

  // What is withdrawn comes first.
  #followPolicy(nowMs: number): void {
    const { table } = this.#parts.view;
    while (this.#policyKey !== undefined && this.#parts.clock.nowMs() - nowMs < pushBounds.newsMs) {
      const held = this.#policyAdvice?.next();
      if (held?.done === false) {
        if (held.value !== undefined) this.#advise(held.value.hostId, held.value.destination, nowMs, false);
        continue;
      }
      this.#policyAdvice = undefined;
      const records = table.after(this.#policyKey, pushBounds.newsPerStep);
      for (const record of records) this.#advisePath(record, nowMs);
      this.#policyKey = records.length < pushBounds.newsPerStep ? undefined : records.at(-1)?.key;
    }
  }

  /** What a host should be ready to receive from one of another partition has changed. */
  needChanged(receiverId: string, sourceId: string): void {
    const nowMs = this.#parts.clock.nowMs();
    const source = this.#parts.view.hosts.get(sourceId);
    for (const address of source?.addresses.slice(0, reverseAddressesMax) ?? []) {
      this.#advise(receiverId, address, nowMs, false);
    }
  }

  #followNews(nowMs: number): void {
    const { table } = this.#parts.view;
    for (let looked = 0; looked < pushBounds.pathsPerTick && table.newsSize > 0; looked += pushBounds.newsPerStep) {
      for (const record of table.takeNews(pushBounds.newsPerStep, nowMs)) this.#advisePath(record, nowMs);
      if (this.#parts.clock.nowMs() - nowMs >= pushBounds.newsMs) break;
    }
  }

  // A part of a receiver's link is every source's, whichever of them told what changed it.
  *#followCrowds(): Generator<void> {
    const { view, clock } = this.#parts;
    let nowMs = clock.nowMs();
    for (const receiverId of view.fanIns.takeChanged(pushBounds.receiversPerTick)) {
      for (const address of (view.hosts.get(receiverId)?.addresses ?? []).slice(0, reverseAddressesMax)) {
        for (const hostId of view.ledger.holdersOf(address)) {
          this.#advise(hostId, address, nowMs, false);
          if (clock.nowMs() - nowMs < pushBounds.crowdsMs) continue;
          yield;
          nowMs = clock.nowMs();
        }
      }
    }
  }

  #forgetSilent(nowMs: number): void {
    const { hosts, table, fanIns } = this.#parts.view;
    for (const hostId of hosts.expire(nowMs, pushBounds.silentPerTick)) this.#forgetHost(hostId);
    table.prune(nowMs - tableBounds.pathAgeMaxMs, pushBounds.agingPathsPerTick, (host) => noteEvictions(hosts, host));
    fanIns.endCrowds(nowMs, pushBounds.crowdsPerTick);
  }

  // Estimates age and addresses find their owners without any report: every path is looked at again in turn.
  #reviewPaths(nowMs: number): void {
    const endsMs = this.#parts.clock.nowMs() + pushBounds.reviewMs;
    for (let looked = 0; looked < pushBounds.agingPathsPerTick; looked += pushBounds.newsPerStep) {
      const { records, place } = this.#parts.view.table.inTurn(this.#agingPlace, pushBounds.newsPerStep);
      this.#agingPlace = place;
      for (const record of records) this.#advisePath(record, nowMs);
      if (place === 0 || this.#parts.clock.nowMs() >= endsMs) break;
    }
  }

  // Advice may outlive the path it came from, such as a receive window for a host that is gone.
  #reviewAdvice(nowMs: number): void {
    const { ledger } = this.#parts.view;
    this.#agingAdvice ??= adviceInTurn(ledger);
    const endsMs = this.#parts.clock.nowMs() + pushBounds.reviewMs;
    for (let looked = 0; looked < pushBounds.agingPathsPerTick && this.#parts.clock.nowMs() < endsMs; looked += 1) {
      const { done, value } = this.#agingAdvice.next();
      if (value !== undefined) this.#advise(value.hostId, value.destination, nowMs, false);
      if (done !== true) continue;
      this.#agingAdvice = undefined;
      break;
    }
  }

  // What nobody measured yet no report tells of: every host's turn comes.
  #reviewUnseen(nowMs: number): void {
    const { hosts, inference, table, abroad } = this.#parts.view;
    if (this.#unseenHosts.length === 0) this.#unseenHosts = [...hosts.ids()];
    const { clock } = this.#parts;
    const startedMs = clock.nowMs();
    for (let looked = 0; looked < inferenceBounds.candidatesPerTick; looked += 1) {
      if (clock.nowMs() - startedMs >= inferenceBounds.candidatesMs) break;
      const host = hosts.get(this.#unseenHosts.pop() ?? "");
      if (host === undefined) break;
      if (abroad?.isAbroad(host.hostId) === true) continue;
      const candidates = inference.unseen.candidatesOf(host, nowMs);
      for (const destination of candidates) {
        if (table.get(host.hostId, destination) === undefined) this.#advise(host.hostId, destination, nowMs, false);
      }
      looked += candidates.length;
    }
  }

  // A path decides over its own source's advice, and over what its far end should be ready to receive.
  #advisePath({ hostId, destination }: PathRecord, nowMs: number): void {
    const { view } = this.#parts;
    const { hosts, abroad } = view;
    this.#advise(hostId, destination, nowMs, false);
    const receiver = abroad === undefined ? undefined : hosts.ownerOf(destination);
    if (receiver !== undefined && abroad?.isAbroad(receiver.hostId) === true) {
      this.#parts.onPathAbroad(receiver.hostId, hostId);
      return;
    }
    for (const reverse of reverseAdvice(view, hostId, destination)) {
      const toldBytes = view.ledger.nextReceiveWindowBytes(reverse.hostId, addressKey(reverse.destination));
      if (isReceiveWindowKept(view, reverse.hostId, reverse.destination, toldBytes, adviceBounds, nowMs)) continue;
      this.#advise(reverse.hostId, reverse.destination, nowMs, false);
    }
  }

  #advise(hostId: string, destination: Uint8Array, nowMs: number, force: boolean): void {
    const { view, log } = this.#parts;
    // A path outlives its host by an hour: nobody is there to be told, and nobody would forget what was kept for it.
    if (view.hosts.get(hostId) === undefined) return;
    const advice = adviceFor(view, hostId, destination, adviceBounds, nowMs);
    const isWithdrawn = advice === undefined && this.#isWithheld(hostId, destination);
    if (!view.ledger.want(hostId, destination, advice, force || isWithdrawn)) return;
    view.table.touch({ hostId, destination });
    log.debug({ hostId, window: advice?.windowSegments }, "advice");
  }

  #isWithheld(hostId: string, destination: Uint8Array): boolean {
    const { hosts, policy } = this.#parts.view;
    return policy.state.rules.length > 0 && isWithheld(policy.forPath(hostId, hosts.get(hostId), destination));
  }

  #publishAll(nowMs: number): void {
    const { link, clock, leads, view } = this.#parts;
    if (!leads() || !link.connected || this.#isFlushing) return;
    const endsMs = clock.nowMs() + pushBounds.publishMs;
    let left: number = pushBounds.updatesPerTick;
    this.#isBehind = false;
    // However much there is to say, advice in force must not run out; nor does new advice wait for all that is to be renewed.
    for (const hostId of new Set(inTurns(view.ledger.hostsToRenew(nowMs), view.ledger.waitingHosts))) {
      if (this.#isBehind) break;
      left -= this.#publisher.publishTo(hostId, left, endsMs, nowMs);
      this.#isBehind = left <= 0 || clock.nowMs() >= endsMs;
    }
    if (left < pushBounds.updatesPerTick) void this.#flush();
  }

  // Not held back by an unfinished flush: a failed jump is rare, and late advice does harm.
  #publishUrgent(): void {
    this.#urgentTimer = undefined;
    const { leads, link, clock } = this.#parts;
    const nowMs = clock.nowMs();
    const endsMs = nowMs + pushBounds.urgentMs;
    const canPublish = leads() && link.connected;
    let left: number = pushBounds.sharedPerTurn;
    for (const [hostId, destinations] of this.#urgent) {
      for (const [key, destination] of destinations) {
        if (clock.nowMs() >= endsMs) break;
        destinations.delete(key);
        this.#advise(hostId, destination, nowMs, false);
        left -= 1;
      }
      // Where time is over, as many of one host as there may be wait for the next turn.
      if (destinations.size === 0) this.#urgent.delete(hostId);
      if (canPublish) this.#publisher.publishTo(hostId, pushBounds.updatesPerTick, endsMs, nowMs);
      left -= 1;
      if (left <= 0 || clock.nowMs() >= endsMs) break;
    }
    // Messages and calls have their turn before the rest.
    if (this.#urgent.size > 0) this.#urgentTimer = setTimeout(() => this.#publishUrgent(), 0);
  }

  // The broker's word that it has everything is the credit for the next tick's publishes.
  async #flush(): Promise<void> {
    this.#isFlushing = true;
    if (!(await this.#parts.link.flush(pushBounds.flushWaitMs))) this.#parts.metrics.publishFailures.inc();
    this.#isFlushing = false;
  }

  #forgetHost(hostId: string): void {
    this.#parts.view.ledger.forgetHost(hostId);
    this.#parts.view.inference.forgetHost(hostId);
    this.#parts.view.fanIns.forgetHost(hostId);
    this.#parts.onHostGone(hostId);
    this.#parts.log.info({ hostId }, "host fell silent");
  }
}

function* inTurns(first: readonly string[], second: readonly string[]): Generator<string> {
  for (let index = 0; index < Math.max(first.length, second.length); index += 1) {
    const [one, other] = [first[index], second[index]];
    if (one !== undefined) yield one;
    if (other !== undefined) yield other;
  }
}
