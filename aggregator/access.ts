/** Who may do what: the file of tokens and client certificates, read again when it changes. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import type { HttpCaller } from "../common/http-endpoint.ts";
import type { Log } from "../common/log.ts";
import type { Caller, CallOrigin } from "./caller.ts";

/** One line of the file. */
interface Entry {
  readonly role: "reader" | "writer";
  readonly kind: "token" | "certificate";
  /** Of a token; of a certificate its common name. */
  readonly name: string;
  /** SHA-256 of the token; of a certificate "". */
  readonly digest: string;
}

/** How often the file is looked at. */
const lookIntervalMs = 2_000;
const entriesMax = 10_000;

/** Owns what the file said when it was last read. */
export class AccessFile {
  readonly #path: string;
  readonly #log: Log;
  #entries: EntryIndex;
  #changedMs: number;
  #timer: NodeJS.Timeout | undefined;
  #onReplaced: () => void = () => undefined;

  /** Reads the file. Throws ExitError 2 where it cannot. */
  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
    try {
      this.#changedMs = statSync(path).mtimeMs;
      this.#entries = indexOf(entriesOf(readFileSync(path, "utf8")));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ExitError(exitCodes.badConfiguration, `Cannot read the access file ${path}: ${reason}`, {
        cause: error,
      });
    }
  }

  /** Follows the file until stop(). One that cannot be read leaves what it said before in force. */
  start(): void {
    this.#timer = setInterval(() => this.#look(), lookIntervalMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Has it told that others may do something from now on. */
  whenReplaced(listener: () => void): void {
    this.#onReplaced = listener;
  }

  /** Who makes a call; undefined where neither a token nor a certificate says so. */
  callerOf(call: CallOrigin): Caller | undefined {
    const [header] = call.metadata.get("authorization");
    const certificate = call.getAuthContext().sslPeerCertificate;
    const entry = this.#entryOf(
      typeof header === "string" ? header : undefined,
      certificate === undefined ? undefined : String(certificate.subject?.CN ?? ""),
    );
    return entry === undefined ? undefined : { who: entry.name, role: entry.role, peer: call.getPeer() };
  }

  /** Whether who has a bearer token or a certificate may read. */
  mayRead({ authorization, certificateName }: HttpCaller): boolean {
    return this.#entryOf(authorization, certificateName) !== undefined;
  }

  #entryOf(authorization: string | undefined, commonName: string | undefined): Entry | undefined {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? "")?.[1];
    // What is compared is a digest, so that the time it takes tells nothing of a token.
    if (token !== undefined) return this.#entries.get(`token ${digestOf(token)}`);
    return commonName === undefined ? undefined : this.#entries.get(`certificate ${commonName}`);
  }

  #look(): void {
    try {
      const changedMs = statSync(this.#path).mtimeMs;
      if (changedMs === this.#changedMs) return;
      this.#entries = indexOf(entriesOf(readFileSync(this.#path, "utf8")));
      this.#changedMs = changedMs;
      this.#log.info({ entries: this.#entries.size }, "access file read again");
      this.#onReplaced();
    } catch (error) {
      this.#log.error({ err: error }, "access file cannot be read; what it said before stays in force");
    }
  }
}

/**
 * Lines such as "writer token alice 7Xq..." and "reader certificate scheduler.example"; empty lines and those that begin with "#" say
 * nothing. Throws where a line is none of these.
 */
export function entriesOf(text: string): readonly Entry[] {
  const entries = text.split("\n").flatMap((line, index): Entry[] => {
    const words = line.trim().split(/\s+/);
    const [role, kind, name = "", token] = words;
    if (role === "" || role?.startsWith("#")) return [];
    const isRole = role === "reader" || role === "writer";
    const isToken = kind === "token" && words.length === 4 && token !== undefined;
    const isCertificate = kind === "certificate" && words.length === 3;
    // The line may hold a secret, so it is not repeated.
    if (!isRole || !(isToken || isCertificate)) throw new Error(`line ${index + 1} is no entry`);
    return [{ role, kind: isToken ? "token" : "certificate", name, digest: isToken ? digestOf(token) : "" }];
  });
  if (entries.length > entriesMax) throw new Error(`it has more than ${entriesMax} entries`);
  return entries;
}

/** Entries by what a caller shows. */
type EntryIndex = ReadonlyMap<string, Entry>;

// Of two lines about the same the first counts.
function indexOf(entries: readonly Entry[]): EntryIndex {
  const shown = ({ kind, name, digest }: Entry) => `${kind} ${kind === "token" ? digest : name}`;
  return new Map(entries.map((entry) => [shown(entry), entry] as const).reverse());
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
