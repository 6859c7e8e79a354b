import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cgroupMount, removeCgroup } from "./cgroup.ts";
import { namespaces, removeNamespace } from "./namespace.ts";
import { pinnedHostIds, removePins } from "./pins.ts";
import { CGROUP_PREFIX, NAMESPACE_PREFIX, ownerLives, runIdIn } from "./run-id.ts";

/**
 * Removes the cgroups and network namespaces of testbeds whose owning process no longer lives, and kills the processes
 * still inside them. Nothing without a testbed's run id in its name is touched.
 */
export function removeLeftovers(): void {
  for (const runId of leftoverRunIds()) {
    removeRun(runId);
  }
}

/** Removes everything one run has made, processes inside included. Does nothing when all of it is gone. */
export function removeRun(runId: string): void {
  removeCgroup(join(cgroupMount(), `${CGROUP_PREFIX}${runId}`));
  for (const name of namespaces(`${NAMESPACE_PREFIX}${runId}-`)) {
    removeNamespace(name);
  }
  removePins(`${NAMESPACE_PREFIX}${runId}-`);
}

function leftoverRunIds(): readonly string[] {
  const cgroups = readdirSync(cgroupMount()).filter((name) => name.startsWith(CGROUP_PREFIX));
  const names = [
    ...cgroups.map((name) => name.slice(CGROUP_PREFIX.length)),
    ...[...namespaces(NAMESPACE_PREFIX), ...pinnedHostIds(NAMESPACE_PREFIX)].map((name) =>
      name.slice(NAMESPACE_PREFIX.length),
    ),
  ];
  const runIds = new Set(names.map(runIdIn).filter((runId) => runId !== null));
  return [...runIds].filter((runId) => !ownerLives(runId));
}
