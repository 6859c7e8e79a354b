/** What following many hosts costs an aggregator beside their reports: in its own process, without a broker. */
import { AdviceLedger } from "../../aggregator/core/advice-ledger.ts";
import {
  failureBounds,
  fanInBounds,
  inferenceBounds,
  pushBounds,
  sharedFailureBounds,
  tableBounds,
} from "../../aggregator/core/bounds.ts";
import { FailureLog } from "../../aggregator/core/failure-log.ts";
import { FanIns } from "../../aggregator/core/fan-ins.ts";
import { Hosts } from "../../aggregator/core/hosts.ts";
import { Inference } from "../../aggregator/core/inference.ts";
import { PathTable } from "../../aggregator/core/path-table.ts";
import { PolicyBook } from "../../aggregator/core/policy/policy-book.ts";
import { SharedFailures } from "../../aggregator/core/shared-failures.ts";
import type { View } from "../../aggregator/core/view.ts";
import { createMetrics } from "../../aggregator/metrics.ts";
import { Standby } from "../../aggregator/standby.ts";
import { adviceUpdate, hostAnnouncement, receiveNeeds } from "../../proto/messages.ts";
import { wholeCluster } from "../../proto/partition.ts";
import { subjectFor } from "../../proto/subjects.ts";

/** Times are of one core, sizes of one message without its subject. */
export interface LeaderCosts {
  /** To take one host's announcement in. */
  readonly announcement_us: number;
  /** To keep one host with one address. */
  readonly host_bytes: number;
  /** For a standby to follow one renewal of one host. */
  readonly follow_us: number;
  /** For a new leader to go on with one host, and the size of that message. */
  readonly handover_us: number;
  readonly handover_bytes: number;
  /** What one path that leads into another partition adds to the message that tells of it. */
  readonly need_bytes: number;
}

const hostCount = 20_000;
const repeats = 5;

/** Measures with 20,000 hosts that hold one entry each. */
export function leaderCosts(): LeaderCosts {
  const hosts = new Hosts({ ...tableBounds, hostsMax: hostCount });
  const table = new PathTable(tableBounds);
  const view: View = {
    table,
    hosts,
    inference: new Inference(hosts, inferenceBounds),
    ledger: new AdviceLedger({ term: 0, ttlMs: 10_000, paths: table, bounds: pushBounds }),
    policy: new PolicyBook(),
    failures: new FailureLog(failureBounds),
    sharedFailures: new SharedFailures(sharedFailureBounds),
    fanIns: new FanIns(fanInBounds),
  };
  const ids = Array.from({ length: hostCount }, (_, index) => `node-${index}.example.org`);
  const announcements = ids.map((hostId, index) => announcementOf(hostId, index));
  const heapBefore = heapBytes();
  const announcementUs = perItemUs(announcements, (payload, index) => {
    const opened = hostAnnouncement.open(payload);
    if (opened.ok) view.hosts.announce(opened.message, ids[index] ?? "", 0);
  });
  const hostBytes = (heapBytes() - heapBefore) / hostCount;

  const standby = new Standby({
    view,
    partition: wholeCluster,
    ttlMs: 10_000,
    link: { publish: () => true },
    metrics: createMetrics(),
    clock: { nowMs: () => 60_000, unixMs: () => 1 },
  });
  for (const [index, hostId] of ids.entries()) {
    standby.takeUpdate(subjectFor("advice", hostId), updateOf(hostId, index, 1, true));
  }
  const renewals = Array.from({ length: repeats }, (_, round) =>
    ids.map((hostId, index) => updateOf(hostId, index, 2 + round, false)),
  );
  let round = 0;
  const followUs = perItemUs(ids, (hostId, index) => {
    standby.takeUpdate(subjectFor("advice", hostId), renewals[round]?.[index] ?? new Uint8Array());
    if (index === hostCount - 1) round += 1;
  });

  view.ledger.lead(2_000, 60_000);
  let handoverBytes = 0;
  const startedMs = performance.now();
  for (const hostId of ids) {
    for (const draft of view.ledger.takeUpdates(hostId, 10, 60_000)) {
      handoverBytes += adviceUpdate.seal({ ...draft, entries: [], withdrawn: [], hostId, term: 2_000 }).length;
    }
  }
  return {
    announcement_us: rounded(announcementUs),
    host_bytes: Math.round(hostBytes),
    follow_us: rounded(followUs),
    handover_us: rounded(((performance.now() - startedMs) * 1000) / hostCount),
    handover_bytes: Math.round(handoverBytes / hostCount),
    need_bytes: needsBytes(1_000) - needsBytes(999),
  };
}

function announcementOf(hostId: string, index: number): Uint8Array {
  return hostAnnouncement.seal({
    hostId,
    epoch: 1_700_000_000_000_000,
    rack: `rack-${index % 500}`,
    zone: `zone-${index % 10}`,
    addresses: addressOf(index),
    mode: "MODE_APPLY",
    reportIntervalMs: 1_000,
    agentVersion: "0.1.0",
    kernelRelease: "6.1.0-18-amd64",
  });
}

function updateOf(hostId: string, index: number, version: number, snapshot: boolean): Uint8Array {
  const entry = {
    destination: { address: addressOf(index + 1), length: 128 },
    windowSegments: 691,
    pathRateBytesPerSecond: 24_000_000,
    minRttUs: 20_000,
  };
  const entries = snapshot ? [entry] : [];
  return adviceUpdate.seal({
    hostId,
    term: 1_000,
    version,
    baseVersion: version - 1,
    snapshot,
    ttlMs: 10_000,
    entries,
  });
}

function needsBytes(count: number): number {
  const needs = Array.from({ length: count }, (_, index) => ({
    source: `node-${10_000 + index}.example.org`,
    receiveWindowBytes: 1_250_000,
  }));
  return receiveNeeds.seal({ hostId: "node-1.example.org", term: 1, partition: 0, partitions: 4, needs }).length;
}

function addressOf(index: number): Buffer {
  const address = Buffer.alloc(16);
  address.writeUInt32BE(0xffff, 8);
  address.writeUInt32BE(0x0a000000 + index, 12);
  return address;
}

// The fastest of several rounds over all: what is left is the work.
function perItemUs<T>(items: readonly T[], work: (item: T, index: number) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < repeats; round += 1) {
    const startedMs = performance.now();
    for (const [index, item] of items.entries()) work(item, index);
    best = Math.min(best, performance.now() - startedMs);
  }
  return (best * 1000) / items.length;
}

// With `node --expose-gc` what is garbage does not count.
function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function rounded(us: number): number {
  return Math.round(us * 10) / 10;
}
