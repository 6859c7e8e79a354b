/** What a call ends with when it fails. */
import type { ServiceError } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import type { FieldViolation } from "../proto/status-details.ts";
import { fieldViolations, statusDetailsKey } from "../proto/status-details.ts";

/** A gRPC status as an Error: `code` is one of grpc-js's `status`, `codeName` its name, `message` what the server said. */
export class CallError extends Error {
  readonly code: status;
  readonly codeName: string;
  /** Of INVALID_ARGUMENT: each field that is wrong, by its name in the .proto file. */
  readonly violations: readonly FieldViolation[];

  constructor(code: status, message: string, violations: readonly FieldViolation[] = [], options?: ErrorOptions) {
    super(message, options);
    this.name = "CallError";
    this.code = code;
    this.codeName = status[code] ?? String(code);
    this.violations = violations;
  }
}

/** What grpc-js throws, as a CallError; anything else as it is. */
export function callErrorFrom(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || !("details" in error)) return error;
  const { code, details, metadata } = error as Partial<ServiceError> & Pick<ServiceError, "code">;
  const [entry] = metadata?.get(statusDetailsKey) ?? [];
  const violations = Buffer.isBuffer(entry) ? fieldViolations(entry) : [];
  return new CallError(code, details || error.message, violations, { cause: error });
}

/** Whether the same call may succeed a moment later without anybody changing anything. */
export function isTransient(error: unknown): boolean {
  return error instanceof CallError && error.code === status.UNAVAILABLE;
}
