/** What every verb may be told: one table for flags, environment, file, help and `config show`. */

import { readFileSync } from "node:fs";
import type { ConnectOptions } from "../client/connection.ts";
import { isTokenExposed } from "../client/connection.ts";
import { ExitError, exitCodes } from "../common/exit-codes.ts";
import { flag, integerBetween, natsUrls, oneOf, parsedBy, textOfLength } from "../common/option-schemas.ts";
import type { ResolvedOptions } from "../common/option-values.ts";
import { outputFormats } from "./report-text.ts";

/** The table. */
export const settingsTable = {
  server: {
    description: "aggregator to ask, host:port",
    schema: parsedBy(serverAddress),
    default: "127.0.0.1:7443",
  },
  tls: { description: "speak TLS", schema: flag(), default: "false", isFlag: true },
  "tls-ca": {
    description: "PEM file with who signed the server's certificate; empty: the usual authorities",
    schema: textOfLength(0, 4096),
    default: "",
  },
  "tls-cert": { description: "PEM file with this client's certificate", schema: textOfLength(0, 4096), default: "" },
  "tls-key": { description: "PEM file with the key of --tls-cert", schema: textOfLength(0, 4096), default: "" },
  "tls-server-name": {
    description: "name to expect in the server's certificate; empty: that of --server",
    schema: textOfLength(0, 255),
    default: "",
  },
  "token-file": { description: "file with the token to show the server", schema: textOfLength(0, 4096), default: "" },
  "timeout-ms": {
    description: "how long a call may take, milliseconds",
    schema: integerBetween(100, 600_000),
    default: "5000",
  },
  output: {
    description: `form of the answer: ${outputFormats.join(", ")}`,
    schema: oneOf(outputFormats),
    default: "table",
    short: "o",
  },
  "agent-http": {
    description: "this host's agent, for doctor, host:port",
    schema: parsedBy(serverAddress),
    default: "127.0.0.1:7481",
  },
  "nats-url": {
    description: "NATS servers, for doctor, separated by commas",
    schema: natsUrls(),
    default: "nats://127.0.0.1:4222",
  },
} as const;

/** Checked settings and where each came from. */
export type Settings = ResolvedOptions<typeof settingsTable>;

/** How to connect as the settings say. Throws ExitError 2 where the token cannot be read, or everybody on the way could read it. */
export function connectOptions(settings: Settings): ConnectOptions {
  const options = optionsAsSet(settings);
  if (!isTokenExposed(options)) return options;
  const { tokenFile } = settings.values;
  const text = `Cannot show the token in ${tokenFile} to ${options.address} without TLS as others could read it on the way: add --tls`;
  throw new ExitError(exitCodes.badConfiguration, text);
}

function optionsAsSet({ values }: Settings): ConnectOptions {
  const { tlsCa, tlsCert, tlsKey, tlsServerName } = values;
  if ((tlsCert === "") !== (tlsKey === "")) {
    const missing = tlsCert === "" ? "--tls-cert" : "--tls-key";
    throw new ExitError(exitCodes.badConfiguration, `Cannot use a client certificate without ${missing}`);
  }
  const files = {
    ...(tlsCa === "" ? {} : { caFile: tlsCa }),
    ...(tlsCert === "" ? {} : { certFile: tlsCert, keyFile: tlsKey }),
    ...(tlsServerName === "" ? {} : { serverName: tlsServerName }),
  };
  for (const file of [tlsCert, tlsKey]) if (file !== "") contentOf(file);
  if (tlsCa !== "") requireCertificates(tlsCa);
  return {
    address: values.server.text,
    deadlineMs: values.timeoutMs,
    // Whoever names a certificate wants TLS.
    ...(values.tls || Object.keys(files).length > 0 ? { tls: files } : {}),
    ...(values.tokenFile === "" ? {} : { token: tokenIn(values.tokenFile) }),
  };
}

/** What is said of the connection when it fails. */
export function reachedBy({ values }: Settings) {
  const { server, tls, tlsCa, tlsCert, tlsServerName, timeoutMs } = values;
  const isTls = tls || [tlsCa, tlsCert, tlsServerName].some((text) => text !== "");
  return { server: server.text, isTls, hasCertificate: tlsCert !== "", timeoutMs };
}

// Where there are none in it, OpenSSL trusts nobody and does not say why.
function requireCertificates(file: string): void {
  if (/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(contentOf(file))) return;
  throw new ExitError(exitCodes.badConfiguration, `Cannot use --tls-ca ${file} as it must hold certificates in PEM`);
}

function tokenIn(file: string): string {
  const token = contentOf(file).trim();
  if (/^[\x21-\x7e]{1,4096}$/.test(token)) return token;
  throw new ExitError(
    exitCodes.badConfiguration,
    `Cannot use the token in ${file} as it must be one line of visible ASCII`,
  );
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new ExitError(exitCodes.badConfiguration, `Cannot read ${file}: ${reason}`, { cause: error });
  }
}

function serverAddress(text: string): { readonly text: string; readonly host: string; readonly port: number } | string {
  const match = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[A-Za-z0-9._-]+)):(?<port>\d{1,5})$/.exec(text);
  const port = Number(match?.groups?.["port"]);
  if (match === null || !(port >= 1 && port <= 65_535)) return "host:port, such as 127.0.0.1:7443 or [::1]:7443";
  return { text, host: match.groups?.["v6"] ?? match.groups?.["host"] ?? "", port };
}
