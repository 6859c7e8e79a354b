/** Received messages and their handler: handed on as they come while the turn of the event loop has time for that, else bounded and in turns. */

import { PayloadRing } from "./payload-ring.ts";

/**
 * How long messages of a queue are handled in one turn of the event loop, in which two megabytes are read at the most: what comes faster
 * waits.
 */
const turnMs = 10;
/** Where nothing had to wait for so long, the memory for what waits is given back. */
const quietMs = 100;

/** Limits of what waits for the handler, and how. */
export interface QueueBounds {
  /** Messages waiting for the handler; beyond it the oldest is dropped and counted. */
  readonly messagesMax: number;
  readonly bytesMax: number;
  /** The handler keeps nothing of payloads, so that only those that wait are copied; else all are, as others are read into their memory. */
  readonly isLent?: boolean;
}

/**
 * Takes one message in. What takes long may be left to steps of about a millisecond each: the queue takes them in its time, and hands out no other
 * message before. Nothing of a lent payload is left for them. Neither may throw.
 */
export type MessageHandler = (subject: string, payload: Uint8Array, leave: (steps: Iterator<unknown>) => void) => void;

interface Waiting {
  readonly subject: string;
  readonly payload: Uint8Array;
}

/** First in, first out. Beyond its bounds the oldest message is dropped: newer state outdates older. */
export class MessageQueue {
  readonly #handler: MessageHandler;
  readonly #bounds: QueueBounds;
  #ring: PayloadRing | undefined;
  #isRingUsed = false;
  #ringTimer: NodeJS.Timeout | undefined;
  #waiting: Waiting[] = [];
  #first = 0;
  #bytes = 0;
  #dropped = 0;
  /** What is left to be done of the message that was handed out last. */
  #steps: Iterator<unknown> | undefined;
  /** Spent on messages in this turn, milliseconds. */
  #spentMs = 0;
  #turn: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(handler: MessageHandler, bounds: QueueBounds) {
    this.#handler = handler;
    this.#bounds = bounds;
  }

  get pending(): number {
    return this.#waiting.length - this.#first;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Memory for what waits, bytes: given back once nothing had to wait for a while. */
  get heldBytes(): number {
    return this.#ring === undefined ? 0 : this.#bounds.bytesMax;
  }

  /** Takes a message, whose payload is lent until this returns. */
  push(subject: string, payload: Uint8Array): void {
    if (this.#closed) return;
    if (payload.length > this.#bounds.bytesMax) {
      this.#dropped += 1;
      return;
    }
    this.#turn ??= setImmediate(() => this.#endTurn());
    const taken = this.#bounds.isLent === true ? payload : Buffer.from(payload);
    const isFree = this.pending === 0 && this.#steps === undefined;
    if (isFree && this.#spentMs < turnMs) this.#handle(subject, taken);
    else this.#enqueue(subject, taken);
  }

  /** Drops what waits and hands out nothing more. */
  close(): void {
    this.#closed = true;
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#steps = undefined;
    clearTimeout(this.#ringTimer);
    this.#waiting = [];
    this.#ring = undefined;
    this.#first = 0;
    this.#bytes = 0;
  }

  #handle(subject: string, payload: Uint8Array): void {
    const startedMs = performance.now();
    this.#handler(subject, payload, (steps) => {
      this.#steps = steps;
    });
    this.#spentMs += performance.now() - startedMs;
    this.#goOn();
  }

  #goOn(): void {
    while (this.#steps !== undefined && this.#spentMs < turnMs) {
      const startedMs = performance.now();
      if (this.#steps.next().done === true) this.#steps = undefined;
      this.#spentMs += performance.now() - startedMs;
    }
  }

  #enqueue(subject: string, payload: Uint8Array): void {
    const { messagesMax, bytesMax } = this.#bounds;
    while (this.pending >= messagesMax || this.#bytes + payload.length > bytesMax) this.#drop();
    let kept = this.#kept(payload);
    while (kept === undefined) {
      this.#drop();
      kept = this.#kept(payload);
    }
    this.#waiting.push({ subject, payload: kept });
    this.#bytes += payload.length;
  }

  #kept(payload: Uint8Array): Uint8Array | undefined {
    if (this.#bounds.isLent !== true) return payload;
    this.#ring ??= new PayloadRing(this.#bounds.bytesMax);
    this.#isRingUsed = true;
    this.#ringTimer ??= setTimeout(() => this.#endQuiet(), quietMs).unref();
    return this.#ring.put(payload);
  }

  #endQuiet(): void {
    const isQuiet = !this.#isRingUsed && this.pending === 0;
    this.#isRingUsed = false;
    if (isQuiet) this.#ring = undefined;
    this.#ringTimer = isQuiet ? undefined : setTimeout(() => this.#endQuiet(), quietMs).unref();
  }

  #drop(): void {
    this.#take();
    this.#dropped += 1;
  }

  #endTurn(): void {
    this.#turn = undefined;
    this.#goOn();
    while (this.#steps === undefined && this.pending > 0 && this.#spentMs < turnMs) {
      const message = this.#take();
      if (message !== undefined) this.#handle(message.subject, message.payload);
    }
    this.#spentMs = 0;
    const isLeft = this.#steps !== undefined || this.pending > 0;
    if (isLeft && !this.#closed) this.#turn ??= setImmediate(() => this.#endTurn());
  }

  #take(): Waiting | undefined {
    const message = this.#waiting[this.#first];
    if (message === undefined) return undefined;
    this.#bytes -= message.payload.length;
    this.#ring?.take(message.payload);
    this.#first += 1;
    // Array.shift() moves every element; cutting off half at a time costs each message one move.
    if (this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return message;
  }
}
