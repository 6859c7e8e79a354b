/** A part of the hosts, which aggregators of its own look after. */

/** Hosts are spread over so many slots. */
export const slotCount = 64;

/** The hosts whose slot, modulo `of`, is `index`. */
export interface Partition {
  /** 0..of - 1. */
  readonly index: number;
  /** A divisor of slotCount. */
  readonly of: number;
}

/** All hosts. */
export const wholeCluster: Partition = { index: 0, of: 1 };

/** Whether a slot belongs to a partition. */
export function holdsSlot({ index, of }: Partition, slot: number): boolean {
  return slot % of === index;
}

/** Whether two partitions have a host in common. */
export function overlaps(one: Partition, other: Partition): boolean {
  // Both divide slotCount, a power of two, so one is a multiple of the other.
  const of = Math.min(one.of, other.of);
  return one.index % of === other.index % of;
}

/** Whether the numbers name a partition. */
export function isPartition({ index, of }: Partition): boolean {
  return Number.isInteger(of) && of >= 1 && slotCount % of === 0 && Number.isInteger(index) && index >= 0 && index < of;
}

/** The partition of a text such as "1/4", the first of four; undefined where it names none. */
export function partitionFromText(text: string): Partition | undefined {
  const match = /^(\d{1,2})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const partition = { index: Number(match[1]) - 1, of: Number(match[2]) };
  return isPartition(partition) ? partition : undefined;
}

/** "1/4". */
export function partitionText({ index, of }: Partition): string {
  return `${index + 1}/${of}`;
}
