/** The JSON body of an HTTP request, read within bounds. */
import type { IncomingMessage } from "node:http";

/** Answers a request with a status other than 200. */
export class HttpError extends Error {
  readonly status: number;
  /** Told beside the message. */
  readonly details: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.details = details;
    this.headers = headers;
  }
}

/** How bodies are read. */
export interface BodyBounds {
  readonly maxBytes: number;
  /** Being read at one time, over all connections: with their size it bounds the memory they take. */
  readonly readingMax: number;
  /** From the headers to the last byte of a body: who sends slower gives his place to others. */
  readonly readMs: number;
}

/** Levels of lists and objects: far more than any question has, and far fewer than what walks through them can go down. */
const nestedMax = 64;

/** Reads JSON bodies of one kind; those of other kinds do not take its places. */
export class BodyReader {
  readonly #bounds: BodyBounds;
  #reading = 0;

  constructor(bounds: BodyBounds) {
    this.#bounds = bounds;
  }

  /** What a body holds. Throws HttpError 400, 408, 413 or 503. */
  async read(request: IncomingMessage): Promise<unknown> {
    const { readingMax } = this.#bounds;
    if (this.#reading >= readingMax) {
      throw new HttpError(503, `Cannot read more than ${readingMax} bodies at one time`);
    }
    this.#reading += 1;
    try {
      return parsed(await bytesOf(request, this.#bounds));
    } finally {
      this.#reading -= 1;
    }
  }
}

// The request is left as it is where it ends early: to destroy it would take the connection with it, and the answer.
function bytesOf(request: IncomingMessage, { maxBytes, readMs }: BodyBounds): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const end = () => {
      clearTimeout(timer);
      request.off("data", onData).off("end", onEnd).off("close", onClose).pause();
    };
    const refuse = (status: number, reason: string) => {
      end();
      reject(new HttpError(status, `Cannot read the body as it ${reason}`));
    };
    const tooLarge = () => refuse(413, `must be at most ${maxBytes} bytes`);
    const onData = (part: Buffer) => {
      bytes += part.length;
      parts.push(part);
      if (bytes > maxBytes) tooLarge();
    };
    const onEnd = () => {
      end();
      resolve(Buffer.concat(parts));
    };
    const onClose = () => refuse(400, "ended too early");
    const timer = setTimeout(() => refuse(408, `must be here within ${readMs} ms`), readMs);
    // A connection that breaks is told by "close", too.
    request.on("error", () => undefined);
    request.on("data", onData).on("end", onEnd).on("close", onClose);
    if (Number(request.headers["content-length"] ?? 0) > maxBytes) tooLarge();
  });
}

function parsed(bytes: Buffer): unknown {
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new HttpError(400, "Cannot read the body as it must be JSON");
  }
  if (isNestedWithin(body, nestedMax)) return body;
  throw new HttpError(400, `Cannot read the body as it must be nested at most ${nestedMax} levels deep`);
}

function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isNestedWithin(each, levels - 1));
}
