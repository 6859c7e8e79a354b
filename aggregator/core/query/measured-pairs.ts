/** The paths of a batch that were measured: most of it. Each end of them is looked up once. */
import { adviceBounds } from "../bounds.ts";
import { confidenceOf } from "../confidence.ts";
import type { PathGlance } from "../path-glance.ts";
import { draftGlance } from "../path-glance.ts";
import { addressKey } from "../path-key.ts";
import type { View } from "../view.ts";
import { hasEvidence } from "../window-policy.ts";
import type { NamedDestination } from "./names.ts";

interface End {
  /** Of path-pairs.ts. */
  readonly number: number;
  readonly key: string;
}

/** Looks at pairs one after another, in a view that does not change meanwhile; where it did, renew() comes first. */
export class MeasuredPairs {
  readonly #view: View;
  readonly #nowMs: number;
  readonly #destinations: readonly NamedDestination[];
  /** Of the destinations, each looked up when it is first asked about. */
  #ends: (readonly End[] | undefined)[] = [];
  readonly #glance = draftGlance();
  #host = -1;
  #windowOf: (slot: number, key: string) => number = () => 0;
  #slot = -1;
  #key = "";

  constructor(view: View, destinations: readonly NamedDestination[], nowMs: number) {
    this.#view = view;
    this.#nowMs = nowMs;
    this.#destinations = destinations;
    this.renew();
  }

  /** The view may have changed: everything is looked up anew, beginning with from(). */
  renew(): void {
    this.#ends = new Array(this.#destinations.length);
    this.#host = -1;
    this.#windowOf = () => 0;
  }

  /** What the last look() found, until the next. */
  get glance(): PathGlance {
    return this.#glance;
  }

  /** First window that the source is advised there; 0: none. */
  get windowSegments(): number {
    return this.#windowOf(this.#slot, this.#key);
  }

  /** The source from here on. */
  from(sourceId: string): void {
    this.#host = this.#view.table.pairs.hostNumber(sourceId);
    this.#windowOf = this.#view.ledger.windowsOf(sourceId);
  }

  /**
   * Whether the path to a destination was measured, by its place in the list. Of several addresses the one counts whose path bestPath()
   * would choose.
   */
  look(place: number): boolean {
    const ends = this.#endsOf(place);
    this.#slot = -1;
    let bestConfidence = -1;
    for (const { number, key } of ends) {
      const slot = this.#measuredSlot(number);
      if (slot < 0) continue;
      const confidence = ends.length === 1 ? 0 : confidenceOf(this.#glance, this.#nowMs);
      if (confidence <= bestConfidence) continue;
      this.#slot = slot;
      this.#key = key;
      bestConfidence = confidence;
    }
    if (ends.length > 1 && this.#slot >= 0) this.#view.table.pairs.look(this.#slot, this.#glance);
    return this.#slot >= 0;
  }

  #endsOf(place: number): readonly End[] {
    let ends = this.#ends[place];
    if (ends === undefined) {
      const { pairs } = this.#view.table;
      const { addresses } = this.#destinations[place] as NamedDestination;
      ends = addresses.map((address) => ({ number: pairs.addressNumber(address), key: addressKey(address) }));
      this.#ends[place] = ends;
    }
    return ends;
  }

  #measuredSlot(number: number): number {
    const { pairs } = this.#view.table;
    const slot = pairs.slotOf(this.#host, number);
    if (slot < 0) return -1;
    pairs.look(slot, this.#glance);
    return hasEvidence(this.#glance, adviceBounds) ? slot : -1;
  }
}
