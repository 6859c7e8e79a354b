/** Where cgroup2 and the BPF file system are mounted. */
import { execFileSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, statSync } from "node:fs";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";

/**
 * Where the first mount of a file system type ("cgroup2", "bpf") is, from the text of /proc/self/mounts; undefined where
 * there is none. Octal escapes of blanks in paths are undone.
 */
export function mountOf(type: string, mounts: string): string | undefined {
  for (const line of mounts.split("\n")) {
    const [, path, fileSystem] = line.split(" ");
    if (fileSystem === type && path !== undefined) {
      return path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    }
  }
  return undefined;
}

/** The path of the BPF file system, mounted where the host has none. Throws ExitError where that is refused. */
export function bpfFileSystem(): string {
  // systemd mounts it on every host it runs; elsewhere it goes to the same place.
  const path = "/sys/fs/bpf";
  return mountOf("bpf", mounts()) ?? mounted("bpf", path);
}

/**
 * Opens the cgroup to attach to. `cgroup` is a path below the cgroup2 mount ("system.slice") or an absolute one; empty: the
 * root cgroup, so every process of the host. The caller closes the descriptor. Throws ExitError.
 */
export function openCgroup(cgroup: string): number {
  const visible = mountOf("cgroup2", mounts());
  // `ip netns exec` gives its command a new /sys without the mounts below it: a mount for the moment of opening is enough.
  const mount = visible ?? mounted("cgroup2", "/run/augmenter/cgroup2");
  try {
    const path = candidates(cgroup, mount).find(isCgroup);
    if (path !== undefined) return openSync(path, "r");
  } finally {
    if (visible === undefined) execFileSync("umount", ["--lazy", mount]);
  }
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot use --cgroup as it must be a cgroup2 directory below ${mount}: current value is ${cgroup}`,
  );
}

// An absolute path may name a mount point that this process sees elsewhere: its ends are tried below the one it sees.
function candidates(cgroup: string, mount: string): string[] {
  const parts = cgroup.split("/").filter((part) => part !== "");
  if (!cgroup.startsWith("/")) return [[mount, ...parts].join("/")];
  return [cgroup, ...parts.map((_, index) => [mount, ...parts.slice(index)].join("/"))];
}

function isCgroup(path: string): boolean {
  try {
    return statSync(path).isDirectory() && statSync(`${path}/cgroup.procs`).isFile();
  } catch {
    return false;
  }
}

function mounted(type: string, path: string): string {
  const command = ["mount", "-t", type, "none", path];
  try {
    mkdirSync(path, { recursive: true });
    execFileSync(command[0] ?? "", command.slice(1), { stdio: "pipe" });
    return path;
  } catch (error) {
    const reason = (error as { stderr?: Buffer }).stderr?.toString().trim() || String(error);
    throw new ExitError(
      exitCodes.kernelUnsuitable,
      `Cannot find a ${type} mount, nor make one with \`${command.join(" ")}\`: ${reason}`,
    );
  }
}

function mounts(): string {
  return readFileSync("/proc/self/mounts", "utf8");
}
