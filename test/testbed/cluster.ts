import type { PathEstimate__Output } from "../../proto/gen/augmenter/v1/PathEstimate.ts";
import { builtProgram } from "./programs.ts";
import type { RunningProcess } from "./running-process.ts";
import type { Testbed } from "./testbed.ts";
import type { TestbedHost } from "./testbed-host.ts";

/** How the programs of a cluster are started. */
export interface ClusterOptions {
  /** Whether agents grant windows, or only observe. */
  readonly apply: boolean;
  /** 1000 unless given. */
  readonly reportIntervalMs?: number;
  /** 10,000 unless given. */
  readonly adviceTtlMs?: number;
  /** Serve gRPC on loopback of the management namespace, where whoever calls may write; on its address unless given. */
  readonly grpcOnLoopback?: true;
  /** Hosts with an agent; all unless given. */
  readonly agentsOn?: readonly string[];
}

/** What an HTTP endpoint answered. */
export interface Fetched {
  /** 0: it could not be reached. */
  readonly status: number;
  readonly body: string;
}

const brokerPort = 4222;
const grpcPort = 7443;
const httpPort = 7480;
const standbyGrpcPort = 7444;
const standbyHttpPort = 7482;
const agentHttpPort = 7481;
const readyWaitMs = 20_000;
const fetchWaitMs = 10_000;

/**
 * The real programs on a testbed: nats-server and augmenter-aggregator in the management namespace, an augmenter-agent for
 * each host, in its namespace and attached to its cgroup. They end with the testbed.
 */
export class Cluster {
  readonly #testbed: Testbed;
  readonly #options: ClusterOptions;
  readonly #agents = new Map<string, RunningProcess>();
  readonly #fetchers = new Map<string, { readonly process: RunningProcess; count: number }>();
  #broker: RunningProcess | undefined;
  #aggregator: RunningProcess | undefined;

  private constructor(testbed: Testbed, options: ClusterOptions) {
    this.#testbed = testbed;
    this.#options = options;
  }

  /** Starts everything, and returns when each part is ready. */
  static async start(testbed: Testbed, options: ClusterOptions): Promise<Cluster> {
    const cluster = new Cluster(testbed, options);
    await cluster.startBroker();
    await cluster.startAggregator();
    const hosts = [...testbed.hosts.values()].filter((host) => options.agentsOn?.includes(host.name) ?? true);
    await Promise.all(hosts.map((host) => cluster.startAgent(host.name)));
    return cluster;
  }

  get natsUrl(): string {
    return `nats://${this.#testbed.management.address}:${brokerPort}`;
  }

  get grpcAddress(): string {
    return `${this.#grpcHost}:${grpcPort}`;
  }

  get broker(): RunningProcess {
    return started(this.#broker, "nats-server");
  }

  get aggregator(): RunningProcess {
    return started(this.#aggregator, "the aggregator");
  }

  agent(hostName: string): RunningProcess {
    return started(this.#agents.get(hostName), `the agent of ${hostName}`);
  }

  /** The id under which a host of the testbed is known: unlike its name, unique on this machine. */
  hostId(hostName: string): string {
    return this.#testbed.host(hostName).namespace;
  }

  async startBroker(): Promise<void> {
    const { management } = this.#testbed;
    this.#broker = management.spawn("nats-server", ["-a", management.address, "-p", String(brokerPort)], {
      env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` },
    });
    await this.#broker.waitForLine(/Server is ready/, readyWaitMs);
  }

  async startAggregator(): Promise<void> {
    this.#aggregator = await this.#startAggregatorOn(grpcPort, httpPort);
  }

  /** Starts one more aggregator, which stands by. */
  async startStandby(): Promise<RunningProcess> {
    return this.#startAggregatorOn(standbyGrpcPort, standbyHttpPort);
  }

  get #grpcHost(): string {
    return this.#options.grpcOnLoopback ? "127.0.0.1" : this.#testbed.management.address;
  }

  async #startAggregatorOn(grpc: number, http: number): Promise<RunningProcess> {
    const { management } = this.#testbed;
    const aggregator = management.spawn(process.execPath, [
      builtProgram("aggregator/main.js"),
      `--nats-url=${this.natsUrl}`,
      `--grpc-listen=${this.#grpcHost}:${grpc}`,
      // The management network of the testbed is a namespace that nobody else is in.
      "--allow-unprotected",
      `--http-listen=${management.address}:${http}`,
      `--advice-ttl-ms=${this.#options.adviceTtlMs ?? 10_000}`,
    ]);
    await aggregator.waitForLine(/"msg":"started"/, readyWaitMs);
    return aggregator;
  }

  /** Starts a host's agent, or starts it again after it has ended. */
  async startAgent(hostName: string, change: { readonly apply?: boolean } = {}): Promise<void> {
    const host = this.#testbed.host(hostName);
    const apply = change.apply ?? this.#options.apply;
    const agent = host.spawn(
      process.execPath,
      [
        builtProgram("node-agent/main.js"),
        `--nats-url=${this.natsUrl}`,
        `--host-id=${host.namespace}`,
        `--rack=${host.rack}`,
        `--cgroup=${host.cgroupPath}`,
        `--report-interval-ms=${this.#options.reportIntervalMs ?? 1000}`,
        `--http-listen=127.0.0.1:${agentHttpPort}`,
        ...(apply ? ["--apply"] : []),
      ],
      // Its own connections are not the host's load.
      { inCgroup: false },
    );
    this.#agents.set(hostName, agent);
    await agent.waitForLine(/"msg":"attached"/, readyWaitMs);
  }

  /** Every path the aggregator knows. */
  async paths(): Promise<readonly PathEstimate__Output[]> {
    const fetched = await this.fetchFromAggregator("/v1/paths?page_size=1000");
    if (fetched.status !== 200) throw new Error(`Cannot list paths: ${fetched.status} ${fetched.body}`);
    return (JSON.parse(fetched.body) as { paths: PathEstimate__Output[] }).paths;
  }

  /** The path from one host of the testbed to another; undefined while it is not known. */
  async path(from: string, to: string): Promise<PathEstimate__Output | undefined> {
    const destination = this.#testbed.host(to).address;
    const source = this.hostId(from);
    const known = await this.paths();
    return known.find(({ path }) => path?.source === source && path.destination === destination);
  }

  /** The kernel program's counters on a host, as its agent tells them. */
  async kernelDecisions(hostName: string): Promise<ReadonlyMap<string, number>> {
    const { body } = await this.fetchFromAgent(hostName, "/metrics");
    const rows = body.matchAll(/^augmenter_agent_kernel_decisions_total\{kind="(\w+)"\} (\S+)$/gm);
    return new Map([...rows].map(([, kind = "", count]) => [kind, Number(count)]));
  }

  fetchFromAggregator(path: string): Promise<Fetched> {
    const { management } = this.#testbed;
    return this.#fetch(management.name, () => management, `http://${management.address}:${httpPort}${path}`);
  }

  fetchFromStandby(path: string): Promise<Fetched> {
    const { management } = this.#testbed;
    return this.#fetch(management.name, () => management, `http://${management.address}:${standbyHttpPort}${path}`);
  }

  fetchFromAgent(hostName: string, path: string): Promise<Fetched> {
    return this.#fetch(hostName, () => this.#testbed.host(hostName), `http://127.0.0.1:${agentHttpPort}${path}`);
  }

  // Addresses inside a namespace can be reached only from inside.
  async #fetch(key: string, node: () => Pick<TestbedHost, "spawn">, url: string): Promise<Fetched> {
    let fetcher = this.#fetchers.get(key);
    if (fetcher === undefined) {
      const process_ = node().spawn(process.execPath, [builtProgram("test/testbed/fetch-loop.js")], {
        inCgroup: false,
      });
      fetcher = { process: process_, count: 0 };
      this.#fetchers.set(key, fetcher);
    }
    fetcher.count += 1;
    const marker = new RegExp(`^\\{"fetch":${fetcher.count},`);
    fetcher.process.write(`${url}\n`);
    return JSON.parse(await fetcher.process.waitForLine(marker, fetchWaitMs)) as Fetched;
  }
}

function started(process: RunningProcess | undefined, name: string): RunningProcess {
  if (process === undefined) throw new Error(`Cannot use ${name} as it was not started`);
  return process;
}
