/**
 * The calls into libbpf, and the only file that imports the FFI.
 *
 * Each call is prepared once: its arguments live in one buffer that is overwritten every time. An ordinary ffi-napi
 * call costs 15-50 us and keeps memory until the event loop turns; a prepared one costs well under 1 us and none.
 */
import { createRequire } from "node:module";
import { getSystemErrorName } from "node:util";

interface FfiBindings {
  ffi_call(cif: Buffer, functionPointer: Buffer, result: Buffer, args: Buffer): void;
}
interface FfiModule {
  readonly DynamicLibrary: new (path: string) => { get(symbol: string): Buffer };
  readonly CIF: (returns: unknown, args: readonly unknown[]) => Buffer;
  readonly types: Readonly<Record<string, unknown>>;
  errno(): number;
}

const load = createRequire(import.meta.url);
const ffi = load("ffi-napi") as FfiModule;
// The package's own surface allocates on every call; its bindings do not.
const bindings = load("ffi-napi/lib/bindings") as FfiBindings;

/** An address in this process: of a libbpf object, or of a Buffer. 0 is NULL. */
export type Pointer = bigint;
/** NULL. */
export const nullPointer: Pointer = 0n;

/** A kernel or libbpf call that failed. `code` is the errno name. */
export class LibbpfError extends Error {
  readonly code: string;

  constructor(call: string, errno: number) {
    const code = errnoName(errno);
    super(`Cannot ${call}: errno ${code}`);
    this.name = "LibbpfError";
    this.code = code;
  }
}

/** An argument of a libbpf function: numbers, addresses, and buffers that must stay alive during the call. */
export type Argument = number | bigint | Buffer | null;

type Returns = "int32" | "uint32" | "pointer";

/** A C function with its arguments prepared. */
export class NativeFunction {
  readonly #name: string;
  readonly #cif: Buffer;
  readonly #function: Buffer;
  readonly #returns: Returns;
  readonly #values: Buffer;
  readonly #arguments: Buffer;
  readonly #result = Buffer.alloc(8);

  constructor(library: { get(symbol: string): Buffer }, name: string, returns: Returns, argumentCount: number) {
    this.#name = name;
    this.#returns = returns;
    this.#function = library.get(name);
    // Every argument of the functions below is an integer or a pointer, each in a register of its own (SysV, AAPCS64).
    this.#cif = ffi.CIF(
      ffi.types["uint64"],
      Array.from({ length: argumentCount }, () => ffi.types["uint64"]),
    );
    this.#values = Buffer.alloc(8 * Math.max(1, argumentCount));
    this.#arguments = Buffer.alloc(8 * Math.max(1, argumentCount));
    for (let index = 0; index < argumentCount; index += 1) {
      this.#arguments.writeBigUInt64LE(addressOf(this.#values) + BigInt(8 * index), 8 * index);
    }
  }

  /** The raw result: a number, or for functions that return one an address. */
  #invoke(args: readonly Argument[]): void {
    for (let index = 0; index < args.length; index += 1) {
      const value = args[index] ?? null;
      if (value === null) this.#values.writeBigUInt64LE(0n, 8 * index);
      else if (typeof value === "number") this.#values.writeBigInt64LE(BigInt(value), 8 * index);
      else if (typeof value === "bigint") this.#values.writeBigUInt64LE(value, 8 * index);
      else this.#values.writeBigUInt64LE(addressOf(value), 8 * index);
    }
    bindings.ffi_call(this.#cif, this.#function, this.#result, this.#arguments);
  }

  /** The integer result as it is; libbpf 1.x answers -errno. */
  callRaw(...args: Argument[]): number {
    this.#invoke(args);
    return this.#returns === "uint32" ? this.#result.readUInt32LE(0) : this.#result.readInt32LE(0);
  }

  /** The integer result. Throws LibbpfError where it is negative. */
  call(...args: Argument[]): number {
    const result = this.callRaw(...args);
    if (result < 0) throw new LibbpfError(this.#name, -result);
    return result;
  }

  /** The address a function returns. Throws LibbpfError where it is NULL. */
  callForPointer(...args: Argument[]): Pointer {
    this.#invoke(args);
    const pointer = this.#result.readBigUInt64LE(0);
    if (pointer === nullPointer) throw new LibbpfError(this.#name, ffi.errno());
    return pointer;
  }
}

/** The libbpf functions in use, by their C names. */
export interface Libbpf {
  readonly bpf_object__open_file: NativeFunction;
  readonly bpf_object__load: NativeFunction;
  readonly bpf_object__close: NativeFunction;
  readonly bpf_object__find_map_by_name: NativeFunction;
  readonly bpf_object__find_program_by_name: NativeFunction;
  readonly bpf_map__fd: NativeFunction;
  readonly bpf_map__key_size: NativeFunction;
  readonly bpf_map__value_size: NativeFunction;
  readonly bpf_map__max_entries: NativeFunction;
  readonly bpf_map__set_max_entries: NativeFunction;
  readonly bpf_map__reuse_fd: NativeFunction;
  readonly bpf_program__fd: NativeFunction;
  readonly bpf_program__set_autoload: NativeFunction;
  readonly bpf_program__attach_iter: NativeFunction;
  readonly bpf_link__fd: NativeFunction;
  readonly bpf_link__destroy: NativeFunction;
  readonly bpf_iter_create: NativeFunction;
  readonly bpf_link_create: NativeFunction;
  readonly bpf_link_update: NativeFunction;
  readonly bpf_obj_pin: NativeFunction;
  readonly bpf_obj_get: NativeFunction;
  readonly bpf_obj_get_info_by_fd: NativeFunction;
  readonly bpf_enable_stats: NativeFunction;
  readonly bpf_map_lookup_elem: NativeFunction;
  readonly bpf_map_update_elem: NativeFunction;
  readonly bpf_map_delete_elem: NativeFunction;
  readonly bpf_map_lookup_and_delete_elem: NativeFunction;
  readonly bpf_map_get_next_key: NativeFunction;
  readonly bpf_map_lookup_and_delete_batch: NativeFunction;
  readonly bpf_map_update_batch: NativeFunction;
  readonly libbpf_num_possible_cpus: NativeFunction;
  /** Of the C library, which libbpf brings along. */
  readonly clock_gettime: NativeFunction;
}

/** Opens libbpf 1.x. Throws where the system has none. */
export function openLibbpf(): Libbpf {
  const library = openLibrary();
  // libbpf writes its warnings to stderr by itself; ours carry the errno.
  new NativeFunction(library, "libbpf_set_print", "pointer", 1).callRaw(null);
  const prepare = (name: keyof Libbpf, returns: Returns, argumentCount: number): NativeFunction =>
    new NativeFunction(library, name, returns, argumentCount);
  return {
    bpf_object__open_file: prepare("bpf_object__open_file", "pointer", 2),
    bpf_object__load: prepare("bpf_object__load", "int32", 1),
    bpf_object__close: prepare("bpf_object__close", "int32", 1),
    bpf_object__find_map_by_name: prepare("bpf_object__find_map_by_name", "pointer", 2),
    bpf_object__find_program_by_name: prepare("bpf_object__find_program_by_name", "pointer", 2),
    bpf_map__fd: prepare("bpf_map__fd", "int32", 1),
    bpf_map__key_size: prepare("bpf_map__key_size", "uint32", 1),
    bpf_map__value_size: prepare("bpf_map__value_size", "uint32", 1),
    bpf_map__max_entries: prepare("bpf_map__max_entries", "uint32", 1),
    bpf_map__set_max_entries: prepare("bpf_map__set_max_entries", "int32", 2),
    bpf_map__reuse_fd: prepare("bpf_map__reuse_fd", "int32", 2),
    bpf_program__fd: prepare("bpf_program__fd", "int32", 1),
    bpf_program__set_autoload: prepare("bpf_program__set_autoload", "int32", 2),
    bpf_program__attach_iter: prepare("bpf_program__attach_iter", "pointer", 2),
    bpf_link__fd: prepare("bpf_link__fd", "int32", 1),
    bpf_link__destroy: prepare("bpf_link__destroy", "int32", 1),
    bpf_iter_create: prepare("bpf_iter_create", "int32", 1),
    bpf_link_create: prepare("bpf_link_create", "int32", 4),
    bpf_link_update: prepare("bpf_link_update", "int32", 3),
    bpf_obj_pin: prepare("bpf_obj_pin", "int32", 2),
    bpf_obj_get: prepare("bpf_obj_get", "int32", 1),
    bpf_obj_get_info_by_fd: prepare("bpf_obj_get_info_by_fd", "int32", 3),
    bpf_enable_stats: prepare("bpf_enable_stats", "int32", 1),
    bpf_map_lookup_elem: prepare("bpf_map_lookup_elem", "int32", 3),
    bpf_map_update_elem: prepare("bpf_map_update_elem", "int32", 4),
    bpf_map_delete_elem: prepare("bpf_map_delete_elem", "int32", 2),
    bpf_map_lookup_and_delete_elem: prepare("bpf_map_lookup_and_delete_elem", "int32", 3),
    bpf_map_get_next_key: prepare("bpf_map_get_next_key", "int32", 3),
    bpf_map_lookup_and_delete_batch: prepare("bpf_map_lookup_and_delete_batch", "int32", 7),
    bpf_map_update_batch: prepare("bpf_map_update_batch", "int32", 5),
    libbpf_num_possible_cpus: prepare("libbpf_num_possible_cpus", "int32", 0),
    clock_gettime: prepare("clock_gettime", "int32", 2),
  };
}

/** A C string; keep it alive for as long as C may read it. */
export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "utf8");
}

/** The errno name of a positive errno, such as "EPERM". */
export function errnoName(errno: number): string {
  try {
    return getSystemErrorName(-errno);
  } catch {
    return String(errno);
  }
}

// The memory of a Buffer never moves, and asking for its address costs more than the call itself.
const knownAddresses = new WeakMap<Buffer, bigint>();

function addressOf(buffer: Buffer): bigint {
  const known = knownAddresses.get(buffer);
  if (known !== undefined) return known;
  // ref-napi, which ffi-napi loads, adds hexAddress() to every Buffer.
  const address = BigInt(`0x${(buffer as Buffer & { hexAddress(): string }).hexAddress()}`);
  knownAddresses.set(buffer, address);
  return address;
}

function openLibrary(): { get(symbol: string): Buffer } {
  try {
    return new ffi.DynamicLibrary("libbpf.so.1");
  } catch (error) {
    throw new Error(`Cannot open libbpf.so.1 (Debian package libbpf1): ${(error as Error).message}`);
  }
}
