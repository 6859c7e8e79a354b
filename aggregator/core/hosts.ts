/** The hosts that have introduced themselves: who they are, where they are, and which addresses are theirs. */

import { addressBytes, isLoopback } from "../../proto/address.ts";
import type { HostAnnouncement__Output } from "../../proto/gen/augmenter/v1/HostAnnouncement.ts";
import { addressKey } from "./path-key.ts";

/** What is known of one host. */
export interface HostState {
  readonly hostId: string;
  /** Microseconds since the Unix epoch at the start of its agent. */
  readonly epoch: number;
  readonly rack: string;
  readonly zone: string;
  /** 16 bytes each, without loopback. */
  readonly addresses: readonly Uint8Array[];
  readonly linkBytesPerSecond: number;
  readonly agentVersion: string;
  readonly kernelRelease: string;
  readonly mode: "observe" | "apply" | "off" | "unknown";
  /** 0: never announced. */
  readonly reportIntervalMs: number;
  /** Term and version of the advice it said it holds. */
  readonly adviceTerm: number;
  readonly adviceVersion: number;
  /** When anything was last heard of it, milliseconds of a monotonic clock. */
  readonly heardMs: number;
  /** Its wall clock less ours, milliseconds, from its newest report. */
  readonly clockOffsetMs: number;
}

/** Why an announcement was refused. */
export const announcementRefusals = [
  "wrong_host",
  "epoch_out_of_range",
  "old_epoch",
  "addresses_length",
  "too_many_addresses",
  "label_length",
  "too_many_hosts",
] as const;
export type AnnouncementRefusal = (typeof announcementRefusals)[number];

export type Announced =
  | { readonly ok: true; readonly host: HostState; readonly addressesChanged: boolean }
  | { readonly ok: false; readonly refusal: AnnouncementRefusal };

/** Limits of what is kept. */
export interface HostBounds {
  readonly hostsMax: number;
  readonly addressesPerHostMax: number;
  readonly labelMaxLength: number;
  readonly hostSilenceMaxMs: number;
}

const reportsPerAnnouncement = 10;
const announcementsMissedMax = 2.5;

const modes = { MODE_UNSPECIFIED: "unknown", MODE_OBSERVE: "observe", MODE_APPLY: "apply", MODE_OFF: "off" } as const;

/** Owns the hosts and who has which address. */
export class Hosts {
  readonly #bounds: HostBounds;
  readonly #byId = new Map<string, HostState>();
  readonly #ownerByAddress = new Map<string, string>();
  #conflicts = 0;

  constructor(bounds: HostBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Times an address was taken over from another live host: private addresses that repeat, or a host that lies. */
  get conflicts(): number {
    return this.#conflicts;
  }

  get(hostId: string): HostState | undefined {
    return this.#byId.get(hostId);
  }

  /** The host that announced an address, the newest where several did. */
  ownerOf(address: Uint8Array): HostState | undefined {
    return this.#byId.get(this.#ownerByAddress.get(addressKey(address)) ?? "");
  }

  /** Every host, by id. */
  all(): readonly HostState[] {
    return [...this.#byId.values()].sort((left, right) => (left.hostId < right.hostId ? -1 : 1));
  }

  /** Takes an announcement in. */
  announce(announcement: HostAnnouncement__Output, subjectHostId: string, nowMs: number): Announced {
    const before = this.#byId.get(subjectHostId);
    const refusal = this.#refusalOf(announcement, subjectHostId, before);
    if (refusal !== undefined) return { ok: false, refusal };
    const addresses = addressesOf(announcement.addresses);
    const host: HostState = {
      hostId: announcement.hostId,
      epoch: announcement.epoch,
      rack: announcement.rack,
      zone: announcement.zone,
      addresses,
      linkBytesPerSecond: finiteOrZero(announcement.linkBytesPerSecond),
      agentVersion: announcement.agentVersion,
      kernelRelease: announcement.kernelRelease,
      mode: modes[announcement.mode] ?? "unknown",
      reportIntervalMs: announcement.reportIntervalMs,
      adviceTerm: announcement.adviceTerm,
      adviceVersion: announcement.adviceVersion,
      heardMs: nowMs,
      clockOffsetMs: before?.clockOffsetMs ?? 0,
    };
    const addressesChanged = this.#own(host, before);
    this.#byId.set(host.hostId, host);
    return { ok: true, host, addressesChanged };
  }

  /** Notes that a host reported; false where there are too many hosts to take in another. */
  heard(hostId: string, epoch: number, clockOffsetMs: number, nowMs: number): boolean {
    const before = this.#byId.get(hostId);
    if (before === undefined && this.#byId.size >= this.#bounds.hostsMax) return false;
    const known = before ?? unannounced(hostId);
    this.#byId.set(hostId, { ...known, epoch: Math.max(epoch, known.epoch), heardMs: nowMs, clockOffsetMs });
    return true;
  }

  /** Forgets the hosts that have been silent too long, and returns their ids. */
  expire(nowMs: number): readonly string[] {
    const silent = [...this.#byId.values()].filter((host) => nowMs - host.heardMs > this.#silenceMaxMs(host));
    for (const host of silent) {
      this.#disown(host);
      this.#byId.delete(host.hostId);
    }
    return silent.map((host) => host.hostId);
  }

  // A host of another partition is heard of only when it introduces itself: every ten reports.
  #silenceMaxMs(host: HostState): number {
    return Math.max(
      this.#bounds.hostSilenceMaxMs,
      announcementsMissedMax * reportsPerAnnouncement * host.reportIntervalMs,
    );
  }

  #refusalOf(
    announcement: HostAnnouncement__Output,
    subjectHostId: string,
    before: HostState | undefined,
  ): AnnouncementRefusal | undefined {
    if (announcement.hostId !== subjectHostId) return "wrong_host";
    if (!Number.isSafeInteger(announcement.epoch) || announcement.epoch <= 0) return "epoch_out_of_range";
    if (before !== undefined && announcement.epoch < before.epoch) return "old_epoch";
    if (announcement.addresses.length % addressBytes !== 0) return "addresses_length";
    if (announcement.addresses.length / addressBytes > this.#bounds.addressesPerHostMax) return "too_many_addresses";
    const labels = [announcement.rack, announcement.zone, announcement.agentVersion, announcement.kernelRelease];
    if (labels.some((label) => label.length > this.#bounds.labelMaxLength)) return "label_length";
    if (before === undefined && this.#byId.size >= this.#bounds.hostsMax) return "too_many_hosts";
    return undefined;
  }

  #own(host: HostState, before: HostState | undefined): boolean {
    const keys = new Set(host.addresses.map(addressKey));
    const keysBefore = (before?.addresses ?? []).map(addressKey);
    // Announcements repeat every few intervals: an address that another host took over since is not taken back by one.
    const isSame = keys.size === keysBefore.length && keysBefore.every((key) => keys.has(key));
    if (isSame) {
      for (const key of keys) if (!this.#ownerByAddress.has(key)) this.#ownerByAddress.set(key, host.hostId);
      return false;
    }
    if (before !== undefined) this.#disown(before);
    for (const key of keys) {
      const owner = this.#ownerByAddress.get(key);
      if (owner !== undefined && owner !== host.hostId) this.#conflicts += 1;
      this.#ownerByAddress.set(key, host.hostId);
    }
    return true;
  }

  #disown(host: HostState): void {
    for (const key of host.addresses.map(addressKey)) {
      if (this.#ownerByAddress.get(key) === host.hostId) this.#ownerByAddress.delete(key);
    }
  }
}

function unannounced(hostId: string): HostState {
  return {
    hostId,
    epoch: 0,
    rack: "",
    zone: "",
    addresses: [],
    linkBytesPerSecond: 0,
    agentVersion: "",
    kernelRelease: "",
    mode: "unknown",
    reportIntervalMs: 0,
    adviceTerm: 0,
    adviceVersion: 0,
    heardMs: 0,
    clockOffsetMs: 0,
  };
}

// Loopback is every host's own and nobody's name.
function addressesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const addresses: Uint8Array[] = [];
  for (let offset = 0; offset < bytes.length; offset += addressBytes) {
    const address = Uint8Array.from(bytes.subarray(offset, offset + addressBytes));
    if (!isLoopback(address)) addresses.push(address);
  }
  return addresses;
}

function finiteOrZero(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
