import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { ConnectionOptions } from "node:tls";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exitCodes } from "../../../common/exit-codes.ts";
import type { NatsLink } from "../../../common/nats-link.ts";
import { connectNats } from "../../../common/nats-link.ts";
import { subjectFor, subjectForAllHosts } from "../../../proto/subjects.ts";
import { testAuthority } from "../../support/certificates.ts";

const tls = createRequire(import.meta.url)("node:tls") as typeof import("node:tls");
const one = Uint8Array.of(1);
let port = 0;
let broker: ChildProcess;
let link: NatsLink | undefined;
let told: string[] = [];

beforeEach(async () => {
  told = [];
  await startBroker(-1);
});

afterEach(async () => {
  await link?.close();
  link = undefined;
  broker.kill("SIGKILL");
});

async function startBroker(wanted: number, args: readonly string[] = []): Promise<void> {
  broker = spawn("nats-server", ["-a", "127.0.0.1", "-p", String(wanted), ...args]);
  let log = "";
  broker.stderr?.on("data", (data) => {
    log += String(data);
  });
  await vi.waitFor(() => expect(log).toContain("Server is ready"), { timeout: 10_000 });
  port = Number(/client connections on 127\.0\.0\.1:(\d+)/.exec(log)?.[1]);
}

/** The process state in /proc/<pid>/stat: T is stopped. */
function stateOf(child: ChildProcess): string {
  return readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ").at(-1)?.slice(0, 1) ?? "";
}

function hashOf(payload: Uint8Array): string {
  return createHash("sha256").update(payload).digest("hex");
}

function newLink(): Promise<NatsLink> {
  return connectNats({
    url: `nats://127.0.0.1:${port}`,
    name: "test",
    connectWaitMs: 5_000,
    reconnectDelayMaxMs: 50,
    onDisconnected: () => told.push("disconnected"),
    onReconnected: () => told.push("reconnected"),
    onClosed: () => told.push("closed"),
  });
}

describe("NatsLink", () => {
  test("carries what is published to those who subscribed", async () => {
    link = await newLink();
    const received: unknown[] = [];
    link.subscribe(subjectForAllHosts("report"), (subject, payload) => received.push([subject, [...payload]]));
    expect(link.publish(subjectFor("report", "a"), one)).toBe(true);
    expect(await link.flush(1_000)).toBe(true);
    await vi.waitFor(() => expect(received).toEqual([[subjectFor("report", "a"), [1]]]));
    expect(link.counts).toEqual({ published: 1, refused: 0 });
  });

  test("hands on what was published, whatever parts it is read in, and whatever is read later", async () => {
    link = await newLink();
    const kept: [string, Uint8Array][] = [];
    const hashes: string[] = [];
    link.subscribe(subjectForAllHosts("report"), (subject, payload) => kept.push([subject, payload]));
    const note = (_: string, payload: Uint8Array): void => void hashes.push(hashOf(payload));
    link.subscribe(subjectForAllHosts("report"), note, { isLent: true, messagesMax: 10_000 });
    const sent = Array.from({ length: 300 }, (_, index) => new Uint8Array(index ** 2).fill(index));
    for (const [index, payload] of sent.entries()) link.publish(subjectFor("report", `host-${index}`), payload);
    await vi.waitFor(() => expect([kept.length, hashes.length]).toEqual([300, 300]), { timeout: 10_000 });
    expect(kept.map(([subject]) => subject)).toEqual(sent.map((_, index) => subjectFor("report", `host-${index}`)));
    expect(hashes).toEqual(sent.map(hashOf));
    expect(kept.map(([, payload]) => hashOf(payload))).toEqual(sent.map(hashOf));
  });

  test("speaks TLS where the broker wants it", async () => {
    broker.kill("SIGKILL");
    const authority = testAuthority();
    const { certFile, keyFile } = authority.sign("localhost");
    await startBroker(-1, ["--tls", "--tlscert", certFile, "--tlskey", keyFile]);
    // Whom to believe, Node.js reads when it starts.
    const { connect } = tls;
    const believed = { ca: readFileSync(authority.file), servername: "localhost" };
    const told = (options: ConnectionOptions, then: () => void) => connect({ ...options, ...believed }, then);
    const spied = vi.spyOn(tls, "connect").mockImplementation(told as typeof connect);
    link = await newLink();
    const received: string[] = [];
    link.subscribe(subjectForAllHosts("report"), (_, payload) => received.push(hashOf(payload)));
    const sent = Array.from({ length: 100 }, (_, index) => new Uint8Array(10 * index ** 2).fill(index));
    for (const payload of sent) link.publish(subjectFor("report", "a"), payload);
    await vi.waitFor(() => expect(received).toEqual(sent.map(hashOf)), { timeout: 10_000 });
    expect(spied).toHaveBeenCalledOnce();
    spied.mockRestore();
  });

  test("refuses to publish while disconnected, comes back by itself, and says both", async () => {
    link = await newLink();
    const received: string[] = [];
    link.subscribe(subjectForAllHosts("report"), (subject) => received.push(subject));
    broker.kill("SIGKILL");
    await vi.waitFor(() => expect(link?.connected).toBe(false), { timeout: 5_000 });
    expect(link.publish(subjectFor("report", "lost"), one)).toBe(false);
    expect(await link.flush(100)).toBe(false);
    await startBroker(port);
    await vi.waitFor(() => expect(link?.connected).toBe(true), { timeout: 5_000 });
    link.publish(subjectFor("report", "kept"), one);
    await vi.waitFor(() => expect(received).toEqual([subjectFor("report", "kept")]));
    expect(told).toEqual(["disconnected", "reconnected"]);
    expect(link.reconnects).toBe(1);
    expect(link.counts.refused).toBe(1);
  });

  test("flush() gives up on a broker that is frozen", async () => {
    link = await newLink();
    broker.kill("SIGSTOP");
    // The signal is on its way: until it has come, the broker still answers.
    await vi.waitFor(() => expect(stateOf(broker)).toBe("T"));
    expect(await link.flush(100)).toBe(false);
    broker.kill("SIGCONT");
  });

  test("close() delivers what was published, and is no surprise", async () => {
    const reader = await newLink();
    const received: string[] = [];
    reader.subscribe(subjectForAllHosts("report"), (subject) => received.push(subject));
    await reader.flush(1_000);
    link = await newLink();
    link.publish(subjectFor("report", "a"), one);
    await link.close();
    expect(link.connected).toBe(false);
    expect(link.publish(subjectFor("report", "b"), one)).toBe(false);
    await vi.waitFor(() => expect(received).toEqual([subjectFor("report", "a")]));
    await reader.close();
    expect(told).not.toContain("closed");
  });
});

describe("connectNats()", () => {
  test("waits for a broker that comes late", async () => {
    broker.kill("SIGKILL");
    await new Promise((resolve) => broker.once("exit", resolve));
    const connecting = newLink();
    await startBroker(port);
    link = await connecting;
    expect(link.connected).toBe(true);
  });

  test("ends with code 3, without the password, where no broker answers in time", async () => {
    const startedMs = performance.now();
    const connecting = connectNats({ url: "nats://user:secret@127.0.0.1:1", name: "test", connectWaitMs: 300 });
    await expect(connecting).rejects.toMatchObject({
      code: exitCodes.brokerUnreachable,
      message: "Cannot connect to NATS at nats://***@127.0.0.1:1: CONNECTION_REFUSED",
    });
    expect(performance.now() - startedMs).toBeLessThan(2_500);
  });
});
