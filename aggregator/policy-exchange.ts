/** Holds all aggregators of a cluster to one policy, wherever it was changed. */
import { createHash } from "node:crypto";
import type { Log } from "../common/log.ts";
import type { NatsLink } from "../common/nats-link.ts";
import { payloadMaxBytes, policyWord } from "../proto/messages.ts";
import type { Partition } from "../proto/partition.ts";
import { subjectForPartition } from "../proto/subjects.ts";
import type { Clock } from "./clock.ts";
import { policyBounds } from "./core/bounds.ts";
import type { PolicyState } from "./core/policy/policy-book.ts";
import type { IdentifiedPolicy } from "./core/policy/policy-merge.ts";
import { isAhead, mergedPolicy } from "./core/policy/policy-merge.ts";
import { changeMessage } from "./core/policy/policy-message.ts";
import { stateOfWord, wordOf } from "./core/policy/policy-word.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import type { View } from "./core/view.ts";
import type { Metrics } from "./metrics.ts";
import type { PolicyFile } from "./policy-file.ts";

/** What it works with. */
export interface PolicyExchangeParts {
  readonly aggregatorId: string;
  readonly partition: Partition;
  readonly view: Pick<View, "policy">;
  /** Absent: what is heard does not outlive the program. */
  readonly file: Pick<PolicyFile, "save"> | undefined;
  readonly link: Pick<NatsLink, "publish">;
  readonly metrics: Pick<Metrics, "policiesTaken" | "policyChangesOverruled" | "policyTroubles">;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every policy that was taken over. */
  readonly onChanged: () => void;
}

/** Owns the timer of what is said again and again. */
export class PolicyExchange {
  readonly #parts: PolicyExchangeParts;
  #timer: NodeJS.Timeout | undefined;
  #known: { readonly state: PolicyState; readonly policy: IdentifiedPolicy } | undefined;
  #answeredMs = Number.NEGATIVE_INFINITY;

  constructor(parts: PolicyExchangeParts) {
    this.#parts = parts;
  }

  /** Says which policy it has, and goes on saying so until stop(). */
  start(): void {
    this.sayWhich();
    this.#timer = setInterval(() => this.sayWhich(), policyBounds.wordIntervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Says which policy it has. */
  sayWhich(): void {
    const { revision } = this.#policy.state;
    this.#publish(this.#seal({ revision, rules: [], changes: [] }, false));
  }

  /** Says all of it, as it has changed here. */
  sayAll(): void {
    const { state } = this.#policy;
    for (let told = state.changes.length; ; told = told >> 1) {
      const payload = this.#seal(wordOf(state, told), true);
      if (payload.length <= payloadMaxBytes) {
        this.#publish(payload);
        return;
      }
      if (told > 0) continue;
      this.#parts.metrics.policyTroubles.inc({ trouble: "too_large_to_tell" });
      this.#parts.log.error({ bytes: payload.length }, "policy is too large to tell the other aggregators");
      return;
    }
  }

  /** Takes in what another aggregator says. Returns why it is refused. */
  take(payload: Uint8Array): string | undefined {
    const opened = policyWord.open(payload);
    if (!opened.ok) return opened.refusal;
    const { message } = opened;
    const ours = this.#policy;
    const digest = Buffer.from(message.digest).toString("hex");
    if (digest === ours.digest) return undefined;
    if (message.revision - ours.state.revision > policyBounds.revisionsAheadMax) return "out_of_range";
    if (!message.complete) {
      this.#answer(isAhead(ours, { digest, state: { revision: message.revision, rules: [], changes: [] } }));
      return undefined;
    }
    try {
      const theirs = identified(stateOfWord(message, policyBounds));
      if (theirs.digest !== digest) return "wrong_digest";
      this.#merge(ours, theirs, message.aggregatorId);
      return undefined;
    } catch (error) {
      if (!(error instanceof QueryFault)) throw error;
      return "bad_policy";
    }
  }

  #merge(ours: IdentifiedPolicy, theirs: IdentifiedPolicy, aggregatorId: string): void {
    const { view, metrics, log, onChanged } = this.#parts;
    const { state, overruled } = mergedPolicy(ours, theirs, policyBounds);
    for (const change of overruled) {
      metrics.policyChangesOverruled.inc();
      log.error({ change: changeMessage(change), aggregatorId }, "policy change overruled by a later one elsewhere");
    }
    const merged = identified(state);
    if (merged.digest !== ours.digest) {
      this.#record(state);
      view.policy.replace(state);
      metrics.policiesTaken.inc();
      const changes = state.changes.filter(({ revision }) => revision > ours.state.revision).map(changeMessage);
      log.info({ aggregatorId, revision: state.revision, changes }, "policy taken over");
      onChanged();
    }
    if (merged.digest !== theirs.digest) this.#answer(true);
  }

  // What an operator decided elsewhere holds here at once, and the disk is not what it waits for.
  #record(state: PolicyState): void {
    try {
      this.#parts.file?.save(state);
    } catch (error) {
      this.#parts.metrics.policyTroubles.inc({ trouble: "not_recorded" });
      this.#parts.log.error({ err: error }, "policy of another aggregator could not be recorded");
    }
  }

  // Several may be behind at once, and one answer is heard by all.
  #answer(isAll: boolean): void {
    const nowMs = this.#parts.clock.nowMs();
    if (nowMs - this.#answeredMs < policyBounds.answerIntervalMs) return;
    this.#answeredMs = nowMs;
    if (isAll) this.sayAll();
    else this.sayWhich();
  }

  get #policy(): IdentifiedPolicy {
    const { state } = this.#parts.view.policy;
    if (this.#known?.state !== state) this.#known = { state, policy: identified(state) };
    return this.#known.policy;
  }

  #seal(word: ReturnType<typeof wordOf>, complete: boolean): Uint8Array {
    const { aggregatorId } = this.#parts;
    return policyWord.seal({ ...word, aggregatorId, digest: Buffer.from(this.#policy.digest, "hex"), complete });
  }

  #publish(payload: Uint8Array): void {
    this.#parts.link.publish(subjectForPartition("policy", this.#parts.partition), payload);
  }
}

function identified(state: PolicyState): IdentifiedPolicy {
  const word = policyWord.seal(wordOf(state, 1));
  return { state, digest: createHash("sha256").update(word).digest("hex").slice(0, 16) };
}
