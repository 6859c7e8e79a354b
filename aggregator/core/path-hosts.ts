/** The hosts of the path table: which paths are whose, and in which order a host listed them last. */
import { SlotRooms } from "./slot-rooms.ts";

/** The paths of one host. */
export interface HostPaths {
  readonly hostId: string;
  /** Its number, as long as it has paths. */
  readonly number: number;
  /**
   * Two words for each of its places. The first is the slot of the path at a place; the paths are in no order, and the first `count` places
   * count. In the second are two places, of 16 bits each: those of the paths in the row of that number of its last two reports. Agents take turns
   * between two kernel maps, which list paths in orders of their own. A row whose destination is that of the slot there needs no search.
   */
  room: Uint32Array;
  count: number;
  /** Among its slots: where to look next for a path that makes room for another of its own. */
  evictionHand: number;
  /** Until they are counted with the host: as it reports, or as it has no paths left. */
  readonly evictions: Evictions;
  /** The row to learn from next, of either order: what is learned from in turn must not be the same half of each. */
  readonly turns: [number, number];
  /** When that was last done. */
  learnedMs: number;
}

/** Places have 16 bits. */
export const placesMax = 65_536;
const noRoom = new Uint32Array(0);

/** Paths that made room. */
interface Evictions {
  /** Of the host, as it had all the paths it may have. */
  ofShare: number;
  /** Of the host, as all hosts together had. */
  ofTable: number;
  /** Of whatever host, for new ones of this host. */
  forced: number;
}

/** Owns the hosts that have paths. */
export class PathHosts {
  readonly #byId = new Map<string, HostPaths>();
  readonly #byNumber: (HostPaths | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  /** Hosts that had no path at some time since the last sweep(). */
  readonly #empty = new Set<HostPaths>();
  /** By slot: its place among the slots of its host. */
  readonly #places: Uint16Array;
  readonly #rooms = new SlotRooms();
  #ordered: readonly HostPaths[] | undefined;

  constructor(slots: number) {
    this.#places = new Uint16Array(slots);
  }

  get(hostId: string): HostPaths | undefined {
    return this.#byId.get(hostId);
  }

  /** The host with a number that is in use. */
  numbered(number: number): HostPaths {
    const host = this.#byNumber[number];
    if (host === undefined) throw new Error(`Cannot find host number ${number}`);
    return host;
  }

  /** The host, known from here on. */
  take(hostId: string): HostPaths {
    const known = this.#byId.get(hostId);
    if (known !== undefined) return known;
    const number = this.#freeNumbers.pop() ?? this.#byNumber.length;
    const host: HostPaths = {
      hostId,
      number,
      room: noRoom,
      count: 0,
      evictionHand: 0,
      evictions: { ofShare: 0, ofTable: 0, forced: 0 },
      turns: [0, 0],
      learnedMs: Number.NEGATIVE_INFINITY,
    };
    this.#byId.set(hostId, host);
    this.#byNumber[number] = host;
    this.#empty.add(host);
    this.#ordered = undefined;
    return host;
  }

  /** Adds a slot to a host that has less than `placesMax` paths. */
  add(host: HostPaths, slot: number): void {
    if (2 * host.count >= host.room.length) this.#grow(host);
    host.room[2 * host.count] = slot;
    this.#places[slot] = host.count;
    host.count += 1;
  }

  /** Takes a slot from a host. */
  delete(host: HostPaths, slot: number): void {
    const place = this.#places[slot] ?? 0;
    host.count -= 1;
    const last = host.room[2 * host.count] ?? 0;
    host.room[2 * place] = last;
    this.#places[last] = place;
    if (host.count === 0) this.#empty.add(host);
  }

  /** The slot at one of the first `count` places of a host. */
  slotAt(host: HostPaths, place: number): number {
    return host.room[2 * place] ?? 0;
  }

  /** The slots of a host's paths, in no order. */
  slotsOf(host: HostPaths): number[] {
    return Array.from({ length: host.count }, (_, place) => this.slotAt(host, place));
  }

  /** The slot that a row of the host's last report of the same parity had, or any other one: it need not be the host's any more. */
  listed(host: HostPaths, parity: 0 | 1, row: number): number {
    const places = host.room[2 * row + 1] ?? 0;
    return host.room[2 * (parity === 0 ? places & 0xffff : places >>> 16)] ?? 0;
  }

  /** Notes the slot of a row, one of the host's. Rows for which there is no room are searched for again. */
  list(host: HostPaths, parity: 0 | 1, row: number, slot: number): void {
    const at = 2 * row + 1;
    const places = host.room[at];
    const place = this.#places[slot] ?? 0;
    if (places === undefined) return;
    host.room[at] = parity === 0 ? (places & 0xffff_0000) | place : (places & 0xffff) | (place << 16);
  }

  /**
   * Forgets hosts without paths, and has each told, whose evictions are counted nowhere else. Not while one of them is in hand: its number is
   * given out again.
   */
  sweep(onForget: (host: HostPaths) => void = () => undefined): void {
    for (const host of this.#empty) {
      if (host.count > 0) continue;
      onForget(host);
      this.#byId.delete(host.hostId);
      this.#byNumber[host.number] = undefined;
      this.#freeNumbers.push(host.number);
      this.#rooms.give(host.room);
      host.room = noRoom;
      this.#ordered = undefined;
    }
    this.#empty.clear();
  }

  /** Every host with paths, in the order of path keys. */
  ordered(): readonly HostPaths[] {
    this.#ordered ??= [...this.#byId.values()].sort((left, right) =>
      compareText(`${left.hostId} `, `${right.hostId} `),
    );
    return this.#ordered;
  }

  #grow(host: HostPaths): void {
    const room = this.#rooms.take(2 * (host.count + 1));
    room.set(host.room);
    room.fill(0, host.room.length);
    this.#rooms.give(host.room);
    host.room = room;
  }
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
