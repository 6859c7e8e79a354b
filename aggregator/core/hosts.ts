/** The hosts that have introduced themselves: who they are, where they are, and which addresses are theirs. */

import { addressBytes, isLoopback } from "../../proto/address.ts";
import type { HostAnnouncement__Output } from "../../proto/gen/augmenter/v1/HostAnnouncement.ts";
import { reportIntervalBounds } from "../../proto/report-interval.ts";
import { AddressClaims } from "./address-claims.ts";
import type { AnnouncementRefusal } from "./host-refusals.ts";
import { HostRefusals } from "./host-refusals.ts";
import type { HostTrouble, TroubleCounts, TroubleReasons } from "./host-troubles.ts";
import { reasonsAfter, troublesAfter } from "./host-troubles.ts";
import { addressKey } from "./path-key.ts";
import { isUnicast } from "./report-check.ts";
import { SortedIds } from "./sorted-ids.ts";
import type { Place, TopologyBounds } from "./topology.ts";
import { nowhere, Topology } from "./topology.ts";

/** What is known of one host. */
export interface HostState {
  readonly hostId: string;
  /** Microseconds since the Unix epoch at the start of its agent. */
  readonly epoch: number;
  readonly rack: string;
  readonly zone: string;
  /** Where that is among the racks and zones that are kept. */
  readonly place: Place;
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
  /** What was wrong with what it said. */
  readonly troubles: TroubleCounts;
  /** And why, where a kind has several reasons. */
  readonly troubleReasons: TroubleReasons;
}

/** What every report tells anew is written in place: a copy a report would outlive its second, and be collected with what is old. */
type KnownHost = { -readonly [Key in keyof HostState]: HostState[Key] };

export type Announced =
  | { readonly ok: true; readonly host: HostState; readonly addressesChanged: boolean }
  | { readonly ok: false; readonly refusal: AnnouncementRefusal };

/** Limits of what is kept. */
export interface HostBounds extends TopologyBounds {
  readonly hostsMax: number;
  readonly addressesPerHostMax: number;
  readonly labelMaxLength: number;
  readonly hostSilenceMaxMs: number;
  readonly linkMaxBytesPerSecond: number;
}

const reportsPerAnnouncement = 10;
const announcementsMissedMax = 2.5;
/** Payload of a full segment over its frame on Ethernet, preamble and gap included: what of a link's speed is payload. */
const payloadRatio = 1448 / 1538;

const modes = { MODE_UNSPECIFIED: "unknown", MODE_OBSERVE: "observe", MODE_APPLY: "apply", MODE_OFF: "off" } as const;

const nothing = {};

/** Owns the hosts, who has which address, and where they are. */
export class Hosts {
  readonly #bounds: HostBounds;
  readonly #byId = new Map<string, KnownHost>();
  readonly #sorted = new SortedIds();
  readonly #reporting = new Set<string>();
  readonly #claims = new AddressClaims();
  readonly #topology: Topology;
  #troubles: TroubleCounts = {};
  readonly #refusals: HostRefusals;
  #renames = 0;
  #onRename: (address: Uint8Array) => void = () => undefined;
  #onMove: (hostId: string) => void = () => undefined;

  constructor(bounds: HostBounds) {
    this.#bounds = bounds;
    this.#topology = new Topology(bounds);
    this.#refusals = new HostRefusals(bounds.hostsMax);
  }

  /** Racks and zones. */
  get topology(): Pick<Topology, "racks" | "zones" | "hostsOfRack"> {
    return this.#topology;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Hosts that report here: those of other partitions only introduce themselves. */
  get reporting(): number {
    return this.#reporting.size;
  }

  /** Another number once an id or an address may stand for another host than before. */
  get renames(): number {
    return this.#renames;
  }

  /** Has an address told that may be another host's from now on, or nobody's, or whose host's rack, zone or mode are others. */
  whenRenamed(listener: (address: Uint8Array) => void): void {
    this.#onRename = listener;
  }

  /** Has a host told whose rack, zone or mode are others from now on, or that is gone. */
  whenMoved(listener: (hostId: string) => void): void {
    this.#onMove = listener;
  }

  /** Times an address was claimed that another live host had. */
  get conflicts(): number {
    return this.#claims.conflicts;
  }

  /** What is wrong where hosts found no room; undefined where all did for ten minutes. */
  roomTrouble(nowMs: number): string | undefined {
    return this.#refusals.roomTrouble(nowMs);
  }

  /** Which hosts were never taken in because of what they announce, as far as is remembered; undefined where all were. */
  get strangerTrouble(): string | undefined {
    return this.#refusals.strangerTrouble;
  }

  /** What was wrong with what hosts said, over all that there were. */
  get troubles(): TroubleCounts {
    return this.#troubles;
  }

  get(hostId: string): HostState | undefined {
    return this.#byId.get(hostId);
  }

  /** Addresses that more than one live host announces now. */
  get contestedAddresses(): number {
    return this.#claims.contested;
  }

  /** The host that announced an address; undefined where several did: such an address tells nothing of any of them. */
  ownerOf(address: Uint8Array): HostState | undefined {
    return this.#byId.get(this.#claims.ownerOf(address) ?? "");
  }

  /** Every host that announced an address: one of them is who receives there, whichever. */
  claimantsOf(address: Uint8Array): readonly string[] {
    return this.#claims.claimantsOf(address);
  }

  /** Whether an address is one of those that a host announced, whoever else did. */
  isOwnAddress(hostId: string, address: Uint8Array): boolean {
    return this.#claims.isClaimedBy(hostId, address);
  }

  /** Counts what was wrong with what a host said, and why. Nothing is kept of hosts that are not known. */
  noteTrouble(hostId: string, trouble: HostTrouble, times = 1, reason?: string): void {
    const host = this.#byId.get(hostId);
    if (host === undefined) return;
    this.#troubles = troublesAfter(this.#troubles, trouble, times);
    const troubles = troublesAfter(host.troubles, trouble, times);
    const { troubleReasons: before } = host;
    const troubleReasons = reason === undefined ? before : reasonsAfter(before, trouble, reason, times);
    this.#byId.set(hostId, { ...host, troubles, troubleReasons });
  }

  /** Of every host, in no order. */
  ids(): Iterable<string> {
    return this.#byId.keys();
  }

  /** Every host, in no order. */
  unordered(): Iterable<HostState> {
    return this.#byId.values();
  }

  /** Every host, by id. */
  all(): readonly HostState[] {
    return [...this.after("")];
  }

  /** Every host with an id after one, which need not be a host's, by id; "" is before the first. For use at once. */
  *after(hostId: string): Generator<HostState> {
    for (const id of this.#sorted.after(hostId)) {
      const host = this.#byId.get(id);
      if (host !== undefined) yield host;
    }
  }

  /** Takes an announcement in. */
  announce(announcement: HostAnnouncement__Output, subjectHostId: string, nowMs: number): Announced {
    const before = this.#byId.get(subjectHostId);
    const refusal = this.#refusalOf(announcement, subjectHostId, before, nowMs);
    if (refusal !== undefined) {
      this.noteTrouble(subjectHostId, "announcement_refused", 1, refusal);
      if (before === undefined) this.#refusals.stranger(subjectHostId, refusal);
      return { ok: false, refusal };
    }
    this.#refusals.takenIn(subjectHostId);
    const known = before ?? unannounced(announcement.hostId);
    const { rack, zone, linkBytesPerSecond } = announcement;
    const { addresses, refused } = addressesOf(announcement.addresses);
    const mode = modes[announcement.mode];
    const isLinkBelieved = linkBytesPerSecond >= 0 && linkBytesPerSecond <= this.#bounds.linkMaxBytesPerSecond;
    this.#byId.set(known.hostId, {
      ...known,
      epoch: announcement.epoch,
      rack,
      zone,
      addresses,
      linkBytesPerSecond: isLinkBelieved ? linkBytesPerSecond : 0,
      agentVersion: announcement.agentVersion,
      kernelRelease: announcement.kernelRelease,
      mode: mode ?? "unknown",
      reportIntervalMs: announcement.reportIntervalMs,
      adviceTerm: announcement.adviceTerm,
      adviceVersion: announcement.adviceVersion,
      heardMs: nowMs,
    });
    if (!isLinkBelieved) this.noteTrouble(known.hostId, "link_out_of_range");
    if (refused > 0) this.noteTrouble(known.hostId, "address_not_unicast", refused);
    if (mode === undefined) this.noteTrouble(known.hostId, "mode_unknown");
    this.#place(known, before === undefined || rack !== before.rack || zone !== before.zone);
    if (before === undefined) this.#came(known.hostId);
    const addressesChanged = this.#own(known.hostId, known.addresses);
    const host = this.#byId.get(known.hostId) ?? known;
    if (rack !== known.rack || zone !== known.zone || host.mode !== known.mode) this.#moved(host);
    return { ok: true, host, addressesChanged };
  }

  /** Notes that a host reported; false where there are too many hosts to take in another. */
  heard(hostId: string, epoch: number, clockOffsetMs: number, nowMs: number): boolean {
    const before = this.#byId.get(hostId);
    if (before === undefined && !this.#hasRoom(nowMs)) return false;
    const host: KnownHost = before ?? unannounced(hostId);
    if (before === undefined) {
      this.#came(hostId);
      this.#byId.set(hostId, host);
    }
    this.#reporting.add(hostId);
    host.epoch = Math.max(epoch, host.epoch);
    host.heardMs = nowMs;
    host.clockOffsetMs = clockOffsetMs;
    return true;
  }

  /** Forgets hosts that have been silent too long, at most `limit` of them, and returns their ids. */
  expire(nowMs: number, limit = Number.POSITIVE_INFINITY): readonly string[] {
    const silent: HostState[] = [];
    for (const host of this.#byId.values()) {
      if (silent.length >= limit) break;
      if (nowMs - host.heardMs > this.#silenceMaxMs(host)) silent.push(host);
    }
    for (const host of silent) {
      this.#claims.release(host.hostId, host.addresses);
      this.#topology.leave(host.hostId);
      this.#byId.delete(host.hostId);
      this.#reporting.delete(host.hostId);
      this.#sorted.delete(host.hostId);
      this.#renamed(host.addresses);
      this.#onMove(host.hostId);
    }
    return silent.map((host) => host.hostId);
  }

  #came(hostId: string): void {
    this.#renames += 1;
    this.#sorted.add(hostId);
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
    nowMs: number,
  ): AnnouncementRefusal | undefined {
    if (announcement.hostId !== subjectHostId) return "wrong_host";
    if (!Number.isSafeInteger(announcement.epoch) || announcement.epoch <= 0) return "epoch_out_of_range";
    if (before !== undefined && announcement.epoch < before.epoch) return "old_epoch";
    if (announcement.addresses.length % addressBytes !== 0) return "addresses_length";
    if (announcement.addresses.length / addressBytes > this.#bounds.addressesPerHostMax) return "too_many_addresses";
    const labels = [announcement.rack, announcement.zone, announcement.agentVersion, announcement.kernelRelease];
    if (labels.some((label) => label.length > this.#bounds.labelMaxLength)) return "label_length";
    // They end up in terminals.
    if (labels.some((label) => /\p{Cc}/u.test(label))) return "label_characters";
    // It says how long a host may be silent, and when it is told anything.
    const { reportIntervalMs } = announcement;
    const { minMs, maxMs } = reportIntervalBounds;
    if (!(reportIntervalMs >= minMs && reportIntervalMs <= maxMs)) return "report_interval_out_of_range";
    if (before === undefined && !this.#hasRoom(nowMs)) return "too_many_hosts";
    return undefined;
  }

  #hasRoom(nowMs: number): boolean {
    const hasRoom = this.#byId.size < this.#bounds.hostsMax;
    if (!hasRoom) this.#refusals.noRoom(nowMs);
    return hasRoom;
  }

  // Whoever found no room tries again with each announcement: others leave. That it still finds none is no new trouble.
  #place(before: HostState, isMoved: boolean): void {
    const host = this.#byId.get(before.hostId);
    if (host === undefined || !(isMoved || isMisplaced(host))) return;
    const { place, trouble, others } = this.#topology.place(host.hostId, host.rack, host.zone);
    this.#byId.set(host.hostId, { ...host, place });
    if (trouble !== undefined && (isMoved || trouble !== "topology_full")) this.noteTrouble(host.hostId, trouble);
    for (const other of others) this.noteTrouble(other, "rack_in_two_zones");
    if (!isMoved) return;
    if (before.rack !== "" || before.zone !== "") this.noteTrouble(host.hostId, "moved");
  }

  #own(hostId: string, addressesBefore: readonly Uint8Array[]): boolean {
    const addresses = this.#byId.get(hostId)?.addresses ?? [];
    const keys = new Set(addresses.map(addressKey));
    const keysBefore = new Set(addressesBefore.map(addressKey));
    // Announcements repeat every few intervals.
    if (keys.size === keysBefore.size && [...keys].every((key) => keysBefore.has(key))) return false;
    this.#claims.release(hostId, addressesBefore);
    const { losers, contested } = this.#claims.claim(hostId, addresses);
    for (const loser of losers) this.noteTrouble(loser, "address_contested");
    if (contested > 0) this.noteTrouble(hostId, "address_contested", contested);
    this.#renamed(addressesBefore.filter((address) => !keys.has(addressKey(address))));
    this.#renamed(addresses.filter((address) => !keysBefore.has(addressKey(address))));
    return true;
  }

  // The names stand for the same host, which is told of otherwise at both ends of its paths.
  #moved({ hostId, addresses }: HostState): void {
    this.#onMove(hostId);
    for (const address of addresses) this.#onRename(address);
  }

  #renamed(addresses: readonly Uint8Array[]): void {
    this.#renames += 1;
    for (const address of addresses) this.#onRename(address);
  }
}

/** Payload that the slower of two hosts' links carries, bytes a second; infinite where neither is known. */
export function slowerLinkOf(source: HostState, destination: HostState): number {
  const links = [source, destination].map((host) => host.linkBytesPerSecond).filter((speed) => speed > 0);
  return Math.min(...links) * payloadRatio;
}

function isMisplaced({ rack, zone, place }: HostState): boolean {
  return (rack !== "" && place.rack === 0) || (zone !== "" && place.zone === 0);
}

function unannounced(hostId: string): HostState {
  return {
    hostId,
    epoch: 0,
    rack: "",
    zone: "",
    place: nowhere,
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
    troubles: nothing,
    troubleReasons: nothing,
  };
}

// Loopback is every host's own and nobody's name.
function addressesOf(bytes: Uint8Array): { readonly addresses: readonly Uint8Array[]; readonly refused: number } {
  const addresses: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let refused = 0;
  for (let offset = 0; offset < bytes.length; offset += addressBytes) {
    const address = Uint8Array.from(bytes.subarray(offset, offset + addressBytes));
    if (!isUnicast(view, offset)) refused += 1;
    else if (!isLoopback(address)) addresses.push(address);
  }
  // An array that was added to has room for sixteen more.
  return { addresses: addresses.slice(), refused };
}
