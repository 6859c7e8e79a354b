/** What a field of a request is called by who typed the command. */

/** Flags and arguments by the names of fields in the .proto files; what is not here is called the same in both. */
export const typedNames: Readonly<Record<string, string>> = {
  "filter.source": "--source",
  "filter.destination": "--destination",
  "filter.rack": "--rack",
  "filter.zone": "--zone",
  "filter.host_id": "--host-id",
  min_interval_ms: "--min-interval-ms",
  candidates: "candidate",
  bytes: "--bytes",
  concurrent: "--concurrent",
  first_window: "--first-window",
  level: "--level",
  sources: "name",
  destinations: "name",
  "scope.zone": "--zone",
  "scope.rack": "--rack",
  "scope.host": "--host",
  "scope.prefix": "--prefix",
  "rule.scope.zone": "--zone",
  "rule.scope.rack": "--rack",
  "rule.scope.host": "--host",
  "rule.scope.prefix": "--prefix",
  "rule.mode": "--mode",
  "rule.excluded": "--exclude",
  "rule.pin.window_segments": "--pin-window",
  "rule.pin.path_rate_bytes_per_second": "--pin-rate",
  "rule.limits.window_max_segments": "--window-max",
  "rule.limits.rate_max_bytes_per_second": "--rate-max",
  "rule.limits.receive_window_max_bytes": "--receive-window-max",
  "rule.limits.confidence_min": "--confidence-min",
  why: "--why",
  expected_revision: "--revision",
};

/** A server's complaint about a field, "Cannot use transfer.bytes as ...", about what was typed instead. */
export function asTyped(message: string): string {
  return message.replace(/^Cannot use ([\w.]+)(?:\[\d+\])? as /, (whole, field: string) => {
    const typed = typedNames[field];
    return typed === undefined ? whole : `Cannot use ${typed} as `;
  });
}
