/** Runs once before all tests. */
import { kernelObstacles } from "./privileges.ts";

/** Says in one line which tests are skipped here, and why. */
export function setup(): void {
  if (kernelObstacles.length === 0) return;
  process.stdout.write(`Kernel and cluster tests are skipped: ${kernelObstacles.join("; ")}.\n`);
}
