import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Metadata, status } from "@grpc/grpc-js";
import { describe, expect, onTestFinished, test } from "vitest";
import { AugmenterClient, CallError } from "../../../client/client.ts";
import { packageDefinition } from "../../../proto/messages.ts";
import { statusDetails, statusDetailsKey } from "../../../proto/status-details.ts";
import { playedServer, silence } from "../cli/played-server.ts";

const root = join(import.meta.dirname, "..", "..", "..");

function clientOf(
  address: string,
  options: { readonly token?: string; readonly deadlineMs?: number } = {},
): AugmenterClient {
  const client = new AugmenterClient({ address, ...options });
  onTestFinished(() => client.close());
  return client;
}

describe("AugmenterClient", () => {
  test("has every method of the contract", () => {
    const services = Object.entries(packageDefinition).filter(([name]) => name.endsWith("Service"));
    const methods = services.flatMap(([, service]) => Object.keys(service));
    expect(methods.length).toBeGreaterThan(10);
    for (const name of methods) {
      const method = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      expect(AugmenterClient.prototype, name).toHaveProperty(method);
    }
  });

  test("answers with the message, and sends its token", async () => {
    const answers = {
      GetPath: (request: { readonly source: string }, metadata: ReadonlyMap<string, string>) => ({
        path: { source: request.source, destination: metadata.get("authorization") },
      }),
      GetPolicy: () => ({ revision: 7 }),
    };
    const client = clientOf(await playedServer(answers), { token: "t" });
    const path = await client.getPath({ source: "a", destination: "b" });
    expect(path).toMatchObject({ path: { source: "a", destination: "Bearer t" }, minRttUs: 0, advice: null });
    expect(await client.getPolicy()).toMatchObject({ revision: 7, rules: [] });
  });

  test("rejects texts that are no values of their enums, before they are sent as the first one", async () => {
    const answers = { GetMatrix: () => ({}), SetPolicyRule: () => ({ revision: 1 }) };
    const client = clientOf(await playedServer(answers));
    const [level, mode] = ["MATRIX_LEVEL_HSOT" as "MATRIX_LEVEL_HOST", "off" as "MODE_OFF"];
    await expect(client.getMatrix({ level })).rejects.toMatchObject({
      codeName: "INVALID_ARGUMENT",
      message: expect.stringMatching(
        /^Cannot use level as it must be one of MATRIX_LEVEL_UNSPECIFIED, .*: current value is "MATRIX_LEVEL_HSOT"$/,
      ),
    });
    await expect(client.setPolicyRule({ rule: { mode }, why: "x" })).rejects.toMatchObject({
      violations: [{ field: "rule.mode", description: expect.stringContaining("MODE_OFF") }],
    });
    await expect(client.getMatrix({ level: "MATRIX_LEVEL_HOST" })).resolves.toMatchObject({ sources: [] });
    await expect(client.setPolicyRule({ rule: { mode: "MODE_OFF" }, why: "x" })).resolves.toMatchObject({
      revision: 1,
    });
  });

  test("rejects with a CallError that names gRPC's code", async () => {
    const answers = {
      GetPath: () => {
        throw { code: status.NOT_FOUND, details: "Cannot find a path" };
      },
      GetMatrix: () => silence,
    };
    const client = clientOf(await playedServer(answers), { deadlineMs: 100 });
    await expect(client.getPath({})).rejects.toEqual(new CallError(status.NOT_FOUND, "Cannot find a path"));
    await expect(client.getPath({})).rejects.toMatchObject({ codeName: "NOT_FOUND" });
    await expect(client.getMatrix({})).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });
});

test.each([
  ["10.0.0.1:7443", false],
  ["aggregator:7443", false],
  ["localhost.example.org:7443", false],
  ["[2001:db8::1]:7443", false],
  ["127.0.0.2:7443", true],
  ["[::1]:7443", true],
  ["localhost:7443", true],
])("a token in the clear to %s: %s", (address, isSent) => {
  const made = () => clientOf(address, { token: "t" });
  if (isSent) expect(made).not.toThrow();
  else expect(made).toThrow(/^Cannot send a token to .* without TLS: give tls$/);
  const tls = new AugmenterClient({ address, token: "t", tls: {} });
  tls.close();
  clientOf(address);
});

describe("close()", () => {
  const cancelled = { name: "CallError", code: status.CANCELLED };

  test("ends running watches, and cancels running calls", async () => {
    const address = await playedServer({ GetPath: () => silence }, { WatchPaths: [{}], WatchHosts: [{}] });
    const client = clientOf(address, { deadlineMs: 60_000 });
    const [paths, hosts] = [client.watchPaths({}), client.watchHosts({}, { signal: new AbortController().signal })];
    for (const watch of [paths, hosts]) expect(await watch.next()).toMatchObject({ done: false });
    const call = client.getPath({});
    const ends = Promise.all([paths.next(), hosts.next()]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    client.close();
    await expect(call).rejects.toMatchObject(cancelled);
    expect(await ends).toMatchObject([{ done: true }, { done: true }]);
  });

  test("lets later calls and watches fail with a CallError", async () => {
    const client = clientOf(await playedServer({}));
    client.close();
    await expect(client.getPath({})).rejects.toMatchObject(cancelled);
    await expect(client.getPolicy()).rejects.toBeInstanceOf(CallError);
    await expect(client.watchHosts({}).next()).rejects.toMatchObject(cancelled);
  });
});

test("a CallError names the fields that are wrong", async () => {
  const violations = [{ field: "candidates[1]", description: "Cannot use candidates[1] as it must be a name" }];
  const metadata = new Metadata();
  metadata.set(statusDetailsKey, statusDetails(status.INVALID_ARGUMENT, "wrong", violations));
  const RankDestinations = () => {
    throw { code: status.INVALID_ARGUMENT, details: "wrong", metadata };
  };
  const client = clientOf(await playedServer({ RankDestinations }));
  await expect(client.rankDestinations({})).rejects.toMatchObject({ codeName: "INVALID_ARGUMENT", violations });
});

describe("the package's export", () => {
  const use = (last: string) => `
    import { AugmenterClient } from "augmenter";
    const client = new AugmenterClient({ address: "127.0.0.1:1", deadlineMs: 2000 });
    try {
      const { destinations } = await client.rankDestinations({ source: "a", candidates: ["b"], bytes: 1 });
      ${last}
    } catch (error) {
      process.stdout.write((error as { codeName: string }).codeName);
    }
    client.close();`;

  test("is the client, with types", () => {
    const folder = mkdtempSync(join(tmpdir(), "augmenter-consumer-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "augmenter"));
    symlinkSync(join(root, "node_modules", "@types"), join(folder, "node_modules", "@types"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(
      join(folder, "right.ts"),
      use("const us: number | undefined = destinations[0]?.estimate?.p50Us; void us;"),
    );
    writeFileSync(join(folder, "wrong.ts"), use("destinations[0]?.estimate?.p50;"));
    const tsc = [
      join(root, "node_modules/typescript/bin/tsc"),
      "--strict",
      "--module",
      "nodenext",
      "--target",
      "es2023",
    ];
    const compile = (file: string) =>
      execFileSync(process.execPath, [...tsc, "--types", "node", file], { cwd: folder, stdio: "pipe" });
    compile("right.ts");
    expect(execFileSync(process.execPath, ["right.js"], { cwd: folder, encoding: "utf8" })).toBe("UNAVAILABLE");
    expect(() => compile("wrong.ts")).toThrow();
  }, 60_000);
});
