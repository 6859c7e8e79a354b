/** The outermost frame of every program: its end, whatever the cause, is one code and at most one line. */
import type { ExitCode } from "./exit-codes.ts";
import { ExitError, exitCodes } from "./exit-codes.ts";
import { printable } from "./printable-text.ts";

/** What a program needs of its process; the tests bring their own. */
export interface ProcessLike {
  readonly stderr: { write(text: string): unknown };
  exit(code: number): unknown;
}

/**
 * Runs a program to its end and exits the process: 0 when `main` returns, the code of an ExitError with its message
 * as one line on stderr, and 1 with a stack trace for anything else, because that is a fault in the program.
 */
export async function runMain(main: () => Promise<void>, host: ProcessLike = process): Promise<void> {
  let code: ExitCode = exitCodes.ok;
  try {
    await main();
  } catch (error) {
    if (error instanceof ExitError) {
      code = error.code;
      host.stderr.write(`${oneLine(error.message)}\n`);
    } else {
      code = exitCodes.unexpected;
      host.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    }
  }
  // Not exitCode: a handle that was left open must not keep a program that has ended.
  host.exit(code);
}

function oneLine(text: string): string {
  return printable(text.replaceAll(/\s*[\r\n]+\s*/g, " ").trim());
}
