/** Runs once before all tests. */
import { kernelObstacles } from "./privileges.ts";

const said = "AUGMENTER_TEST_SKIPS_SAID";

/** Says in one line which tests are skipped here, and why. */
export function setup(): void {
  // Vitest calls this once for each project.
  if (kernelObstacles.length === 0 || process.env[said] !== undefined) return;
  process.env[said] = "1";
  process.stdout.write(`Kernel and cluster tests are skipped: ${kernelObstacles.join("; ")}.\n`);
}
