/** How an aggregator is reached: address, TLS, token, deadlines. */
import { readFileSync } from "node:fs";
import type { ChannelCredentials, ClientOptions } from "@grpc/grpc-js";
import { credentials, Metadata } from "@grpc/grpc-js";

/** Files of the TLS side of a connection, PEM each. */
export interface TlsFiles {
  /** Who signed the server's certificate; absent: the authorities that Node.js trusts. */
  readonly caFile?: string;
  /** This client's own certificate and key, where the server asks for one. Both or neither. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Name to expect in the server's certificate where it is not that of the address. */
  readonly serverName?: string;
}

/** Where an aggregator is, and how to speak to it. */
export interface ConnectOptions {
  /** "host:port", such as "127.0.0.1:7443" or "[::1]:7443". */
  readonly address: string;
  /** Absent: without TLS. */
  readonly tls?: TlsFiles;
  /** Sent with each call as `authorization: Bearer ...`; without TLS only to this machine itself: loopback addresses and "localhost". */
  readonly token?: string;
  /** How long a call may take, milliseconds; 5000 unless given. Watches have no deadline. */
  readonly deadlineMs?: number;
}

// A matrix or a batch of 65,536 columns' rows is larger than gRPC's usual 4 MiB.
const answerMaxBytes = 16 << 20;
// HTTP/2's usual 64 KB would make a batch wait for a round trip forty times.
const windowBytes = 4 << 20;

const ofThisMachine = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d+)?$/i;

/** Whether everybody on the way could read the token. */
export function isTokenExposed({ address, tls, token }: ConnectOptions): boolean {
  return token !== undefined && tls === undefined && !ofThisMachine.test(address);
}

/** The credentials of the channel. Throws what reading a file throws. */
export function channelCredentials(tls: TlsFiles | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { caFile, certFile, keyFile } = tls;
  return credentials.createSsl(contentOf(caFile), contentOf(keyFile), contentOf(certFile));
}

/** The options of the channel. */
export function channelOptions(tls: TlsFiles | undefined): ClientOptions {
  return {
    // A proxy that the environment names is for addresses elsewhere.
    "grpc.enable_http_proxy": 0,
    "grpc.max_receive_message_length": answerMaxBytes,
    "grpc-node.flow_control_window": windowBytes,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 5_000,
    ...(tls?.serverName === undefined ? {} : { "grpc.ssl_target_name_override": tls.serverName }),
  };
}

/** What is sent beside each request. */
export function callMetadata(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

function contentOf(file: string | undefined): Buffer | null {
  return file === undefined ? null : readFileSync(file);
}
