/** What this process may do in the kernel. */
import { readFileSync } from "node:fs";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";

// include/uapi/linux/capability.h
const capabilityBits = { CAP_NET_ADMIN: 12, CAP_SYS_ADMIN: 21, CAP_PERFMON: 38, CAP_BPF: 39 } as const;

export type Capability = keyof typeof capabilityBits;

/** The effective capabilities in the text of /proc/self/status. */
export function capabilitiesIn(status: string): ReadonlySet<Capability> {
  const mask = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  const names = Object.keys(capabilityBits) as Capability[];
  return new Set(names.filter((name) => ((mask >> BigInt(capabilityBits[name])) & 1n) === 1n));
}

/** Throws ExitError unless this process may load and attach the programs. Returns what it has. */
export function requireCapabilities(): ReadonlySet<Capability> {
  const held = capabilitiesIn(readFileSync("/proc/self/status", "utf8"));
  const missing = (["CAP_BPF", "CAP_NET_ADMIN"] as const).filter((name) => !held.has(name));
  if (missing.length === 0) return held;
  throw new ExitError(
    exitCodes.insufficientPrivileges,
    `Cannot load BPF programs without ${missing.join(" and ")}: run as root, or grant them to the service`,
  );
}
