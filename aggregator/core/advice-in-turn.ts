/** The advice of all hosts, a destination after the other, for those who look at all of it in parts. */
import type { AdviceLedger } from "./advice-ledger.ts";

/** What a host holds something about; 16 bytes. */
export interface HeldDestination {
  readonly hostId: string;
  readonly destination: Uint8Array;
}

/**
 * Every host, those told first last, and all that it holds advice about. Whoever asks may stop after each and go on later, whatever was sent and
 * withdrawn meanwhile. Undefined after each host, as there may be thousands that hold nothing.
 */
export function* adviceInTurn(
  ledger: Pick<AdviceLedger, "hostIds" | "destinationsOf">,
): Generator<HeldDestination | undefined, undefined> {
  for (const hostId of [...ledger.hostIds()].reverse()) {
    for (const destination of ledger.destinationsOf(hostId)) yield { hostId, destination };
    yield undefined;
  }
}
