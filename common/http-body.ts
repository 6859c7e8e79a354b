/** The JSON body of an HTTP request, read within bounds. */
import type { IncomingMessage } from "node:http";

/** Answers a request with a status other than 200. */
export class HttpError extends Error {
  readonly status: number;
  /** Told beside the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.details = details;
  }
}

/** Bodies being read at one time, over all connections: with their size it bounds the memory they take. */
const readingMax = 16;
let reading = 0;

/** Reads and parses a body of at most `maxBytes`. Throws HttpError 400, 413 or 503. The server's request timeout ends slow ones. */
export async function jsonBody(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  if (reading >= readingMax) throw new HttpError(503, `Cannot read more than ${readingMax} bodies at one time`);
  reading += 1;
  try {
    return parsed(await bytesOf(request, maxBytes));
  } finally {
    reading -= 1;
  }
}

async function bytesOf(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = new HttpError(413, `Cannot read the body as it must be at most ${maxBytes} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge;
  const parts: Buffer[] = [];
  let bytes = 0;
  // A destroyed request would take the connection with it, and the answer.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBytes) throw tooLarge;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new HttpError(400, "Cannot read the body as it must be JSON");
  }
}
