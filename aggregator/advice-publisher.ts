/** Sends hosts what the ledger says they should hold, an update at a time. */
import type { NatsLink } from "../common/nats-link.ts";
import { subjectFor } from "../proto/subjects.ts";
import type { Clock } from "./clock.ts";
import { pushBounds } from "./core/bounds.ts";
import type { HostState } from "./core/hosts.ts";
import { isWithheld } from "./core/policy/policed-advice.ts";
import type { UpdateDraft } from "./core/update-draft.ts";
import type { View } from "./core/view.ts";
import { warmUpMs } from "./core/warm-up.ts";
import type { Metrics } from "./metrics.ts";
import { kindOf, sealedUpdate } from "./sealed-update.ts";

/** What publishing works with. */
export interface AdvicePublisherParts {
  readonly view: Pick<View, "hosts" | "ledger" | "policy">;
  readonly link: Pick<NatsLink, "publish">;
  readonly metrics: Pick<Metrics, "publishFailures" | "updates" | "entries">;
  readonly clock: Clock;
  readonly ttlMs: number;
}

/** Knows since when the view has been filled. */
export class AdvicePublisher {
  readonly #parts: AdvicePublisherParts;
  readonly #startedMs: number;

  constructor(parts: AdvicePublisherParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.nowMs();
  }

  /** Whether hosts of an interval (0: the usual one) have had time to report twice. */
  isWarmFor(reportIntervalMs: number): boolean {
    return this.#parts.clock.nowMs() - this.#startedMs >= warmUpMs(reportIntervalMs);
  }

  /**
   * Sends a host at most `limit` updates until a moment, one however late it is, and returns how many. What is left of them is the ledger's to
   * keep. A host that has not had time to report twice is told nothing new, but what another leader told it does not run out meanwhile, unless
   * the policy withholds some of it.
   */
  publishTo(hostId: string, limit: number, endsMs: number, nowMs: number): number {
    const { view, clock } = this.#parts;
    const host = view.hosts.get(hostId);
    if (host === undefined) return 0;
    const isWarm = this.isWarmFor(host.reportIntervalMs);
    let published = 0;
    while (published < limit && (published === 0 || clock.nowMs() < endsMs)) {
      const draft = isWarm
        ? view.ledger.takeUpdates(hostId, 1, nowMs)[0]
        : view.ledger.takeRenewal(hostId, nowMs, () => !this.#isWithheld(host));
      if (draft === undefined) break;
      this.#publish(host, draft);
      published += 1;
    }
    return published;
  }

  // Any of what it holds, or all that it may.
  #isWithheld(host: HostState): boolean {
    const { ledger, policy } = this.#parts.view;
    if (policy.state.rules.length === 0) return false;
    if (isWithheld(policy.forHost(host))) return true;
    for (const destination of ledger.destinationsOf(host.hostId)) {
      if (isWithheld(policy.forPath(host.hostId, host, destination))) return true;
    }
    return false;
  }

  #publish(host: HostState, draft: UpdateDraft): void {
    const { view, link, metrics, clock, ttlMs } = this.#parts;
    const update = sealedUpdate(host.hostId, draft, {
      term: view.ledger.term,
      ttlMs,
      notAfterUnixMs: clock.unixMs() + host.clockOffsetMs + ttlMs + pushBounds.clockToleranceMs,
    });
    // Where it is not taken, the host will miss this version, refuse the next one and get a snapshot.
    if (!link.publish(subjectFor("advice", host.hostId), update)) metrics.publishFailures.inc();
    metrics.updates.inc({ kind: kindOf(draft) });
    metrics.entries.inc(draft.entries.length + draft.withdrawn.length);
  }
}
