/** The file that keeps what the programs log. */
import { closeSync, openSync, writeSync } from "node:fs";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";

/** A file that lines are appended to. */
export interface LogFile {
  append(line: string): void;
  close(): void;
}

/** Opens it, or stands for none where the path is empty. Throws ExitError 2 where it cannot be written. */
export function openLogFile(path: string): LogFile {
  if (path === "") return { append: () => undefined, close: () => undefined };
  const fd = openedFile(path);
  let failed = false;
  return {
    append: (line) => {
      // A full disk must not end the programs whose log it does not hold.
      if (!failed) failed = !written(fd, `${line}\n`);
    },
    close: () => closeSync(fd),
  };
}

function openedFile(path: string): number {
  try {
    return openSync(path, "a", 0o640);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ExitError(exitCodes.badConfiguration, `Cannot write --log-file "${path}": ${code}`, { cause: error });
  }
}

function written(fd: number, text: string): boolean {
  try {
    writeSync(fd, text);
    return true;
  } catch {
    return false;
  }
}
