/**
 * Writes node-agent/kernel/layout.gen.ts from the BTF of the compiled BPF object, so that the C header stays the only
 * description of the maps. Usage: node generate-layout.js <object.bpf.o>; the TypeScript goes to stdout.
 */
import { execFileSync } from "node:child_process";

/** What `bpftool btf dump -j` says of one type; only the kinds used here. */
interface BtfType {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly size?: number;
  readonly type_id?: number;
  readonly nr_elems?: number;
  readonly members?: readonly { readonly name: string; readonly type_id: number; readonly bits_offset: number }[];
  readonly values?: readonly { readonly name: string; readonly val: number }[];
  readonly vars?: readonly { readonly type_id: number }[];
}

// What the agent reads and writes; the rest (flows, shares) is the kernel's own business.
const structs = ["address", "prefix", "advice", "fold", "switches", "event"];
const enums = ["limit", "mode"];

/** The generated module for the BTF types of an object. */
export function layoutModule(types: readonly BtfType[]): string {
  const byId = new Map(types.map((type) => [type.id, type]));
  const named = (kind: string, name: string): BtfType => {
    const found = types.find((type) => type.kind === kind && type.name === name);
    if (found === undefined) throw new Error(`Cannot find ${kind} ${name} in the BTF`);
    return found;
  };
  const sections = [
    "/** Generated from bpf/augmenter.h by bpf/generate-layout.ts: do not edit, run `npm run generate`. */",
    ...enums.map((name) => enumText(named("ENUM", `augmenter_${name}`))),
    counterText(named("ENUM", "augmenter_counter")),
    ...structs.map((name) => structText(named("STRUCT", `augmenter_${name}`))),
    mapsText(types, byId),
  ];
  return `${sections.join("\n\n")}\n`;
}

function enumText(type: BtfType): string {
  const name = camelCase(type.name.replace("augmenter_", ""));
  const prefix = name === "mode" ? "AUGMENTER_MODE_" : "AUGMENTER_";
  const rows = (type.values ?? []).map(
    (value) => `  ${camelCase(value.name.replace(prefix, "").toLowerCase())}: ${value.val},`,
  );
  return [`/** enum ${type.name} */`, `export const ${name} = {`, ...rows, "} as const;"].join("\n");
}

function counterText(type: BtfType): string {
  const names = (type.values ?? []).filter((value) => value.name !== "AUGMENTER_COUNTERS");
  const rows = names
    .sort((a, b) => a.val - b.val)
    .map((value) => `  "${value.name.replace("AUGMENTER_", "").toLowerCase()}",`);
  return [
    `/** enum ${type.name}: the name of each slot of the counters map. */`,
    "export const counterNames = [",
    ...rows,
    "] as const;",
  ].join("\n");
}

function structText(type: BtfType): string {
  const rows = (type.members ?? []).map((member) => `  ${camelCase(member.name)}: ${member.bits_offset / 8},`);
  return [
    `/** struct ${type.name}: its size and the offset of each member, bytes. */`,
    `export const ${camelCase(type.name.replace("augmenter_", ""))}Layout = {`,
    `  size: ${type.size ?? 0},`,
    ...rows,
    "} as const;",
  ].join("\n");
}

function mapsText(types: readonly BtfType[], byId: ReadonlyMap<number, BtfType>): string {
  const section = types.find((type) => type.kind === "DATASEC" && type.name === ".maps");
  const rows = (section?.vars ?? []).map((entry) => {
    const variable = byId.get(entry.type_id);
    const definition = byId.get(variable?.type_id ?? 0);
    const sizeOf = (member: string): number => {
      const pointer = byId.get(definition?.members?.find(({ name }) => name === member)?.type_id ?? 0);
      return sizeInBytes(byId.get(pointer?.type_id ?? 0), byId);
    };
    return `  ${variable?.name}: { keySize: ${sizeOf("key")}, valueSize: ${sizeOf("value")} },`;
  });
  return [
    "/** Every map with the sizes of its key and value, bytes; checked against libbpf when the object is opened. */",
    "export const mapSizes = {",
    ...rows.sort(),
    "} as const;",
  ].join("\n");
}

function sizeInBytes(type: BtfType | undefined, byId: ReadonlyMap<number, BtfType>): number {
  if (type === undefined) return 0;
  if (type.size !== undefined) return type.size;
  return sizeInBytes(byId.get(type.type_id ?? 0), byId);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

const [objectPath] = process.argv.slice(2);
if (objectPath !== undefined && import.meta.url === `file://${process.argv[1]}`) {
  const dump = execFileSync("bpftool", ["btf", "dump", "file", objectPath, "-j"], { maxBuffer: 1 << 26 });
  process.stdout.write(layoutModule((JSON.parse(dump.toString()) as { types: BtfType[] }).types));
}
