/** A host as the query service tells it. */
import { addressText } from "../../../proto/address.ts";
import type { HostInfo } from "../../../proto/gen/augmenter/v1/HostInfo.ts";
import type { HostTrouble as TroubleMessage } from "../../../proto/gen/augmenter/v1/HostTrouble.ts";
import type { HostTrouble } from "../host-troubles.ts";
import { hostTroubles } from "../host-troubles.ts";
import type { HostState } from "../hosts.ts";
import { restrictedMode } from "../policy/effective-policy.ts";
import { modeNames } from "../policy/policy-message.ts";
import type { View } from "../view.ts";

/** The message for one host at a moment. */
export function hostMessage(view: View, host: HostState, nowMs: number): HostInfo {
  const coordinateError = view.inference.coordinates.errorOf(host);
  return {
    hostId: host.hostId,
    rack: host.rack,
    zone: host.zone,
    addresses: host.addresses.map(addressText),
    linkBytesPerSecond: host.linkBytesPerSecond,
    agentVersion: host.agentVersion,
    kernelRelease: host.kernelRelease,
    mode: modeNames[host.mode],
    policyMode: modeNames[restrictedMode(host.mode, view.policy.forHost(host).mode)],
    reportIntervalMs: host.reportIntervalMs,
    ageSeconds: Math.max(0, nowMs - host.heardMs) / 1000,
    clockOffsetMs: Math.round(host.clockOffsetMs),
    adviceTerm: host.adviceTerm,
    adviceVersion: host.adviceVersion,
    troubles: hostTroubles.flatMap((kind) => troubleMessages(host, kind)),
    ...(coordinateError === undefined ? {} : { coordinateError }),
    adviceEntries: view.ledger.entriesOf(host.hostId),
  };
}

// Of a kind that never happened there is none.
function troubleMessages({ troubles, troubleReasons }: HostState, kind: HostTrouble): readonly TroubleMessage[] {
  const count = troubles[kind];
  if (count === undefined) return [];
  const reasons = Object.entries(troubleReasons[kind] ?? {}).map(([reason, times]) => ({ reason, count: times }));
  return [{ kind, count, reasons }];
}
