/**
 * The NATS subjects, spelled here and nowhere else: `augmenter.v1.<kind>.<slot>.<host>`. The slot is a function of the host's
 * id, so that a part of the hosts can be subscribed to: it is the key by which the work of aggregators is divided.
 */
import { crc32 } from "node:zlib";
import type { Partition } from "./partition.ts";
import { holdsSlot, slotCount } from "./partition.ts";

const root = "augmenter.v1";

/**
 * What is spoken about:
 * - `report` host -> aggregator: PathReport
 * - `event` host -> aggregator: HostEvent
 * - `host` host -> aggregator: HostAnnouncement
 * - `advice` aggregator -> host: AdviceUpdate
 * - `answer` host -> aggregator: AdviceAnswer
 * - `receive` aggregator of other hosts -> aggregators of this one: ReceiveNeeds
 */
export const subjectKinds = ["report", "event", "host", "advice", "answer", "receive"] as const;

/** One of subjectKinds. */
export type SubjectKind = (typeof subjectKinds)[number];

/**
 * What aggregators say to each other, on `augmenter.v1.<kind>.<partitions>.<partition>`:
 * - `lease` who leads -> all: LeaderLease
 * - `sync` who stands by -> who leads: SnapshotRequest
 * - `peer` who leads -> all of other partitions: PeerWord
 * - `policy` all -> all, whatever their partition: PolicyWord
 */
export const partitionKinds = ["lease", "sync", "peer", "policy"] as const;

/** One of partitionKinds. */
export type PartitionKind = (typeof partitionKinds)[number];

/** The slot of a host, 0..slotCount - 1: the CRC-32 (IEEE 802.3) of its id, modulo slotCount. */
export function slotOf(hostId: string): number {
  return crc32(hostId) % slotCount;
}

/** The subject on which one host speaks or is spoken to. */
export function subjectFor(kind: SubjectKind, hostId: string): string {
  return `${root}.${kind}.${slotOf(hostId)}.${tokenFor(hostId)}`;
}

/** The subject that covers every host. */
export function subjectForAllHosts(kind: SubjectKind): string {
  return `${root}.${kind}.*.*`;
}

/** The subjects that cover the hosts of a partition. */
export function subjectsForHostsOf(partition: Partition, kind: SubjectKind): readonly string[] {
  if (partition.of === 1) return [subjectForAllHosts(kind)];
  const slots = Array.from({ length: slotCount }, (_, slot) => slot).filter((slot) => holdsSlot(partition, slot));
  return slots.map((slot) => `${root}.${kind}.${slot}.*`);
}

/** The subject on which the aggregators of a partition speak. */
export function subjectForPartition(kind: PartitionKind, { index, of }: Partition): string {
  return `${root}.${kind}.${of}.${index}`;
}

/** The subject that covers the aggregators of every partition. */
export function subjectForAllPartitions(kind: PartitionKind): string {
  return `${root}.${kind}.*.*`;
}

/** The host a subject belongs to; undefined where the subject is not one of ours. */
export function hostIdOf(kind: SubjectKind, subject: string): string | undefined {
  const prefix = `${root}.${kind}.`;
  if (!subject.startsWith(prefix)) return undefined;
  const [slot, token = "", ...rest] = subject.slice(prefix.length).split(".");
  const hostId = rest.length === 0 ? decoded(token) : undefined;
  // In another slot than its own a host would be heard by aggregators that do not look after it.
  return hostId !== undefined && slot === String(slotOf(hostId)) ? hostId : undefined;
}

/** Longest host id, characters. */
export const hostIdMaxLength = 128;

/** Whether a text can name a host: what DNS names, Kubernetes nodes and machine ids are made of. */
export function isHostId(text: string): boolean {
  return text.length <= hostIdMaxLength && /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text);
}

// A dot separates NATS tokens, so a host name such as node1.example.org must not keep its dots.
function tokenFor(hostId: string): string {
  return encodeURIComponent(hostId).replaceAll(".", "%2E");
}

function decoded(token: string): string | undefined {
  try {
    return decodeURIComponent(token);
  } catch {
    return undefined;
  }
}
