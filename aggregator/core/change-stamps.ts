/** What changed since a moment, newest state only: any number of readers, each holding one place. */

/** Slots whose newest change is looked for at once: what did not change is passed over in such steps. */
const blockSlots = 256;

/** A reader's place in a round over all slots. */
export interface ChangePlace {
  /** Changes up to this number were told in earlier rounds. */
  readonly since: number;
  /** The newest change when the round began. */
  readonly until: number;
  /** Where the round goes on; 0: it begins. */
  readonly slot: number;
}

/** One reading: what was forgotten first, then slots that changed. */
export interface ReadChanges<Forgotten> {
  readonly forgotten: readonly Forgotten[];
  readonly slots: readonly number[];
  /** Pass it to read() to go on. */
  readonly place: ChangePlace;
  /** Nothing is left of the round: the place is the beginning of the next one. */
  readonly isDone: boolean;
}

/**
 * A number for the newest change of each slot. A change outdates the one before it, so a slow reader costs nothing but its
 * place and finds the newest state of each slot, never a backlog. At most `forgottenMax` forgotten values are kept; a
 * reader that is further behind must start anew.
 */
export class ChangeStamps<Forgotten> {
  readonly #forgottenMax: number;
  readonly #stampMax: number;
  /** Less `#base`; 0: not since then. */
  readonly #newestOfSlot: Uint32Array;
  readonly #newestOfBlock: Uint32Array;
  #base = 0;
  #forgotten: { readonly number: number; readonly value: Forgotten }[] = [];
  #newest = 0;
  #oldestKnown = 0;

  /** With more changes than `stampMax` readers that are half as far behind must start anew. */
  constructor(slots: number, forgottenMax: number, stampMax = 0xffff_ffff) {
    this.#forgottenMax = forgottenMax;
    this.#stampMax = stampMax;
    this.#newestOfSlot = new Uint32Array(slots);
    this.#newestOfBlock = new Uint32Array(Math.ceil(slots / blockSlots));
  }

  /** The number of the newest change. */
  get newest(): number {
    return this.#newest;
  }

  /** Begins a moment: what changes from here on has a number of its own. */
  begin(): void {
    this.#newest += 1;
    if (this.#newest - this.#base > this.#stampMax) this.#rebase();
  }

  /** Says that a slot changed in this moment. */
  changed(slot: number): void {
    const stamp = this.#newest - this.#base;
    this.#newestOfSlot[slot] = stamp;
    this.#newestOfBlock[(slot / blockSlots) | 0] = stamp;
  }

  /** When a slot changed last; the same for all that did not for very long. */
  newestOf(slot: number): number {
    return this.#base + (this.#newestOfSlot[slot] ?? 0);
  }

  /** Says that what a slot held is gone. */
  forgotten(slot: number, value: Forgotten): void {
    this.begin();
    this.#newestOfSlot[slot] = 0;
    this.#forgotten.push({ number: this.#newest, value });
    if (this.#forgotten.length < 2 * this.#forgottenMax) return;
    const dropped = this.#forgotten.length - this.#forgottenMax;
    this.#oldestKnown = this.#forgotten[dropped - 1]?.number ?? 0;
    this.#forgotten = this.#forgotten.slice(dropped);
  }

  /** Where a reader begins that knows everything up to a change. */
  placeAfter(since: number): ChangePlace {
    return { since, until: this.#newest, slot: 0 };
  }

  /** The next changed slots below `end`, at most `limit`; undefined where some changes are no longer known. */
  read(place: ChangePlace, limit: number, end: number): ReadChanges<Forgotten> | undefined {
    if (place.since < this.#oldestKnown) return undefined;
    const { since } = place;
    const isBeginning = place.slot === 0;
    const until = isBeginning ? this.#newest : place.until;
    const forgotten = isBeginning ? this.#forgottenAfter(since) : [];
    const stamp = since - this.#base;
    const slots: number[] = [];
    let slot = place.slot;
    while (slot < end && slots.length < limit) {
      if (slot % blockSlots === 0 && (this.#newestOfBlock[slot / blockSlots] ?? 0) <= stamp) slot += blockSlots;
      else {
        if ((this.#newestOfSlot[slot] ?? 0) > stamp) slots.push(slot);
        slot += 1;
      }
    }
    const isDone = slot >= end;
    return { forgotten, slots, place: isDone ? this.placeAfter(until) : { since, until, slot }, isDone };
  }

  // Once in days at thousands of changes a second.
  #rebase(): void {
    const shift = Math.ceil(this.#stampMax / 2);
    this.#base += shift;
    this.#oldestKnown = Math.max(this.#oldestKnown, this.#base);
    for (const stamps of [this.#newestOfSlot, this.#newestOfBlock]) {
      for (let index = 0; index < stamps.length; index += 1) stamps[index] = Math.max(0, (stamps[index] ?? 0) - shift);
    }
  }

  #forgottenAfter(since: number): readonly Forgotten[] {
    const first = this.#forgotten.findIndex(({ number }) => number > since);
    return first < 0 ? [] : this.#forgotten.slice(first).map(({ value }) => value);
  }
}
