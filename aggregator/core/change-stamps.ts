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
  readonly #newestOfSlot: Float64Array;
  readonly #newestOfBlock: Float64Array;
  #forgotten: { readonly number: number; readonly value: Forgotten }[] = [];
  #newest = 0;
  #oldestKnown = 0;

  constructor(slots: number, forgottenMax: number) {
    this.#forgottenMax = forgottenMax;
    this.#newestOfSlot = new Float64Array(slots);
    this.#newestOfBlock = new Float64Array(Math.ceil(slots / blockSlots));
  }

  /** The number of the newest change. */
  get newest(): number {
    return this.#newest;
  }

  /** Begins a moment: what changes from here on has a number of its own. */
  begin(): void {
    this.#newest += 1;
  }

  /** Says that a slot changed in this moment. */
  changed(slot: number): void {
    this.#newestOfSlot[slot] = this.#newest;
    this.#newestOfBlock[(slot / blockSlots) | 0] = this.#newest;
  }

  /** When a slot changed last. */
  newestOf(slot: number): number {
    return this.#newestOfSlot[slot] ?? 0;
  }

  /** Says that what a slot held is gone. */
  forgotten(slot: number, value: Forgotten): void {
    this.#newest += 1;
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
    const slots: number[] = [];
    let slot = place.slot;
    while (slot < end && slots.length < limit) {
      if (slot % blockSlots === 0 && (this.#newestOfBlock[slot / blockSlots] ?? 0) <= since) slot += blockSlots;
      else {
        if ((this.#newestOfSlot[slot] ?? 0) > since) slots.push(slot);
        slot += 1;
      }
    }
    const isDone = slot >= end;
    return { forgotten, slots, place: isDone ? this.placeAfter(until) : { since, until, slot }, isDone };
  }

  #forgottenAfter(since: number): readonly Forgotten[] {
    const first = this.#forgotten.findIndex(({ number }) => number > since);
    return first < 0 ? [] : this.#forgotten.slice(first).map(({ value }) => value);
  }
}
