/**
 * What a gRPC error says beside its text: google.rpc.Status with a google.rpc.BadRequest, as the metadata entry
 * grpc-status-details-bin carries it (https://cloud.google.com/apis/design/errors). Only what is used of the two is described.
 */
import type { MessageTypeDefinition } from "@grpc/proto-loader";
import { fromJSON } from "@grpc/proto-loader";

/** One field that is wrong: its name as in the .proto file, such as "filter.source" or "candidates[3]". */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** The metadata entry. */
export const statusDetailsKey = "grpc-status-details-bin";

interface Status {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly typeUrl: string; readonly value: Uint8Array }[];
}

interface BadRequest {
  readonly fieldViolations: readonly FieldViolation[];
}

const badRequestUrl = "type.googleapis.com/google.rpc.BadRequest";

const definitions = fromJSON(
  {
    nested: {
      Any: { fields: { typeUrl: { type: "string", id: 1 }, value: { type: "bytes", id: 2 } } },
      Status: {
        fields: {
          code: { type: "int32", id: 1 },
          message: { type: "string", id: 2 },
          details: { rule: "repeated", type: "Any", id: 3 },
        },
      },
      FieldViolation: { fields: { field: { type: "string", id: 1 }, description: { type: "string", id: 2 } } },
      BadRequest: { fields: { fieldViolations: { rule: "repeated", type: "FieldViolation", id: 1 } } },
    },
  },
  { defaults: true },
);

const status = messageType<Status>("Status");
const badRequest = messageType<BadRequest>("BadRequest");

/** The entry's bytes for an error with these violations. `code` is gRPC's number. */
export function statusDetails(code: number, message: string, violations: readonly FieldViolation[]): Buffer {
  const value = badRequest.serialize({ fieldViolations: violations });
  return status.serialize({ code, message, details: [{ typeUrl: badRequestUrl, value }] });
}

/** The violations of an entry; none where it holds none or cannot be read. */
export function fieldViolations(details: Uint8Array): readonly FieldViolation[] {
  try {
    const { details: entries } = status.deserialize(Buffer.from(details));
    return entries
      .filter(({ typeUrl }) => typeUrl === badRequestUrl)
      .flatMap(({ value }) => badRequest.deserialize(Buffer.from(value)).fieldViolations)
      .map(({ field, description }) => ({ field, description }));
  } catch {
    return [];
  }
}

function messageType<T extends object>(name: string): MessageTypeDefinition<T, T> {
  return definitions[name] as unknown as MessageTypeDefinition<T, T>;
}
