/** The HTTP side of a program: liveness, readiness, metrics, and JSON views that the caller brings. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { SecureContextOptions } from "node:tls";
import { TLSSocket } from "node:tls";
import type { Registry } from "prom-client";
import { ExitError, exitCodes } from "./exit-codes.ts";
import type { BodyReader } from "./http-body.ts";
import { HttpError } from "./http-body.ts";
import type { ListenAddress } from "./listen-address.ts";
import { listenAddressText } from "./listen-address.ts";
import type { Log } from "./log.ts";

/** Whether the caller has left, so that nobody waits for the answer any more. */
export type IsGone = () => boolean;

/** Makes the JSON body of one GET, or a promise of it. Throws HttpError for what the caller did wrong. */
export type JsonRoute = (query: URLSearchParams, isGone: IsGone) => unknown;

/** Answers POSTs of one path with JSON for JSON. */
export interface JsonPost {
  /** Shared by posts of one kind. */
  readonly bodies: BodyReader;
  /** The body of the answer, or a promise of it; `query` is what the URL holds. Throws HttpError for what the caller did wrong. */
  answer(body: unknown, isGone: IsGone, query: URLSearchParams): unknown;
}

/** What a request tells of who sends it. */
export interface HttpCaller {
  /** The Authorization header. */
  readonly authorization: string | undefined;
  /** Common name of a client certificate that was verified. */
  readonly certificateName: string | undefined;
}

/** Certificates that are replaced while they are in use. */
export interface HttpTls {
  /** Tells what is in use now, and from then on what replaces it; returns what ends that. */
  follow(listener: (context: SecureContextOptions) => void): () => void;
  /** Whether clients are asked for certificates; who has none is still answered. */
  readonly asksClients: boolean;
}

/** What an endpoint serves, and where. */
export interface HttpEndpointOptions {
  readonly listen: ListenAddress;
  readonly registry: Registry;
  /** Why the program is not ready; empty: it is. */
  readonly notReadyReasons: () => readonly string[];
  /** What else readiness tells. */
  readonly standing?: () => object;
  /** By path, such as "/v1/paths". */
  readonly routes: Readonly<Record<string, JsonRoute>>;
  /** Whether a caller may see the routes and the posts, or why not; every one may unless given. */
  readonly mayRead?: (caller: HttpCaller) => true | string;
  /** In the clear unless given. */
  readonly tls?: HttpTls | undefined;
  /** By path, too, which may be that of a route; none unless given. */
  readonly posts?: Readonly<Record<string, JsonPost>>;
  readonly log: Log;
}

/** An endpoint that runs. */
export interface HttpEndpoint {
  readonly port: number;
  /** Ends listening and every open connection. */
  close(): Promise<void>;
}

const limits = {
  connections: 256,
  headerBytes: 8192,
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 5_000,
  /** How often the first three are looked at. Node's own 30 s would let a slow request last four times as long as it may. */
  checkingMs: 1_000,
} as const;

const tooLong = `Cannot read the request as its line and headers must be at most ${limits.headerBytes} bytes`;

/** By the code of the error: status line and reason. */
const refusals: Readonly<Record<string, readonly [string, string]>> = {
  HPE_HEADER_OVERFLOW: [
    "431 Request Header Fields Too Large",
    `${tooLong}: long lists of parameters may be sent by POST, as a JSON object`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "Cannot wait any longer for the rest of the request"],
};

/** Starts listening. Throws ExitError 4 where the address cannot be had. */
export async function startHttpEndpoint(options: HttpEndpointOptions): Promise<HttpEndpoint> {
  const responses: Responses = new WeakMap();
  const { server, stop } = serverOf(options.tls, (request, response) => {
    responses.set(request.socket, response);
    void answer(options, request, response);
  });
  server.maxConnections = limits.connections;
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(error, socket, responses));
  await listening(server, options.listen);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The newest of each connection. */
type Responses = WeakMap<Duplex, Pick<ServerResponse, "headersSent" | "writableFinished">>;

// What is no request, or too long for one, is told so in the form of every other error, unless an answer is half sent.
function refuse(error: NodeJS.ErrnoException, socket: Duplex, responses: Responses): void {
  const response = responses.get(socket);
  const isAnswering = response?.headersSent === true && !response.writableFinished;
  if (error.code === "ECONNRESET" || !socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const [status, reason] = refusals[error.code ?? ""] ?? [
    "400 Bad Request",
    "Cannot read the request as it is no HTTP/1.1",
  ];
  const body = `${JSON.stringify({ error: reason })}\n`;
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}

function serverOf(
  tls: HttpTls | undefined,
  listener: RequestListener,
): { readonly server: Server; readonly stop: () => void } {
  const options = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkingMs,
    keepAliveTimeout: limits.keepAliveMs,
  };
  if (tls === undefined) return { server: createServer(options, listener), stop: () => undefined };
  // Probes have no certificate, and are answered.
  const asks = { requestCert: tls.asksClients, rejectUnauthorized: false };
  const server = createTlsServer({ ...options, ...asks, minVersion: "TLSv1.2" }, listener);
  return { server, stop: tls.follow((context) => server.setSecureContext({ ...context, minVersion: "TLSv1.2" })) };
}

function listening(server: Server, address: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const text = `Cannot listen on http address ${listenAddressText(address)}: ${error.code ?? error.message}`;
      reject(new ExitError(exitCodes.portInUse, text, { cause: error }));
    });
    server.listen(address.port, address.host, resolve);
  });
}

async function answer(options: HttpEndpointOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, headers, body } = await answerOf(options, request, () => response.destroyed);
    response.writeHead(status, { ...headers, "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : body);
  } catch (error) {
    const status = error instanceof HttpError ? error.status : 500;
    if (status === 500) options.log.error({ err: error, url: request.url }, "http request failed");
    const [body, told] =
      error instanceof HttpError
        ? [{ error: error.message, ...error.details }, error.headers]
        : [{ error: "internal error" }, {}];
    // What is left of a body that was not read could not be told from the next request.
    const closing = request.complete ? {} : { connection: "close" };
    const headers = { ...told, ...closing, "content-type": "application/json" };
    if (!response.headersSent) response.writeHead(status, headers);
    response.end(`${JSON.stringify(body)}\n`);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function answerOf(options: HttpEndpointOptions, request: IncomingMessage, isGone: IsGone): Promise<Answer> {
  // What follows the first "?" is the query, and may hold others.
  const [, path = "/", query = ""] = /^([^?]*)\??(.*)$/s.exec(request.url ?? "/") ?? [];
  const { method = "GET" } = request;
  const get = getOf(options, path);
  const post = own(options.posts ?? {}, path);
  if (method === "POST" && post !== undefined) {
    requireRead(options, request);
    return json(200, await post.answer(await post.bodies.read(request), isGone, new URLSearchParams(query)));
  }
  // Whatever a caller sends as a body is not read.
  request.resume();
  if (get === undefined && post === undefined) throw new HttpError(404, `Cannot find ${path}`);
  if (get !== undefined && (method === "GET" || method === "HEAD")) {
    return get(request, new URLSearchParams(query), isGone);
  }
  const allow = [get === undefined ? "" : "GET, HEAD", post === undefined ? "" : "POST"].filter(Boolean).join(", ");
  if (method === "OPTIONS") return { status: 204, headers: { allow: `${allow}, OPTIONS` }, body: "" };
  const reason = `Cannot ${method} ${path} as the methods that are answered are ${allow}`;
  throw new HttpError(405, reason, {}, { allow: `${allow}, OPTIONS` });
}

type Get = (request: IncomingMessage, query: URLSearchParams, isGone: IsGone) => Answer | Promise<Answer>;

function getOf(options: HttpEndpointOptions, path: string): Get | undefined {
  if (path === "/healthz") return () => json(200, { status: "ok" });
  if (path === "/readyz") return () => readiness(options);
  if (path === "/metrics") return () => metricsOf(options);
  const route = own(options.routes, path);
  if (route === undefined) return undefined;
  return async (request, query, isGone) => {
    requireRead(options, request);
    return json(200, await route(query, isGone));
  };
}

function readiness(options: HttpEndpointOptions): Answer {
  const reasons = options.notReadyReasons();
  const standing = options.standing?.() ?? {};
  if (reasons.length === 0) return json(200, { status: "ready", ...standing });
  return json(503, { status: "not ready", reasons, ...standing });
}

async function metricsOf({ registry }: HttpEndpointOptions): Promise<Answer> {
  return { status: 200, headers: { "content-type": registry.contentType }, body: await registry.metrics() };
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { "content-type": "application/json" }, body: `${JSON.stringify(body)}\n` };
}

function requireRead({ mayRead }: HttpEndpointOptions, request: IncomingMessage): void {
  const verdict = mayRead?.(callerOf(request)) ?? true;
  if (verdict !== true) throw new HttpError(401, verdict);
}

function callerOf({ headers, socket }: IncomingMessage): HttpCaller {
  const isVerified = socket instanceof TLSSocket && socket.authorized;
  const name = isVerified ? socket.getPeerCertificate().subject?.CN : undefined;
  return { authorization: headers.authorization, certificateName: name === undefined ? undefined : String(name) };
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
