/** Clients in other languages: what protoc makes of the published .proto files, and a Python program that uses it. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { NatsConnection } from "nats";
import { connect } from "nats";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { packageDefinition } from "../../proto/messages.ts";
import { canUseKernel } from "../support/privileges.ts";
import { PlayedHost } from "./played-host.ts";
import { eventually, startBroker, startProgram } from "./program-run.ts";

const root = join(import.meta.dirname, "..", "..");
const protoFolder = join(root, "proto");
const protoFiles = readdirSync(join(protoFolder, "augmenter/v1"))
  .filter((file) => file.endsWith(".proto"))
  .map((file) => `augmenter/v1/${file}`);

/** A request for every method there is, by "Service/Method". */
const requests: Readonly<Record<string, object>> = {
  "PathService/GetPath": { source: "a", destination: "10.0.0.2" },
  "PathService/BatchGetPaths": { sources: ["a"], destinations: ["10.0.0.2", "10.0.0.9"] },
  "PathService/ListPaths": { filter: { destination: "10.0.0.0/8" }, pageSize: 10 },
  "PathService/WatchPaths": { minIntervalMs: 100 },
  "PathService/RankDestinations": { source: "a", candidates: ["10.0.0.9", "10.0.0.2"], bytes: "1048576" },
  "PathService/EstimateTransfer": { source: "a", destination: "b", bytes: "1048576" },
  "PathService/GetMatrix": { level: "MATRIX_LEVEL_HOST" },
  "PathService/ExplainAdvice": { source: "a", destination: "10.0.0.2" },
  "PathService/ListHosts": {},
  "PathService/WatchHosts": {},
  "PolicyService/SetPolicyRule": { rule: { scope: { host: "a" }, mode: "MODE_OBSERVE" }, why: "a client in Python" },
  "PolicyService/GetPolicy": {},
  "PolicyService/GetEffectivePolicy": { source: "a", destination: "10.0.0.2" },
  "PolicyService/ListPolicyChanges": {},
  "PolicyService/DeletePolicyRule": { scope: { host: "a" }, why: "it was a test" },
};

describe.skipIf(!canUseKernel)("clients in other languages", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "augmenter-clients-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function protoc(...args: readonly string[]): void {
    const text = execFileSync("protoc", [`-I${protoFolder}`, ...args, ...protoFiles], { stdio: "pipe" }).toString();
    expect(text).toBe("");
  }

  function plugin(name: string): string {
    return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
  }

  test("protoc makes Java of the files, with stubs, each class in a file of its own", () => {
    protoc(
      `--java_out=${folder}`,
      `--grpc_java_out=${folder}`,
      `--plugin=protoc-gen-grpc_java=${plugin("grpc_java_plugin")}`,
    );
    for (const name of ["PathEstimate", "TransferEstimate", "PolicyRule", "PathServiceGrpc", "PolicyServiceGrpc"]) {
      expect(existsSync(join(folder, "augmenter", "v1", `${name}.java`)), name).toBe(true);
    }
  });

  test("protoc makes Go of the files, with stubs, in one package", () => {
    protoc(`--go_out=${folder}`, `--go-grpc_out=${folder}`);
    const made = readdirSync(join(folder, "augmenter", "v1")).filter((file) => file.endsWith(".go"));
    const services = ["path_service_grpc.pb.go", "policy_service_grpc.pb.go"];
    expect(made.sort()).toEqual(
      [...protoFiles.map((file) => basename(file, ".proto")).map((name) => `${name}.pb.go`), ...services].sort(),
    );
    const clauses = made.map(
      (file) => /^package (\w+)$/m.exec(readFileSync(join(folder, "augmenter", "v1", file), "utf8"))?.[1],
    );
    expect(new Set(clauses)).toEqual(new Set(["augmenterv1"]));
  });

  test("a Python client makes every call, from generated classes and from reflection alone", async () => {
    const pythonPlugin = `--plugin=protoc-gen-grpc_python=${plugin("grpc_python_plugin")}`;
    protoc(`--python_out=${folder}`, `--grpc_python_out=${folder}`, pythonPlugin);
    const { address } = await startedAggregator();
    const ask = (mode: string) => {
      const script = join(import.meta.dirname, "python", "query_all.py");
      const text = execFileSync("/usr/bin/python3", [script, mode, address], {
        input: JSON.stringify(requests),
        env: { PATH: process.env["PATH"], PYTHONPATH: folder },
        encoding: "utf8",
      });
      return JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    for (const mode of ["generated", "reflected"]) {
      const answers = ask(mode);
      const failed = Object.entries(answers).filter(([, answer]) => "error" in answer);
      expect(failed, mode).toEqual([]);
      expect(answers["PathService/GetPath"]).toMatchObject({
        path: { source: "a", destination: "10.0.0.2" },
        minRttUs: 20_000,
        provenance: "PROVENANCE_MEASURED",
      });
      expect(answers["PathService/RankDestinations"]).toMatchObject({
        destinations: [{ candidate: "10.0.0.2", index: 1 }, { candidate: "10.0.0.9" }],
      });
      expect(answers["PathService/BatchGetPaths"]?.["minRttUs"]).toEqual([20_000, 0]);
      expect(answers["PathService/ListHosts"]).toMatchObject({ hosts: [{ hostId: "a" }, { hostId: "b" }] });
      expect(answers["PathService/WatchPaths"]).toContainEqual(
        expect.objectContaining({ snapshotEnd: { paths: "1" } }),
      );
      expect(answers["PolicyService/GetPolicy"]).toMatchObject({
        rules: [{ scope: { host: "a" }, mode: "MODE_OBSERVE", author: { why: "a client in Python" } }],
      });
      expect(answers["PolicyService/DeletePolicyRule"]).toMatchObject({ rules: [] });
    }
  });

  test("there is a request for every method", () => {
    const services = Object.entries(packageDefinition).filter(([name]) => name.endsWith("Service"));
    const methods = services.flatMap(([name, service]) =>
      Object.keys(service).map((method) => `${name.replace("augmenter.v1.", "")}/${method}`),
    );
    expect(Object.keys(requests).sort()).toEqual(methods.sort());
  });

  /** A real aggregator that has heard of two hosts and a path between them. */
  async function startedAggregator(): Promise<{ readonly address: string }> {
    const natsUrl = await startBroker();
    const args = ["--nats-url", natsUrl, "--grpc-listen", "127.0.0.1:0", "--http-listen", "127.0.0.1:0"];
    const aggregator = startProgram("aggregator", args);
    const started = JSON.parse(await aggregator.waitForLine(/"msg":"started"/, 20_000)) as Record<string, number>;
    const nats: NatsConnection = await connect({ servers: natsUrl });
    onTestFinished(() => nats.close());
    for (const [hostId, address] of [
      ["a", "10.0.0.1"],
      ["b", "10.0.0.2"],
    ] as const) {
      const host = new PlayedHost(nats, hostId, address);
      onTestFinished(() => host.leave());
      host.announce();
      if (hostId === "a") for (let report = 0; report < 3; report += 1) host.reportPath("10.0.0.2");
    }
    await nats.flush();
    await eventually(async () => {
      const response = await fetch(`http://127.0.0.1:${started["httpPort"]}/v1/paths`);
      expect(((await response.json()) as { readonly paths: unknown[] }).paths).toHaveLength(1);
    }, 10_000);
    return { address: `127.0.0.1:${started["grpcPort"]}` };
  }
});
