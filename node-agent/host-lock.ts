/** One agent for a host id: a second one would take over the first one's pins, and remove them when it ends. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import type { Server } from "node:net";
import { connect, createServer } from "node:net";
import { ExitError, exitCodes } from "../common/exit-codes.ts";

/** Held until released, or until the process ends however it does. */
export interface HostLock {
  release(): Promise<void>;
}

const directory = "/run/augmenter";

/**
 * Takes the lock of a host id: a listening socket in the file system, which says by answering that its owner lives. Throws
 * ExitError where another agent has it.
 */
export async function lockHost(hostId: string): Promise<HostLock> {
  const path = `${directory}/${hostId}.lock`;
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  const server = (await listening(path)) ?? (await takeOver(path, hostId));
  await sweep();
  // The lock alone must not keep a program from ending.
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function takeOver(path: string, hostId: string): Promise<Server> {
  if (!(await isAnswered(path))) {
    rmSync(path, { force: true });
    const server = await listening(path);
    if (server !== undefined) return server;
  }
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot use --host-id as it must be that of no other running agent on this machine: current value is ${hostId}`,
  );
}

/** Removes what killed agents of other host ids left. */
async function sweep(): Promise<void> {
  const paths = readdirSync(directory).map((name) => `${directory}/${name}`);
  for (const path of paths.filter((each) => each.endsWith(".lock"))) {
    if (!(await isAnswered(path))) rmSync(path, { force: true });
  }
}

function listening(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(path, () => resolve(server));
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
