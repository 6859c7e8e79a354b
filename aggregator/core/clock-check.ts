/** Whether an aggregator's clock lets hosts follow it. */
import { termFollowedAheadMaxMs } from "../../proto/term.ts";
import type { View } from "./view.ts";

/**
 * Why hosts do not follow, where the clock here is so far ahead of those of most hosts that they take no term made from it; undefined where it is
 * not. Hosts that have not reported yet have no clock to compare with, and count as right; those that report to another partition do not count.
 */
export function clockTrouble({ hosts, abroad }: Pick<View, "hosts" | "abroad">): string | undefined {
  let all = 0;
  let behind = 0;
  for (const { hostId, clockOffsetMs } of hosts.unordered()) {
    if (abroad?.isAbroad(hostId) === true) continue;
    all += 1;
    if (clockOffsetMs < -termFollowedAheadMaxMs) behind += 1;
  }
  if (behind === 0 || 2 * behind < all) return undefined;
  return `clock: more than 24 h ahead of ${behind} of ${all} hosts, which take no advice of such a term`;
}
