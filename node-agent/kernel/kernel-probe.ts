/** What of the kernel works here, found by trying it. Nothing that is tried outlives the process. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmdirSync, statSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import type { ExitCode } from "../../common/exit-codes.ts";
import { exitCodes } from "../../common/exit-codes.ts";
import { loadObject, mapNames } from "./bpf-object.ts";
import { openLibbpf } from "./libbpf.ts";
import { mountOf } from "./mounts.ts";
import { capabilitiesIn } from "./privileges.ts";

/** One thing that was tried. */
export interface ProbeResult {
  readonly name: string;
  /** "warn": it works without, but less well. */
  readonly result: "ok" | "warn" | "fail";
  readonly detail: string;
  /** What the agent would end with. */
  readonly code: ExitCode;
}

const btfPath = "/sys/kernel/btf/vmlinux";
const cgroupSockOps = 3; // enum bpf_attach_type, BPF_CGROUP_SOCK_OPS
const probeEntries = 64;

/**
 * Tries privileges, BTF, mounts, and whether this kernel takes the very program that the agent loads: loaded, and attached to a
 * cgroup of its own without processes, which is removed again.
 */
export function probeKernel(objectPath: string): ProbeResult[] {
  const status = readFileSync("/proc/self/status", "utf8");
  const mounts = readFileSync("/proc/self/mounts", "utf8");
  const held = capabilitiesIn(status);
  const missing = (["CAP_BPF", "CAP_NET_ADMIN"] as const).filter((name) => !held.has(name));
  const canReadKernelStructs = held.has("CAP_PERFMON") || held.has("CAP_SYS_ADMIN");
  const { ok: code, insufficientPrivileges, kernelUnsuitable } = exitCodes;
  const results: ProbeResult[] = [
    missing.length === 0
      ? { name: "privileges", result: "ok", detail: "CAP_BPF, CAP_NET_ADMIN", code }
      : {
          name: "privileges",
          result: "fail",
          detail: `without ${missing.join(", ")}: run as root`,
          code: insufficientPrivileges,
        },
    canReadKernelStructs
      ? { name: "delivery rates", result: "ok", detail: "CAP_PERFMON", code }
      : {
          name: "delivery rates",
          result: "warn",
          detail: "without CAP_PERFMON no rate counts as the full path's",
          code,
        },
    isFile(btfPath)
      ? { name: "kernel BTF", result: "ok", detail: `${btfPath}, Linux ${release()}`, code }
      : {
          name: "kernel BTF",
          result: "fail",
          detail: `${btfPath} is not there, Linux ${release()}`,
          code: kernelUnsuitable,
        },
    mountResult("cgroup2", mounts, "fail", "not mounted: mount -t cgroup2 none /sys/fs/cgroup/unified"),
    mountResult("bpf", mounts, "warn", "not mounted: the agent mounts it at /sys/fs/bpf"),
  ];
  if (missing.length > 0) return results;
  return [...results, programResult(objectPath, mountOf("cgroup2", mounts), canReadKernelStructs)];
}

function mountResult(type: string, mounts: string, otherwise: "warn" | "fail", detail: string): ProbeResult {
  const name = type === "bpf" ? "BPF file system" : type;
  const path = mountOf(type, mounts);
  if (path !== undefined) return { name, result: "ok", detail: path, code: exitCodes.ok };
  return { name, result: otherwise, detail, code: otherwise === "fail" ? exitCodes.kernelUnsuitable : exitCodes.ok };
}

function programResult(
  objectPath: string,
  cgroupMount: string | undefined,
  canReadKernelStructs: boolean,
): ProbeResult {
  const name = "kernel program";
  try {
    const libbpf = openLibbpf();
    const maxEntries = Object.fromEntries(
      mapNames.filter((map) => /^(advice|fold_|shares)/.test(map)).map((map) => [map, probeEntries]),
    );
    const { programFd } = loadObject(libbpf, objectPath, { reuse: {}, maxEntries, canReadKernelStructs });
    if (cgroupMount === undefined)
      return { name, result: "ok", detail: "loads; not attached without cgroup2", code: exitCodes.ok };
    inOwnCgroup(cgroupMount, (cgroupFd) =>
      closeSync(libbpf.bpf_link_create.call(programFd, cgroupFd, cgroupSockOps, null)),
    );
    return { name, result: "ok", detail: "loads, and attaches to a cgroup", code: exitCodes.ok };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { name, result: "fail", detail, code: exitCodes.kernelUnsuitable };
  }
}

function inOwnCgroup(mount: string, use: (fd: number) => void): void {
  const path = join(mount, `augmenter-probe-${process.pid}`);
  mkdirSync(path);
  try {
    const fd = openSync(path, "r");
    try {
      use(fd);
    } finally {
      closeSync(fd);
    }
  } finally {
    rmdirSync(path);
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
