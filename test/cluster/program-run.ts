/** The built programs, run as an operator would, and what they may leave behind. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, vi } from "vitest";
import { cgroupMount, createCgroup } from "../testbed/cgroup.ts";
import { removeRun } from "../testbed/leftovers.ts";
import { CGROUP_PREFIX, newRunId } from "../testbed/run-id.ts";
import type { ProcessExit } from "../testbed/running-process.ts";
import { RunningProcess } from "../testbed/running-process.ts";

const root = join(import.meta.dirname, "..", "..");

const scripts = {
  agent: "dist/node-agent/main.js",
  aggregator: "dist/aggregator/main.js",
  standalone: "dist/deploy/standalone/main.js",
} as const;

/** Which program. */
export type ProgramName = keyof typeof scripts;

/** How a program ended and what it said. */
export interface Ended extends ProcessExit {
  readonly stdout: string;
  readonly stderr: string;
}

const endMs = 60_000;
let hostIds = 0;

/** The JavaScript that node runs. */
export function programScript(name: ProgramName): string {
  return join(root, scripts[name]);
}

/** Starts a program with nothing of ours in its environment; it ends with the test. `prefix` is a command before it. */
export function startProgram(
  name: ProgramName,
  args: readonly string[],
  { prefix = [], env = {} }: { readonly prefix?: readonly string[]; readonly env?: NodeJS.ProcessEnv } = {},
): RunningProcess {
  const own = Object.entries(process.env).filter(([variable]) => !variable.startsWith("AUGMENTER_"));
  const [command = "", ...rest] = [...prefix, process.execPath, programScript(name), ...args];
  const started = new RunningProcess(command, rest, { name, env: { ...Object.fromEntries(own), ...env } });
  onTestFinished(async () => void (await started.stop(20_000)));
  return started;
}

/** Runs a program to its end, which must come within a minute. */
export async function runProgram(...args: Parameters<typeof startProgram>): Promise<Ended> {
  const started = startProgram(...args);
  const timer = setTimeout(() => started.kill("SIGKILL"), endMs);
  const exit = await started.exited;
  clearTimeout(timer);
  return { ...exit, stdout: started.stdout, stderr: started.stderr };
}

/** A host id that no other test uses. */
export function testHostId(): string {
  hostIds += 1;
  return `test-${process.pid}-${hostIds}`;
}

/** A cgroup of the test's own, removed with it; nothing here is ever attached to the root. */
export function testCgroup(): string {
  const runId = newRunId();
  const path = join(cgroupMount(), `${CGROUP_PREFIX}${runId}`, "programs");
  createCgroup(path);
  onTestFinished(() => removeRun(runId));
  return path;
}

/** The pins of a host id. */
export function pinsOf(hostId: string): string {
  return `/sys/fs/bpf/augmenter/${hostId}`;
}

/** The BPF programs attached to a cgroup. */
export function attachedTo(cgroup: string): readonly unknown[] {
  const path = `${process.env["PATH"]}:/usr/local/sbin:/usr/sbin:/sbin`;
  const shown = execFileSync("bpftool", ["--json", "cgroup", "show", cgroup], {
    encoding: "utf8",
    env: { ...process.env, PATH: path },
  });
  return shown.trim() === "" ? [] : (JSON.parse(shown) as unknown[]);
}

/** Expects that nothing of an agent is left in the kernel. */
export function expectNothingInKernel(hostId: string, cgroup: string): void {
  expect(existsSync(pinsOf(hostId)), `pins of ${hostId}`).toBe(false);
  expect(attachedTo(cgroup)).toEqual([]);
}

/** The processes that a process has started and that still run. */
export function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
}

/** Whether a process runs. One that has ended and waits for its parent to notice does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** Asks again until it does not throw, `waitMs` at most. */
export function eventually<T>(probe: () => T | Promise<T>, waitMs: number): Promise<T> {
  return vi.waitFor(probe, { timeout: waitMs, interval: 50 });
}

/** A port on loopback that is taken until the test ends. */
export async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as { readonly port: number }).port;
}

/** A port on loopback that nobody listened on a moment ago. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A NATS server that ends with the test; returns its URL. */
export async function startBroker(): Promise<string> {
  const path = `${process.env["PATH"]}:/usr/local/sbin:/usr/sbin:/sbin`;
  const args = ["--pdeathsig", "KILL", "--", "nats-server", "-a", "127.0.0.1", "-p", "-1"];
  const server = new RunningProcess("setpriv", args, { env: { ...process.env, PATH: path } });
  onTestFinished(async () => void (await server.stop()));
  const line = await server.waitForLine(/Listening for client connections on 127\.0\.0\.1:\d+/, 20_000);
  return `nats://127.0.0.1:${/(\d+)$/.exec(line)?.[1]}`;
}
