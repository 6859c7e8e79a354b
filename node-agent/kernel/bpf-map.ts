/** One BPF map by its file descriptor. */
import type { Libbpf } from "./libbpf.ts";
import { errnoName, LibbpfError } from "./libbpf.ts";

/** The most entries that one system call moves: bounds how long the event loop stands still. */
export const batchEntries = 4096;

/** Keys and values of one drained batch, valid until the next batch is read. */
export interface Batch {
  readonly count: number;
  /** `count` keys, one after the other. */
  readonly keys: Buffer;
  /** `count` values, one after the other. */
  readonly values: Buffer;
}

/** What became of writing many entries: how many are in, and the errno name of the first that is not. */
export interface BatchWrite {
  readonly written: number;
  readonly error: string | undefined;
}

/** A map whose keys and values are raw bytes in the layout of bpf/augmenter.h. */
export class BpfMap {
  readonly name: string;
  readonly fd: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly #libbpf: Libbpf;

  constructor(
    libbpf: Libbpf,
    shape: { name: string; fd: number; keySize: number; valueSize: number; maxEntries: number },
  ) {
    this.#libbpf = libbpf;
    this.name = shape.name;
    this.fd = shape.fd;
    this.keySize = shape.keySize;
    this.valueSize = shape.valueSize;
    this.maxEntries = shape.maxEntries;
  }

  /** Fills `value` with the entry; false where there is none. `value` is valueSize bytes, for a per-CPU map that of all CPUs. */
  lookup(key: Buffer, value: Buffer): boolean {
    return this.#found("look up", this.#libbpf.bpf_map_lookup_elem.callRaw(this.fd, key, value));
  }

  /** Adds or replaces one entry, atomically for the programs that read it. */
  update(key: Buffer, value: Buffer): void {
    this.#checked("update", this.#libbpf.bpf_map_update_elem.callRaw(this.fd, key, value, 0));
  }

  /** Whether there was such an entry. */
  delete(key: Buffer): boolean {
    return this.#found("delete from", this.#libbpf.bpf_map_delete_elem.callRaw(this.fd, key));
  }

  /** Takes the oldest value of a queue; false where it is empty. */
  pop(value: Buffer): boolean {
    return this.#found("pop from", this.#libbpf.bpf_map_lookup_and_delete_elem.callRaw(this.fd, null, value));
  }

  /** Fills `next` with the key after `key`, or the first one where `key` is null; false at the end. */
  nextKey(key: Buffer | null, next: Buffer): boolean {
    return this.#found("walk", this.#libbpf.bpf_map_get_next_key.callRaw(this.fd, key, next));
  }

  /**
   * Takes every entry out of a hash map, batch by batch, through buffers that are used again for the next batch.
   * Nothing may write the map meanwhile.
   */
  *drain(buffers: DrainBuffers): Generator<Batch> {
    let cursor: Buffer | null = null;
    for (let taken = 0; taken <= this.maxEntries; ) {
      buffers.count.writeUInt32LE(batchEntries);
      const result = this.#libbpf.bpf_map_lookup_and_delete_batch.callRaw(
        this.fd,
        cursor,
        buffers.cursor,
        buffers.keys,
        buffers.values,
        buffers.count,
        null,
      );
      const count = buffers.count.readUInt32LE();
      const atEnd = result < 0 && errnoName(-result) === "ENOENT";
      if (result < 0 && !atEnd) throw new LibbpfError(`drain map ${this.name}`, -result);
      if (count > 0) yield { count, keys: buffers.keys, values: buffers.values };
      if (atEnd) return;
      cursor = buffers.cursor;
      taken += count;
    }
  }

  /** Adds or replaces `count` entries that lie one after the other in `keys` and `values`. */
  updateMany(keys: Buffer, values: Buffer, count: number): BatchWrite {
    for (let start = 0; start < count; start += batchEntries) {
      const size = Math.min(batchEntries, count - start);
      const written = Buffer.alloc(4);
      written.writeUInt32LE(size);
      const result = this.#libbpf.bpf_map_update_batch.callRaw(
        this.fd,
        keys.subarray(start * this.keySize, (start + size) * this.keySize),
        values.subarray(start * this.valueSize, (start + size) * this.valueSize),
        written,
        null,
      );
      if (result < 0) return { written: start + written.readUInt32LE(), error: errnoName(-result) };
    }
    return { written: count, error: undefined };
  }

  #found(verb: string, result: number): boolean {
    if (result < 0 && errnoName(-result) === "ENOENT") return false;
    this.#checked(verb, result);
    return true;
  }

  #checked(verb: string, result: number): void {
    if (result < 0) throw new LibbpfError(`${verb} map ${this.name}`, -result);
  }
}

/** Buffers that draining needs, allocated once. */
export interface DrainBuffers {
  readonly count: Buffer;
  readonly cursor: Buffer;
  readonly keys: Buffer;
  readonly values: Buffer;
}

/** Buffers for draining maps with keys and values of these sizes, bytes. */
export function drainBuffers(keySize: number, valueSize: number): DrainBuffers {
  return {
    count: Buffer.alloc(4),
    // The kernel puts a key or a bucket number here, whichever is larger.
    cursor: Buffer.alloc(Math.max(8, keySize)),
    keys: Buffer.alloc(batchEntries * keySize),
    values: Buffer.alloc(batchEntries * valueSize),
  };
}
