/** Which partitions have measured what a question is about, where this aggregator looks after one of several. */
import type { View } from "../view.ts";
import { sourceIdOf } from "./names.ts";

/** The sources that questions name, each in its way; none: they are about every path. */
interface Asked {
  readonly source?: string;
  readonly sources?: readonly string[];
  readonly filter?: { readonly source?: string } | null;
}

/** None. */
export const nowhereElse: string[] = [];

/** The partitions other than this one that look after a source of the question, in order; of a question about every path all of them. */
export function measuredElsewhere(view: View, { source, sources, filter }: Asked): string[] {
  const { abroad } = view;
  if (abroad === undefined) return nowhereElse;
  const named = [source, filter?.source, ...(sources ?? [])].filter((text) => text !== undefined && text !== "");
  if (named.length === 0) return [...abroad.others];
  const partitions = new Set<string>();
  for (const text of named) {
    const hostId = sourceIdOf(view, text ?? "");
    if (hostId && abroad.isAbroad(hostId)) partitions.add(abroad.partitionOf(hostId));
  }
  return [...partitions].sort();
}
