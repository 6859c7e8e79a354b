/** --watch: the same question again and again. */
import { setTimeout as sleep } from "node:timers/promises";
import { status } from "@grpc/grpc-js";
import { CallError, isTransient } from "../client/call-error.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import { LiveScreen } from "../common/live-screen.ts";
import { flag, integerBetween } from "../common/option-schemas.ts";
import type { OptionTable } from "../common/option-values.ts";
import type { Report } from "./core/report.ts";
import type { Session } from "./session.ts";
import type { Verb } from "./verb.ts";

const repeatOptions = {
  watch: {
    description: "ask again and again, until Ctrl-C",
    schema: flag(),
    default: "false",
    isFlag: true,
    short: "w",
  },
  "every-ms": {
    description: "how often --watch asks, milliseconds",
    schema: integerBetween(100, 3_600_000),
    default: "2000",
  },
} as const;

/** The options of a verb: its own and, where all it does is to answer, those of --watch. Verbs that change what is kept ask why. */
export function offeredOptions({ options, report }: Verb): OptionTable {
  return report === undefined || "why" in options ? options : { ...options, ...repeatOptions };
}

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
