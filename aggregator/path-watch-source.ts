/** The paths that a watch tells. */
import type { PathUpdate } from "../proto/gen/augmenter/v1/PathUpdate.ts";
import type { Clock } from "./clock.ts";
import { pathKeyMessage, pathMessage } from "./core/path-message.ts";
import type { PathFilter } from "./core/query/path-filter.ts";
import { pathMatch } from "./core/query/path-filter.ts";
import type { View } from "./core/view.ts";
import type { WatchSource } from "./watch.ts";

/**
 * Paths looked at between two looks at whether the caller keeps up: as many messages as a call takes before it says to wait. What is written
 * beyond lies in memory, for all that begin to watch at once.
 */
const part = 16;

/**
 * The paths that a filter selects. Once its names stand for other hosts or addresses, what the caller was told is no longer what they select:
 * it is told anew. Throws QueryFault where the filter can name nothing.
 */
export function pathWatchSource(view: View, filter: PathFilter | null, clock: Clock): WatchSource<PathUpdate> {
  const { table, hosts } = view;
  let match = pathMatch(view, filter);
  let renames = hosts.renames;
  const renewed = () => {
    if (renames === hosts.renames) return false;
    const { selection } = match;
    match = pathMatch(view, filter);
    renames = hosts.renames;
    return match.selection !== selection;
  };
  let place = table.changesAfter(table.newestChange);
  return {
    get newest() {
      return table.newestChange;
    },
    get selection() {
      return match.selection;
    },
    state(afterKey) {
      if (afterKey === "") renewed();
      const records = table.after(afterKey, part, match.onlyHostId);
      const nowMs = clock.nowMs();
      return {
        updates: records
          .filter((record) => match.matches(record))
          .map((record) => ({ estimate: pathMessage(view, record, nowMs) })),
        nextKey: records.length < part ? undefined : records.at(-1)?.key,
      };
    },
    changes(after, end) {
      if (renewed()) return undefined;
      if (place.since !== after) place = table.changesAfter(after);
      const found = table.changesSince(place, part);
      if (found === undefined) return undefined;
      place = found.place;
      const nowMs = clock.nowMs();
      const forgotten = found.forgotten.filter((path) => match.matches(path));
      const changed = found.changed.filter((record) => match.matches(record));
      return {
        updates: [
          ...forgotten.map((path) => ({ forgotten: pathKeyMessage(path) })),
          ...changed.map((record) => ({ estimate: pathMessage(view, record, nowMs) })),
        ],
        // The numbers of a round are known to be told only at its end.
        reached: found.isDone ? Math.max(end, place.since) : after,
      };
    },
  };
}
