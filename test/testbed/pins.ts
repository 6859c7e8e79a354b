import { readdirSync, readFileSync, rmdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";

/** The BPF pins of agents whose host id starts with a prefix: their names. Empty where no BPF file system is mounted. */
export function pinnedHostIds(prefix: string): readonly string[] {
  return entriesOf(pinRoot()).filter((name) => name.startsWith(prefix));
}

/** Removes the pins that killed agents of these host ids left. Attached programs go with their cgroup. */
export function removePins(prefix: string): void {
  for (const name of pinnedHostIds(prefix)) removeTree(join(pinRoot(), name));
  // And the locks of their host ids.
  for (const name of entriesOf("/run/augmenter").filter((entry) => entry.startsWith(prefix))) {
    unlinkSync(join("/run/augmenter", name));
  }
}

function pinRoot(): string {
  for (const line of readFileSync("/proc/self/mounts", "utf8").split("\n")) {
    const [, path, kind] = line.split(" ");
    if (kind === "bpf" && path !== undefined) return join(path, "augmenter");
  }
  return "";
}

function removeTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(path, entry.name));
    else unlinkSync(join(path, entry.name));
  }
  rmdirSync(path);
}

function entriesOf(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
