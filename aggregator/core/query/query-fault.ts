/** What is wrong with a question, in the words of gRPC; HTTP has a status for each. */

import type { FieldViolation } from "../../../proto/status-details.ts";

/** The codes that the query core answers with: gRPC's names. */
export type FaultCode =
  | "INVALID_ARGUMENT"
  | "NOT_FOUND"
  | "ABORTED"
  | "RESOURCE_EXHAUSTED"
  | "UNAVAILABLE"
  | "CANCELLED"
  | "DEADLINE_EXCEEDED";

/** Thrown by the query core for what the caller did; anything else that is thrown is a fault of the program. */
export class QueryFault extends Error {
  readonly code: FaultCode;
  readonly violations: readonly FieldViolation[];

  constructor(code: FaultCode, message: string, violations: readonly FieldViolation[] = []) {
    super(message);
    this.name = "QueryFault";
    this.code = code;
    this.violations = violations;
  }
}

/** Characters of a caller's text that an answer repeats. */
const shownMaxLength = 256;

/** A field that is wrong whatever the server knows. */
export function invalidField(field: string, requirement: string, value: unknown): QueryFault {
  return invalidFields([violationOf(field, requirement, value)]);
}

/** Several of them; the message names the first. */
export function invalidFields(violations: readonly FieldViolation[]): QueryFault {
  return new QueryFault("INVALID_ARGUMENT", violations[0]?.description ?? "Cannot read the request", violations);
}

/** What each part of a request stands for. Throws one QueryFault with every field that is wrong in any of them. */
export function allValid<Values extends readonly unknown[]>(
  ...parts: { readonly [Index in keyof Values]: () => Values[Index] }
): Values {
  const violations: FieldViolation[] = [];
  const values = parts.map((part) => {
    try {
      return part();
    } catch (error) {
      if (!(error instanceof QueryFault && error.code === "INVALID_ARGUMENT")) throw error;
      violations.push(...error.violations);
      return undefined;
    }
  });
  if (violations.length > 0) throw invalidFields(violations);
  return values as unknown as Values;
}

/** One field that is wrong, as a value. */
export function violationOf(field: string, requirement: string, value: unknown): FieldViolation {
  const text = typeof value === "string" ? value.slice(0, shownMaxLength) : value;
  const shown = (JSON.stringify(text) ?? "undefined").slice(0, shownMaxLength + 2);
  return { field, description: `Cannot use ${field} as it must be ${requirement}: current value is ${shown}` };
}

/** A well-formed question about something that is not known. */
export function notFound(what: string): QueryFault {
  return new QueryFault("NOT_FOUND", `Cannot find ${what}`);
}
