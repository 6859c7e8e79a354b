/** The options of augmenter-agent. */
import { hostname } from "node:os";
import {
  flag,
  hostId,
  integerBetween,
  labelKeys,
  listenAddress,
  logLevel,
  natsUrls,
  textOfLength,
} from "../common/option-schemas.ts";
import type { OptionValues } from "../common/option-values.ts";
import type { ProgramSpec } from "../common/options.ts";
import { adviceLimits } from "../proto/advice-bounds.ts";
import { reportIntervalBounds } from "../proto/report-interval.ts";

/** One table: flags, environment, help and documentation come from it. */
export const agentOptions = {
  "nats-url": {
    description: "NATS servers, separated by commas",
    schema: natsUrls(),
    default: "nats://127.0.0.1:4222",
  },
  "host-id": { description: "name of this host in the cluster", schema: hostId(), default: hostname() },
  rack: {
    description: "rack this host is in; empty: as the labels file says",
    schema: textOfLength(0, 128),
    default: "",
  },
  zone: {
    description: "zone this host is in; empty: as the labels file says",
    schema: textOfLength(0, 128),
    default: "",
  },
  "labels-file": {
    description: 'file with a label key="value" a line, read again as it changes; empty: none',
    schema: textOfLength(0, 4096),
    default: "",
  },
  "topology-keys": {
    description: "keys of the labels that name the rack and the zone, in this order, separated by a comma",
    schema: labelKeys(1, 2),
    default: "topology.kubernetes.io/rack,topology.kubernetes.io/zone",
  },
  "link-mbit-per-second": {
    description: "speed of this host's link, Mbit/s; 0: as the kernel says",
    schema: integerBetween(0, 1_000_000),
    default: "0",
  },
  cgroup: {
    description: "cgroup2 directory whose connections are sampled; empty: all of the host's",
    schema: textOfLength(0, 4096),
    default: "",
  },
  "report-interval-ms": {
    description: "how often samples are reported",
    schema: integerBetween(reportIntervalBounds.minMs, reportIntervalBounds.maxMs),
    default: "1000",
  },
  apply: {
    description: "grant windows out of advice; without it, only observe",
    schema: flag(),
    default: "false",
    isFlag: true,
  },
  "http-listen": {
    description: "address of health, readiness and metrics",
    schema: listenAddress(),
    default: "127.0.0.1:7481",
  },
  "max-paths": {
    description: "destinations sampled in one interval, and destinations advised",
    schema: integerBetween(64, 1_048_576),
    default: "16384",
  },
  "probe-kernel": {
    description: "try what the kernel can do, print it as JSON, and end",
    schema: flag(),
    default: "false",
    isFlag: true,
  },
  "log-level": { description: "trace, debug, info, warn, error or silent", schema: logLevel(), default: "info" },
} as const;

/** What readOptions() needs of this program. */
export const agentProgram: ProgramSpec<typeof agentOptions> = {
  name: "augmenter-agent",
  description:
    "Samples this host's TCP connections, reports them, and gives new ones the window their path has proved.",
  options: agentOptions,
};

export type AgentConfig = OptionValues<typeof agentOptions>;

/** What the kernel program is held to on this host, whatever advice says. */
export const kernelBounds = {
  lowestWindowSegments: 1,
  // 4096 segments of 1448 bytes: the BDP of 1 Gbit/s at 47 ms.
  highestWindowSegments: 4096,
  // Half of the usual tcp_rmem[2], which is the most that the kernel would take.
  highestReceiveWindowBytes: 16 << 20,
  sampleIntervalUs: 5_000,
} as const;

/** Beyond these an advice entry is refused. */
export const adviceBounds = {
  windowSegments: kernelBounds.highestWindowSegments,
  receiveWindowBytes: kernelBounds.highestReceiveWindowBytes,
  pathRateLowestBytesPerSecond: adviceLimits.rateMinBytesPerSecond,
  pathRateBytesPerSecond: 125_000_000_000,
  minRttUs: 10_000_000,
  burstSegments: adviceLimits.burstMaxSegments,
  togetherHosts: adviceLimits.togetherHostsMax,
  rtoMinLowestUs: 20_000,
  rtoMinHighestUs: 200_000,
  ttlMs: 600_000,
} as const;
