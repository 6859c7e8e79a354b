/** Received messages between the socket and their handler: bounded, and worked off in short slices. */

const sliceMs = 8;

interface Waiting {
  readonly subject: string;
  readonly payload: Uint8Array;
}

/** First in, first out. Beyond its bounds the oldest message is dropped: newer state outdates older. */
export class MessageQueue {
  readonly #handler: (subject: string, payload: Uint8Array) => void;
  readonly #messagesMax: number;
  readonly #bytesMax: number;
  #waiting: Waiting[] = [];
  #first = 0;
  #bytes = 0;
  #dropped = 0;
  #turn: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(handler: (subject: string, payload: Uint8Array) => void, messagesMax: number, bytesMax: number) {
    this.#handler = handler;
    this.#messagesMax = messagesMax;
    this.#bytesMax = bytesMax;
  }

  get pending(): number {
    return this.#waiting.length - this.#first;
  }

  get dropped(): number {
    return this.#dropped;
  }

  push(subject: string, payload: Uint8Array): void {
    if (this.#closed) return;
    if (payload.length > this.#bytesMax) {
      this.#dropped += 1;
      return;
    }
    while (this.pending >= this.#messagesMax || this.#bytes + payload.length > this.#bytesMax) {
      this.#take();
      this.#dropped += 1;
    }
    this.#waiting.push({ subject, payload });
    this.#bytes += payload.length;
    this.#turn ??= setImmediate(() => this.#slice());
  }

  /** Drops what waits and hands out nothing more. */
  close(): void {
    this.#closed = true;
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
    this.#waiting = [];
    this.#first = 0;
    this.#bytes = 0;
  }

  #slice(): void {
    this.#turn = undefined;
    const endsMs = performance.now() + sliceMs;
    while (this.pending > 0) {
      const message = this.#take();
      if (message !== undefined) this.#handler(message.subject, message.payload);
      if (performance.now() >= endsMs) break;
    }
    if (this.pending > 0 && !this.#closed) this.#turn ??= setImmediate(() => this.#slice());
  }

  #take(): Waiting | undefined {
    const message = this.#waiting[this.#first];
    if (message === undefined) return undefined;
    this.#bytes -= message.payload.length;
    this.#first += 1;
    // Array.shift() moves every element; cutting off half at a time costs each message one move.
    if (this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return message;
  }
}
