/** `npm start` as a user meets it: real traffic in, paths out, and nothing left when it ends. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { exitCodes } from "../../common/exit-codes.ts";
import { removePins } from "../../deploy/standalone/leftover-pins.ts";
import { canUseKernel } from "../support/privileges.ts";
import { rackNetwork } from "../testbed/network-plan.ts";
import { RunningProcess } from "../testbed/running-process.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import {
  attachedTo,
  childrenOf,
  eventually,
  expectNothingInKernel,
  isRunning,
  pinsOf,
  programScript,
  startProgram,
  testHostId,
} from "./program-run.ts";
import type { Message, ReflectedClient } from "./reflected-client.ts";
import { reflectedClient } from "./reflected-client.ts";

const rttUs = 8_000;
const rateBitsPerSecond = 40e6;
const path = { rateBitsPerSecond, rttUs, bufferBytes: 60_000 };
const network = rackNetwork({ racks: { a: ["a1"], b: ["b1"] }, inside: path, across: path });
const service = "augmenter.v1.PathService";

const terminalColumns = 70;

const startMs = 40_000;
const learnMs = 40_000;
const endMs = 20_000;
/** After SIGKILL of the parent; the kernel tells its children at once. */
const orphansEndMs = 2_000;

describe.skipIf(!canUseKernel)("standalone", () => {
  let testbed: Testbed;

  beforeAll(async () => {
    testbed = await createTestbed(network);
    await testbed.host("a1").serve();
  });

  afterAll(async () => {
    await testbed?.close();
  });

  test("shows the paths of real connections, grants nothing, and leaves nothing after Ctrl-C", async () => {
    const running = await start(testbed, []);
    const remote = testbed.host("b1").address;
    const traffic = makeTraffic(testbed);
    const client = await reflectedClient(running.grpc, service);
    onTestFinished(() => client.close());
    expect(client.services).toEqual(expect.arrayContaining([service, "grpc.health.v1.Health"]));

    const estimate = await eventually(async () => {
      const found = await pathTo(client, running.hostId, remote);
      expect(found["advice"], "evidence enough for advice").not.toBeNull();
      return found;
    }, learnMs);
    expect(estimate).toMatchObject({ path: { source: running.hostId, destination: remote } });
    // The names of the .proto files, not those of the JavaScript codec.
    expect(estimate["min_rtt_us"]).toBeGreaterThanOrEqual(rttUs);
    expect(estimate["min_rtt_us"]).toBeLessThan(2 * rttUs);
    expect(estimate["rate_bytes_per_second"]).toBeGreaterThan((0.5 * rateBitsPerSecond) / 8);
    expect(estimate["rate_bytes_per_second"]).toBeLessThan((1.5 * rateBitsPerSecond) / 8);
    expect(Number((estimate["advice"] as Message)["window_segments"])).toBeGreaterThan(10);

    // Connections that would be granted a window, were it not for observing.
    await eventually(async () => {
      const decisions = await kernelDecisions(running.agentHttp);
      expect(decisions["window_withheld"]).toBeGreaterThan(0);
      expect(decisions["window_granted"]).toBe(0);
      expect(decisions["pacing_lifted"]).toBe(0);
    }, learnMs);
    const line = new RegExp(`^${remote.replaceAll(".", "\\.")} .*\\d ms .*bit/s .* kB +\\d+ +\\d+ s +\\d`);
    await running.process.waitForLine(line, endMs);
    expect(running.process.stdout).toContain("would-be window");
    expect(running.process.stderr).toBe("");

    traffic.stop();
    // npm passes on the SIGINT that the terminal has sent already.
    running.process.kill("SIGINT");
    running.process.kill("SIGINT");
    await expectEnd(running, exitCodes.ok);
    expect(readdirSync(running.temporary)).toEqual([]);
    expect(running.process.stderr).toBe("");
  });

  test("draws on a terminal in place, and ends with its Ctrl-C", async () => {
    const hostId = testHostId();
    const terminal = startOnTerminal(standaloneArgs(testbed, hostId));
    await terminal.waitForLine(/No TCP connections to other hosts sampled yet/, startMs);
    const program = childrenOf(terminal.pid)[0] ?? 0;
    const children = childrenOf(program);
    expect(children.map(nameOf).sort()).toEqual(["agent", "aggregator", "nats-server"]);
    const traffic = makeTraffic(testbed);
    await terminal.waitForLine(new RegExp(testbed.host("b1").address.replaceAll(".", "\\.")), learnMs);
    const before = terminal.stdout.length;
    await eventually(() => expect(redraws(terminal.stdout.slice(before))).toBeGreaterThan(1), learnMs);
    traffic.stop();

    terminal.write("\x03");
    expect(await terminal.exited).toEqual({ code: 0, signal: null });
    expect([program, ...children].filter(isRunning)).toEqual([]);
    expectNothingInKernel(hostId, testbed.host("a1").cgroupPath);
    expect(terminal.stdout.match(/ {2}gRPC /g)).toHaveLength(1);
    const drawn = stripVTControlCharacters(terminal.stdout.slice(before)).split(/[\r\n]+/);
    expect(Math.max(...drawn.map((line) => line.length))).toBeLessThan(terminalColumns);
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("leaves nothing after %s", async (signal) => {
    const running = await start(testbed, ["--json"]);
    running.process.kill(signal);
    await expectEnd(running, exitCodes.ok);
  });

  test("its programs end with it when it is killed, and the next start leaves nothing", async () => {
    const killed = await start(testbed, []);
    killed.process.kill("SIGKILL");
    await killed.process.exited;
    await eventually(() => expect(killed.children.filter(isRunning)).toEqual([]), orphansEndMs);

    // The kernel may tell the agent more than once, and the second time ends it before it has cleaned up.
    const next = await start(testbed, [], killed.hostId);
    next.process.kill("SIGINT");
    await expectEnd(next, exitCodes.ok);
  });

  test.each(["nats-server", "aggregator", "agent"])("ends with one line where its %s is killed", async (name) => {
    const running = await start(testbed, []);
    const [victim] = running.children.filter((pid) => nameOf(pid) === name);
    process.kill(victim ?? 0, "SIGKILL");
    await expectEnd(running, exitCodes.unexpected);
    // The others' complaint that the broker is gone may come before.
    expect(running.process.stderr.split("\n").at(-2)).toBe(`The ${name} ended by SIGKILL`);
  });

  test("grants windows with --apply", async () => {
    const running = await start(testbed, ["--apply"]);
    const traffic = makeTraffic(testbed);
    await eventually(async () => {
      expect((await kernelDecisions(running.agentHttp))["window_granted"]).toBeGreaterThan(0);
    }, learnMs);
    traffic.stop();
    running.process.kill("SIGTERM");
    await expectEnd(running, exitCodes.ok);
  });

  test("prints one JSON object a line with --json, the addresses first", async () => {
    const running = await start(testbed, ["--json"]);
    const traffic = makeTraffic(testbed);
    const isPath = new RegExp(`"destination":"${testbed.host("b1").address}"`);
    const line = await running.process.waitForLine(isPath, learnMs);
    traffic.stop();
    expect(JSON.parse(line)).toMatchObject({
      mode: "observe",
      paths_total: 1,
      paths: [{ source: running.hostId, loss_ratio: expect.any(Number), rtt_samples: expect.any(Number) }],
    });
    running.process.kill("SIGTERM");
    await expectEnd(running, exitCodes.ok);
    for (const each of running.process.stdout.trimEnd().split("\n")) JSON.parse(each);
  });
});

interface Running {
  readonly process: RunningProcess;
  readonly hostId: string;
  readonly cgroup: string;
  readonly grpc: string;
  readonly agentHttp: string;
  /** The broker, the aggregator and the agent. */
  readonly children: readonly number[];
  /** Where temporary files would be. */
  readonly temporary: string;
}

/** Resolves once everything runs and is attached to the cgroup of host a1. */
async function start(testbed: Testbed, args: readonly string[], hostId = testHostId()): Promise<Running> {
  const cgroup = testbed.host("a1").cgroupPath;
  const temporary = mkdtempSync(join(tmpdir(), "augmenter-standalone-"));
  onTestFinished(() => {
    rmSync(temporary, { recursive: true });
    removePins(pinsOf(hostId));
  });
  const process = startProgram("standalone", [...standaloneArgs(testbed, hostId), ...args], {
    env: { TMPDIR: temporary },
  });
  await process.waitForLine(/NATS {8}nats:|"addresses":/, startMs);
  const found = process.stdout;
  const running = {
    process,
    hostId,
    cgroup,
    grpc: addressIn(found, /(?:gRPC {8}|"grpc":")(127\.0\.0\.1:\d+)/),
    agentHttp: addressIn(found, /(?:agent HTTP {2}http:\/\/|"agent_http":")(127\.0\.0\.1:\d+)/),
    children: childrenOf(process.pid),
    temporary,
  };
  expect(running.children.map(nameOf).sort()).toEqual(["agent", "aggregator", "nats-server"]);
  expect(attachedTo(cgroup)).toHaveLength(1);
  expect(readdirSync(pinsOf(hostId))).toContain("link");
  return running;
}

function standaloneArgs(testbed: Testbed, hostId: string): string[] {
  const ports = ["grpc", "http", "agent-http"].flatMap((name) => [`--${name}-listen`, "127.0.0.1:0"]);
  return ["--host-id", hostId, "--cgroup", testbed.host("a1").cgroupPath, "--report-interval-ms", "200", ...ports];
}

async function expectEnd(running: Running, code: number): Promise<void> {
  const timer = setTimeout(() => running.process.kill("SIGKILL"), endMs);
  const exit = await running.process.exited;
  clearTimeout(timer);
  expect(exit, running.process.stderr).toEqual({ code, signal: null });
  expect(running.children.filter(isRunning)).toEqual([]);
  expectNothingInKernel(running.hostId, running.cgroup);
}

/** Starts the program where script(1) makes it a terminal; what is written to it is typed there. */
function startOnTerminal(args: readonly string[]): RunningProcess {
  const command = ["exec", process.execPath, programScript("standalone"), ...args].join(" ");
  const size = `stty rows 20 columns ${terminalColumns}`;
  const started = new RunningProcess("script", ["-qfe", "-c", `${size} && ${command}`, "/dev/null"], {
    env: { ...process.env, TERM: "xterm" },
  });
  onTestFinished(async () => void (await started.stop(endMs)));
  return started;
}

/** How often the cursor went back up. */
function redraws(text: string): number {
  return text.split("\x1b[").filter((part) => /^\d+A\r/.test(part)).length;
}

/** Short transfers from a1 to b1, one after the other, until stopped or until the test ends. */
function makeTraffic(testbed: Testbed): { stop(): void } {
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  const run = async () => {
    while (!stopped) await testbed.host("b1").transfer({ to: testbed.host("a1"), bytes: 200_000, rounds: 3 });
  };
  const done = run();
  onTestFinished(async () => {
    stop();
    await done;
  });
  return { stop };
}

async function pathTo(client: ReflectedClient, source: string, destination: string): Promise<Message> {
  const { paths } = await client.unary("ListPaths", { filter: { source, destination } });
  expect(paths).toHaveLength(1);
  return (paths as readonly Message[])[0] ?? {};
}

async function kernelDecisions(http: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`http://${http}/metrics`)).text();
  const rows = text.matchAll(/^augmenter_agent_kernel_decisions_total\{kind="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...rows].map(([, kind, count]) => [kind, Number(count)]));
}

function nameOf(pid: number): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  if (words.some((word) => word.endsWith("node-agent/main.js"))) return "agent";
  return words.some((word) => word.endsWith("aggregator/main.js")) ? "aggregator" : (words[0]?.split("/").at(-1) ?? "");
}

function addressIn(text: string, pattern: RegExp): string {
  const address = pattern.exec(text)?.[1];
  if (address === undefined) throw new Error(`Cannot find ${pattern} in: ${text}`);
  return address;
}
