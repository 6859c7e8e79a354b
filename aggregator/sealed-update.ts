/** Updates of advice as they are sent. */
import { adviceUpdate } from "../proto/messages.ts";
import type { UpdateDraft } from "./core/update-draft.ts";

/** What an update says beside its entries. */
export interface UpdateTerms {
  /** Fencing term of who sends it. */
  readonly term: number;
  readonly ttlMs: number;
  /** By the host's own clock, Unix milliseconds. */
  readonly notAfterUnixMs: number;
}

/** One update for a host, sealed. */
export function sealedUpdate(
  hostId: string,
  draft: UpdateDraft,
  { term, ttlMs, notAfterUnixMs }: UpdateTerms,
): Uint8Array {
  return adviceUpdate.seal({
    hostId,
    term,
    version: draft.version,
    baseTerm: draft.baseTerm,
    baseVersion: draft.baseVersion,
    snapshot: draft.snapshot,
    ttlMs,
    notAfterUnixMs: Math.max(0, Math.round(notAfterUnixMs)),
    entries: draft.entries.map((advice) => ({
      destination: { address: Buffer.from(advice.destination), length: 128 },
      windowSegments: advice.windowSegments,
      receiveWindowBytes: advice.receiveWindowBytes,
      pathRateBytesPerSecond: advice.pathRateBytesPerSecond,
      minRttUs: Math.round(advice.minRttUs),
      capacityKnown: advice.isCapacityKnown,
      rtoMinUs: advice.rtoMinUs,
      burstSegments: advice.burstSegments,
      togetherSegments: advice.togetherSegments,
      togetherHosts: advice.togetherHosts,
    })),
    withdrawn: draft.withdrawn.map((address) => ({ address: Buffer.from(address), length: 128 })),
  });
}

/** What an update is, for the metrics. */
export function kindOf(draft: UpdateDraft): "snapshot" | "heartbeat" | "delta" {
  if (draft.snapshot) return "snapshot";
  return draft.entries.length + draft.withdrawn.length === 0 ? "heartbeat" : "delta";
}
