/** A host as the query service tells it. */
import { addressText } from "../../../proto/address.ts";
import type { HostInfo } from "../../../proto/gen/augmenter/v1/HostInfo.ts";
import type { HostState } from "../hosts.ts";
import { restrictedMode } from "../policy/effective-policy.ts";
import { modeNames } from "../policy/policy-message.ts";
import type { View } from "../view.ts";

/** The message for one host at a moment. */
export function hostMessage(view: View, host: HostState, nowMs: number): HostInfo {
  const coordinateError = view.inference.coordinates.errorOf(host.hostId);
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
    troubles: Object.entries(host.troubles).map(([kind, count]) => ({ kind, count })),
    ...(coordinateError === undefined ? {} : { coordinateError }),
    adviceEntries: view.ledger.entriesOf(host.hostId),
  };
}
