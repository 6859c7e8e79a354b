/** Says what was refused, but not for every message: a peer must not be able to fill the log. */
import type { Log } from "../common/log.ts";
import type { Clock } from "./clock.ts";

const intervalMs = 10_000;
const reasonsMax = 256;

/** Logs the first refusal of each reason, then at most one in ten seconds with the number left out. */
export class RefusalLog {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #reasons = new Map<string, { loggedMs: number; leftOut: number }>();

  constructor(log: Log, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  refused(what: string, reason: string, hostId: string | undefined): void {
    const key = `${what} ${reason}`;
    const nowMs = this.#clock.nowMs();
    const known = this.#reasons.get(key);
    if (known !== undefined && nowMs - known.loggedMs < intervalMs) {
      known.leftOut += 1;
      return;
    }
    if (known === undefined && this.#reasons.size >= reasonsMax) return;
    this.#reasons.set(key, { loggedMs: nowMs, leftOut: 0 });
    this.#log.warn({ what, reason, hostId, leftOut: known?.leftOut ?? 0 }, "refused");
  }
}
