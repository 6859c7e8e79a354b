/** Which parts of the hosts nobody leads: what aggregators that divide the hosts in different ways leave between them. */
import type { Partition } from "../../proto/partition.ts";
import { holdsSlot, partitionText, slotCount } from "../../proto/partition.ts";

/** Hosts without a leader. */
export interface Unled {
  /** The fewest partitions that they are, "2/4". */
  readonly partitions: readonly string[];
  /** Into how many parts those divide the hosts that lead, in order. More than one number is a mistake of configuration. */
  readonly divisions: readonly number[];
}

/** Into how many parts the hosts may be divided. */
const counts = [1, 2, 4, 8, 16, 32, 64] as const;

/** Owns when each slot was last led; milliseconds of a monotonic clock. */
export class LedSlots {
  readonly #graceMs: number;
  /** By slot. */
  readonly #ledMs: number[];
  /** By number of partitions: when one of them was last led. */
  readonly #divisionMs = new Map<number, number>();

  /** A slot is without a leader when nobody led it for `graceMs`: that is longer than any change of leaders takes. */
  constructor(nowMs: number, graceMs: number) {
    this.#graceMs = graceMs;
    this.#ledMs = new Array<number>(slotCount).fill(nowMs);
  }

  /** Somebody leads the hosts of a partition. */
  led(partition: Partition, nowMs: number): void {
    this.#divisionMs.set(partition.of, nowMs);
    for (let slot = partition.index; slot < slotCount; slot += partition.of) this.#ledMs[slot] = nowMs;
  }

  /** For a while nobody could be heard: whoever leads gets the time anew. */
  restart(nowMs: number): void {
    this.#ledMs.fill(nowMs);
  }

  /** What nobody leads; undefined where all hosts have a leader. */
  unled(nowMs: number): Unled | undefined {
    const left = new Set([...this.#ledMs.keys()].filter((slot) => nowMs - (this.#ledMs[slot] ?? 0) > this.#graceMs));
    if (left.size === 0) return undefined;
    const partitions: string[] = [];
    for (const of of counts) {
      for (let index = 0; index < of; index += 1) {
        const slots = [...this.#ledMs.keys()].filter((slot) => holdsSlot({ index, of }, slot));
        if (!slots.every((slot) => left.has(slot))) continue;
        partitions.push(partitionText({ index, of }));
        for (const slot of slots) left.delete(slot);
      }
    }
    const divisions = [...this.#divisionMs].filter(([, ledMs]) => nowMs - ledMs <= this.#graceMs).map(([of]) => of);
    return { partitions, divisions: divisions.sort((one, other) => one - other) };
  }
}

/** What an operator is told of it. */
export function unledText({ partitions, divisions }: Unled): string {
  const what = `nobody leads the hosts of ${partitions.length === 1 ? "partition" : "partitions"} ${partitions.join(", ")}`;
  if (divisions.length < 2) return `${what}: an aggregator of each is needed`;
  return `${what}: there are aggregators with --partition of ${divisions.join(" and of ")} parts, and all must have the same number`;
}

/** Whether aggregators that are there divide the hosts in ways that do not fit, rather than that one is away. */
export function isMisconfigured(unled: Unled | undefined): unled is Unled {
  return unled !== undefined && unled.divisions.length > 1;
}
