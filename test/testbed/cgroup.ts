import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sleepSync } from "./sleep-sync.ts";

const REMOVAL_ATTEMPTS = 100;
const REMOVAL_PAUSE_MS = 20;

/** Where the cgroup v2 hierarchy is mounted: /sys/fs/cgroup, or /sys/fs/cgroup/unified beside v1. */
export function cgroupMount(): string {
  for (const line of readFileSync("/proc/self/mounts", "utf8").split("\n")) {
    const [, path, kind] = line.split(" ");
    if (kind === "cgroup2" && path !== undefined) {
      return path;
    }
  }
  throw new Error("Cannot create a testbed: no cgroup2 file system in /proc/self/mounts");
}

/** Makes a child cgroup and its parents. */
export function createCgroup(path: string): void {
  mkdirSync(path, { recursive: true });
}

/** The processes in a cgroup and all below it; empty when it does not exist. */
export function processesIn(path: string): readonly number[] {
  const own = readOrEmpty(join(path, "cgroup.procs")).split("\n").filter(Boolean).map(Number);
  return [...own, ...childCgroups(path).flatMap((child) => processesIn(join(path, child)))];
}

/**
 * Kills every process in a cgroup and all below it, then removes them all. Attached BPF links do not stand in the way:
 * they are detached as the cgroup goes. Does nothing when it does not exist.
 */
export function removeCgroup(path: string): void {
  for (let attempt = 1; ; attempt += 1) {
    killAll(path);
    try {
      removeTree(path);
      return;
    } catch (error) {
      // EBUSY until the last killed process has been reaped.
      if (attempt === REMOVAL_ATTEMPTS) {
        throw new Error(`Cannot remove cgroup "${path}": ${codeOf(error)}`);
      }
    }
    sleepSync(REMOVAL_PAUSE_MS);
  }
}

function killAll(path: string): void {
  if (processesIn(path).length === 0) {
    return;
  }
  try {
    writeFileSync(join(path, "cgroup.kill"), "1");
  } catch {
    // Kernels before 5.14 have no cgroup.kill.
    for (const pid of processesIn(path)) {
      killQuietly(pid);
    }
  }
}

function removeTree(path: string): void {
  for (const child of childCgroups(path)) {
    removeTree(join(path, child));
  }
  try {
    rmdirSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") {
      throw error;
    }
  }
}

function childCgroups(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
