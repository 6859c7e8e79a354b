/** Hosts as a table. */
import { ageText, rateText } from "../../common/quantities.ts";
import type { HostInfo__Output } from "../../proto/gen/augmenter/v1/HostInfo.ts";
import type { Cell, Column, Report } from "../core/report.ts";
import { unknownText } from "./path-report.ts";

const columns: readonly Column[] = [
  { title: "host", isText: true },
  { title: "rack", isText: true },
  { title: "zone", isText: true },
  { title: "mode", isText: true },
  { title: "link" },
  { title: "advice" },
  { title: "heard" },
  { title: "troubles", isText: true },
  { title: "why", isText: true, isWide: true },
  { title: "clock", isWide: true },
  { title: "agent", isText: true, isWide: true },
  { title: "kernel", isText: true, isWide: true },
  { title: "addresses", isText: true, isWide: true },
];

/** A host is late when it was silent for this many of its own intervals. */
const lateIntervals = 5;

/** A row for each host; where there is none, `why` that is so. Warnings are of the cluster as a whole. */
export function hostsReport(
  hosts: readonly HostInfo__Output[],
  warnings: readonly string[],
  notes: readonly string[],
  why: string,
): Report {
  return {
    value: { hosts, warnings },
    tables: [{ columns, rows: hosts.map(row), empty: `No hosts: ${why}.` }],
    notes: [...warnings.map((warning) => `Warning: ${warning}`), ...notes],
  };
}

function row(host: HostInfo__Output): Cell[] {
  const isLate = host.ageSeconds * 1_000 > lateIntervals * Math.max(1_000, host.reportIntervalMs);
  return [
    host.hostId,
    host.rack || unknownText,
    host.zone || unknownText,
    modeCell(host),
    host.linkBytesPerSecond > 0 ? rateText(host.linkBytesPerSecond) : unknownText,
    String(host.adviceEntries),
    isLate ? { text: ageText(host.ageSeconds), tone: "bad" } : ageText(host.ageSeconds),
    troublesCell(host),
    reasonsText(host),
    `${host.clockOffsetMs} ms`,
    host.agentVersion || unknownText,
    host.kernelRelease || unknownText,
    host.addresses.join(" ") || unknownText,
  ];
}

// What was wrong with what it said, the most frequent first.
function troublesCell({ troubles }: HostInfo__Output): Cell {
  if (troubles.length === 0) return "none";
  const sorted = [...troubles].sort((left, right) => right.count - left.count);
  return { text: sorted.map(({ kind, count }) => `${kind} ${count}`).join(", "), tone: "warn" };
}

// Of the kinds that have several reasons, each with its number.
function reasonsText({ troubles }: HostInfo__Output): string {
  const reasons = troubles.flatMap((trouble) => trouble.reasons);
  const sorted = reasons.toSorted((left, right) => right.count - left.count);
  return sorted.map(({ reason, count }) => `${reason} ${count}`).join(", ") || "none";
}

// What the policy leaves of the host's own mode is what counts.
function modeCell({ mode, policyMode }: HostInfo__Output): Cell {
  const own = modeText(mode);
  const left = policyMode === "MODE_UNSPECIFIED" ? own : modeText(policyMode);
  if (left !== own) return { text: `${left} (host: ${own})`, tone: "warn" };
  return own === "apply" ? { text: own, tone: "good" } : own;
}

/** "observe", "apply", "off" or "unknown". */
export function modeText(mode: string): string {
  const word = mode.replace("MODE_", "").toLowerCase();
  return word === "unspecified" ? "unknown" : word;
}
