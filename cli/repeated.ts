/** --watch: the same question again and again. */
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { CallError, isTransient } from "../client/call-error.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import { LiveScreen } from "../common/live-screen.ts";
import type { Report } from "./core/report.ts";
import type { Session } from "./session.ts";

/**
 * Asks until Ctrl-C. On a terminal each answer takes the place of the one before; elsewhere one follows the other. A server that is away
 * after the first answer is asked again.
 */
export async function repeat(session: Session, ask: () => Promise<Report>, everyMs: number): Promise<void> {
  const { stdout } = session.surroundings;
  const signal = session.surroundings.interruption();
  const { output } = session.settings.values;
  const screen =
    stdout.isTTY === true && (output === "table" || output === "wide") ? new LiveScreen(stdout) : undefined;
  screen?.clear();
  for (let answers = 0; !signal.aborted; ) {
    try {
      const text = session.textOf(await ask(), true);
      if (screen === undefined) session.print(text);
      else screen.draw(text.trimEnd().split("\n"));
      answers += 1;
    } catch (error) {
      if (signal.aborted) return;
      if (answers === 0 || !mayPass(error)) throw error;
      session.note("no answer; asking again");
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function mayPass(error: unknown): boolean {
  if (error instanceof CallError) return isTransient(error) || error.code === status.DEADLINE_EXCEEDED;
  return error instanceof ExitError && error.code === exitCodes.serverUnreachable;
}
