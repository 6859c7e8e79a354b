/** Removes from the kernel what an agent has left that was killed. An agent that ends in order leaves nothing. */
import { existsSync, readdirSync, readFileSync, rmdirSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { mountOf } from "../../node-agent/kernel/mounts.ts";
import { readInEveryNamespace } from "../../node-agent/kernel/release.ts";

/** The pins of a host id, as node-agent/kernel/pin-directory.ts lays them out; undefined without a BPF file system. */
export function pinsPath(
  hostId: string,
  mounts: string = readFileSync("/proc/self/mounts", "utf8"),
): string | undefined {
  const mount = mountOf("bpf", mounts);
  return mount === undefined ? undefined : `${mount}/augmenter/${hostId}`;
}

/** Lifts the pacing of open connections, then unpins everything below `path`, which detaches the program. Returns what could not be lifted. */
export function removePins(path: string): string[] {
  if (!existsSync(path)) return [];
  const failures = existsSync(`${path}/release`) ? readInEveryNamespace(`${path}/release`) : [];
  removeTree(path);
  try {
    rmdirSync(dirname(path));
  } catch {
    // Another host id has pins there.
  }
  return failures;
}

function removeTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(`${path}/${entry.name}`);
    else unlinkSync(`${path}/${entry.name}`);
  }
  rmdirSync(path);
}
