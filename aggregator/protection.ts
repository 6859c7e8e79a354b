/** Who may reach the aggregator and do what, from its options. */
import type { ServerCredentials, ServerInterceptor } from "@grpc/grpc-js";
import type { HttpCaller, HttpTls } from "../common/http-endpoint.ts";
import type { ListenAddress } from "../common/listen-address.ts";
import type { Log } from "../common/log.ts";
import { AccessFile } from "./access.ts";
import type { KnownCaller } from "./access-interceptor.ts";
import { accessInterceptor } from "./access-interceptor.ts";
import type { Caller, CallerOf, CallOrigin } from "./caller.ts";
import { isLoopbackHost, requireProtection, serverCredentials, tlsFilesOf } from "./grpc-security.ts";

/** The options that say so. */
export interface ProtectionOptions {
  readonly grpcListen: ListenAddress;
  readonly httpListen: ListenAddress;
  readonly tlsCertificateFile: string;
  readonly tlsKeyFile: string;
  readonly tlsClientCaFile: string;
  readonly accessFile: string;
  readonly allowUnprotected: boolean;
}

/** What the servers are given. */
export interface Protection {
  readonly credentials: ServerCredentials;
  readonly interceptors: readonly ServerInterceptor[];
  /** Of a call that was let in. */
  readonly callerOf: CallerOf;
  /** Whether who made a call that was let in would still be let in. */
  readonly isKnown: (call: CallOrigin) => boolean;
  /** Has it told that callers may no longer be known. */
  whenReplaced(listener: () => void): void;
  /** Whether who sends an HTTP request may see paths; why not. */
  readonly mayReadHttp: (caller: HttpCaller) => true | string;
  /** Of the HTTP endpoint: as gRPC's beyond loopback. On this machine probes and scrapers ask in the clear. */
  readonly httpTls: HttpTls | undefined;
  stop(): void;
}

/** Throws ExitError 2 where files cannot be used, or an address would be served unprotected without being asked for. */
export function protectionOf(options: ProtectionOptions, log: Log): Protection {
  const files = {
    certificate: options.tlsCertificateFile,
    key: options.tlsKeyFile,
    clientAuthorities: options.tlsClientCaFile,
  };
  const has = {
    tls: files.certificate !== "",
    clientAuthorities: files.clientAuthorities !== "",
    access: options.accessFile !== "",
  };
  requireProtection("gRPC", options.grpcListen, has, options.allowUnprotected);
  requireProtection("HTTP", options.httpListen, has, options.allowUnprotected);
  const tls = tlsFilesOf(files, log);
  const access = has.access ? new AccessFile(options.accessFile, log) : undefined;
  access?.start();
  const known = knownCaller(access, has.clientAuthorities, isLoopbackHost(options.grpcListen.host));
  const isOpen = access === undefined && !has.clientAuthorities && isLoopbackHost(options.grpcListen.host);
  return {
    credentials: serverCredentials(tls),
    interceptors: isOpen ? [] : [accessInterceptor(known)],
    callerOf: (call) => known(call) ?? anonymous(call, "reader"),
    isKnown: (call) => known(call) !== undefined,
    whenReplaced: (listener) => access?.whenReplaced(listener),
    mayReadHttp: (caller) => mayReadHttp(options, access, caller),
    httpTls: isLoopbackHost(options.httpListen.host) ? undefined : tls,
    stop: () => access?.stop(),
  };
}

// The access file decides where there is one. Without, a client certificate may read; and without either, whoever is on this machine
// may do what its operator may.
function knownCaller(access: AccessFile | undefined, hasAuthorities: boolean, isLoopback: boolean): KnownCaller {
  if (access !== undefined) return (call) => access.callerOf(call);
  if (!hasAuthorities) return (call) => anonymous(call, isLoopback ? "writer" : "reader");
  return (call) => {
    const name = call.getAuthContext().sslPeerCertificate?.subject?.CN;
    return { who: String(name ?? "a certificate without a name"), peer: call.getPeer(), role: "reader" };
  };
}

function anonymous(call: CallOrigin, role: Caller["role"]): Caller {
  return { who: "anonymous", peer: call.getPeer(), role };
}

function mayReadHttp(
  { httpListen, allowUnprotected }: ProtectionOptions,
  access: AccessFile | undefined,
  caller: HttpCaller,
): true | string {
  if (access !== undefined) {
    return (
      access.mayRead(caller) || "Cannot tell who asks: send a token as Authorization: Bearer, or use a certificate"
    );
  }
  if (allowUnprotected || isLoopbackHost(httpListen.host) || caller.certificateName !== undefined) return true;
  return "Cannot tell who asks: the server has no --access-file and was not started with --allow-unprotected";
}
