/** The compiled BPF object: opened, checked against the generated layout, and loaded. */
import { BpfMap } from "./bpf-map.ts";
import { mapSizes } from "./layout.gen.ts";
import type { Libbpf, Pointer } from "./libbpf.ts";
import { cString, LibbpfError } from "./libbpf.ts";

export type MapName = keyof typeof mapSizes;

/** The names of all maps. */
export const mapNames = Object.keys(mapSizes) as MapName[];

/** How the object is loaded. */
export interface LoadOptions {
  /** File descriptors of maps that are already there and are used instead of new ones. */
  readonly reuse: Readonly<Partial<Record<MapName, number>>>;
  /** Entries of maps whose size differs from the one in the source. */
  readonly maxEntries: Readonly<Partial<Record<MapName, number>>>;
  /** Whether programs may read kernel structs (CAP_PERFMON): without it no delivery rate counts as saturated. */
  readonly canReadKernelStructs: boolean;
}

/** A loaded object: its maps, and the programs that are in the kernel. Stays loaded until the process ends. */
export interface BpfObject {
  readonly maps: Readonly<Record<MapName, BpfMap>>;
  /** The sock_ops program. */
  readonly programFd: number;
  /** libbpf's handle of the iterator that lifts pacing; undefined without CAP_PERFMON. */
  readonly releaseProgram: Pointer | undefined;
}

/** Opens and loads the object. Throws LibbpfError, or Error where the object is not the one this program was built with. */
export function loadObject(libbpf: Libbpf, path: string, options: LoadOptions): BpfObject {
  const object = libbpf.bpf_object__open_file.callForPointer(cString(path), null);
  try {
    return loadOpened(libbpf, object, options);
  } catch (error) {
    libbpf.bpf_object__close.callRaw(object);
    throw error;
  }
}

function loadOpened(libbpf: Libbpf, object: Pointer, options: LoadOptions): BpfObject {
  const handles = new Map<MapName, Pointer>();
  for (const name of mapNames) {
    const handle = libbpf.bpf_object__find_map_by_name.callForPointer(object, cString(name));
    checkSizes(name, libbpf.bpf_map__key_size.callRaw(handle), libbpf.bpf_map__value_size.callRaw(handle));
    const reused = options.reuse[name];
    const entries = options.maxEntries[name];
    if (reused !== undefined) libbpf.bpf_map__reuse_fd.call(handle, reused);
    else if (entries !== undefined) libbpf.bpf_map__set_max_entries.call(handle, entries);
    handles.set(name, handle);
  }
  const program = (name: string, wanted: boolean): Pointer => {
    const handle = libbpf.bpf_object__find_program_by_name.callForPointer(object, cString(name));
    libbpf.bpf_program__set_autoload.call(handle, wanted ? 1 : 0);
    return handle;
  };
  const full = program("augmenter_sockops", options.canReadKernelStructs);
  const basic = program("augmenter_sockops_basic", !options.canReadKernelStructs);
  const release = program("augmenter_release", options.canReadKernelStructs);
  const result = libbpf.bpf_object__load.callRaw(object);
  if (result < 0) throw new LibbpfError("load the BPF program", -result);
  const maps = Object.fromEntries(
    [...handles].map(([name, handle]) => [
      name,
      new BpfMap(libbpf, {
        name,
        fd: libbpf.bpf_map__fd.call(handle),
        ...mapSizes[name],
        maxEntries: libbpf.bpf_map__max_entries.callRaw(handle),
      }),
    ]),
  );
  return {
    maps: maps as Record<MapName, BpfMap>,
    programFd: libbpf.bpf_program__fd.call(options.canReadKernelStructs ? full : basic),
    releaseProgram: options.canReadKernelStructs ? release : undefined,
  };
}

function checkSizes(name: MapName, keySize: number, valueSize: number): void {
  const built = mapSizes[name];
  if (keySize === built.keySize && valueSize === built.valueSize) return;
  throw new Error(
    `Cannot use the BPF object as map ${name} must have keys of ${built.keySize} and values of ${built.valueSize} bytes: ` +
      `it has ${keySize} and ${valueSize}; run \`npm run generate\``,
  );
}
