/** The options of the aggregator. */
import { integerBetween, listenAddress, logLevel, natsUrls } from "../common/option-schemas.ts";

/** One table for flags, environment, help and checks. */
export const aggregatorProgram = {
  name: "augmenter-aggregator",
  description:
    "Builds one view of path conditions from every host's reports, answers questions about it, and advises the hosts.",
  options: {
    "nats-url": {
      description: "NATS servers, separated by commas",
      schema: natsUrls(),
      default: "nats://127.0.0.1:4222",
    },
    "nats-wait-ms": {
      description: "how long to try for the first connection to NATS, milliseconds",
      schema: integerBetween(0, 600_000),
      default: "10000",
    },
    "grpc-listen": {
      description: "where gRPC is served; port 0: any free one",
      schema: listenAddress(),
      default: "127.0.0.1:7443",
    },
    "http-listen": {
      description: "where health, metrics and JSON views are served; port 0: any free one",
      schema: listenAddress(),
      default: "127.0.0.1:7480",
    },
    "advice-ttl-ms": {
      description: "how long advice lives on a host after the last word from here, milliseconds",
      schema: integerBetween(1_000, 600_000),
      default: "10000",
    },
    "log-level": {
      description: "how much is logged to stderr",
      schema: logLevel(),
      default: "info",
    },
  },
} as const;
