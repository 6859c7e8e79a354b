/** The hosts of the path table: which paths are whose, and in which order a host listed them last. */

/** The paths of one host. */
export interface HostPaths {
  readonly hostId: string;
  /** Its number, as long as it has paths. */
  readonly number: number;
  /** The slots of its paths, in no order; the first `count` count. */
  slots: Uint32Array;
  count: number;
  /**
   * Slots in the order of the rows of its last two reports: agents take turns between two kernel maps, which list paths in orders of their
   * own. A row whose destination is that of the slot at its place needs no search.
   */
  readonly listed: [Uint32Array, Uint32Array];
  /** Among its slots: where to look next for a path that makes room for another of its own; and paths that did. */
  evictionHand: number;
  evicted: number;
  /** The row to learn from next, of either order: what is learned from in turn must not be the same half of each. */
  readonly turns: [number, number];
}

const noSlots = new Uint32Array(0);

/** Owns the hosts that have paths. */
export class PathHosts {
  readonly #byId = new Map<string, HostPaths>();
  readonly #byNumber: (HostPaths | undefined)[] = [];
  readonly #freeNumbers: number[] = [];
  /** Hosts that had no path at some time since the last sweep(). */
  readonly #empty = new Set<HostPaths>();
  /** By slot: its place among the slots of its host. */
  readonly #places: Uint32Array;
  #ordered: readonly HostPaths[] | undefined;

  constructor(slots: number) {
    this.#places = new Uint32Array(slots);
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
      slots: noSlots,
      count: 0,
      listed: [noSlots, noSlots],
      evictionHand: 0,
      evicted: 0,
      turns: [0, 0],
    };
    this.#byId.set(hostId, host);
    this.#byNumber[number] = host;
    this.#empty.add(host);
    this.#ordered = undefined;
    return host;
  }

  /** Adds a slot to a host. */
  add(host: HostPaths, slot: number): void {
    if (host.count === host.slots.length) host.slots = grown(host.slots, host.count + 1);
    host.slots[host.count] = slot;
    this.#places[slot] = host.count;
    host.count += 1;
  }

  /** Takes a slot from a host. */
  delete(host: HostPaths, slot: number): void {
    const place = this.#places[slot] ?? 0;
    host.count -= 1;
    const last = host.slots[host.count] ?? 0;
    host.slots[place] = last;
    this.#places[last] = place;
    if (host.count === 0) this.#empty.add(host);
  }

  /** Forgets hosts without paths. Not while one of them is in hand: its number is given out again. */
  sweep(): void {
    for (const host of this.#empty) {
      if (host.count > 0) continue;
      this.#byId.delete(host.hostId);
      this.#byNumber[host.number] = undefined;
      this.#freeNumbers.push(host.number);
      this.#ordered = undefined;
    }
    this.#empty.clear();
  }

  /** Room to note the slots of a report's rows. */
  listed(host: HostPaths, parity: 0 | 1, rows: number): Uint32Array {
    const listed = host.listed[parity];
    if (rows <= listed.length && listed.length <= 4 * rows + 16) return listed;
    const resized = new Uint32Array(rows);
    resized.set(listed.subarray(0, rows));
    host.listed[parity] = resized;
    return resized;
  }

  /** Every host with paths, in the order of path keys. */
  ordered(): readonly HostPaths[] {
    this.#ordered ??= [...this.#byId.values()].sort((left, right) =>
      compareText(`${left.hostId} `, `${right.hostId} `),
    );
    return this.#ordered;
  }
}

// A quarter more each time: most hosts have about as many paths as at first.
function grown(slots: Uint32Array, least: number): Uint32Array {
  const larger = new Uint32Array(Math.max(least, Math.ceil(slots.length * 1.25), 8));
  larger.set(slots);
  return larger;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
