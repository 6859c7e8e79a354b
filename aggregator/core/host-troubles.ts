/** What was wrong with what a host said, counted: what an operator looks at when a host is not believed. */

/** Kinds of trouble. */
export const hostTroubles = [
  /** An address that it has was claimed by another host, or the other way round. */
  "address_contested",
  /** It named another rack or zone than before. */
  "moved",
  /** Other hosts name its rack under another zone. */
  "rack_in_two_zones",
  /** Its rack or zone is one too many: it counts as not named. */
  "topology_full",
  /** Its link's speed is none. */
  "link_out_of_range",
  "announcement_refused",
  "row_refused",
  /** It reports more destinations than are kept of one host: those it was silent about longest made room for others of its own. */
  "paths_evicted",
  /** A round trip to or from it cannot be one. */
  "coordinate_refused",
  /** Its network coordinate was no number any more, and began anew. */
  "coordinate_reset",
] as const;
export type HostTrouble = (typeof hostTroubles)[number];

/** How often each kind happened since the host was first heard of; absent: never. */
export type TroubleCounts = Readonly<Partial<Record<HostTrouble, number>>>;

/** The counts after some more of one kind. */
export function troublesAfter(counts: TroubleCounts, trouble: HostTrouble, times: number): TroubleCounts {
  return { ...counts, [trouble]: (counts[trouble] ?? 0) + times };
}
