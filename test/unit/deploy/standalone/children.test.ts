import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readOptions } from "../../../../common/options.ts";
import type { Settled } from "../../../../deploy/standalone/children.ts";
import {
  agentCommand,
  aggregatorCommand,
  brokerCommand,
  brokerPortIn,
} from "../../../../deploy/standalone/children.ts";
import { standaloneProgram } from "../../../../deploy/standalone/options.ts";

const natsUrl = "nats://me:secret@127.0.0.1:4222";

describe("agentCommand() and aggregatorCommand()", () => {
  test("hand on what they were given, and keep the broker's password off the command line", () => {
    const options = settledOf(["--host-id=a", "--cgroup=/c", "--advice-ttl-ms=3000", "--agent-http-listen=[::1]:3"]);
    const agent = agentCommand(options, natsUrl, { PATH: "/bin", AUGMENTER_RACK: "r1" });
    const aggregator = aggregatorCommand(options, natsUrl, {});
    expect(agent.args).toEqual(expect.arrayContaining(["--host-id=a", "--cgroup=/c", "--http-listen=[::1]:3"]));
    expect(aggregator.args).toEqual(
      expect.arrayContaining(["--advice-ttl-ms=3000", "--grpc-listen=127.0.0.1:7443", "--http-listen=127.0.0.1:7480"]),
    );
    expect(agent.env).toEqual({ PATH: "/bin", AUGMENTER_RACK: "r1", AUGMENTER_NATS_URL: natsUrl });
    expect([...agent.args, ...aggregator.args].join(" ")).not.toContain("secret");
  });

  test("apply only on demand", () => {
    expect(agentCommand(settledOf([]), natsUrl, {}).args).not.toContain("--apply");
    expect(agentCommand(settledOf(["--apply"]), natsUrl, {}).args).toContain("--apply");
  });
});

describe("brokerCommand()", () => {
  test("takes the first nats-server on the PATH", () => {
    const folder = mkdtempSync(join(tmpdir(), "augmenter-path-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const program = join(folder, "nats-server");
    writeFileSync(program, "");
    chmodSync(program, 0o755);
    expect(brokerCommand({ PATH: `/nowhere:${folder}` })).toMatchObject({
      command: program,
      args: ["-a", "127.0.0.1", "-p", "-1"],
    });
  });
});

test("brokerPortIn() finds the port in the one line that has it", () => {
  const time = "[1] 2026/11/22 22:05:26.770323";
  expect(brokerPortIn(`${time} [INF] Listening for client connections on 127.0.0.1:33809`)).toBe(33_809);
  expect(brokerPortIn(`${time} [INF] Server is ready`)).toBeUndefined();
});

function settledOf(argv: readonly string[]): Settled {
  const outcome = readOptions(standaloneProgram, argv, {});
  if (outcome.kind !== "values") throw new Error("Cannot read options");
  return outcome.values;
}
