/** --probe-kernel: what it says with and without privileges, and that it leaves nothing. */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ProbeResult } from "../../node-agent/kernel/kernel-probe.ts";
import { canUseKernel } from "../support/privileges.ts";
import { cgroupMount } from "../testbed/cgroup.ts";
import { projectRoot } from "../testbed/programs.ts";

const agent = [process.execPath, join(projectRoot(), "dist/node-agent/main.js"), "--probe-kernel"];

function probe(prefix: readonly string[] = []): Readonly<Record<string, ProbeResult>> {
  const [command = "", ...args] = [...prefix, ...agent];
  const results = JSON.parse(execFileSync(command, args, { encoding: "utf8" })) as readonly ProbeResult[];
  return Object.fromEntries(results.map((result) => [result.name, result]));
}

describe.skipIf(!canUseKernel)("probeKernel()", () => {
  test("finds that this kernel takes the program, and leaves no cgroup", () => {
    const results = probe();
    for (const name of ["privileges", "kernel BTF", "cgroup2", "kernel program"]) {
      expect(results[name], name).toMatchObject({ result: "ok", code: 0 });
    }
    expect(results["kernel program"]?.detail).toBe("loads, and attaches to a cgroup");
    expect(readdirSync(cgroupMount()).filter((name) => name.startsWith("augmenter-probe-"))).toEqual([]);
  });

  test("names what is missing without privileges, and tries no more", () => {
    const results = probe(["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"]);
    expect(results["privileges"]).toMatchObject({
      result: "fail",
      code: 5,
      detail: "without CAP_BPF, CAP_NET_ADMIN: run as root",
    });
    expect(results["delivery rates"]).toMatchObject({ result: "warn" });
    expect(results).not.toHaveProperty("kernel program");
  });

  test("says so where cgroup2 is not mounted", () => {
    // A mount namespace of its own, without the cgroup2 mounts; the BPF file system goes with them where it is below.
    const script =
      'for m in $(awk \'$3 == "cgroup2" { print $2 }\' /proc/self/mounts); do umount -l "$m"; done; exec "$@"';
    const results = probe(["unshare", "--mount", "sh", "-c", script, "sh"]);
    expect(results["cgroup2"]).toMatchObject({ result: "fail", code: 6 });
    expect(results["kernel program"]).toMatchObject({ result: "ok", detail: "loads; not attached without cgroup2" });
  });
});
