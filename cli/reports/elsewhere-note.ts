/** What an answer leaves out because another partition's aggregators have it. */

/** Notes of a report; none where the aggregator that was asked has all measurements. */
export function elsewhereNotes(partitions: readonly string[]): readonly string[] {
  if (partitions.length === 0) return [];
  const [asked, one] = [partitions.join(", "), partitions.length === 1];
  return [
    `measured elsewhere, here inferred or predicted at most: ask an aggregator of partition${one ? "" : "s"} ${asked} (--server)`,
  ];
}
