/** What was wrong with what a host said, counted: what an operator looks at when a host is not believed. */

/** Kinds of trouble. */
export const hostTroubles = [
  /** An address that it has was claimed by another host, or the other way round. */
  "address_contested",
  /** It named an address that no connection can have, which was left out. */
  "address_not_unicast",
  /** It named another rack or zone than before. */
  "moved",
  /** Other hosts name its rack under another zone. */
  "rack_in_two_zones",
  /** Its rack or zone is one too many: it counts as not named. */
  "topology_full",
  /** Its link's speed is none. */
  "link_out_of_range",
  /** It is in a mode that this version does not know. */
  "mode_unknown",
  /** It says that it follows a term that is ahead of the time and that nobody was heard to lead in. */
  "term_ahead",
  "announcement_refused",
  /** A report, event or answer as a whole, also one that another sent in its name. */
  "message_refused",
  "row_refused",
  /** Paths of it made room for others: of its own where it reports more destinations than are kept of one host, else of any as the table is full. */
  "paths_evicted",
  /** The table was full as it reported a new destination: another path, of whatever host, made room. */
  "table_full",
  /** A round trip to or from it cannot be one. */
  "coordinate_refused",
  /** Its network coordinate was no number any more, and began anew. */
  "coordinate_reset",
] as const;
export type HostTrouble = (typeof hostTroubles)[number];

/** How often each kind happened since the host was first heard of; absent: never. */
export type TroubleCounts = Readonly<Partial<Record<HostTrouble, number>>>;

/** Of the kinds that have several reasons, how often each of these; absent: never. */
export type TroubleReasons = Readonly<Partial<Record<HostTrouble, Readonly<Record<string, number>>>>>;

/** Reasons are words of this program, and few; should a kind ever have more, the rest are one. */
const reasonsMax = 32;
const otherReason = "other";

/** The counts after some more of one kind. */
export function troublesAfter(counts: TroubleCounts, trouble: HostTrouble, times: number): TroubleCounts {
  return { ...counts, [trouble]: (counts[trouble] ?? 0) + times };
}

/** The reasons after some more of one kind for one of them. */
export function reasonsAfter(
  reasons: TroubleReasons,
  trouble: HostTrouble,
  reason: string,
  times: number,
): TroubleReasons {
  const ofKind = reasons[trouble] ?? {};
  const isFull = !Object.hasOwn(ofKind, reason) && Object.keys(ofKind).length >= reasonsMax;
  const counted = isFull ? otherReason : reason;
  return { ...reasons, [trouble]: { ...ofKind, [counted]: (ofKind[counted] ?? 0) + times } };
}
