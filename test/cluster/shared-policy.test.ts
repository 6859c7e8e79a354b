/** Aggregators with policies of their own, behind one real broker: what is set on one holds on all. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { connect } from "nats";
import { expect, onTestFinished, test } from "vitest";
import type { Policy__Output } from "../../proto/gen/augmenter/v1/Policy.ts";
import type { ProtoGrpcType } from "../../proto/gen/policy_service.ts";
import { grpcPackage } from "../../proto/messages.ts";
import type { RunningProcess } from "../testbed/running-process.ts";
import { PlayedHost } from "./played-host.ts";
import { eventually, startBroker, startProgram } from "./program-run.ts";

interface Aggregator {
  readonly process: RunningProcess;
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly policyFile: string;
}

async function start(natsUrl: string, policyFile: string, partition = "1/1"): Promise<Aggregator> {
  const listen = ["--grpc-listen=127.0.0.1:0", "--http-listen=127.0.0.1:0"];
  const own = [`--nats-url=${natsUrl}`, `--policy-file=${policyFile}`, `--partition=${partition}`];
  const process = startProgram("aggregator", [...own, ...listen]);
  const line = await process.waitForLine(/"msg":"started"/, 20_000);
  const { grpcPort, httpPort } = JSON.parse(line) as { grpcPort: number; httpPort: number };
  return { process, grpcPort, httpPort, policyFile };
}

async function roleOf({ httpPort }: Aggregator): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${httpPort}/readyz`);
  return ((await answer.json()) as { role: string }).role;
}

function switchOff({ grpcPort }: Aggregator, host: string): Promise<Policy__Output> {
  const types = grpcPackage() as unknown as ProtoGrpcType;
  const client = new types.augmenter.v1.PolicyService(`127.0.0.1:${grpcPort}`, credentials.createInsecure());
  onTestFinished(() => client.close());
  const rule = { scope: { host }, mode: "MODE_OFF" as const };
  return new Promise((resolve, reject) => {
    client.setPolicyRule({ rule, why: "a test" }, (error, policy) => {
      if (error !== null || policy === undefined) reject(error ?? new Error("no answer"));
      else resolve(policy);
    });
  });
}

function hostsOff({ policyFile }: Aggregator): readonly string[] {
  if (!existsSync(policyFile)) return [];
  const { rules } = JSON.parse(readFileSync(policyFile, "utf8")) as { rules: readonly { scope: { name: string } }[] };
  return rules.map(({ scope }) => scope.name);
}

test("a host that is switched off at a standby stays off when the leader dies, in every partition and after a restart", async () => {
  const directory = mkdtempSync(join(tmpdir(), "augmenter-shared-policy-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = (name: string) => join(directory, name);
  const natsUrl = await startBroker();
  const nats = await connect({ servers: natsUrl });
  onTestFinished(() => nats.close());
  const leader = await start(natsUrl, file("leader.json"));
  await leader.process.waitForLine(/"msg":"leading"/, 20_000);
  const standby = await start(natsUrl, file("standby.json"));
  expect(await roleOf(standby)).toBe("standby");

  const host = new PlayedHost(nats, "a", "10.0.0.1");
  const speaking = setInterval(() => {
    host.announce();
    host.reportPath("10.0.0.2");
  }, 500);
  onTestFinished(() => clearInterval(speaking));
  const advised = await host.nextUpdate((update) => update.entries.length > 0);
  host.answer(advised);

  expect(await switchOff(standby, "a")).toMatchObject({ revision: 1, durable: true });
  const withdrawal = await host.nextUpdate((update) => update.withdrawn.length > 0);
  expect(withdrawal).toMatchObject({ term: advised.term, withdrawn: [advised.entries[0]?.destination] });
  host.answer(withdrawal);
  expect([leader, standby].map(hostsOff)).toEqual([["a"], ["a"]]);

  host.forgetUpdates();
  const killedMs = performance.now();
  leader.process.kill("SIGKILL");
  await eventually(async () => expect(await roleOf(standby)).toBe("leader"), 8_000);
  expect(performance.now() - killedMs).toBeLessThan(5_000);
  // Longer than it takes a new leader to advise on a path that is reported twice a second.
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  expect(host.updates.filter(({ entries }) => entries.length > 0)).toEqual([]);

  // One that was away hears what it missed, and so does one that looks after other hosts.
  await switchOff(standby, "b");
  const back = await start(natsUrl, leader.policyFile);
  const half = await start(natsUrl, file("half.json"), "2/2");
  await eventually(
    () =>
      expect([back, half].map(hostsOff)).toEqual([
        ["a", "b"],
        ["a", "b"],
      ]),
    5_000,
  );
}, 60_000);
