/** Turns away who may not call, before the call's message is read. */
import type { ServerInterceptor } from "@grpc/grpc-js";
import { ServerInterceptingCall, status } from "@grpc/grpc-js";
import type { Caller, CallOrigin } from "./caller.ts";

/** Tells who makes a call; undefined: nobody who is known. */
export type KnownCaller = (call: CallOrigin) => Caller | undefined;

/** What only writers may call. */
const writing: ReadonlySet<string> = new Set(
  ["SetPolicyRule", "DeletePolicyRule"].map((name) => `/augmenter.v1.PolicyService/${name}`),
);
/** Load balancers ask without credentials, and learn nothing but that somebody serves. */
const open = "/grpc.health.v1.Health/";

/** For the server's options. */
export function accessInterceptor(callerOf: KnownCaller): ServerInterceptor {
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onReceiveMetadata: (metadata, pass) => {
            const refusal = refusalOf(method.path, () =>
              callerOf({ metadata, getPeer: () => call.getPeer(), getAuthContext: () => call.getAuthContext() }),
            );
            if (refusal === undefined) pass(metadata);
            else call.sendStatus(refusal);
          },
        });
      },
    });
}

function refusalOf(path: string, caller: () => Caller | undefined) {
  if (path.startsWith(open)) return undefined;
  const known = caller();
  if (known === undefined) {
    const details = "Cannot tell who calls: send a token as authorization metadata, or use a client certificate";
    return { code: status.UNAUTHENTICATED, details };
  }
  if (known.role === "writer" || !writing.has(path)) return undefined;
  return { code: status.PERMISSION_DENIED, details: `Cannot let ${known.who} change the policy as it may only read` };
}
