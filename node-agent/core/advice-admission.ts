/** Whether an advice update is taken, and what it changes on this host. */
import { isPrefix, maskedAddress } from "../../proto/address.ts";
import type { AdviceEntry__Output } from "../../proto/gen/augmenter/v1/AdviceEntry.ts";
import type { AdviceRefusal__Output } from "../../proto/gen/augmenter/v1/AdviceRefusal.ts";
import type { AdviceUpdate__Output } from "../../proto/gen/augmenter/v1/AdviceUpdate.ts";
import type { Prefix__Output } from "../../proto/gen/augmenter/v1/Prefix.ts";
import { isCredibleTerm, termFollowedAheadMaxMs } from "../../proto/term.ts";

/** What a host does for one destination. */
export interface Advice {
  /** 16 bytes, host bits zero. */
  readonly address: Uint8Array;
  /** 0..128. */
  readonly prefixLength: number;
  /** The version of the update that brought it. */
  readonly version: number;
  readonly windowSegments: number;
  readonly receiveWindowBytes: number;
  readonly pathRateBytesPerSecond: number;
  readonly minRttUs: number;
  readonly burstSegments: number;
  readonly isCapacityKnown: boolean;
  readonly rtoMinUs: number;
  readonly togetherSegments: number;
  readonly togetherHosts: number;
}

/** What this host holds: fencing term, version, and the advice by adviceKey(). */
export interface HeldAdvice {
  readonly term: number;
  readonly version: number;
  readonly entries: ReadonlyMap<string, Advice>;
}

/** What a host holds before the first update. */
export const noAdvice: HeldAdvice = { term: 0, version: 0, entries: new Map() };

/** The largest values that are taken, and where it is said the lowest; the kernel program has bounds of its own. */
export interface AdviceBounds {
  readonly entries: number;
  readonly windowSegments: number;
  readonly receiveWindowBytes: number;
  /** Of a rate that is known: the connections that share a lower one would wait for their own pacing. */
  readonly pathRateLowestBytesPerSecond: number;
  readonly pathRateBytesPerSecond: number;
  readonly minRttUs: number;
  readonly burstSegments: number;
  readonly togetherHosts: number;
  /** The kernel takes two jiffies to 200 ms; a receiver delays its acknowledgements by up to 10 ms. */
  readonly rtoMinLowestUs: number;
  readonly rtoMinHighestUs: number;
  readonly ttlMs: number;
}

export type AdviceRefusalName = Exclude<AdviceRefusal__Output, "ADVICE_REFUSAL_UNSPECIFIED">;

/** Either why the update is refused as a whole, or what the host holds from now on and what was left out of it. */
export type Admission =
  | { readonly taken: false; readonly refusal: AdviceRefusalName }
  | {
      readonly taken: true;
      readonly held: HeldAdvice;
      /** Keys held before and not any more. */
      readonly removed: readonly string[];
      readonly refusedEntries: readonly { readonly index: number; readonly refusal: AdviceRefusalName }[];
    };

/** The key of a prefix in HeldAdvice: address bytes in hexadecimal, and the length. */
export function adviceKey(address: Uint8Array, prefixLength: number): string {
  return `${Buffer.from(address).toString("hex")}/${prefixLength}`;
}

/**
 * Decides over an update. Order matters: what is not for this host or not of this time says nothing about versions. A host
 * follows the highest term it has seen; within it, versions only rise, and a change must build on what the host holds.
 */
export function admit(
  update: AdviceUpdate__Output,
  held: HeldAdvice,
  hostId: string,
  bounds: AdviceBounds,
  nowUnixMs: number,
): Admission {
  const refusal = refusalOf(update, held, hostId, bounds, nowUnixMs);
  if (refusal !== undefined) return { taken: false, refusal };

  const entries = new Map(update.snapshot ? [] : held.entries);
  const refusedEntries: { index: number; refusal: AdviceRefusalName }[] = [];
  for (const [index, entry] of update.entries.entries()) {
    const advice = adviceOf(entry, update.version, bounds);
    const key = advice === undefined ? "" : adviceKey(advice.address, advice.prefixLength);
    if (advice === undefined) {
      refusedEntries.push({ index, refusal: "ADVICE_REFUSAL_OUT_OF_BOUNDS" });
    } else if (entries.size >= bounds.entries && !entries.has(key)) {
      refusedEntries.push({ index, refusal: "ADVICE_REFUSAL_TOO_MANY" });
    } else {
      entries.set(key, advice);
    }
  }
  for (const prefix of update.withdrawn) entries.delete(adviceKey(asBytes(prefix.address), prefix.length));
  return {
    taken: true,
    held: { term: update.term, version: update.version, entries },
    removed: [...held.entries.keys()].filter((key) => !entries.has(key)),
    refusedEntries,
  };
}

/** The key of the longest held prefix that contains an address: what the kernel's lookup finds. */
export function heldKeyFor(held: HeldAdvice, address: Uint8Array): string | undefined {
  for (let length = 128; length >= 0; length -= 1) {
    const key = adviceKey(maskedAddress(address, length), length);
    if (held.entries.has(key)) return key;
  }
  return undefined;
}

/** What is held without the entries that the kernel dropped, where they still have the version it dropped. */
export function heldWithout(
  held: HeldAdvice,
  dropped: readonly { readonly key: string; readonly version: number }[],
): HeldAdvice {
  const gone = dropped.filter(({ key, version }) => held.entries.get(key)?.version === version);
  if (gone.length === 0) return held;
  const entries = new Map(held.entries);
  for (const { key } of gone) entries.delete(key);
  return { ...held, entries };
}

function refusalOf(
  update: AdviceUpdate__Output,
  held: HeldAdvice,
  hostId: string,
  bounds: AdviceBounds,
  nowUnixMs: number,
): AdviceRefusalName | undefined {
  if (update.hostId !== hostId) return "ADVICE_REFUSAL_WRONG_HOST";
  if (nowUnixMs > update.notAfterUnixMs) return "ADVICE_REFUSAL_TOO_LATE";
  if (update.ttlMs < 1 || update.ttlMs > bounds.ttlMs) return "ADVICE_REFUSAL_OUT_OF_BOUNDS";
  // A term far ahead would shut every real aggregator out.
  const isCredible = isCredibleTerm(update.term, nowUnixMs, termFollowedAheadMaxMs);
  if (!isCredible || !isCount(update.version)) return "ADVICE_REFUSAL_OUT_OF_BOUNDS";
  if (update.term < held.term) return "ADVICE_REFUSAL_OLD_TERM";
  const sameTerm = update.term === held.term;
  if (sameTerm && update.version <= held.version) return "ADVICE_REFUSAL_OLD_VERSION";
  const baseTerm = update.baseTerm || update.term;
  const isNext = baseTerm === held.term && update.baseVersion === held.version;
  return update.snapshot || isNext ? undefined : "ADVICE_REFUSAL_VERSION_GAP";
}

function adviceOf(entry: AdviceEntry__Output, version: number, bounds: AdviceBounds): Advice | undefined {
  const { destination } = entry;
  if (!isValidPrefix(destination)) return undefined;
  if (entry.windowSegments > bounds.windowSegments) return undefined;
  if (entry.receiveWindowBytes > bounds.receiveWindowBytes) return undefined;
  if (!isCount(entry.pathRateBytesPerSecond) || entry.pathRateBytesPerSecond > bounds.pathRateBytesPerSecond) {
    return undefined;
  }
  // Not only where a window is granted: connections that are paced already follow each new rate.
  if (entry.pathRateBytesPerSecond !== 0 && entry.pathRateBytesPerSecond < bounds.pathRateLowestBytesPerSecond) {
    return undefined;
  }
  if (entry.burstSegments > bounds.burstSegments) return undefined;
  // The kernel program multiplies the window by how many fewer have come than these hosts.
  if (entry.togetherSegments > bounds.windowSegments || entry.togetherHosts > bounds.togetherHosts) return undefined;
  if (entry.minRttUs > bounds.minRttUs) return undefined;
  if (entry.rtoMinUs !== 0 && (entry.rtoMinUs < bounds.rtoMinLowestUs || entry.rtoMinUs > bounds.rtoMinHighestUs)) {
    return undefined;
  }
  // A window that no handshake could be checked against, or that could not be paced, would never be granted.
  if (entry.windowSegments > 0 && (entry.minRttUs === 0 || entry.pathRateBytesPerSecond === 0)) return undefined;
  return {
    address: asBytes(destination.address),
    prefixLength: destination.length,
    version,
    windowSegments: entry.windowSegments,
    receiveWindowBytes: entry.receiveWindowBytes,
    pathRateBytesPerSecond: entry.pathRateBytesPerSecond,
    minRttUs: entry.minRttUs,
    burstSegments: entry.burstSegments,
    isCapacityKnown: entry.capacityKnown,
    rtoMinUs: entry.rtoMinUs,
    togetherSegments: entry.togetherSegments,
    togetherHosts: entry.togetherHosts,
  };
}

function isValidPrefix(prefix: Prefix__Output | null): prefix is Prefix__Output {
  return prefix !== null && isPrefix({ address: asBytes(prefix.address), length: prefix.length });
}

// A 64-bit number beyond 2^53 arrives rounded: no counter of ours gets there.
function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function asBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
