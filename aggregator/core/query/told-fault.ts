/** As much of a fault as an answer tells: gRPC carries it in HTTP/2 trailers, of which clients take 8 KiB unless told otherwise. */
import type { FieldViolation } from "../../../proto/status-details.ts";
import type { QueryFault } from "./query-fault.ts";

const violationsMax = 20;
/** Of their texts in UTF-8; with the message, and as base64, all stays below the 8 KiB. */
const violationsMaxBytes = 3_072;
/** gRPC writes a byte of it as up to three. */
const messageMaxBytes = 512;

/** What an answer says is wrong. */
export interface ToldFault {
  readonly message: string;
  /** The first ones; where some are left out, one without a field says at the end how many. */
  readonly violations: readonly FieldViolation[];
}

/** Cuts what would be too long. */
export function toldFault({ message, violations }: QueryFault): ToldFault {
  const count = countWithin(violations);
  const leftOut = violations.length - count;
  if (leftOut === 0) return { message: cut(message), violations };
  return {
    // It names the first field only.
    message: `${cut(message)}, and ${violations.length - 1} more`,
    violations: [...violations.slice(0, count), { field: "", description: `and ${leftOut} more` }],
  };
}

function countWithin(violations: readonly FieldViolation[]): number {
  let bytes = 0;
  const first = violations.slice(0, violationsMax);
  const over = first.findIndex(({ field, description }, index) => {
    bytes += Buffer.byteLength(field) + Buffer.byteLength(description);
    return index > 0 && bytes > violationsMaxBytes;
  });
  return over < 0 ? first.length : over;
}

// Halves of surrogate pairs, which gRPC cannot write, end up as U+FFFD.
function cut(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= messageMaxBytes) return bytes.toString();
  // As of a stream that goes on: a character that is cut in two is left out.
  const whole = new TextDecoder().decode(bytes.subarray(0, messageMaxBytes), { stream: true });
  return `${whole}...`;
}
