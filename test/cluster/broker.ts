/** A NATS server of a test's own. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { expect, vi } from "vitest";

/** A server that runs; end it by its process. */
export interface Broker {
  readonly port: number;
  readonly child: ChildProcess;
}

/** Starts one on loopback; port 0: any free one. */
export async function startBroker(port: number): Promise<Broker> {
  const child = spawn("nats-server", ["-a", "127.0.0.1", "-p", port === 0 ? "-1" : String(port)]);
  let log = "";
  child.stderr.on("data", (data) => {
    log += String(data);
  });
  await vi.waitFor(() => expect(log).toContain("Server is ready"), { timeout: 10_000 });
  return { port: Number(/client connections on 127\.0\.0\.1:(\d+)/.exec(log)?.[1]), child };
}
