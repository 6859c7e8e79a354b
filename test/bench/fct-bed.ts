/** The testbed of one cell: a pair of hosts for each kind of system, each with a bottleneck of its own. */
import { readFileSync } from "node:fs";
import { ipCommand } from "../testbed/ip-command.ts";
import type { TransferResult } from "../testbed/load.ts";
import type { NetworkPlan } from "../testbed/network-plan.ts";
import type { RunningProcess } from "../testbed/running-process.ts";
import type { SwitchStats } from "../testbed/switch-network.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";
import type { Cell } from "./fct-cells.ts";
import { bufferBytesOf, payloadBytes } from "./fct-cells.ts";
import type { PairName } from "./fct-systems.ts";
import { pairNames } from "./fct-systems.ts";
import { transferLimitMs } from "./fct-times.ts";

/** What was transferred in a row, and what it cost. */
export interface Burst extends TransferResult {
  readonly seconds: number;
  readonly retransmittedBytes: number;
  readonly drops: number;
}

/** Between rounds: long enough for the last connections to be closed at both ends. */
const gapMs = 5;
const burstSecondsMax = 600;

/** A testbed with three pairs of hosts: the client asks, the server sends. */
export class Bed {
  readonly testbed: Testbed;
  readonly #cell: Cell;
  readonly #servers = new Map<PairName, RunningProcess>();

  private constructor(testbed: Testbed, cell: Cell) {
    this.testbed = testbed;
    this.#cell = cell;
  }

  /** Builds it and starts the servers. */
  static async create(cell: Cell): Promise<Bed> {
    const hosts = pairNames.flatMap((pair) => [
      { name: clientOf(pair), rack: "a", congestion: cell.congestion },
      { name: serverOf(pair), rack: "b", congestion: cell.congestion },
    ]);
    const bed = new Bed(await createTestbed({ hosts, network: networkOf(cell) }), cell);
    try {
      for (const pair of pairNames) bed.#servers.set(pair, await bed.server(pair).serve());
      return bed;
    } catch (error) {
      await bed.testbed.close();
      throw error;
    }
  }

  client(pair: PairName): TestbedHost {
    return this.testbed.host(clientOf(pair));
  }

  server(pair: PairName): TestbedHost {
    return this.testbed.host(serverOf(pair));
  }

  /** Runs rounds of the cell's transfers on a pair, and reads the counters around them. */
  async burst(pair: PairName, rounds: number): Promise<Burst> {
    const before = await this.#counters(pair);
    const startedMs = performance.now();
    const { us, errors } = await this.client(pair).transfer({
      to: this.server(pair),
      bytes: this.#cell.sizeBytes,
      atOnce: this.#cell.connectionsAtOnce,
      rounds,
      gapMs,
      seconds: burstSecondsMax,
      transferLimitMs,
    });
    const seconds = (performance.now() - startedMs) / 1000;
    const after = await this.#counters(pair);
    return {
      us,
      errors,
      seconds,
      retransmittedBytes: (after.retransmittedSegments - before.retransmittedSegments) * payloadBytes,
      drops: after.drops - before.drops,
    };
  }

  /** What operators do by hand: a first window by route, at both ends of a pair. Returns how to take it back. */
  setWindow(pair: PairName, window: number): () => void {
    const ends = [
      { host: this.client(pair), route: `${this.server(pair).address} dev data0` },
      { host: this.server(pair), route: `${this.client(pair).address} dev data0` },
    ];
    for (const { host, route } of ends) {
      ipCommand([`route replace ${route} initcwnd ${window} initrwnd ${window}`], host.namespace);
    }
    return () => {
      for (const { host, route } of ends) ipCommand([`route del ${route}`], host.namespace);
    };
  }

  /** The switch's own counters. Throws where it could not keep up, as nothing it forwarded is then valid. */
  async switchStats(): Promise<SwitchStats> {
    const stats = await this.testbed.network.stats();
    if (stats.overLimit > 0) throw new Error(`Cannot measure: ${stats.overLimit} packets were too many for the switch`);
    return stats;
  }

  async #counters(pair: PairName): Promise<{ readonly retransmittedSegments: number; readonly drops: number }> {
    const { queues } = await this.switchStats();
    return {
      retransmittedSegments: retransmittedSegments(this.#servers.get(pair)?.pid ?? 0),
      drops: queues[queueOf(serverOf(pair), clientOf(pair))]?.bufferDrops ?? 0,
    };
  }
}

function networkOf(cell: Cell): NetworkPlan {
  const rttUs = Math.round(cell.rttMs * 1000);
  const ways = pairNames.flatMap((pair) => [
    { from: clientOf(pair), to: serverOf(pair), oneWayDelayUs: Math.floor(rttUs / 2) },
    { from: serverOf(pair), to: clientOf(pair), oneWayDelayUs: Math.ceil(rttUs / 2) },
  ]);
  return {
    queues: ways.map(({ from, to }) => ({
      name: queueOf(from, to),
      rateBitsPerSecond: cell.rateMbitPerSecond * 1e6,
      bufferBytes: bufferBytesOf(cell),
    })),
    routes: ways.map((way) => ({ ...way, queue: queueOf(way.from, way.to) })),
  };
}

function queueOf(from: string, to: string): string {
  return `${from}>${to}`;
}

function clientOf(pair: PairName): string {
  return `${pair}-client`;
}

function serverOf(pair: PairName): string {
  return `${pair}-server`;
}

/** RetransSegs of the network namespace that a process is in. */
function retransmittedSegments(pid: number): number {
  const [names = "", values = ""] = readFileSync(`/proc/${pid}/net/snmp`, "utf8").match(/^Tcp: .*$/gm) ?? [];
  return Number(values.split(" ")[names.split(" ").indexOf("RetransSegs")] ?? 0);
}
