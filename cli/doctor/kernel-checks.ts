/** What the kernel of this host can do: the agent tries it, in a process of its own. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Check } from "./check.ts";
import { failed } from "./check.ts";

const agentScript = fileURLToPath(new URL("../../node-agent/main.js", import.meta.url));
const probeMs = 20_000;

/** The checks as the agent's --probe-kernel tells them. */
export async function kernelChecks(): Promise<readonly Check[]> {
  try {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [agentScript, "--probe-kernel"], {
      timeout: probeMs,
      maxBuffer: 1 << 20,
    });
    return JSON.parse(stdout) as readonly Check[];
  } catch (error) {
    const said = (error as { readonly stderr?: string }).stderr?.trim().split("\n").at(-1);
    return [failed("kernel", said || error)];
  }
}
