/** Who makes a call. */
import type { ServerUnaryCall } from "@grpc/grpc-js";

/** What decides what a caller may do, and what is recorded of it. */
export interface Caller {
  /** Name of the token or subject of the client certificate; "anonymous". */
  readonly who: string;
  /** Where the call came from. */
  readonly peer: string;
  readonly role: "reader" | "writer";
}

/** A call, as far as it tells who makes it. */
export type CallOrigin = Pick<ServerUnaryCall<unknown, unknown>, "metadata" | "getPeer" | "getAuthContext">;

/** Tells who makes a call. */
export type CallerOf = (call: CallOrigin) => Caller;
