/** Waiting for what must come, with a limit. */
import { setTimeout as sleep } from "node:timers/promises";

/** Looks again and again until it is so. Throws with `what` after waitMs. */
export async function until(what: string, waitMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const endsMs = performance.now() + waitMs;
  while (!(await isSo())) {
    if (performance.now() > endsMs) throw new Error(`Cannot wait longer than ${waitMs} ms until ${what}`);
    await sleep(20);
  }
}
