/** Certificates in files, read again when they are replaced. */
import { readFileSync } from "node:fs";
import type { SecureContextOptions } from "node:tls";
import { createSecureContext } from "node:tls";
import type { experimental } from "@grpc/grpc-js";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { HttpTls } from "../common/http-endpoint.ts";
import type { Log } from "../common/log.ts";

/** Files in PEM; "" where there is none. */
export interface TlsPaths {
  readonly certificate: string;
  readonly key: string;
  /** Client certificates must be signed by one of these; "": clients need none. */
  readonly clientAuthorities: string;
}

type CertificateProvider = Pick<
  experimental.CertificateProvider,
  "addCaCertificateListener" | "addIdentityCertificateListener"
>;
type IdentityListener = Parameters<CertificateProvider["addIdentityCertificateListener"]>[0];
type AuthorityListener = Parameters<CertificateProvider["addCaCertificateListener"]>[0];

interface Contents {
  readonly certificate: Buffer;
  readonly key: Buffer;
  readonly clientAuthorities: Buffer;
}

/** New certificates are in use this long after their files were replaced. */
const lookIntervalMs = 2_000;

/**
 * What grpc-js and the HTTP endpoint take certificates from. Files that do not fit each other, as in the middle of a replacement, leave what was in use.
 */
export class TlsFiles implements experimental.CertificateProvider, HttpTls {
  readonly #paths: TlsPaths;
  readonly #log: Log;
  readonly #identityListeners = new Set<IdentityListener>();
  readonly #authorityListeners = new Set<AuthorityListener>();
  readonly #followers = new Set<(context: SecureContextOptions) => void>();
  #contents: Contents;
  #timer: NodeJS.Timeout | undefined;

  /** Throws ExitError 2 where the files cannot be used. */
  constructor(paths: TlsPaths, log: Log) {
    this.#paths = paths;
    this.#log = log;
    try {
      this.#contents = contentsOf(paths);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ExitError(exitCodes.badConfiguration, `Cannot use the TLS files: ${reason}`, { cause: error });
    }
  }

  /** Whether clients must show certificates. */
  get asksClients(): boolean {
    return this.#paths.clientAuthorities !== "";
  }

  follow(listener: (context: SecureContextOptions) => void): () => void {
    this.#followers.add(listener);
    listener(contextOf(this.#contents));
    this.#watch();
    return () => {
      this.#followers.delete(listener);
      this.#watch();
    };
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    // Not before the server, which adds the listener, is ready for what it hears.
    process.nextTick(() => listener(identityOf(this.#contents)));
    this.#watch();
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
    this.#watch();
  }

  addCaCertificateListener(listener: AuthorityListener): void {
    this.#authorityListeners.add(listener);
    process.nextTick(() => listener({ caCertificate: this.#contents.clientAuthorities }));
    this.#watch();
  }

  removeCaCertificateListener(listener: AuthorityListener): void {
    this.#authorityListeners.delete(listener);
    this.#watch();
  }

  #watch(): void {
    clearInterval(this.#timer);
    if (this.#identityListeners.size + this.#authorityListeners.size + this.#followers.size === 0) return;
    this.#timer = setInterval(() => this.#look(), lookIntervalMs);
    this.#timer.unref();
  }

  #look(): void {
    try {
      const contents = contentsOf(this.#paths);
      const names = ["certificate", "key", "clientAuthorities"] as const;
      if (names.every((name) => contents[name].equals(this.#contents[name]))) return;
      this.#contents = contents;
    } catch (error) {
      this.#log.warn({ err: error }, "replaced TLS files cannot be used; those before stay in use");
      return;
    }
    for (const listener of this.#authorityListeners) listener({ caCertificate: this.#contents.clientAuthorities });
    for (const listener of this.#identityListeners) listener(identityOf(this.#contents));
    for (const listener of this.#followers) listener(contextOf(this.#contents));
    this.#log.info("TLS files were replaced and are in use");
  }
}

function identityOf({ certificate, key }: Contents) {
  return { certificate, privateKey: key };
}

// Throws where a file cannot be read, or key and certificate do not fit.
function contentsOf(paths: TlsPaths): Contents {
  const [certificate, key] = [readFileSync(paths.certificate), readFileSync(paths.key)];
  const clientAuthorities = paths.clientAuthorities === "" ? Buffer.alloc(0) : readFileSync(paths.clientAuthorities);
  const contents = { certificate, key, clientAuthorities };
  createSecureContext(contextOf(contents));
  return contents;
}

function contextOf({ certificate, key, clientAuthorities }: Contents): SecureContextOptions {
  return { cert: certificate, key, ...(clientAuthorities.length > 0 && { ca: clientAuthorities }) };
}
