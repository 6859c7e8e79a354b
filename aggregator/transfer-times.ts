/** What the scheduler extender asks of the view, answered by RankDestinations. */

import { addressFromText } from "../proto/address.ts";
import type { Clock } from "./clock.ts";
import { queryBounds } from "./core/bounds.ts";
import type { NodeTime } from "./core/extender/node-scores.ts";
import { measuredElsewhere } from "./core/query/elsewhere.ts";
import { QueryFault } from "./core/query/query-fault.ts";
import { rankDestinations } from "./core/query/transfer-query.ts";
import type { Steps } from "./core/steps.ts";
import type { View } from "./core/view.ts";
import type { TransferTimes } from "./scheduler-extender.ts";

/** Less is no reason to keep a pod from a node. */
const confidenceTrusted = 0.5;

/** Told of questions about sources that another partition looks after. */
export interface AbroadMetrics {
  readonly extenderAbroad: { inc(times: number): void };
}

/** Times at the moment of each question. What cannot be asked, such as a peer that is no name, is not known. */
export function transferTimes(view: View, clock: Clock, metrics: AbroadMetrics): TransferTimes {
  return {
    isHost: (name) => {
      const address = addressFromText(name);
      return view.hosts.get(name) !== undefined || (address !== undefined && view.hosts.ownerOf(address) !== undefined);
    },
    *from(source, destinations, bytes) {
      // Its paths are measured there; here their times are inferred or predicted at most, and none of them is trusted.
      if (measuredElsewhere(view, { source }).length > 0) metrics.extenderAbroad.inc(destinations.length);
      const times = new Array<NodeTime>(destinations.length).fill(undefined);
      for (let first = 0; first < destinations.length; first += queryBounds.candidatesMax) {
        const candidates = destinations.slice(first, first + queryBounds.candidatesMax);
        for (const [index, time] of yield* ranked(view, { source, candidates, bytes }, clock.nowMs()))
          times[first + index] = time;
      }
      return times;
    },
  };
}

interface Asked {
  readonly source: string;
  readonly candidates: string[];
  readonly bytes: number;
}

/** The place of each candidate of which a time is known, and that time. */
function* ranked(view: View, asked: Asked, nowMs: number): Steps<readonly (readonly [number, NodeTime])[]> {
  const request = { ...asked, concurrent: 1, firstWindow: "FIRST_WINDOW_UNSPECIFIED", limit: 0 } as const;
  try {
    const { destinations = [] } = yield* rankDestinations(view, request, nowMs);
    return destinations.flatMap(({ index = 0, estimate }): (readonly [number, NodeTime])[] => {
      if (!estimate) return [];
      if (!estimate.path) return [[index, "local"]];
      const isTrusted =
        estimate.provenance === "PROVENANCE_MEASURED" && Number(estimate.confidence ?? 0) >= confidenceTrusted;
      return [[index, { p50Us: Number(estimate.p50Us), p90Us: Number(estimate.p90Us), isTrusted }]];
    });
  } catch (error) {
    if (error instanceof QueryFault) return [];
    throw error;
  }
}
