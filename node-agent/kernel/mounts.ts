/** Where cgroup2 and the BPF file system are mounted. */
import { execFileSync } from "node:child_process";
import { openSync, readFileSync, readlinkSync, statSync } from "node:fs";
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

/**
 * The path of the BPF file system, mounted where the host has none. Throws ExitError where that is refused.
 *
 * `ip netns exec` gives its command a mount namespace of its own, without the mounts below /sys, that ends with the command:
 * what is pinned in a mount of that namespace would not outlive the agent. So where the caller has another namespace than this
 * process, it is the caller's mount that is used.
 */
export function bpfFileSystem(): string {
  const visible = mountOf("bpf", mounts("self"));
  if (visible !== undefined) return visible;
  // systemd mounts it here on every host it runs; elsewhere it goes to the same place.
  const path = "/sys/fs/bpf";
  const caller = callerWithOtherMounts();
  if (caller === undefined) return mounted("bpf", path);
  const outside = mountOf("bpf", mounts(caller)) ?? mounted("bpf", path, ["nsenter", `--mount=/proc/${caller}/ns/mnt`]);
  // The descriptor leads there even when the caller has ended, and processes that this one starts, too. It is never closed.
  return `/proc/${process.pid}/fd/${openSync(`/proc/${caller}/root${outside}`, "r")}`;
}

/**
 * Opens the cgroup to attach to. `cgroup` is a path below the cgroup2 mount ("system.slice") or an absolute one; empty: the
 * root cgroup, so every process of the host. The caller closes the descriptor. Throws ExitError.
 */
export function openCgroup(cgroup: string): number {
  const caller = callerWithOtherMounts();
  const outside = caller === undefined ? undefined : mountOf("cgroup2", mounts(caller));
  const mount = mountOf("cgroup2", mounts("self")) ?? (outside && `/proc/${caller}/root${outside}`);
  if (mount === undefined) {
    throw new ExitError(
      exitCodes.kernelUnsuitable,
      "Cannot find a cgroup2 mount: make one with `mount -t cgroup2 none /sys/fs/cgroup/unified`",
    );
  }
  const path = candidates(cgroup, mount).find(isCgroup);
  if (path !== undefined) return openSync(path, "r");
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

/** The process that started this one, where its mounts are others than ours and can be reached. */
function callerWithOtherMounts(): number | undefined {
  try {
    const isOther = readlinkSync(`/proc/${process.ppid}/ns/mnt`) !== readlinkSync("/proc/self/ns/mnt");
    return isOther ? process.ppid : undefined;
  } catch {
    return undefined;
  }
}

function mounted(type: string, path: string, inside: readonly string[] = []): string {
  const command = [...inside, "mount", "-t", type, "none", path];
  try {
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

function mounts(process: number | "self"): string {
  return readFileSync(`/proc/${process}/mounts`, "utf8");
}
