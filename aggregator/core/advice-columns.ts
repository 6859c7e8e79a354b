/** Advice that hosts hold, in columns beside the paths that it is about: 24 bytes each. */
import type { Advice } from "./advice-change.ts";

const words = 6;
const isHeldFlag = 1;
const isCapacityKnownFlag = 2;
const flagBits = 2;
const any14 = 0x3fff;
const any16 = 0xffff;

/** Owns one place for each slot of the path table. Rates and RTTs have single precision, as they have in advice (host-advice.ts). */
export class AdviceColumns {
  readonly #counts: Uint32Array;
  readonly #reals: Float32Array;

  constructor(slots: number) {
    // Zeroed pages of the system: what is not used costs nothing.
    const memory = new ArrayBuffer(4 * words * slots);
    this.#counts = new Uint32Array(memory);
    this.#reals = new Float32Array(memory);
  }

  /** Whether there is advice in a slot. */
  has(slot: number): boolean {
    return ((this.#counts[words * slot] ?? 0) & isHeldFlag) !== 0;
  }

  /** Of the advice in a slot. */
  windowSegments(slot: number): number {
    return (this.#counts[words * slot + 1] ?? 0) & any16;
  }

  /** The advice in a slot, which is about the path to `destination`. */
  read(slot: number, destination: Uint8Array): Advice {
    const at = words * slot;
    const together = this.#counts[at] ?? 0;
    const segments = this.#counts[at + 1] ?? 0;
    return {
      destination,
      windowSegments: segments & any16,
      receiveWindowBytes: this.#counts[at + 2] ?? 0,
      pathRateBytesPerSecond: this.#reals[at + 3] ?? 0,
      minRttUs: this.#reals[at + 4] ?? 0,
      isCapacityKnown: (together & isCapacityKnownFlag) !== 0,
      burstSegments: segments >>> 16,
      rtoMinUs: this.#counts[at + 5] ?? 0,
      togetherSegments: (together >>> flagBits) & any14,
      togetherHosts: together >>> 16,
    };
  }

  /** Puts advice into a slot. */
  write(slot: number, advice: Advice): void {
    const at = words * slot;
    const known = advice.isCapacityKnown ? isCapacityKnownFlag : 0;
    const together = Math.min(any14, advice.togetherSegments) << flagBits;
    this.#counts[at] = isHeldFlag | known | together | (Math.min(any16, advice.togetherHosts) << 16);
    this.#counts[at + 1] = Math.min(any16, advice.windowSegments) | (Math.min(any16, advice.burstSegments) << 16);
    this.#counts[at + 2] = advice.receiveWindowBytes;
    this.#reals[at + 3] = advice.pathRateBytesPerSecond;
    this.#reals[at + 4] = advice.minRttUs;
    this.#counts[at + 5] = advice.rtoMinUs;
  }

  /** Takes the advice out of a slot. */
  clear(slot: number): void {
    this.#counts[words * slot] = 0;
  }
}
