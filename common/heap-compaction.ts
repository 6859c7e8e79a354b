/**
 * Has V8 move together what it keeps once much of the memory that it has for it is free. By itself it moves only what lies on pages that are
 * nearly empty: where objects of ten thousand hosts come and go, a quarter of each page is free, and stays so.
 */
import type { PerformanceEntry } from "node:perf_hooks";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Free of what is in use, and at the least. Moving 60 MB takes a tenth of a second, so not more often than this. */
const freePart = 1 / 8;
const freeMinBytes = 8 << 20;
const intervalMs = 10_000;

/** From here on, until the process ends: a collection of everything that finds too much free has the next one move all. */
export function compactHeap(): void {
  let isDue = false;
  let movedMs = Number.NEGATIVE_INFINITY;
  const follow = (): void => {
    if (isDue) movedMs = performance.now();
    const isNext = !isDue && performance.now() - movedMs >= intervalMs && isScattered();
    if (isNext === isDue) return;
    isDue = isNext;
    setFlagsFromString(isDue ? "--compact-on-every-full-gc" : "--no-compact-on-every-full-gc");
  };
  new PerformanceObserver((list) => {
    if (list.getEntries().some(isMajor)) follow();
  }).observe({ entryTypes: ["gc"] });
}

function isMajor(entry: PerformanceEntry): boolean {
  const { detail } = entry as { readonly detail?: { readonly kind?: number } };
  return detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

function isScattered(): boolean {
  const old = getHeapSpaceStatistics().find((space) => space.space_name === "old_space");
  if (old === undefined) return false;
  return old.space_size - old.space_used_size > Math.max(freeMinBytes, freePart * old.space_used_size);
}
