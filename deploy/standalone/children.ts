/** The command lines of the three programs. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ExitError, exitCodes } from "../../common/exit-codes.ts";
import type { ListenAddress } from "../../common/listen-address.ts";
import { listenAddressText } from "../../common/listen-address.ts";
import type { Environment } from "../../common/option-values.ts";
import type { ChildCommand } from "./child.ts";
import type { StandaloneOptions } from "./options.ts";

/** The options with every port known, and a broker. */
export interface Settled extends StandaloneOptions {
  readonly grpcListen: ListenAddress;
  readonly httpListen: ListenAddress;
  readonly agentHttpListen: ListenAddress;
}

/** Debian puts nats-server where a user's PATH may not reach. */
const furtherFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/** A NATS server on loopback, on a port of its choice, which it logs. Throws ExitError 3 where none is installed. */
export function brokerCommand(environment: Environment): ChildCommand {
  const folders = [...(environment["PATH"] ?? "").split(delimiter), ...furtherFolders];
  const command = folders.map((folder) => join(folder || ".", "nats-server")).find(isExecutable);
  if (command === undefined) {
    throw new ExitError(
      exitCodes.brokerUnreachable,
      "Cannot start a NATS server as nats-server is not installed: apt-get install nats-server, or give --nats-url",
    );
  }
  return { name: "nats-server", command, args: ["-a", "127.0.0.1", "-p", "-1"], env: environment };
}

/** The port in the line with which nats-server says that it listens; undefined in every other line. */
export function brokerPortIn(line: string): number | undefined {
  const port = /\[INF\] Listening for client connections on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** The aggregator. */
export function aggregatorCommand(options: Settled, natsUrl: string, environment: Environment): ChildCommand {
  return program("aggregator", natsUrl, environment, [
    ["grpc-listen", listenAddressText(options.grpcListen)],
    ["http-listen", listenAddressText(options.httpListen)],
    ["advice-ttl-ms", options.adviceTtlMs],
    ["log-level", options.logLevel],
  ]);
}

/** The agent. */
export function agentCommand(options: Settled, natsUrl: string, environment: Environment): ChildCommand {
  const switches = options.apply ? ["--apply"] : [];
  return program(
    "node-agent",
    natsUrl,
    environment,
    [
      ["host-id", options.hostId],
      ["cgroup", options.cgroup],
      ["report-interval-ms", options.reportIntervalMs],
      ["http-listen", listenAddressText(options.agentHttpListen)],
      ["log-level", options.logLevel],
    ],
    switches,
  );
}

// The broker's URL may hold a password, which a command line would show to every user of the host. Other variables
// reach the programs as they are, so that what has no option here can be set as well; a flag wins over its variable.
function program(
  folder: "aggregator" | "node-agent",
  natsUrl: string,
  environment: Environment,
  options: readonly (readonly [string, string | number])[],
  switches: readonly string[] = [],
): ChildCommand {
  const script = fileURLToPath(new URL(`../../${folder}/main.js`, import.meta.url));
  return {
    name: folder === "aggregator" ? "aggregator" : "agent",
    command: process.execPath,
    args: [script, ...options.map(([name, value]) => `--${name}=${value}`), ...switches],
    env: { ...environment, AUGMENTER_NATS_URL: natsUrl },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
