/** The options of the standalone program: what it hands on to the agent and the aggregator, and how it shows paths. */
import { z } from "zod";
import { aggregatorProgram } from "../../aggregator/options.ts";
import { flag, listenAddress, logLevel, natsUrls, textOfLength } from "../../common/option-schemas.ts";
import type { OptionValues } from "../../common/option-values.ts";
import { agentOptions } from "../../node-agent/config.ts";

/** One table for flags, environment, help and checks. */
export const standaloneProgram = {
  name: "npm start --",
  description:
    "This host for real: a NATS server on loopback, an aggregator, and an agent that observes this host's TCP " +
    "connections, with a live table of paths. Ctrl-C ends it and removes everything it made.",
  options: {
    "nats-url": {
      description: "NATS servers, separated by commas; empty: one is started on loopback",
      schema: emptyOrNatsUrls(),
      default: "",
    },
    "host-id": agentOptions["host-id"],
    cgroup: agentOptions.cgroup,
    "report-interval-ms": agentOptions["report-interval-ms"],
    apply: agentOptions.apply,
    "advice-ttl-ms": aggregatorProgram.options["advice-ttl-ms"],
    "grpc-listen": aggregatorProgram.options["grpc-listen"],
    "http-listen": {
      description: "where the aggregator serves health, metrics and JSON views; port 0: any free one",
      schema: listenAddress(),
      default: "127.0.0.1:7480",
    },
    "agent-http-listen": {
      description: "where the agent serves health and metrics; port 0: any free one",
      schema: listenAddress(),
      default: "127.0.0.1:7481",
    },
    json: {
      description: "print one JSON object a second instead of the table, the addresses first",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    "log-file": {
      description: "file to which everything the three programs log is appended; empty: none",
      schema: textOfLength(0, 4096),
      default: "",
    },
    "log-level": {
      description: "how much the agent and the aggregator log; warnings and errors are shown below the table",
      schema: logLevel(),
      default: "warn",
    },
  },
} as const;

/** What the program runs with. */
export type StandaloneOptions = OptionValues<typeof standaloneProgram.options>;

function emptyOrNatsUrls() {
  const error = "empty, or nats:// or tls:// URLs separated by commas";
  return z.string().refine((text) => text === "" || natsUrls().safeParse(text).success, { error });
}
