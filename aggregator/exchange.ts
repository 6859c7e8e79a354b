/** What partitions tell each other: the receive windows that paths from hosts here ask of hosts there. */
import type { NatsLink } from "../common/nats-link.ts";
import type { ReceiveNeed__Output } from "../proto/gen/augmenter/v1/ReceiveNeed.ts";
import { receiveNeeds } from "../proto/messages.ts";
import type { Partition } from "../proto/partition.ts";
import { isPartition } from "../proto/partition.ts";
import { hostIdOf, isHostId, subjectFor } from "../proto/subjects.ts";
import { isCredibleTerm } from "../proto/term.ts";
import type { Clock } from "./clock.ts";
import { abroadBounds, adviceBounds, pushBounds } from "./core/bounds.ts";
import { receiveNeed } from "./core/host-advice.ts";
import type { Steps } from "./core/steps.ts";
import { inOneGo, inParts } from "./core/steps.ts";
import type { View } from "./core/view.ts";

/** What the exchange works with. */
export interface ExchangeParts {
  readonly view: View;
  readonly partition: Partition;
  readonly link: Pick<NatsLink, "publish">;
  readonly clock: Clock;
  /** Told of at most: more begin to be told when others end. */
  readonly needsMax: number;
  /** The term in which this aggregator leads; 0: it stands by, and tells nobody anything. */
  readonly term: () => number;
  /** Told where a host here should be ready for more or less from one there. */
  readonly onNeedChanged: (receiverId: string, sourceId: string) => void;
}

interface Told {
  readonly receiverId: string;
  readonly sourceId: string;
  readonly receiveWindowBytes: number;
  readonly toldMs: number;
}

/** As for advice: a smaller difference is not worth a message. */
const changeRatio = 1 / 8;

/** Each may change what a host is told of many addresses. */
const needsPerStep = 16;

/** Owns what was told, the longest ago first. */
export class Exchange {
  readonly #parts: ExchangeParts;
  readonly #told = new Map<string, Told>();
  readonly #changed = new Map<string, Told>();
  #needsRefused = 0;
  #needsUnsent = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** What was not told since the start, by reason. What is refused for want of room is tried again, and counted again, with news of the path. */
  get dropped(): Readonly<Record<"needs_full" | "needs_unsent", number>> {
    return { needs_full: this.#needsRefused, needs_unsent: this.#needsUnsent };
  }

  /** Tells what changed, and the rest in turn, until stop(). */
  start(): void {
    this.#timer = setInterval(() => this.tick(), pushBounds.tickMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A path from a host here to one there may have changed. */
  pathChanged(receiverId: string, sourceId: string): void {
    const key = `${receiverId} ${sourceId}`;
    const nowMs = this.#parts.clock.nowMs();
    const receiveWindowBytes = this.#need(receiverId, sourceId, nowMs);
    const before = this.#told.get(key)?.receiveWindowBytes ?? 0;
    const isSame =
      (before === 0) === (receiveWindowBytes === 0) && Math.abs(receiveWindowBytes - before) <= before * changeRatio;
    if (isSame) this.#changed.delete(key);
    else if (this.#hasRoomFor(key)) this.#changed.set(key, { receiverId, sourceId, receiveWindowBytes, toldMs: nowMs });
    else this.#needsRefused += 1;
  }

  /** One turn: who leads tells; who stands by only keeps count, so that it could go on. */
  tick(): void {
    const { clock, term } = this.#parts;
    const nowMs = clock.nowMs();
    const byReceiver = new Map<string, Told[]>();
    for (const [key, told] of this.#takeDue(nowMs)) {
      this.#told.delete(key);
      if (told.receiveWindowBytes > 0) this.#told.set(key, { ...told, toldMs: nowMs });
      byReceiver.set(told.receiverId, [...(byReceiver.get(told.receiverId) ?? []), told]);
    }
    const leadsIn = term();
    if (leadsIn > 0) for (const [receiverId, needs] of byReceiver) this.#tell(receiverId, needs, leadsIn);
  }

  /** Takes in what another partition tells of a host here. Returns why it is refused. What takes long is left in steps. */
  take(subject: string, payload: Uint8Array, leave: (steps: Steps<unknown>) => void = inOneGo): string | undefined {
    const { view, clock, onNeedChanged } = this.#parts;
    const hostId = hostIdOf("receive", subject);
    if (hostId === undefined || !isHostId(hostId)) return "bad_subject";
    const opened = receiveNeeds.open(payload);
    if (!opened.ok) return opened.refusal;
    const { needs, term, partition: index, partitions: of } = opened.message;
    if (opened.message.hostId !== hostId) return "wrong_host";
    if (!isPartition({ index, of })) return "unknown_partition";
    if (needs.length > abroadBounds.needsPerMessage) return "too_many_needs";
    if (!isCredibleTerm(term, clock.unixMs())) return "out_of_range";
    if (view.abroad?.isNewest({ index, of }, term) !== true) return "old_term";
    if (view.hosts.get(hostId) === undefined) return undefined;
    const isOdd = ({ source, receiveWindowBytes }: ReceiveNeed__Output) =>
      !isHostId(source) || receiveWindowBytes > abroadBounds.receiveWindowMaxBytes;
    if (needs.some((need) => isOdd(need) || view.abroad?.isAbroad(need.source) !== true)) return "out_of_range";
    const changed = needs.filter(
      (need) => view.abroad?.put(hostId, need.source, need.receiveWindowBytes, clock.nowMs()) === true,
    );
    leave(inParts(changed, needsPerStep, ({ source }) => onNeedChanged(hostId, source)));
    return undefined;
  }

  // What was told once is held by the other side: changes of it always have room.
  #hasRoomFor(key: string): boolean {
    if (this.#told.has(key) || this.#changed.has(key)) return true;
    return this.#told.size + this.#changed.size < this.#parts.needsMax;
  }

  // What changed first, then what was told the longest ago: as it is needed now, as no path tells of hosts and paths that are gone.
  #takeDue(nowMs: number): ReadonlyMap<string, Told> {
    const due = new Map([...this.#changed].slice(0, abroadBounds.needsPerTick));
    for (const key of due.keys()) this.#changed.delete(key);
    for (const [key, told] of this.#told) {
      if (due.size >= abroadBounds.needsPerTick || nowMs - told.toldMs < abroadBounds.renewalMs) break;
      if (due.has(key)) continue;
      due.set(key, { ...told, receiveWindowBytes: this.#need(told.receiverId, told.sourceId, nowMs) });
    }
    return due;
  }

  #need(receiverId: string, sourceId: string, nowMs: number): number {
    return receiveNeed(this.#parts.view, receiverId, sourceId, adviceBounds, nowMs);
  }

  #tell(receiverId: string, needs: readonly Told[], term: number): void {
    const { partition, link } = this.#parts;
    for (let start = 0; start < needs.length; start += abroadBounds.needsPerMessage) {
      const part = needs.slice(start, start + abroadBounds.needsPerMessage);
      const payload = receiveNeeds.seal({
        hostId: receiverId,
        term,
        partition: partition.index,
        partitions: partition.of,
        needs: part.map(({ sourceId, receiveWindowBytes }) => ({ source: sourceId, receiveWindowBytes })),
      });
      if (!link.publish(subjectFor("receive", receiverId), payload)) this.#needsUnsent += part.length;
    }
  }
}
