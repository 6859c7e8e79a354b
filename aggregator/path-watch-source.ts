/** The paths that a watch tells. */
import type { PathUpdate } from "../proto/gen/augmenter/v1/PathUpdate.ts";
import type { Clock } from "./clock.ts";
import { pathKeyMessage, pathMessage } from "./core/path-message.ts";
import type { PathMatch } from "./core/query/path-filter.ts";
import type { View } from "./core/view.ts";
import type { WatchSource } from "./watch.ts";

/** Paths looked at between two looks at whether the caller keeps up. */
const part = 64;

/** The paths that a filter selects. */
export function pathWatchSource(view: View, match: PathMatch, clock: Clock): WatchSource<PathUpdate> {
  const { table } = view;
  return {
    get newest() {
      return table.newestChange;
    },
    state(afterKey) {
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
      const found = table.changesSince(after, part, end);
      if (found === undefined) return undefined;
      const nowMs = clock.nowMs();
      const updates: PathUpdate[] = [];
      for (const { kind, value } of found.changes) {
        if (!match.matches(value)) continue;
        if (kind === "changed") updates.push({ estimate: pathMessage(view, value, nowMs) });
        else updates.push({ forgotten: pathKeyMessage(value) });
      }
      // Fewer than were asked for: what is left up to the end is outdated.
      return { updates, reached: found.changes.length < part ? Math.max(end, found.cursor) : found.cursor };
    },
  };
}
