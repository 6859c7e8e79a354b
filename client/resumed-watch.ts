/** A watch that goes on over lost connections. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientReadableStream } from "@grpc/grpc-js";
import type { ViewVersion } from "../proto/gen/augmenter/v1/ViewVersion.ts";
import { callErrorFrom, isTransient } from "./call-error.ts";

/** How a watch ends and what it tells of interruptions. */
export interface WatchOptions {
  /** Ends the watch without an error. */
  readonly signal?: AbortSignal;
  /** The connection was lost; it is being made again. */
  readonly onInterrupted?: (error: unknown) => void;
}

/** What every update tells. */
export interface Versioned {
  readonly version: ViewVersion | null;
}

const retryDelayMaxMs = 5_000;

/**
 * Every update of a watch. After a lost connection it calls again behind the last version it saw, so that the caller hears only what
 * has changed meanwhile, or a `snapshotBegin` that outdates what the caller holds. Throws CallError where the first call fails, or
 * a later one for a reason that waiting does not mend.
 */
export async function* resumedWatch<Update extends Versioned>(
  open: (resumeAfter: ViewVersion | null) => ClientReadableStream<Update>,
  { signal, onInterrupted }: WatchOptions,
): AsyncGenerator<Update, void, undefined> {
  let last: ViewVersion | null = null;
  let failures = 0;
  let isFirst = true;
  while (signal?.aborted !== true) {
    const call = open(last);
    const cancel = () => call.cancel();
    // Errors reach the loop below while it waits; one behind its end, such as that of cancel(), is nobody's.
    call.on("error", () => undefined);
    signal?.addEventListener("abort", cancel);
    try {
      for await (const update of call as AsyncIterable<Update>) {
        [failures, isFirst, last] = [0, false, update.version ?? last];
        yield update;
      }
    } catch (thrown) {
      if (signal?.aborted) return;
      const error = callErrorFrom(thrown);
      if (isFirst || !isTransient(error)) throw error;
      onInterrupted?.(error);
    } finally {
      signal?.removeEventListener("abort", cancel);
      call.cancel();
    }
    // Full jitter, so that many watchers do not come back as one.
    const delayMs = Math.random() * Math.min(retryDelayMaxMs, 100 * 2 ** failures);
    failures += 1;
    await sleep(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}
