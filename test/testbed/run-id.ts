import { readFileSync } from "node:fs";

/** Begins the name of every network namespace a testbed makes. */
export const NAMESPACE_PREFIX = "aug-";
/** Begins the name of every top-level cgroup a testbed makes. */
export const CGROUP_PREFIX = "augmenter-test-";

const RUN_ID = /^(\d+)-([0-9a-z]+)-(\d+)(?:-|$)/;

let runCount = 0;

/** A name for one testbed that says which process owns it: pid, that process's start time, and a count within it. */
export function newRunId(): string {
  runCount += 1;
  return `${process.pid}-${startTimeOf(process.pid) ?? "0"}-${runCount}`;
}

/** The run id at the start of what follows a prefix ("12-a1b2-1-host" gives "12-a1b2-1"), or null when it has none. */
export function runIdIn(name: string): string | null {
  const match = RUN_ID.exec(name);
  return match === null ? null : `${match[1]}-${match[2]}-${match[3]}`;
}

/**
 * Whether the process that made this run id still lives. Its start time tells it from a later process with the same
 * pid. The same process counts as alive even when it has forgotten the run: only a dead owner leaves leftovers.
 */
export function ownerLives(runId: string): boolean {
  const match = RUN_ID.exec(runId);
  return match !== null && startTimeOf(Number(match[1])) === match[2];
}

/** Field 22 of /proc/<pid>/stat in base 36 (proc_pid_stat(5)); null when there is no such process or only a zombie. */
function startTimeOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name may hold spaces and brackets, so fields are counted from its closing one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : Number(fields[19]).toString(36);
  } catch {
    return null;
  }
}
