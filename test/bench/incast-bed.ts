/** The testbed of a cell: one receiver and the hosts that answer it, under agents and beside them. */
import { readFileSync } from "node:fs";
import type { TimedTransfer } from "../testbed/load.ts";
import { DEFAULT_PORT } from "../testbed/load.ts";
import type { NetworkPlan } from "../testbed/network-plan.ts";
import { linkQueue } from "../testbed/network-plan.ts";
import type { RunningProcess } from "../testbed/running-process.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";
import type { IncastCell } from "./incast-cells.ts";
import { linkMbitPerSecond } from "./incast-cells.ts";

/** What is compared. */
export const incastSystems = ["default", "augmenter"] as const;

export type IncastSystem = (typeof incastSystems)[number];

/** Rounds in a row, and what they cost. */
export interface IncastBurst {
  /** Each round's answers. */
  readonly rounds: readonly (readonly TimedTransfer[])[];
  readonly retransmittedSegments: number;
  readonly drops: number;
}

/** Long enough for the last connections to be closed at both ends. */
const gapMs = 10;
const burstSecondsMax = 120;
const receiverName = "receiver";
/** The other queues never fill: requests and acknowledgements go to the sources. */
const sourceLinkMbitPerSecond = 1_000;
const sourceBufferBytes = 1_000_000;

/**
 * Both systems have the same hosts and links, by turns: augmenter's connections are in the cgroups that the agents watch, the
 * default's are beside them.
 */
export class IncastBed {
  readonly testbed: Testbed;
  readonly #cell: IncastCell;
  readonly #servers: RunningProcess[] = [];

  private constructor(testbed: Testbed, cell: IncastCell) {
    this.testbed = testbed;
    this.#cell = cell;
  }

  /** Builds it and starts the servers. */
  static async create(cell: IncastCell): Promise<IncastBed> {
    const names = [receiverName, ...sourceNames(cell)];
    const hosts = names.map((name) => ({ name, congestion: "cubic" as const }));
    const bed = new IncastBed(await createTestbed({ hosts, network: networkOf(cell) }), cell);
    try {
      for (const source of bed.sources) {
        for (const system of incastSystems) bed.#servers.push(await source.serve(optionsOf(system)));
      }
      return bed;
    } catch (error) {
      await bed.testbed.close();
      throw error;
    }
  }

  get receiver(): TestbedHost {
    return this.testbed.host(receiverName);
  }

  get sources(): readonly TestbedHost[] {
    return sourceNames(this.#cell).map((name) => this.testbed.host(name));
  }

  /** Rounds in which every source answers the receiver at once, or so many of them, each in turn. */
  async burst(system: IncastSystem, rounds: number, sources: number = this.#cell.sources): Promise<IncastBurst> {
    const before = await this.#counters();
    const { sizeBytes } = this.#cell;
    const transfers = await this.receiver.transferFrom(this.sources, {
      bytes: sizeBytes,
      atOnce: sources,
      rounds,
      gapMs,
      seconds: burstSecondsMax,
      ...optionsOf(system),
    });
    const after = await this.#counters();
    return {
      rounds: Array.from({ length: Math.floor(transfers.length / sources) }, (_, round) =>
        transfers.slice(round * sources, (round + 1) * sources),
      ),
      retransmittedSegments: after.retransmittedSegments - before.retransmittedSegments,
      drops: after.drops - before.drops,
    };
  }

  /** The 99th percentile of how late the switch delivered. Throws where it could not keep up, as nothing is then valid. */
  async latenessP99Us(): Promise<number> {
    const { overLimit, latenessUs } = await this.testbed.network.stats();
    if (overLimit > 0) throw new Error(`Cannot measure: ${overLimit} packets were too many for the switch`);
    return latenessUs.p99;
  }

  async #counters(): Promise<{ readonly retransmittedSegments: number; readonly drops: number }> {
    const { queues } = await this.testbed.network.stats();
    // Two servers on a host are in the same namespace, whose counter is read.
    const segments = this.#servers
      .filter((_, index) => index % incastSystems.length === 0)
      .map(({ pid }) => retransmittedSegments(pid));
    return {
      retransmittedSegments: segments.reduce((sum, count) => sum + count, 0),
      drops: queues[linkQueue(receiverName)]?.bufferDrops ?? 0,
    };
  }
}

function optionsOf(system: IncastSystem): { readonly port: number; readonly inCgroup: boolean } {
  return { port: DEFAULT_PORT + incastSystems.indexOf(system), inCgroup: system === "augmenter" };
}

function sourceNames({ sources }: IncastCell): readonly string[] {
  return Array.from({ length: sources }, (_, index) => `source-${index + 1}`);
}

function networkOf(cell: IncastCell): NetworkPlan {
  const oneWayDelayUs = cell.rttMs * 500;
  const names = sourceNames(cell);
  return {
    queues: [
      {
        name: linkQueue(receiverName),
        rateBitsPerSecond: linkMbitPerSecond * 1e6,
        bufferBytes: cell.bufferBytes,
      },
      ...names.map((name) => ({
        name: linkQueue(name),
        rateBitsPerSecond: sourceLinkMbitPerSecond * 1e6,
        bufferBytes: sourceBufferBytes,
      })),
    ],
    routes: names.flatMap((name) => [
      { from: name, to: receiverName, queue: linkQueue(receiverName), oneWayDelayUs },
      { from: receiverName, to: name, queue: linkQueue(name), oneWayDelayUs },
    ]),
  };
}

/** RetransSegs of the network namespace that a process is in. */
function retransmittedSegments(pid: number): number {
  const [names = "", values = ""] = readFileSync(`/proc/${pid}/net/snmp`, "utf8").match(/^Tcp: .*$/gm) ?? [];
  return Number(values.split(" ")[names.split(" ").indexOf("RetransSegs")] ?? 0);
}
