/** Hosts that were not taken in, for want of room or because of what they announce: told to operators for a while. */
import { LRUCache } from "lru-cache";

/** Why an announcement was refused. */
export const announcementRefusals = [
  "wrong_host",
  "epoch_out_of_range",
  "old_epoch",
  "addresses_length",
  "too_many_addresses",
  "label_length",
  "label_characters",
  "report_interval_out_of_range",
  "too_many_hosts",
] as const;
export type AnnouncementRefusal = (typeof announcementRefusals)[number];

/** Hosts remembered that were never taken in, for how long, and how many an operator is told by name. */
const strangersMax = 64;
const keptMs = 10 * 60_000;
const strangersNamed = 5;

/** Owns what is remembered of them. */
export class HostRefusals {
  readonly #hostsMax: number;
  /** Why the last announcement of a host that is not known was refused. */
  readonly #strangers = new LRUCache<string, AnnouncementRefusal>({ max: strangersMax, ttl: keptMs });
  /** Messages of hosts that found no room, until there was none for long, and when the last came. */
  #roomless = 0;
  #roomlessMs = Number.NEGATIVE_INFINITY;

  constructor(hostsMax: number) {
    this.#hostsMax = hostsMax;
  }

  /** A message came of a host for which there is no room. */
  noRoom(nowMs: number): void {
    this.#roomless = this.#isFull(nowMs) ? this.#roomless + 1 : 1;
    this.#roomlessMs = nowMs;
  }

  /** What a host announced that is not known was refused. */
  stranger(hostId: string, refusal: AnnouncementRefusal): void {
    this.#strangers.set(hostId, refusal);
  }

  /** A host was taken in. */
  takenIn(hostId: string): void {
    this.#strangers.delete(hostId);
  }

  /** What is wrong where hosts found no room; undefined where all did for ten minutes. */
  roomTrouble(nowMs: number): string | undefined {
    if (!this.#isFull(nowMs)) return undefined;
    return `${this.#roomless} messages of hosts were refused, as ${this.#hostsMax} hosts are all that are kept`;
  }

  /** Which hosts were never taken in because of what they announce, as far as is remembered; undefined where all were. */
  get strangerTrouble(): string | undefined {
    const strangers = [...this.#strangers.entries()].map(([hostId, refusal]) => `${hostId} (${refusal})`);
    if (strangers.length === 0) return undefined;
    const named = [...strangers.slice(0, strangersNamed), ...(strangers.length > strangersNamed ? ["..."] : [])];
    return `what ${strangers.length} unknown hosts announce is refused: ${named.join(", ")}`;
  }

  #isFull(nowMs: number): boolean {
    return nowMs - this.#roomlessMs < keptMs;
  }
}
