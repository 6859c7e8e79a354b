/**
 * The NATS connection of a program: the only file that imports `nats`.
 *
 * Core NATS promises little: what is published while the connection is down or half open is lost without a word, and
 * nothing pushes back when the server is slow. So a publish while disconnected is refused here, the caller keeps what
 * must not be lost, and `flush()` is its credit: what was published before a flush that succeeded has reached the
 * server.
 */
import type { Socket } from "node:net";
import { createConnection } from "node:net";
import type { NatsConnection, NatsError, Status, Subscription } from "nats";
import { deferred, Events } from "nats";
import { NatsConnectionImpl, setTransportFactory } from "nats/lib/nats-base-client/internal_mod.js";
import { NodeTransport, nodeResolveHost } from "nats/lib/src/node_transport.js";
import { ExitError, exitCodes } from "./exit-codes.ts";
import { LentReads } from "./lent-reads.ts";
import type { MessageHandler, QueueBounds } from "./message-queue.ts";
import { MessageQueue } from "./message-queue.ts";

/** Where to connect, and who is told of what becomes of it. */
export interface NatsLinkOptions {
  /** Servers, separated by commas. */
  readonly url: string;
  /** Shown in the server's own monitoring. */
  readonly name: string;
  /** How long to keep trying for the first connection, milliseconds. */
  readonly connectWaitMs: number;
  /** Reconnect delays are uniform in 0..this, milliseconds, so that 10,000 agents do not come back as one. */
  readonly reconnectDelayMaxMs?: number;
  /** Leave what is published here out of the own subscriptions. */
  readonly noEcho?: boolean;
  readonly onDisconnected?: () => void;
  readonly onReconnected?: () => void;
  /** The connection ended for good without being asked to. */
  readonly onClosed?: (error: Error | undefined) => void;
  /** The server refused something, such as a subject. */
  readonly onError?: (reason: string) => void;
}

/** Messages and bytes that may wait for a handler. */
const queueBounds: QueueBounds = { messagesMax: 8_192, bytesMax: 64 << 20 };

/** A subscription that runs. */
export interface LinkSubscription {
  /** Messages dropped since the subscription began. */
  readonly dropped: number;
  /** Messages waiting for the handler. */
  readonly pending: number;
  unsubscribe(): void;
}

const connectAttemptMs = 2_000;
// Two unanswered pings: a broker that froze is noticed after 10 to 15 s.
const pingIntervalMs = 5_000;
const pingsOutMax = 2;

/** Connects, trying again for `connectWaitMs`. Throws ExitError 3 where no server answers or one refuses. */
export async function connectNats(options: NatsLinkOptions): Promise<NatsLink> {
  const endsMs = performance.now() + options.connectWaitMs;
  for (;;) {
    try {
      return new NatsLink(await attempt(options), options);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const delayMs = Math.random() * (options.reconnectDelayMaxMs ?? 1_000);
      if (isFinal(error) || performance.now() + delayMs >= endsMs) {
        const servers = options.url.replaceAll(/\/\/[^/@\s]*@/g, "//***@");
        throw new ExitError(exitCodes.brokerUnreachable, `Cannot connect to NATS at ${servers}: ${reason}`, {
          cause: error,
        });
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

/** Owns one connection, which reconnects for ever. */
export class NatsLink {
  readonly #connection: NatsConnection;
  readonly #options: NatsLinkOptions;
  readonly #queues = new Set<MessageQueue>();
  #connected = true;
  #closing = false;
  #reconnects = 0;
  #published = 0;
  #refused = 0;

  /** Use connectNats(). */
  constructor(connection: NatsConnection, options: NatsLinkOptions) {
    this.#connection = connection;
    this.#options = options;
    void this.#followStatus();
    void this.#followEnd();
  }

  /** Whether a publish now has a server to go to. False negatives last moments; false positives up to 15 s. */
  get connected(): boolean {
    return this.#connected && !this.#closing;
  }

  /** Times the connection was lost and made again. */
  get reconnects(): number {
    return this.#reconnects;
  }

  /** Messages given to the connection, and refused because there was none. */
  get counts(): { readonly published: number; readonly refused: number } {
    return { published: this.#published, refused: this.#refused };
  }

  /** The largest payload the server takes, bytes. */
  get payloadMaxBytes(): number {
    return this.#connection.info?.max_payload ?? 1 << 20;
  }

  /** Publishes; false where there is no connection and the message was not taken. */
  publish(subject: string, payload: Uint8Array): boolean {
    if (!this.connected) {
      this.#refused += 1;
      return false;
    }
    try {
      this.#connection.publish(subject, payload);
    } catch {
      // The connection closed between the check and the call, or the payload is larger than the server takes.
      this.#refused += 1;
      return false;
    }
    this.#published += 1;
    return true;
  }

  /** Hands every message on the subjects to `handler`, for a part of each turn of the event loop at most. It must not throw. */
  subscribe(
    subjects: string | readonly string[],
    handler: MessageHandler,
    bounds: Partial<QueueBounds> = {},
  ): LinkSubscription {
    const queue = new MessageQueue(handler, { ...queueBounds, ...bounds });
    this.#queues.add(queue);
    const subscriptions = [subjects].flat().map((subject) => this.#subscribed(subject, queue));
    return {
      get dropped() {
        return queue.dropped;
      },
      get pending() {
        return queue.pending;
      },
      unsubscribe: () => {
        for (const subscription of subscriptions) subscription.unsubscribe();
        queue.close();
        this.#queues.delete(queue);
      },
    };
  }

  /** Whether everything published so far reached the server within the wait. */
  async flush(waitMs: number): Promise<boolean> {
    if (!this.connected) return false;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), waitMs);
    });
    const flushed = this.#connection.flush().then(
      () => true,
      () => false,
    );
    const reached = await Promise.race([flushed, late]);
    clearTimeout(timer);
    return reached;
  }

  /** Flushes what was published, waiting at most `waitMs`, and closes; messages that still wait are dropped. */
  async close(waitMs = 1_000): Promise<void> {
    if (this.#closing) return;
    await this.flush(waitMs);
    this.#closing = true;
    for (const queue of this.#queues) queue.close();
    this.#queues.clear();
    await this.#connection.close();
  }

  #subscribed(subject: string, queue: MessageQueue): Subscription {
    return this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) queue.push(message.subject, message.data);
        else this.#options.onError?.(error.message);
      },
    });
  }

  async #followStatus(): Promise<void> {
    for await (const status of this.#connection.status()) this.#onStatus(status);
  }

  #onStatus(status: Status): void {
    if (status.type === Events.Disconnect && this.#connected) {
      this.#connected = false;
      this.#options.onDisconnected?.();
    } else if (status.type === Events.Reconnect && !this.#connected) {
      this.#connected = true;
      this.#reconnects += 1;
      this.#options.onReconnected?.();
    } else if (status.type === Events.Error) {
      this.#options.onError?.(String(status.data));
    }
  }

  async #followEnd(): Promise<void> {
    const error = await this.#connection.closed();
    this.#connected = false;
    if (!this.#closing) this.#options.onClosed?.(error ?? undefined);
  }
}

function attempt(options: NatsLinkOptions): Promise<NatsConnection> {
  const delayMaxMs = options.reconnectDelayMaxMs ?? 1_000;
  setTransportFactory({ factory: () => new LentTransport(), dnsResolveFn: nodeResolveHost });
  return NatsConnectionImpl.connect({
    servers: options.url.split(","),
    name: options.name,
    timeout: connectAttemptMs,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: () => Math.random() * delayMaxMs,
    pingInterval: pingIntervalMs,
    maxPingOut: pingsOutMax,
    noEcho: options.noEcho ?? false,
    noAsyncTraces: true,
  });
}

// Waiting does not mend wrong credentials or a URL that cannot be read.
function isFinal(error: unknown): boolean {
  const code = (error as Partial<NatsError>).code;
  return ["AUTHORIZATION_VIOLATION", "AUTHENTICATION_EXPIRED", "BAD_AUTHENTICATION", "INVALID_OPTION"].includes(
    code ?? "",
  );
}

/** The client's own transport, but that what it reads is lent: the client is done with it when it asks for more, and copies what it keeps. */
class LentTransport extends NodeTransport {
  readonly #reads = new LentReads();

  override dial({ hostname: host, port }: { readonly hostname: string; readonly port: number }): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const onread = this.#reads.onRead((read) => this.#take(socket, read));
      let dialError: Error | undefined;
      const socket = createConnection({ host, port, noDelay: true, onread }, () => {
        socket.removeAllListeners();
        resolve(socket);
      });
      socket.on("error", (error) => {
        dialError = error;
      });
      socket.on("close", () => {
        socket.removeAllListeners();
        reject(dialError);
      });
    });
  }

  override async *iterate(): AsyncGenerator<Uint8Array> {
    do {
      if (this.yields.length === 0) await this.signal;
      const frames = this.yields;
      this.yields = [];
      this.signal = deferred();
      for (const frame of frames) {
        yield frame;
        this.#reads.giveBack(frame);
      }
    } while (!this.done);
  }

  // What comes before it is connected is the server's first line, which others listen for and keep.
  #take(socket: Socket, read: Uint8Array): boolean {
    if (!this.connected) socket.emit("data", Buffer.from(read));
    else {
      this.yields.push(read);
      this.signal.resolve();
    }
    return this.connected;
  }
}
