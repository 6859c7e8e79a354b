/** The options of the aggregator. */
import {
  flag,
  integerBetween,
  listenAddress,
  logLevel,
  natsUrls,
  optionalPath,
  partition,
} from "../common/option-schemas.ts";

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
    "tls-certificate-file": {
      description:
        "certificate chain of gRPC, and of HTTP beyond loopback, PEM; replaced files are read again; empty: no TLS",
      schema: optionalPath(),
      default: "",
    },
    "tls-key-file": {
      description: "private key of the certificate, PEM",
      schema: optionalPath(),
      default: "",
    },
    "tls-client-ca-file": {
      description:
        "who signs the certificates that gRPC clients must have and HTTP clients may, PEM; empty: they need none",
      schema: optionalPath(),
      default: "",
    },
    "access-file": {
      description: "tokens and client certificates that may read or write, a line each; empty: whoever reaches it",
      schema: optionalPath(),
      default: "",
    },
    "allow-unprotected": {
      description: "serve addresses other than loopback without TLS or without telling callers apart",
      schema: flag(),
      default: "false",
      isFlag: true,
    },
    "policy-file": {
      description: "where the policy and its changes are kept; empty: no longer than the program runs",
      schema: optionalPath(),
      default: "",
    },
    partition: {
      description: "which hosts it looks after, such as 1/4: the first of four parts; every part needs aggregators",
      schema: partition(),
      default: "1/1",
    },
    "log-level": {
      description: "how much is logged to stderr",
      schema: logLevel(),
      default: "info",
    },
  },
} as const;
