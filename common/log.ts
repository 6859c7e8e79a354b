/** The programs' log: one JSON object a line on stderr, because stdout belongs to what a person reads. */
import type { Logger } from "pino";
import { pino } from "pino";

/** Messages are constant; what varies goes into the fields: `log.info({ port }, "listening")`. */
export type Log = Logger;

/** Written synchronously, so that the last lines before an end are not lost. */
export function createLog(program: string, level: string): Log {
  return pino(
    { level, base: { program, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** A log that says nothing. */
export function silentLog(): Log {
  return pino({ level: "silent" });
}
