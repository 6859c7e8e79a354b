/** How the servers are reached: in the clear or by TLS, which is read again when its files are replaced. */
import { isIPv4 } from "node:net";
import { experimental, ServerCredentials } from "@grpc/grpc-js";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { ListenAddress } from "../common/listen-address.ts";
import { listenAddressText } from "../common/listen-address.ts";
import type { Log } from "../common/log.ts";
import type { TlsPaths } from "./tls-files.ts";
import { TlsFiles } from "./tls-files.ts";

/** The files of TLS; undefined: none are given. Throws ExitError 2 where they cannot be used. */
export function tlsFilesOf(paths: TlsPaths, log: Log): TlsFiles | undefined {
  const { certificate, key, clientAuthorities } = paths;
  if (certificate === "" && key === "" && clientAuthorities === "") return undefined;
  if (certificate === "" || key === "") {
    throw new ExitError(
      exitCodes.badConfiguration,
      "Cannot use TLS without both --tls-certificate-file and --tls-key-file",
    );
  }
  return new TlsFiles(paths, log);
}

/** The gRPC server's credentials. */
export function serverCredentials(files: TlsFiles | undefined): ServerCredentials {
  if (files === undefined) return ServerCredentials.createInsecure();
  const isMutual = files.asksClients;
  // The identity comes first, whatever the declaration calls it.
  return experimental.createCertificateProviderServerCredentials(files, isMutual ? files : null, isMutual);
}

/**
 * Whoever reaches an address that is not loopback must be told apart from anybody else, by token or certificate, and a token must not
 * travel in the clear. Throws ExitError 2 where that is not so and was not asked for.
 */
export function requireProtection(
  what: "gRPC" | "HTTP",
  listen: ListenAddress,
  has: { readonly tls: boolean; readonly clientAuthorities: boolean; readonly access: boolean },
  isAllowed: boolean,
): void {
  if (isAllowed || isLoopbackHost(listen.host)) return;
  const missing = [
    ...(has.tls ? [] : ["--tls-certificate-file and --tls-key-file"]),
    // Health and metrics tell of no path, and the rest is refused to who cannot be told.
    ...(what === "HTTP" || has.access || has.clientAuthorities ? [] : ["--access-file or --tls-client-ca-file"]),
  ];
  if (missing.length === 0) return;
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot serve ${what} at ${listenAddressText(listen)} as it is not loopback, without ${missing.join(" and ")}; --allow-unprotected asks for it all the same`,
  );
}

/** Whether only this machine reaches an address. */
export function isLoopbackHost(host: string): boolean {
  return isIPv4(host) ? host.startsWith("127.") : host === "::1";
}
