import type { HostAddresses } from "./address-plan.ts";
import type {
  BulkResult,
  BusyOptions,
  ConnectRateResult,
  HoldOptions,
  LoadMode,
  LoadOptions,
  ServeOptions,
  StreamOptions,
  TimedTransfer,
  TransferOptions,
  TransferResult,
} from "./load.ts";
import { loadArguments, parseTimedTransfers, parseTransfers } from "./load.ts";
import type { Congestion } from "./network-plan.ts";
import { programPath } from "./programs.ts";
import type { RunningProcess } from "./running-process.ts";
import { TestbedNode } from "./testbed-node.ts";

const READY_WAIT_MS = 10_000;
const DEFAULT_SERVE_SECONDS = 3600;
const DEFAULT_HOLD_BYTES = 16 * 1024;
/** More than one process ever makes; the load generator's own limit. */
const STREAM_ROUNDS_MAX = 1_000_000;

/** Exit codes of the load generator: without, and with, transfers in error. */
const LOAD_CODES = [0, 1];

/** The other end of a transfer: a host that serves. */
export interface Target {
  readonly to: TestbedHost;
}

/** Load that goes on until it is stopped. */
export interface Hold {
  readonly process: RunningProcess;
  /** Ends it and says how every transfer went. */
  stop(): Promise<TransferResult>;
}

/** A host of the testbed: data0 leads into the switch, mgmt0 to the management namespace. */
export class TestbedHost extends TestbedNode {
  readonly rack: string;
  /** What load started here uses unless told otherwise. */
  readonly congestion: Congestion;
  readonly address: string;
  readonly address6: string;
  readonly managementAddress: string;

  constructor(
    what: { readonly rack: string; readonly congestion: Congestion },
    addresses: HostAddresses,
    ...node: ConstructorParameters<typeof TestbedNode>
  ) {
    super(...node);
    this.rack = what.rack;
    this.congestion = what.congestion;
    this.address = addresses.address;
    this.address6 = addresses.address6;
    this.managementAddress = addresses.managementAddress;
  }

  /** Serves load until the returned process is stopped. Resolves once it listens. */
  async serve(options: ServeOptions = {}): Promise<RunningProcess> {
    const address = addressOf(this, options.family);
    const server = this.#load("server", address, { seconds: DEFAULT_SERVE_SECONDS, ...options });
    await server.waitForLine(/"listening"/, READY_WAIT_MS);
    return server;
  }

  /** Opens connections to a serving host, round after round, and measures each. */
  async transfer(options: Target & TransferOptions): Promise<TransferResult> {
    const client = this.#load("connect", addressOf(options.to, options.family), options);
    return parseTransfers(await client.result(LOAD_CODES));
  }

  /** Opens connections to several serving hosts in turn, round after round, and measures each, in the order opened. */
  async transferFrom(
    hosts: readonly Pick<TestbedHost, "address" | "address6">[],
    options: TransferOptions,
  ): Promise<readonly TimedTransfer[]> {
    const addresses = hosts.map((host) => addressOf(host, options.family));
    return parseTimedTransfers(await this.#load("connect", addresses, options).result(LOAD_CODES));
  }

  /** Keeps one connection open and transfers on it every gapMs, until stopped or out of time. */
  hold(options: Target & HoldOptions): Hold {
    const address = addressOf(options.to, options.family);
    return stoppable(this.#load("hold", address, { bytes: DEFAULT_HOLD_BYTES, ...options }));
  }

  /** Opens one connection after the other, until stopped or out of time; what is then open ends in error. */
  stream(options: Target & StreamOptions): Hold {
    const address = addressOf(options.to, options.family);
    return stoppable(this.#load("connect", address, { rounds: STREAM_ROUNDS_MAX, ...options }));
  }

  /** Opens a connection, fetches one byte, closes it, over and over. */
  async connectRate(options: Target & BusyOptions): Promise<ConnectRateResult> {
    const client = this.#load("connect-rate", addressOf(options.to, options.family), options);
    return JSON.parse(await client.result(LOAD_CODES)) as ConnectRateResult;
  }

  /** Fetches as much as it can on one connection. */
  async bulk(options: Target & BusyOptions): Promise<BulkResult> {
    const client = this.#load("bulk", addressOf(options.to, options.family), options);
    return JSON.parse(await client.result(LOAD_CODES)) as BulkResult;
  }

  #load(mode: LoadMode, address: string | readonly string[], options: LoadOptions): RunningProcess {
    const addresses = typeof address === "string" ? [address] : address;
    return this.spawn(
      programPath("loadgen"),
      loadArguments(mode, addresses, { congestion: this.congestion, ...options }),
      { inCgroup: options.inCgroup ?? true },
    );
  }
}

function stoppable(process: RunningProcess): Hold {
  return {
    process,
    stop: async () => {
      process.kill("SIGTERM");
      return parseTransfers(await process.result(LOAD_CODES));
    },
  };
}

function addressOf(host: Pick<TestbedHost, "address" | "address6">, family: 4 | 6 = 4): string {
  return family === 4 ? host.address : host.address6;
}
