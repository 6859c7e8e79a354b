/**
 * Keeps V8's young generation from growing to three times 16 MB, as it does by itself. What is read from a socket is memory outside of V8's
 * heap that objects of the young generation hold: with a large one and little other garbage, 64 MB of it come together between two
 * collections of what is young, and then V8 collects everything.
 */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** V8 doubles it after a collection where much survived: below this it may, both of its halves together. With less, too much survives. */
const leastBytes = 4 << 20;

/** From here on, until the process ends. V8 may make it smaller, and then larger again. */
export function holdYoungGeneration(): void {
  let isHeld = false;
  const follow = (): void => {
    const isEnough = youngBytes() >= leastBytes;
    if (isEnough === isHeld) return;
    isHeld = isEnough;
    setFlagsFromString(`--semi-space-growth-factor=${isHeld ? 1 : 2}`);
  };
  follow();
  new PerformanceObserver(follow).observe({ entryTypes: ["gc"] });
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? 0;
}
