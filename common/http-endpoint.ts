/** The HTTP side of a program: liveness, readiness, metrics, and JSON views that the caller brings. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";
import { ExitError, exitCodes } from "./exit-codes.ts";
import type { ListenAddress } from "./listen-address.ts";
import { listenAddressText } from "./listen-address.ts";
import type { Log } from "./log.ts";

/** Makes the JSON body of one GET. Throws HttpError for what the caller did wrong. */
export type JsonRoute = (query: URLSearchParams) => unknown;

/** Answers a request with a status other than 200. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "HttpError";
    this.status = status;
  }
}

/** What an endpoint serves, and where. */
export interface HttpEndpointOptions {
  readonly listen: ListenAddress;
  readonly registry: Registry;
  /** Why the program is not ready; empty: it is. */
  readonly notReadyReasons: () => readonly string[];
  /** By path, such as "/v1/paths". */
  readonly routes: Readonly<Record<string, JsonRoute>>;
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
} as const;

/** Starts listening. Throws ExitError 4 where the address cannot be had. */
export async function startHttpEndpoint(options: HttpEndpointOptions): Promise<HttpEndpoint> {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
    },
    (request, response) => {
      void answer(options, request, response);
    },
  );
  server.maxConnections = limits.connections;
  await listening(server, options.listen);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
  // Whatever a caller sends as a body is not read.
  request.resume();
  try {
    const { status, type, body } = await answerOf(options, request);
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : body);
  } catch (error) {
    const status = error instanceof HttpError ? error.status : 500;
    if (status === 500) options.log.error({ err: error, url: request.url }, "http request failed");
    const message = error instanceof HttpError ? error.message : "internal error";
    if (!response.headersSent) response.writeHead(status, { "content-type": "application/json" });
    response.end(`${JSON.stringify({ error: message })}\n`);
  }
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

async function answerOf(options: HttpEndpointOptions, request: IncomingMessage): Promise<Answer> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    throw new HttpError(405, `Cannot ${request.method} as only GET is answered`);
  }
  const target = request.url ?? "/";
  const [path = "/", query = ""] = target.split("?", 2);
  if (path === "/healthz") return json(200, { status: "ok" });
  if (path === "/readyz") {
    const reasons = options.notReadyReasons();
    return reasons.length === 0 ? json(200, { status: "ready" }) : json(503, { status: "not ready", reasons });
  }
  if (path === "/metrics") {
    return { status: 200, type: options.registry.contentType, body: await options.registry.metrics() };
  }
  const route = Object.hasOwn(options.routes, path) ? options.routes[path] : undefined;
  if (route === undefined) throw new HttpError(404, `Cannot find ${path}`);
  return json(200, route(new URLSearchParams(query)));
}

function json(status: number, body: unknown): Answer {
  return { status, type: "application/json", body: `${JSON.stringify(body)}\n` };
}
