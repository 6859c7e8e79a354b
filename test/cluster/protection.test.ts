/** TLS, tokens, certificates and the policy, against a running aggregator. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as tlsConnect } from "node:tls";
import type { ChannelCredentials, ServiceError } from "@grpc/grpc-js";
import { credentials, Metadata, status } from "@grpc/grpc-js";
import { connect } from "nats";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { RunningAggregator } from "../../aggregator/aggregator.ts";
import { startAggregator } from "../../aggregator/aggregator.ts";
import { systemClock } from "../../aggregator/clock.ts";
import { aggregatorProgram } from "../../aggregator/options.ts";
import { silentLog } from "../../common/log.ts";
import { readOptions } from "../../common/options.ts";
import { Shutdown } from "../../common/shutdown.ts";
import type { ListPolicyChangesResponse__Output } from "../../proto/gen/augmenter/v1/ListPolicyChangesResponse.ts";
import type { Policy__Output } from "../../proto/gen/augmenter/v1/Policy.ts";
import type { ProtoGrpcType } from "../../proto/gen/policy_service.ts";
import { grpcPackage } from "../../proto/messages.ts";
import type { Broker } from "./broker.ts";
import { startBroker } from "./broker.ts";
import { PlayedHost } from "./played-host.ts";

const directory = mkdtempSync(join(tmpdir(), "augmenter-protection-"));
const file = (name: string) => join(directory, name);
let broker: Broker;

beforeAll(async () => {
  broker = await startBroker(0);
  for (const name of ["ca", "other-ca"]) {
    openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2", name, `/CN=${name}`);
  }
  certificate("server", "ca");
  certificate("server2", "ca");
  certificate("scheduler", "ca");
  certificate("operator", "ca");
  certificate("stranger", "other-ca");
  writeFileSync(
    file("access"),
    "writer token alice s3cret\nreader certificate scheduler\nwriter certificate operator\n",
  );
});

afterAll(() => {
  broker?.child.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

describe("an aggregator with TLS and an access file", () => {
  const protectedBy = [
    `--tls-certificate-file=${file("live.pem")}`,
    `--tls-key-file=${file("live.key")}`,
    `--access-file=${file("access")}`,
  ];

  test("lets tokens read and write by their role, and turns others away", async () => {
    install("server");
    const port = await started(protectedBy);
    const ca = credentials.createSsl(readFileSync(file("ca.pem")));
    expect(await policyOf(port, ca, "s3cret")).toMatchObject({ revision: 0, rules: [], durable: false });
    await expect(policyOf(port, ca, "wrong")).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    await expect(policyOf(port, ca)).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
    const otherCa = credentials.createSsl(readFileSync(file("other-ca.pem")));
    await expect(policyOf(port, otherCa, "s3cret")).rejects.toMatchObject({ code: status.UNAVAILABLE });
    await expect(policyOf(port, credentials.createInsecure(), "s3cret")).rejects.toMatchObject({
      code: status.UNAVAILABLE,
    });
  });

  test("wants a client certificate where it is given authorities, and tells roles by it", async () => {
    install("server");
    const port = await started([...protectedBy, `--tls-client-ca-file=${file("ca.pem")}`]);
    const withCertificate = (name: string) =>
      credentials.createSsl(
        readFileSync(file("ca.pem")),
        readFileSync(file(`${name}.key`)),
        readFileSync(file(`${name}.pem`)),
      );
    expect(await policyOf(port, withCertificate("scheduler"))).toMatchObject({ revision: 0 });
    await expect(switchOff(port, withCertificate("scheduler"))).rejects.toMatchObject({
      code: status.PERMISSION_DENIED,
      details: "Cannot let scheduler change the policy as it may only read",
    });
    expect(await switchOff(port, withCertificate("operator"))).toMatchObject({
      revision: 1,
      rules: [{ mode: "MODE_OFF", author: { who: "operator", why: "a test" } }],
    });
    await expect(policyOf(port, withCertificate("stranger"))).rejects.toMatchObject({ code: status.UNAVAILABLE });
    const noCertificate = credentials.createSsl(readFileSync(file("ca.pem")));
    await expect(policyOf(port, noCertificate, "s3cret")).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  test("uses a certificate that replaces the one it began with", async () => {
    install("server");
    const port = await started(protectedBy);
    expect(await commonNameAt(port)).toBe("server");
    install("server2");
    await vi.waitFor(async () => expect(await commonNameAt(port)).toBe("server2"), { timeout: 15_000, interval: 500 });
  }, 20_000);

  test("speaks TLS over HTTP where others reach it, by the same files, to tokens and certificates", async () => {
    install("server");
    const { httpPort } = await startedPorts([
      ...protectedBy,
      `--tls-client-ca-file=${file("ca.pem")}`,
      "--http-listen=0.0.0.0:0",
    ]);
    const plain = await fetch(`http://127.0.0.1:${httpPort}/healthz`).catch((error: Error) => error.message);
    expect(plain).toBe("fetch failed");
    const token = { authorization: "Bearer s3cret" };
    expect(await statusOver(httpPort, "/healthz")).toBe(200);
    expect(await statusOver(httpPort, "/v1/hosts")).toBe(401);
    expect(await statusOver(httpPort, "/v1/hosts", { headers: token })).toBe(200);
    const scheduler = { cert: readFileSync(file("scheduler.pem")), key: readFileSync(file("scheduler.key")) };
    expect(await statusOver(httpPort, "/v1/hosts", scheduler)).toBe(200);
    const stranger = { cert: readFileSync(file("stranger.pem")), key: readFileSync(file("stranger.key")) };
    expect(await statusOver(httpPort, "/v1/hosts", stranger)).toBe(401);
    install("server2");
    await vi.waitFor(async () => expect(await commonNameAt(httpPort, "http/1.1")).toBe("server2"), {
      timeout: 15_000,
      interval: 500,
    });
  }, 20_000);

  test("does not start where HTTP would be in the clear beyond loopback", async () => {
    await expect(started(["--http-listen=0.0.0.0:0"])).rejects.toThrow(
      /^Cannot serve HTTP at 0\.0\.0\.0:0 as it is not/,
    );
  });
});

test("the policy outlives the aggregator, with who changed what and why", async () => {
  const kept = [`--policy-file=${file("policy.json")}`];
  const insecure = credentials.createInsecure();
  const port = await started(kept);
  await switchOff(port, insecure);
  await expect(switchOff(port, insecure, 7)).rejects.toMatchObject({ code: status.ABORTED });
  const again = await started(kept);
  expect(await policyOf(again, insecure)).toMatchObject({ revision: 1, durable: true, rules: [{ mode: "MODE_OFF" }] });
  const { changes } = await asked<ListPolicyChangesResponse__Output>((done) =>
    clientAt(again, insecure).listPolicyChanges({}, done),
  );
  expect(changes).toEqual([
    expect.objectContaining({
      revision: 1,
      author: expect.objectContaining({ who: "anonymous", why: "a test", peer: expect.stringContaining("127.0.0.1") }),
      before: null,
    }),
  ]);
});

test("a mode that is set withdraws what a host holds, and gives it back when it is taken away", async () => {
  const nats = await connect({ port: broker.port });
  onTestFinished(() => nats.close());
  const insecure = credentials.createInsecure();
  const port = await started([]);
  const host = new PlayedHost(nats, "a", "10.0.0.1");
  onTestFinished(() => host.leave());
  host.announce();
  host.reportPath("10.0.0.2");
  const advised = await host.nextUpdate((update) => update.entries.length > 0);
  host.answer(advised);

  const client = clientAt(port, insecure);
  const scope = { host: "a", prefix: "10.0.0.0/24" };
  const rule = { scope, mode: "MODE_OBSERVE" as const };
  await asked<Policy__Output>((done) => client.setPolicyRule({ rule, why: "a test" }, done));
  const withdrawal = await host.nextUpdate((update) => update.withdrawn.length > 0);
  expect(withdrawal.withdrawn).toEqual([advised.entries[0]?.destination]);
  host.answer(withdrawal);

  await asked<Policy__Output>((done) => client.deletePolicyRule({ scope, why: "the test is over" }, done));
  expect((await host.nextUpdate((update) => update.entries.length > 0)).entries).toEqual(advised.entries);
}, 20_000);

async function started(more: readonly string[]): Promise<number> {
  return (await startedPorts(more)).grpcPort;
}

async function startedPorts(more: readonly string[]): Promise<RunningAggregator> {
  const shutdown = new Shutdown({ deadlineMs: 5_000, log: silentLog() });
  onTestFinished(async () => void (await shutdown.run()));
  const listen = ["--grpc-listen=127.0.0.1:0", "--http-listen=127.0.0.1:0"];
  const argv = [`--nats-url=nats://127.0.0.1:${broker.port}`, ...listen, ...more];
  const outcome = readOptions(aggregatorProgram, argv, {});
  if (outcome.kind !== "values") throw new Error("Cannot read the options");
  return startAggregator({ options: outcome.values, clock: systemClock, log: silentLog(), shutdown });
}

/** The status of a GET over TLS whose server's authority is checked. */
function statusOver(port: number, path: string, more: RequestOptions = {}): Promise<number | undefined> {
  const options = { host: "127.0.0.1", port, path, ca: readFileSync(file("ca.pem")), servername: "localhost", ...more };
  return new Promise((resolve, reject) => {
    get({ ...options, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}

function clientAt(port: number, channel: ChannelCredentials) {
  const types = grpcPackage() as unknown as ProtoGrpcType;
  const client = new types.augmenter.v1.PolicyService(`127.0.0.1:${port}`, channel, {
    "grpc.ssl_target_name_override": "localhost",
    "grpc.use_local_subchannel_pool": 1,
  });
  onTestFinished(() => client.close());
  return client;
}

function policyOf(port: number, channel: ChannelCredentials, token?: string): Promise<Policy__Output> {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
  return asked((done) => clientAt(port, channel).getPolicy({}, metadata, done));
}

function switchOff(port: number, channel: ChannelCredentials, expectedRevision = 0): Promise<Policy__Output> {
  const request = { rule: { scope: { zone: "z1" }, mode: "MODE_OFF" as const }, why: "a test", expectedRevision };
  return asked((done) => clientAt(port, channel).setPolicyRule(request, done));
}

function asked<Answer>(ask: (done: (error: ServiceError | null, answer?: Answer) => void) => unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (answer === undefined ? reject(error) : resolve(answer)));
  });
}

function commonNameAt(port: number, protocol = "h2"): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: [protocol] }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

function install(name: string): void {
  copyFileSync(file(`${name}.pem`), file("live.pem"));
  copyFileSync(file(`${name}.key`), file("live.key"));
}

function certificate(name: string, authority: string): void {
  writeFileSync(file("names"), "subjectAltName=DNS:localhost\n");
  execFileSync(
    "openssl",
    [
      ..."req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(" "),
      ...["-subj", `/CN=${name}`, "-keyout", file(`${name}.key`), "-out", file("request")],
    ],
    { stdio: "ignore" },
  );
  execFileSync(
    "openssl",
    [
      ..."x509 -req -days 2 -CAcreateserial".split(" "),
      ...["-in", file("request"), "-CA", file(`${authority}.pem`), "-CAkey", file(`${authority}.key`)],
      ...["-extfile", file("names"), "-out", file(`${name}.pem`)],
    ],
    { stdio: "ignore" },
  );
}

function openssl(command: string, name: string, subject: string): void {
  const files = ["-subj", subject, "-keyout", file(`${name}.key`), "-out", file(`${name}.pem`)];
  execFileSync("openssl", [...command.split(" "), ...files], { stdio: "ignore" });
}
