/** What to say, and with which exit code, when a call fails for a reason that is not in its question. */
import { status } from "@grpc/grpc-js";
import type { CallError } from "../client/call-error.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import { asTyped } from "./core/typed-names.ts";

/** What is known of the connection. */
export interface Reached {
  readonly server: string;
  readonly isTls: boolean;
  /** A client certificate was shown. */
  readonly hasCertificate: boolean;
  readonly timeoutMs: number;
}

interface Symptom {
  readonly sign: RegExp;
  readonly what: string;
  readonly remedy: string;
}

// What OpenSSL, Node.js and grpc-js say, and what it means for who typed the command. The first that fits counts.
const symptoms: readonly Symptom[] = [
  {
    sign: /ECONNREFUSED/,
    what: "nothing listens there",
    remedy: "start augmenter-aggregator, or name another with --server",
  },
  { sign: /Name resolution failed|ENOTFOUND|EAI_AGAIN/, what: "its name cannot be resolved", remedy: "check --server" },
  {
    sign: /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT/,
    what: "there is no way there",
    remedy: "check --server and the network",
  },
  {
    sign: /wrong version number|packet length too long|EPROTO.*(?:unexpected|record)|before secure TLS connection/i,
    what: "it does not speak TLS",
    remedy: "leave out --tls and the other --tls options",
  },
  { sign: /certificate has expired/i, what: "its certificate has expired", remedy: "renew it" },
  { sign: /not yet valid/i, what: "its certificate is not valid yet", remedy: "check the clocks" },
  {
    sign: /altnames|does not match/i,
    what: "its certificate is for another name",
    remedy: "name the one it is for with --tls-server-name",
  },
  {
    sign: /self.signed|unable to (?:verify|get)|unknown ca|issuer/i,
    what: "its certificate is signed by nobody known here",
    remedy: "name who signed it with --tls-ca",
  },
];

// What the other end says of this one: it comes before all that this end finds wrong with the other.
const refusedAsClient =
  /certificate required|alert (?:handshake failure|unknown ca|bad certificate|certificate (?:unknown|expired|revoked))|alert number (?:40|42|44|45|46|48|116)\b/i;

const dropped =
  /Failed to connect|ECONNRESET|socket hang up|Connection dropped|closed|GOAWAY|Protocol error|ECONNABORTED/i;

const anotherCertificate =
  "show one that its authorities have signed, and that has not expired, with --tls-cert and --tls-key";

/** A failed call as the end of the program. What the question itself is to blame for keeps the server's words, but for what fields are called. */
export function exitErrorFor(error: CallError, reached: Reached): ExitError {
  const { code, message } = error;
  const options = { cause: error };
  if (code === status.UNAUTHENTICATED || code === status.PERMISSION_DENIED) {
    const remedy =
      code === status.UNAUTHENTICATED ? "; show a token with --token-file or a certificate with --tls-cert" : "";
    return new ExitError(exitCodes.denied, `${reached.server} refused: ${message}${remedy}`, options);
  }
  if (code === status.NOT_FOUND) return new ExitError(exitCodes.notFound, message, options);
  if (code === status.UNIMPLEMENTED) {
    return new ExitError(exitCodes.serverUnreachable, `${reached.server} does not know this call: ${message}`, options);
  }
  if (code === status.DEADLINE_EXCEEDED) {
    const text = `Cannot get an answer from ${reached.server} within ${reached.timeoutMs} ms: check --server, or wait longer with --timeout-ms`;
    return new ExitError(exitCodes.serverUnreachable, text, options);
  }
  if (code === status.UNAVAILABLE)
    return new ExitError(exitCodes.serverUnreachable, unavailable(message, reached), options);
  const isOfQuestion = [status.INVALID_ARGUMENT, status.OUT_OF_RANGE, status.ABORTED, status.FAILED_PRECONDITION];
  if (isOfQuestion.includes(code)) return new ExitError(exitCodes.badConfiguration, asTyped(message), options);
  return new ExitError(
    exitCodes.serverUnreachable,
    `${reached.server} answered ${error.codeName}: ${message}`,
    options,
  );
}

function unavailable(message: string, { server, isTls, hasCertificate }: Reached): string {
  if (refusedAsClient.test(message)) {
    const why = hasCertificate
      ? `it does not accept this client's certificate; ${anotherCertificate}`
      : "it asks for a client certificate; name one that it trusts with --tls-cert and --tls-key";
    return `Cannot reach the aggregator at ${server}: ${why}`;
  }
  const symptom = symptoms.find(({ sign }) => sign.test(message));
  if (symptom !== undefined) return `Cannot reach the aggregator at ${server}: ${symptom.what}; ${symptom.remedy}`;
  // A server in Node.js does not say what it has against a certificate.
  if (hasCertificate && dropped.test(message)) {
    return `Cannot reach the aggregator at ${server}: it ended the connection; if it does not accept this client's certificate, ${anotherCertificate}`;
  }
  if (!isTls && dropped.test(message)) {
    return `Cannot reach the aggregator at ${server}: it ended the connection; if it speaks TLS, use --tls`;
  }
  // grpc-js ends with an empty note.
  return `Cannot reach the aggregator at ${server}: ${message.replace(/\s*Resolution note:\s*$/, "").trim()}`;
}
