/**
 * What is read from a socket, in buffers that are used again. By itself Node.js takes 64 KB from the C library for each read and leaves them to be
 * collected: small things come to lie between them there, so that they are not given back to the system when they are.
 */
import type { OnReadOpts } from "node:net";

/** As many as Node.js reads at once by itself. */
const readBytes = 65_536;

/** Owns the buffers of one socket. What was read is lent until it is given back. */
export class LentReads {
  readonly #free: Buffer[] = [];
  readonly #lent = new Map<Uint8Array, Buffer>();

  /** For a socket: `take` gets what was read, and says whether somebody still reads in it when that returns. */
  onRead(take: (read: Uint8Array) => boolean): OnReadOpts {
    return {
      buffer: () => this.#free.pop() ?? Buffer.allocUnsafeSlow(readBytes),
      callback: (bytes, buffer) => {
        const whole = buffer as Buffer;
        const read = whole.subarray(0, bytes);
        if (take(read)) this.#lent.set(read, whole);
        else this.#free.push(whole);
        return true;
      },
    };
  }

  /** Nobody reads in it any more. Of anything else than what was lent nothing comes. */
  giveBack(read: Uint8Array): void {
    const buffer = this.#lent.get(read);
    if (buffer === undefined) return;
    this.#lent.delete(read);
    this.#free.push(buffer);
  }
}
