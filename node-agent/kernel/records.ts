/** Kernel records as plain values, and plain values as kernel records: the layouts of bpf/augmenter.h. */
import type { Advice } from "../core/advice-admission.ts";
import { adviceLayout, eventLayout, prefixLayout } from "./layout.gen.ts";

/** struct augmenter_event. */
export interface FailedJumpEvent {
  /** 16 bytes. */
  readonly destination: Uint8Array;
  readonly adviceVersion: number;
  readonly windowSegments: number;
  readonly segmentsDelivered: number;
  readonly segmentsLost: number;
}

/** A failed jump as the kernel told it. */
export function failedJumpOf(event: Buffer): FailedJumpEvent {
  return {
    destination: Uint8Array.prototype.slice.call(event, eventLayout.destination, eventLayout.destination + 16),
    adviceVersion: Number(event.readBigUInt64LE(eventLayout.adviceVersion)),
    windowSegments: event.readUInt32LE(eventLayout.windowSegments),
    segmentsDelivered: event.readUInt32LE(eventLayout.segmentsDelivered),
    segmentsLost: event.readUInt32LE(eventLayout.segmentsLost),
  };
}

/** Keys and values for the advice map, one after the other. `expiresBootUs` is microseconds of CLOCK_BOOTTIME. */
export function adviceRecords(entries: readonly Advice[], expiresBootUs: number): { keys: Buffer; values: Buffer } {
  const keys = Buffer.alloc(entries.length * prefixLayout.size);
  const values = Buffer.alloc(entries.length * adviceLayout.size);
  for (const [index, entry] of entries.entries()) {
    writePrefix(keys, index * prefixLayout.size, entry.address, entry.prefixLength);
    const at = index * adviceLayout.size;
    values.writeBigUInt64LE(BigInt(Math.round(expiresBootUs)), at + adviceLayout.expiresBootUs);
    values.writeBigUInt64LE(BigInt(entry.version), at + adviceLayout.version);
    values.writeBigUInt64LE(BigInt(entry.pathRateBytesPerSecond), at + adviceLayout.pathRateBytesPerS);
    values.writeUInt32LE(entry.windowSegments, at + adviceLayout.windowSegments);
    values.writeUInt32LE(entry.receiveWindowBytes, at + adviceLayout.receiveWindowBytes);
    values.writeUInt32LE(entry.minRttUs, at + adviceLayout.minRttUs);
    values.writeUInt32LE(entry.burstSegments, at + adviceLayout.burstSegments);
    values.writeUInt32LE(entry.togetherSegments, at + adviceLayout.togetherSegments);
    values.writeUInt32LE(entry.togetherHosts, at + adviceLayout.togetherHosts);
    values.writeUInt32LE(entry.rtoMinUs, at + adviceLayout.rtoMinUs);
    values.writeUInt32LE(entry.isCapacityKnown ? 1 : 0, at + adviceLayout.capacityKnown);
  }
  return { keys, values };
}

/** One key of the advice map. */
export function prefixRecord(address: Uint8Array, prefixLength: number): Buffer {
  const key = Buffer.alloc(prefixLayout.size);
  writePrefix(key, 0, address, prefixLength);
  return key;
}

/** The parts of a key of the advice map. */
export function prefixOf(key: Buffer): { address: Uint8Array; prefixLength: number } {
  return {
    address: Uint8Array.prototype.slice.call(key, prefixLayout.address, prefixLayout.address + 16),
    prefixLength: key.readUInt32LE(prefixLayout.length),
  };
}

/** Writes one key of the advice map into a buffer. */
export function writePrefix(keys: Buffer, at: number, address: Uint8Array, prefixLength: number): void {
  keys.writeUInt32LE(prefixLength, at + prefixLayout.length);
  keys.set(address, at + prefixLayout.address);
}
