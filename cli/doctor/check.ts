/** One thing that doctor looked at. */
import type { ExitCode } from "../../common/exit-codes.ts";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";

/** What came of it. */
export interface Check {
  readonly name: string;
  /** "warn": Augmenter works here all the same; "skip": another check has to pass first. */
  readonly result: "ok" | "warn" | "fail" | "skip";
  readonly detail: string;
  /** What doctor ends with where this is the first that failed. */
  readonly code: ExitCode;
}

/** It works. */
export function passed(name: string, detail: string): Check {
  return { name, result: "ok", detail, code: exitCodes.ok };
}

/** It does not; an ExitError brings its own code. */
export function failed(name: string, error: unknown, code: ExitCode = exitCodes.unhealthy): Check {
  const detail = error instanceof Error ? error.message : String(error);
  return { name, result: "fail", detail, code: error instanceof ExitError ? error.code : code };
}

/** It is not as it should be, but nothing breaks. */
export function doubtful(name: string, detail: string): Check {
  return { name, result: "warn", detail, code: exitCodes.ok };
}

/** It could not be looked at. */
export function skipped(name: string, detail: string): Check {
  return { name, result: "skip", detail, code: exitCodes.ok };
}
