import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { ipCommand } from "./ip-command.ts";

const NAMESPACE_FOLDER = "/run/netns";

/** Makes network namespaces. */
export function createNamespaces(names: readonly string[]): void {
  ipCommand(names.map((name) => `netns add ${name}`));
}

/** Sets sysctls inside a namespace: name with slashes, as below /proc/sys, to value. */
export function setSysctls(namespace: string, values: Readonly<Record<string, string>>): void {
  const script = Object.entries(values)
    .map(([name, value]) => `echo ${value} > /proc/sys/${name}`)
    .join(" && ");
  const result = spawnSync("nsenter", [`--net=${namespacePath(namespace)}`, "--", "sh", "-c", script], {
    encoding: "utf8",
  });
  if (result.status !== 0) {
    throw new Error(`Cannot set sysctls in namespace "${namespace}": ${result.error?.message ?? result.stderr.trim()}`);
  }
}

/** Kills what still runs in a namespace and deletes it. Does nothing when it does not exist. */
export function removeNamespace(name: string): void {
  if (!namespaces(name).includes(name)) {
    return;
  }
  const pids = spawnSync("ip", ["netns", "pids", name], { encoding: "utf8" });
  for (const pid of (pids.stdout ?? "").split("\n").filter(Boolean)) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // Already gone.
    }
  }
  const result = spawnSync("ip", ["netns", "delete", name], { encoding: "utf8" });
  if (result.status !== 0 && namespaces(name).includes(name)) {
    throw new Error(`Cannot delete namespace "${name}": ${result.stderr.trim()}`);
  }
}

/** The named network namespaces of this machine that begin with a prefix. */
export function namespaces(prefix: string): readonly string[] {
  try {
    return readdirSync(NAMESPACE_FOLDER).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

/** The file that keeps a named namespace. */
export function namespacePath(name: string): string {
  return `${NAMESPACE_FOLDER}/${name}`;
}
