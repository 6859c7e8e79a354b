/** Whether the tests may use the kernel. Where they may, what then does not work is a failure, never a skip. */
import { existsSync, readFileSync } from "node:fs";

/** What keeps kernel and cluster tests from running here, one phrase each; empty where they run. */
export const kernelObstacles: readonly string[] = [
  ...(process.getuid?.() === 0 ? [] : ["not root"]),
  ...(missingCapabilities().length === 0 ? [] : [`without ${missingCapabilities().join(", ")}`]),
  ...(existsSync("/sys/kernel/btf/vmlinux") ? [] : ["no kernel BTF at /sys/kernel/btf/vmlinux"]),
  ...(cgroup2IsMounted() ? [] : ["no cgroup2 mounted"]),
];

/** For `describe.skipIf(!canUseKernel)`. */
export const canUseKernel: boolean = kernelObstacles.length === 0;

// Numbers from linux/capability.h. SYS_ADMIN is for the namespaces of the testbed.
function missingCapabilities(): string[] {
  const needed = { CAP_NET_ADMIN: 12n, CAP_SYS_ADMIN: 21n, CAP_BPF: 39n };
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(readIfPresent("/proc/self/status"))?.[1] ?? "0"}`);
  return Object.entries(needed)
    .filter(([, bit]) => ((effective >> bit) & 1n) === 0n)
    .map(([name]) => name);
}

function cgroup2IsMounted(): boolean {
  return readIfPresent("/proc/mounts")
    .split("\n")
    .some((line) => line.split(" ")[2] === "cgroup2");
}

function readIfPresent(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
