/** What leaders of partitions tell each other of receivers and destinations that hosts of several partitions send to. */
import type { NatsLink } from "../common/nats-link.ts";
import type { PeerWord } from "../proto/gen/augmenter/v1/PeerWord.ts";
import { peerWord } from "../proto/messages.ts";
import type { Partition } from "../proto/partition.ts";
import { holdsSlot, isPartition, overlaps } from "../proto/partition.ts";
import { isHostId, slotOf, subjectForPartition } from "../proto/subjects.ts";
import { isCredibleTerm } from "../proto/term.ts";
import type { Clock } from "./clock.ts";
import { peerBounds } from "./core/bounds.ts";
import { boundHeard, boundMessage, tallyHeard, tallyMessage } from "./core/crowd-summary.ts";
import type { Steps } from "./core/steps.ts";
import { inOneGo, inParts } from "./core/steps.ts";
import type { View } from "./core/view.ts";

/** What the exchange works with. */
export interface PeerExchangeParts {
  readonly view: Pick<View, "fanIns" | "abroad">;
  readonly partition: Partition;
  readonly link: Pick<NatsLink, "publish">;
  readonly clock: Clock;
  /** The term in which this aggregator leads; 0: it stands by, and tells nobody anything. */
  readonly term: () => number;
  /** Told where a granted window failed on a host of another partition. */
  readonly onFailure: (hostId: string, destination: Uint8Array) => void;
}

interface Failure {
  readonly hostId: string;
  readonly destination: Uint8Array;
}

const addressBytes = 16;
/** Each is told to all who send there. */
const failuresPerStep = 16;

/** Owns the timers, and the failures that are about to be told. */
export class PeerExchange {
  readonly #parts: PeerExchangeParts;
  #failures: Failure[] = [];
  #failureTimer: NodeJS.Timeout | undefined;
  #timer: NodeJS.Timeout | undefined;
  #renewedMs = Number.NEGATIVE_INFINITY;
  #wordsUnsent = 0;

  constructor(parts: PeerExchangeParts) {
    this.#parts = parts;
  }

  /** What was not told since the start, by reason. */
  get dropped(): Readonly<Record<"words_unsent", number>> {
    return { words_unsent: this.#wordsUnsent };
  }

  /** Tells what there is to tell, until stop(). Nothing where one aggregator looks after all hosts. */
  start(): void {
    if (this.#parts.view.abroad !== undefined) this.#timer = setInterval(() => this.tick(), peerBounds.wordIntervalMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#failureTimer);
  }

  /** A granted window failed on a host here: told within milliseconds. */
  failed(hostId: string, destination: Uint8Array): void {
    const { view, term } = this.#parts;
    if (view.abroad === undefined || term() === 0) return;
    this.#failures.push({ hostId, destination });
    // What does not fit into the next word has one of its own.
    if (this.#failures.length >= peerBounds.failuresPerWord) {
      this.tellFailures();
      return;
    }
    this.#failureTimer ??= setTimeout(() => this.tellFailures(), peerBounds.failureWaitMs);
  }

  /** Tells the failures that wait. */
  tellFailures(): void {
    clearTimeout(this.#failureTimer);
    this.#failureTimer = undefined;
    const failures = this.#failures.map(({ hostId, destination }) => ({
      hostId,
      destination: Buffer.from(destination),
    }));
    this.#failures = [];
    this.#tell({ failures });
  }

  /** One turn: bounds of receivers here, and what senders here told of receivers elsewhere. Who stands by only keeps count. */
  tick(): void {
    const { view, clock } = this.#parts;
    const nowMs = clock.nowMs();
    view.fanIns.forgetToldBefore(nowMs - peerBounds.lifeMs);
    const isAll = nowMs - this.#renewedMs >= peerBounds.renewalMs;
    if (isAll) this.#renewedMs = nowMs;
    const bounds = view.fanIns.takeBounds(isAll, peerBounds.receiversPerWord).map(boundMessage);
    const tallies = view.fanIns.takeTallies(peerBounds.receiversPerWord).map(tallyMessage);
    this.#tell({ bounds, tallies });
  }

  /**
   * Takes in what the leader of another partition tells. Returns why it, or something in it, is refused: what is out of range is left
   * out, and the rest heard, as what one host made up is no reason to leave all others unbounded. What takes long is left in steps.
   */
  take(payload: Uint8Array, leave: (steps: Steps<unknown>) => void = inOneGo): string | undefined {
    const { view, clock, partition } = this.#parts;
    const opened = peerWord.open(payload);
    if (!opened.ok) return opened.refusal;
    const { term, partition: index, partitions: of, bounds, tallies, failures } = opened.message;
    const theirs = { index, of };
    if (!isPartition(theirs)) return "unknown_partition";
    // Of a larger or smaller part of the same hosts everything is heard from the hosts themselves.
    if (overlaps(theirs, partition)) return undefined;
    if (!isCredibleTerm(term, clock.unixMs())) return "out_of_range";
    if (bounds.length + tallies.length > 2 * peerBounds.receiversPerWord) return "too_many_receivers";
    if (failures.length > peerBounds.failuresPerWord) return "too_many_failures";
    if (view.abroad?.isNewest(theirs, term) !== true) return "old_term";
    const isTheirs = (hostId: string) => isHostId(hostId) && holdsSlot(theirs, slotOf(hostId));
    const nowMs = clock.nowMs();
    let refused = 0;
    for (const message of bounds) {
      const bound = boundHeard(message);
      if (bound === undefined || !isTheirs(bound.receiverId)) refused += 1;
      else view.fanIns.told(bound, nowMs);
    }
    for (const message of tallies) {
      const tally = tallyHeard(message);
      if (tally === undefined || !isHostId(tally.receiverId)) refused += 1;
      else if (!view.abroad.isAbroad(tally.receiverId)) view.fanIns.sentAbroad(tally, nowMs);
    }
    const heard = failures.filter((failure) => isTheirs(failure.hostId) && failure.destination.length === addressBytes);
    refused += failures.length - heard.length;
    leave(
      inParts(heard, failuresPerStep, (each) => this.#parts.onFailure(each.hostId, new Uint8Array(each.destination))),
    );
    return refused === 0 ? undefined : "out_of_range";
  }

  #tell(word: Pick<PeerWord, "bounds" | "tallies" | "failures">): void {
    const { partition, link, term } = this.#parts;
    const leadsIn = term();
    if (leadsIn === 0 || Object.values(word).every((list) => list.length === 0)) return;
    const payload = peerWord.seal({ term: leadsIn, partition: partition.index, partitions: partition.of, ...word });
    if (!link.publish(subjectForPartition("peer", partition), payload)) this.#wordsUnsent += 1;
  }
}
