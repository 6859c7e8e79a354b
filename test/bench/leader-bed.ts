/** A broker, aggregators and played hosts on loopback, for changes of leaders. */
import type { NatsConnection } from "nats";
import { connect } from "nats";
import type { FleetSize } from "../testbed/played-fleet.ts";
import { PlayedFleet } from "../testbed/played-fleet.ts";
import { builtProgram } from "../testbed/programs.ts";
import { RunningProcess } from "../testbed/running-process.ts";

/** An aggregator that runs. */
export interface BedAggregator {
  readonly process: RunningProcess;
  readonly httpPort: number;
}

const readyWaitMs = 30_000;
const lookMs = 10;

/** Owns the processes. */
export class LeaderBed {
  readonly fleet: PlayedFleet;
  readonly #size: FleetSize;
  readonly #natsUrl: string;
  readonly #nats: NatsConnection;
  readonly #ttlMs: number;
  readonly #processes: RunningProcess[];

  private constructor(size: FleetSize, ttlMs: number, natsUrl: string, nats: NatsConnection, broker: RunningProcess) {
    this.#size = size;
    this.#ttlMs = ttlMs;
    this.#natsUrl = natsUrl;
    this.#nats = nats;
    this.#processes = [broker];
    this.fleet = new PlayedFleet(nats, size);
  }

  /** Starts the broker and the hosts; they report from now on. */
  static async start(size: FleetSize, ttlMs: number): Promise<LeaderBed> {
    const path = `${process.env["PATH"]}:/usr/local/sbin:/usr/sbin:/sbin`;
    const args = ["--pdeathsig", "KILL", "--", "nats-server", "-a", "127.0.0.1", "-p", "-1"];
    const broker = new RunningProcess("setpriv", args, { env: { ...process.env, PATH: path } });
    const line = await broker.waitForLine(/Listening for client connections on 127\.0\.0\.1:\d+/, readyWaitMs);
    const natsUrl = `nats://127.0.0.1:${/(\d+)$/.exec(line)?.[1]}`;
    const bed = new LeaderBed(size, ttlMs, natsUrl, await connect({ servers: natsUrl }), broker);
    bed.fleet.start();
    return bed;
  }

  /** Entries that all hosts hold together where every path is advised on, to both ends. */
  get entriesExpected(): number {
    return 2 * this.#size.hosts * this.#size.pathsPerHost;
  }

  /** Starts an aggregator, and returns when it is ready: to lead, or to take over. */
  async startAggregator(): Promise<BedAggregator> {
    // Nothing of it outlives the benchmark, however that ends.
    const started = new RunningProcess("setpriv", [
      ...["--pdeathsig", "KILL", "--", process.execPath, builtProgram("aggregator/main.js")],
      `--nats-url=${this.#natsUrl}`,
      "--grpc-listen=127.0.0.1:0",
      "--http-listen=127.0.0.1:0",
      `--advice-ttl-ms=${this.#ttlMs}`,
    ]);
    this.#processes.push(started);
    const line = await started.waitForLine(/"msg":"started"/, readyWaitMs);
    const { httpPort } = JSON.parse(line) as { httpPort: number };
    await this.until("an aggregator is ready", readyWaitMs, async () => {
      return (await fetch(`http://127.0.0.1:${httpPort}/readyz`)).status === 200;
    });
    return { process: started, httpPort };
  }

  /**
   * Ends the leader, and returns after how many milliseconds the first and the last host heard of the next term.
   */
  async change(leader: BedAggregator, signal: "SIGKILL" | "SIGTERM"): Promise<{ firstMs: number; lastMs: number }> {
    const [, term] = this.fleet.terms;
    const endedMs = performance.now();
    leader.process.kill(signal);
    await this.until("every host follows the next term", readyWaitMs, async () => this.fleet.terms[0] > term);
    const [[, first] = []] = [...this.fleet.notes.firstByTerm].filter(([followed]) => followed > term);
    const heardMs = [...(first?.values() ?? [])].map((atMs) => atMs - endedMs);
    return { firstMs: Math.min(...heardMs), lastMs: Math.max(...heardMs) };
  }

  /** Looks again and again until it is so. */
  async until(what: string, waitMs: number, isSo: () => Promise<boolean>): Promise<void> {
    for (const endsMs = performance.now() + waitMs; !(await isSo()); ) {
      if (performance.now() > endsMs) throw new Error(`Cannot wait longer than ${waitMs} ms until ${what}`);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  /** Ends everything. */
  async close(): Promise<void> {
    this.fleet.stop();
    await this.#nats.close();
    await Promise.all(this.#processes.toReversed().map((each) => each.stop()));
  }
}
