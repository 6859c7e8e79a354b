/** Payloads that wait, one behind the other in memory that is used again and again. */

/**
 * Once a piece of memory up to this size was freed that the system gave, glibc takes all pieces up to that size from its heaps, and keeps twice as
 * much at the end of each (mallopt(3), M_MMAP_THRESHOLD and DEFAULT_MMAP_THRESHOLD_MAX): 12 MB after a ring of 16. Nothing follows from larger ones.
 */
const mmapThresholdMaxBytes = 32 << 20;
/** Smaller ones are pieces of a heap. */
const mmapThresholdBytes = 128 << 10;

/** A bounded ring of bytes: what was put in first is taken out first. Memory that was never needed is never touched. */
export class PayloadRing {
  readonly #bytes: Uint8Array;
  /** Where the oldest payload begins, and where the newest ends. */
  #first = 0;
  #end = 0;
  #count = 0;

  constructor(bytesMax: number) {
    const bytes = bytesMax < mmapThresholdBytes ? bytesMax : Math.max(bytesMax, mmapThresholdMaxBytes + 1);
    this.#bytes = new Uint8Array(bytes).subarray(0, bytesMax);
  }

  /** A copy of a payload, valid until it is taken out; undefined where there is no room in one piece. */
  put(payload: Uint8Array): Uint8Array | undefined {
    const at = this.#placeFor(payload.length);
    if (at < 0) return undefined;
    this.#bytes.set(payload, at);
    this.#end = at + payload.length;
    this.#count += 1;
    return this.#bytes.subarray(at, this.#end);
  }

  /** Takes out the oldest payload, which is this one: what it lies in may be written to by the next put(). */
  take(payload: Uint8Array): void {
    this.#count -= 1;
    this.#first = payload.byteOffset + payload.length;
    if (this.#count === 0) this.#first = this.#end = 0;
  }

  #placeFor(length: number): number {
    if (this.#count === 0) return length <= this.#bytes.length ? 0 : -1;
    if (this.#end <= this.#first) return this.#end + length <= this.#first ? this.#end : -1;
    if (this.#end + length <= this.#bytes.length) return this.#end;
    return length <= this.#first ? 0 : -1;
  }
}
