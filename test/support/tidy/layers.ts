/** Which file may import which. */
import type { Complaint, SourceFile } from "./source-file.ts";
import { importsOf, packageOf } from "./source-file.ts";

// Top-level folders and what each may import besides itself.
const reachable: Readonly<Record<string, readonly string[]>> = {
  proto: [],
  bpf: [],
  common: ["proto"],
  "node-agent": ["common", "proto"],
  aggregator: ["common", "proto"],
  client: ["proto"],
  cli: ["client", "common", "proto"],
  deploy: ["node-agent", "aggregator", "client", "cli", "common", "proto"],
  test: ["node-agent", "aggregator", "client", "cli", "common", "proto", "bpf", "deploy"],
};

// What a pure core may use: no clock, no I/O, no randomness, no logger.
const pureLibraries = new Set(["lru-cache", "ipaddr.js", "@datadog/sketches-js", "node:buffer", "node:util"]);

// Packages that one place keeps to itself. Tests may speak NATS directly: they send what no program of ours would.
const keepers: readonly { readonly library: string; readonly keeper: RegExp; readonly tests: boolean }[] = [
  { library: "ffi-napi", keeper: /^node-agent\/kernel\//, tests: false },
  { library: "nats", keeper: /^common\/nats-link\.ts$/, tests: true },
];

/** Imports that reach across programs, or up the layers main -> cycle, services -> kernel, common -> core -> proto. */
export function layerComplaints(files: readonly SourceFile[]): Complaint[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap(({ path, specifier, line }) => {
      if (path === undefined) return [];
      const from = areaOf(file.path);
      const to = areaOf(path);
      if (from !== to && reachable[from]?.includes(to) === false) {
        return [`${file.path}:${line}: ${from}/ must not import ${to}/ (${specifier})`];
      }
      if (rankOf(path) > rankOf(file.path)) return [`${file.path}:${line}: imports a layer above it (${specifier})`];
      return [];
    }),
  );
}

/** Imports by a core/ folder of anything but itself, proto/ and libraries known to be pure. */
export function coreComplaints(files: readonly SourceFile[]): Complaint[] {
  return files.filter(isCore).flatMap((file) =>
    importsOf(file).flatMap(({ path, specifier, line }) => {
      const allowed = path === undefined ? pureLibraries.has(specifier) : isBelowCore(path, file.path);
      return allowed ? [] : [`${file.path}:${line}: core must not import ${specifier}`];
    }),
  );
}

/** Imports of a library outside of the place that keeps it, and a second file with ffi-napi. */
export function keeperComplaints(files: readonly SourceFile[]): Complaint[] {
  return keepers.flatMap(({ library, keeper, tests }) => {
    const users = files.filter((file) => importsOf(file).some(({ specifier }) => packageOf(specifier) === library));
    const strays = users.filter(({ path }) => !keeper.test(path) && !(tests && path.startsWith("test/")));
    const kept = users.filter(({ path }) => keeper.test(path));
    return [
      ...strays.map(({ path }) => `${path}:1: ${library} must not be imported here`),
      ...kept.slice(1).map(({ path }) => `${path}:1: ${library} is imported by ${kept[0]?.path} already`),
    ];
  });
}

/** Chains of imports that come back to where they started; each is told once. */
export function cycleComplaints(files: readonly SourceFile[]): Complaint[] {
  const graph = new Map(files.map((file) => [file.path, importsOf(file).flatMap(({ path }) => path ?? [])]));
  const complaints: Complaint[] = [];
  const finished = new Set<string>();
  const follow = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) complaints.push(`${path}:1: import cycle ${[...trail.slice(start), path].join(" -> ")}`);
    if (start >= 0 || finished.has(path)) return;
    for (const next of graph.get(path) ?? []) follow(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) follow(path, []);
  return complaints;
}

function areaOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function isCore(file: SourceFile): boolean {
  return /^[^/]+\/core\//.test(file.path) && !file.path.startsWith("test/");
}

function isBelowCore(path: string, importer: string): boolean {
  return path.startsWith(`${areaOf(importer)}/core/`) || path.startsWith("proto/");
}

function rankOf(path: string): number {
  const [area = "", next = ""] = path.split("/");
  if (next === "") return 6;
  if (area === "test" || area === "deploy" || area === "bpf") return 6;
  if (area === "proto") return 1;
  if (next === "core") return 2;
  if (next === "kernel" || area === "common") return 3;
  return next === "main.ts" ? 5 : 4;
}
