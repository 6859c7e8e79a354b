import { spawnSync } from "node:child_process";

/** Runs lines of `ip` commands in one process, in a network namespace when one is named. Stops at the first error. */
export function ipCommand(lines: readonly string[], namespace?: string): void {
  const where = namespace === undefined ? [] : ["-n", namespace];
  const result = spawnSync("ip", [...where, "-batch", "-"], { input: `${lines.join("\n")}\n`, encoding: "utf8" });
  if (result.status !== 0) {
    const reason = result.error?.message ?? result.stderr.trim();
    throw new Error(`Cannot run ip ${[...where, ...lines].join("; ")}: ${reason}`);
  }
}
