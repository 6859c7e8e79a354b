/** What a machine can check of how the code should read. Every rule is shown to fail on a small bad example first. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { partitionKinds, subjectKinds } from "../proto/subjects.ts";
import { canUseKernel } from "./support/privileges.ts";
import { coreComplaints, cycleComplaints, keeperComplaints, layerComplaints } from "./support/tidy/layers.ts";
import type { Manifest } from "./support/tidy/manifest.ts";
import {
  optionComplaints,
  undeclaredDependencyComplaints,
  unusedDependencyComplaints,
} from "./support/tidy/manifest.ts";
import type { Complaint, SourceFile } from "./support/tidy/source-file.ts";
import { isGenerated, readSources } from "./support/tidy/source-file.ts";
import {
  consoleComplaints,
  disabledTestComplaints,
  docComplaints,
  impurityComplaints,
  leftoverComplaints,
  lengthComplaints,
  subjectComplaints,
} from "./support/tidy/wording.ts";

const root = join(import.meta.dirname, "..");
const code = [".ts", ".c", ".h", ".sh"];
const texts = [...code, ".proto", ".md", ".yml", ".yaml", ".service", ".json", "Makefile", "Dockerfile"];

const everything = readSources(root, texts).filter((file) => file.path !== "package-lock.json" && !isGenerated(file));
const sources = everything.filter(({ path }) => code.some((ending) => path.endsWith(ending)));
const scripts = sources.filter(({ path }) => path.endsWith(".ts"));
const programs = scripts.filter(({ path }) => !path.startsWith("test/") && path.includes("/"));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;

interface Rule {
  readonly title: string;
  readonly complaintsOf: (files: readonly SourceFile[]) => Complaint[];
  readonly files: readonly SourceFile[];
  /** A small tree that breaks the rule. */
  readonly bad: Readonly<Record<string, string>>;
  /** What is said of it. */
  readonly complaints: readonly string[];
  /** A small tree that looks like a breach and is none. */
  readonly good: Readonly<Record<string, string>>;
}

const rules: readonly Rule[] = [
  {
    title: "programs do not import each other and layers do not import upwards",
    complaintsOf: layerComplaints,
    files: scripts,
    bad: {
      "node-agent/uplink.ts": 'import { a } from "../aggregator/core/a.ts";',
      "aggregator/core/b.ts": 'import type { c } from "../ingest.ts";',
      "aggregator/ingest.ts": 'export { d } from "./main.ts";',
      "common/log.ts": 'const e = await import("../cli/main.ts");',
    },
    complaints: [
      "node-agent/uplink.ts:1: node-agent/ must not import aggregator/ (../aggregator/core/a.ts)",
      "aggregator/core/b.ts:1: imports a layer above it (../ingest.ts)",
      "aggregator/ingest.ts:1: imports a layer above it (./main.ts)",
      "common/log.ts:1: common/ must not import cli/ (../cli/main.ts)",
    ],
    good: { "node-agent/main.ts": 'import { a } from "./core/a.ts"; import { b } from "../common/nats-link.ts";' },
  },
  {
    title: "core folders import only core, proto and pure libraries",
    complaintsOf: coreComplaints,
    files: scripts,
    bad: {
      "aggregator/core/a.ts": 'import { readFileSync } from "node:fs";\nimport pino from "pino";',
      "node-agent/core/b.ts": 'import { b } from "../kernel/b.ts";',
    },
    complaints: [
      "aggregator/core/a.ts:1: core must not import node:fs",
      "aggregator/core/a.ts:2: core must not import pino",
      "node-agent/core/b.ts:1: core must not import ../kernel/b.ts",
    ],
    good: {
      "aggregator/core/a.ts": 'import { LRUCache } from "lru-cache"; import { p } from "../../proto/address.ts";',
      "aggregator/ingest.ts": 'import pino from "pino";',
    },
  },
  {
    title: "ffi-napi and nats are each imported in one place",
    complaintsOf: keeperComplaints,
    files: scripts,
    bad: {
      "node-agent/uplink.ts": 'import { connect } from "nats";',
      "node-agent/kernel/a.ts": 'const load = createRequire(import.meta.url);\nload("ffi-napi/lib/bindings");',
      "node-agent/kernel/b.ts": 'import ffi from "ffi-napi";',
      "aggregator/c.ts": 'await import("ffi-napi");',
    },
    complaints: [
      "aggregator/c.ts:1: ffi-napi must not be imported here",
      "node-agent/kernel/b.ts:1: ffi-napi is imported by node-agent/kernel/a.ts already",
      "node-agent/uplink.ts:1: nats must not be imported here",
    ],
    good: { "common/nats-link.ts": 'import { connect } from "nats";', "node-agent/kernel/a.ts": 'import "ffi-napi";' },
  },
  {
    title: "no import cycles",
    complaintsOf: cycleComplaints,
    files: scripts,
    bad: {
      "common/a.ts": 'import type { b } from "./b.ts";',
      "common/b.ts": 'import { c } from "./c.ts";',
      "common/c.ts": 'import { a } from "./a.ts";',
    },
    complaints: ["common/a.ts:1: import cycle common/a.ts -> common/b.ts -> common/c.ts -> common/a.ts"],
    good: { "common/a.ts": 'import "./b.ts"; import "./c.ts";', "common/b.ts": 'import "./c.ts";', "common/c.ts": "" },
  },
  {
    title: "NATS subjects are spelled in proto/subjects.ts",
    complaintsOf: (files) => subjectComplaints(files, [...subjectKinds, ...partitionKinds]),
    files: scripts,
    bad: { "common/a.ts": `const all = "${["augmenter", "v1", "report.*"].join(".")}";` },
    complaints: [
      `common/a.ts:1: NATS subject outside of proto/subjects.ts: ${["augmenter", "v1", "report"].join(".")}`,
    ],
    good: { "aggregator/services.ts": 'const name = "augmenter.v1.PathService";' },
  },
  {
    title: "no console",
    complaintsOf: consoleComplaints,
    files: scripts,
    bad: { "common/a.ts": '\nconsole.log("a");' },
    complaints: ["common/a.ts:2: console.log past the logger"],
    good: { "cli/a.ts": "console.log();", "test/bench/a.ts": "console.log();", "common/a.ts": "// console.log" },
  },
  {
    title: "core folders take time and randomness as arguments",
    complaintsOf: impurityComplaints,
    files: scripts,
    bad: {
      "node-agent/core/a.ts":
        "Math.random();\nDate.now();\nnew Date();\nsetTimeout(f, 1);\nprocess.env;\nperformance.now();",
    },
    complaints: [
      "node-agent/core/a.ts:1: Math.random in core",
      "node-agent/core/a.ts:2: Date.now in core",
      "node-agent/core/a.ts:5: process.env in core",
      "node-agent/core/a.ts:6: performance.now in core",
      "node-agent/core/a.ts:3: Date() in core",
      "node-agent/core/a.ts:4: setTimeout() in core",
    ],
    good: { "node-agent/core/a.ts": "new Date(nowMs); Math.max(1, 2);", "node-agent/cycle.ts": "Date.now();" },
  },
  {
    title: "no test is switched off",
    complaintsOf: disabledTestComplaints,
    files: scripts,
    bad: { "test/a.test.ts": 'test.only("a", f);\ndescribe.skip("b", f);\nit.todo("c");' },
    complaints: ["test/a.test.ts:1: test.only", "test/a.test.ts:2: describe.skip", "test/a.test.ts:3: it.todo"],
    good: { "test/a.test.ts": 'describe.skipIf(!canUseKernel)("a", f); const { only } = options.only;' },
  },
  {
    title: "what is exported is documented",
    complaintsOf: docComplaints,
    files: programs,
    bad: {
      "common/a.ts": [
        "/** Not directly above. */",
        "",
        "export const a = 1;",
        "export function b() {}",
        "// Not a doc comment.",
        "export class C {}",
        "export interface D {}",
      ].join("\n"),
    },
    complaints: ["a", "b", "C", "D"].map(
      (name, index) => `common/a.ts:${[3, 4, 6, 7][index]}: no doc comment: ${name}`,
    ),
    good: { "common/a.ts": "/** Why. */\nexport const a = 1;\nfunction b() {}\nexport type E = 1;" },
  },
  {
    title: "files are at most 400 lines",
    complaintsOf: lengthComplaints,
    files: sources,
    bad: { "bpf/a.h": "\n".repeat(401) },
    complaints: ["bpf/a.h:401: longer than 400 lines"],
    good: { "bpf/a.h": "\n".repeat(400) },
  },
  {
    title: "no leftover notes",
    complaintsOf: leftoverComplaints,
    files: everything,
    bad: { "docs/a.md": `one\n${["TO", "DO"].join("")}: two` },
    complaints: [`docs/a.md:2: leftover note: ${["TO", "DO"].join("")}`],
    good: { "deploy/a.sh": "mktemp dist/a.XXXXXX" },
  },
  {
    title: "every dependency is used",
    complaintsOf: (files) => unusedDependencyComplaints(files === scripts ? manifest : smallManifest, files),
    files: scripts,
    bad: { "common/a.ts": 'import "node:fs";' },
    complaints: ["package.json:1: nothing imports pino", "package.json:1: nothing imports vitest"],
    good: { "common/a.ts": 'import "pino"; import { test } from "vitest";' },
  },
  {
    title: "every package that is imported is a dependency",
    complaintsOf: (files) => undeclaredDependencyComplaints(files === scripts ? manifest : smallManifest, files),
    files: scripts,
    bad: { "common/a.ts": 'import "@scope/name/inner.js";\nimport "vitest/node";' },
    complaints: [
      "common/a.ts:1: @scope/name is not in package.json's dependencies",
      "common/a.ts:2: vitest is not in package.json's dependencies",
    ],
    good: { "common/a.ts": 'import "pino";', "test/a.ts": 'import "vitest/node";' },
  },
];

const smallManifest: Manifest = {
  bin: {},
  scripts: { format: "biome check ." },
  dependencies: { pino: "1" },
  devDependencies: { vitest: "1", "@biomejs/biome": "1", "@types/node": "1" },
};

describe.each(rules)("$title", ({ complaintsOf, files, bad, complaints, good }) => {
  test("the rule sees a breach", () => {
    expect(complaintsOf(tree(bad))).toEqual(complaints);
  });

  test("the rule lets pass what is no breach", () => {
    expect(complaintsOf(tree(good))).toEqual([]);
  });

  test("the sources keep it", () => {
    expect(files.length).toBeGreaterThan(0);
    expect(complaintsOf(files)).toEqual([]);
  });
});

describe("options are documented", () => {
  const help = [
    "Options:",
    "  --nats-url <value>  servers (AUGMENTER_NATS_URL, default",
    "                      nats://127.0.0.1:4222)",
    "  --rack <value>      where (AUGMENTER_RACK, default empty)",
    "  -h, --help          print this help",
  ].join("\n");
  const document = "# Configuration\n\n## augmenter-agent\n| `--zone` | |\n| `--nats-url` | `AUGMENTER_NATS_URL` | |\n";

  test("the rule sees a breach", () => {
    expect(optionComplaints("augmenter-agent", help, document)).toEqual([
      "docs/configuration.md:1: augmenter-agent: --zone does not exist",
      "docs/configuration.md:1: augmenter-agent: --nats-url is documented without `nats://127.0.0.1:4222`",
      "docs/configuration.md:1: augmenter-agent: --rack is not documented",
      "docs/configuration.md:1: augmenter-agent: --help is not documented",
    ]);
  });

  const existing = Object.entries(manifest.bin).filter(([, script]) => existsSync(join(root, sourceOf(script))));
  test.each(existing)("%s and docs/configuration.md agree", (program, script) => {
    const text = execFileSync(process.execPath, [join(root, script), "--help"], { encoding: "utf8" });
    expect(text).toContain("--");
    // A default that differs from host to host is documented by what it is.
    const helpText = text.replace(`default ${hostname()})`, "default hostname)");
    expect(optionComplaints(program, helpText, readFileSync(join(root, "docs/configuration.md"), "utf8"))).toEqual([]);
  });
});

describe("generated sources are fresh", () => {
  let fresh = "";
  beforeAll(() => {
    fresh = mkdtempSync(join(tmpdir(), "augmenter-generated-"));
  });
  afterAll(() => {
    rmSync(fresh, { recursive: true });
  });

  test("proto/gen is what the .proto files say", () => {
    generate("generate-proto", fresh);
    expect(readSources(join(fresh, "proto/gen"), [".ts"])).toEqual(readSources(join(root, "proto/gen"), [".ts"]));
  }, 60_000);

  // Only who has clang can compile the object; with root there is no excuse.
  const canCompile = canUseKernel || existsSync(join(root, "dist/bpf/augmenter.bpf.o"));
  test.skipIf(!canCompile)(
    "the map layout is what bpf/augmenter.h says",
    () => {
      generate("generate-layout", fresh);
      const path = "node-agent/kernel/layout.gen.ts";
      expect(readFileSync(join(fresh, path), "utf8")).toBe(readFileSync(join(root, path), "utf8"));
    },
    120_000,
  );
});

function tree(files: Readonly<Record<string, string>>): SourceFile[] {
  return Object.entries(files).map(([path, text]) => ({ path, text }));
}

function sourceOf(script: string): string {
  return script.replace(/^dist\//, "").replace(/\.js$/, ".ts");
}

function generate(target: string, destination: string): void {
  execFileSync("sh", [join(root, "deploy/build.sh"), target, destination], { stdio: ["ignore", "pipe", "pipe"] });
}
