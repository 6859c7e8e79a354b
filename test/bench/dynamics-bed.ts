/** The testbed of a scenario: equal paths of either system, side by side, that all change at the same moment. */
import { setTimeout as sleep } from "node:timers/promises";
import type { TimedTransfer } from "../testbed/load.ts";
import { parseTimedTransfers } from "../testbed/load.ts";
import type { NetworkPlan } from "../testbed/network-plan.ts";
import type { SwitchStats } from "../testbed/switch-network.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { Hold, TestbedHost } from "../testbed/testbed-host.ts";
import type { Condition } from "./dynamics-condition.ts";
import { baseCondition } from "./dynamics-condition.ts";
import type { Scenario } from "./dynamics-scenarios.ts";
import { transferSizes } from "./dynamics-scenarios.ts";

/** What is compared. */
export const dynamicsSystems = ["default", "augmenter"] as const;

export type DynamicsSystem = (typeof dynamicsSystems)[number];

/** One path of one system: its hosts, and those of strangers that share its bottleneck. */
export interface Lane {
  readonly system: DynamicsSystem;
  readonly client: string;
  readonly server: string;
  /** Hosts without an agent; none where the scenario has no bulk flow. */
  readonly neighbours: { readonly client: string; readonly server: string } | undefined;
}

/** What a bulk flow got, and what a small packet in the same queue met with. */
export interface Beside {
  readonly bulkBitsPerSecond: number;
  readonly pings: readonly TimedTransfer[];
}

const streamSecondsMax = 120;
const pingBytes = 64;
const pingGapMs = 20;
/** A transfer that hangs is told as such, but must not outlive its repetition. */
const transferLimitMs = 20_000;
const gapMs = 5;

/** The testbed, its paths in the base condition, and the transfers on them. */
export class DynamicsBed {
  readonly testbed: Testbed;
  readonly lanes: readonly Lane[];
  readonly #scenario: Scenario;
  readonly #streams = new Map<Lane, Hold[]>();

  private constructor(testbed: Testbed, lanes: readonly Lane[], scenario: Scenario) {
    this.testbed = testbed;
    this.lanes = lanes;
    this.#scenario = scenario;
  }

  /** Builds it and starts the servers. */
  static async create(scenario: Scenario): Promise<DynamicsBed> {
    const lanes = lanesOf(scenario);
    // A rack of its own for either end of each path: no path's knowledge can serve as another's.
    const hosts = lanes.flatMap((lane) =>
      endsOf(lane).flatMap(({ client, server }) => [
        { name: client, rack: `${lane.client}-rack` },
        { name: server, rack: `${lane.server}-rack` },
      ]),
    );
    const bed = new DynamicsBed(await createTestbed({ hosts, network: networkOf(lanes) }), lanes, scenario);
    try {
      await Promise.all(lanes.flatMap(endsOf).map(({ server }) => bed.testbed.host(server).serve()));
      return bed;
    } catch (error) {
      await bed.testbed.close();
      throw error;
    }
  }

  /** Starts every client, one after the other over the interval of their transfers, so that these do not coincide. */
  async startTransfers(): Promise<void> {
    const { streams, everyMs } = this.#scenario;
    const apartMs = everyMs / (streams * this.lanes.length);
    for (let stream = 0; stream < streams; stream += 1) {
      for (const lane of this.lanes) {
        const options = { bytes: transferSizes[0], thenBytes: transferSizes[1], everyMs, gapMs, transferLimitMs };
        const to = this.testbed.host(lane.server);
        const hold = this.testbed.host(lane.client).stream({ to, seconds: streamSecondsMax, ...options });
        this.#streams.set(lane, [...(this.#streams.get(lane) ?? []), hold]);
        await sleep(apartMs);
      }
    }
  }

  /** Ends all transfers, and tells them by lane: a list for each client, in the order they were opened. */
  async stopTransfers(): Promise<ReadonlyMap<Lane, readonly (readonly TimedTransfer[])[]>> {
    const all = await Promise.all(
      [...this.#streams].map(async ([lane, holds]) => {
        await Promise.all(holds.map((hold) => hold.stop()));
        return [lane, holds.map(({ process }) => parseTimedTransfers(process.stdout))] as const;
      }),
    );
    return new Map(all);
  }

  /** Puts all paths into a condition, but for its bulk flow. */
  async change({ rateMbitPerSecond, bufferBytes, rttMs, lossRatio, crossShare }: Condition): Promise<void> {
    const { network } = this.testbed;
    const rateBitsPerSecond = rateMbitPerSecond * 1e6;
    const route = { oneWayDelayUs: rttMs * 500, lossPpm: Math.round(lossRatio * 1e6) };
    await Promise.all(
      this.lanes.flatMap((lane) => [
        ...queuesOf(lane).map((queue) => network.setQueue(queue, { rateBitsPerSecond, bufferBytes })),
        ...waysOf(lane).map(({ from, to }) => network.setRoute(from, to, route)),
        network.crossTraffic(bottleneckOf(lane), crossShare * rateBitsPerSecond),
      ]),
    );
  }

  /** A bulk flow on a lane for so long, and a small packet every 20 ms through the same queue; both begin now. */
  async beside(lane: Lane, bulk: "own" | "neighbour", seconds: number): Promise<Beside> {
    const { neighbours } = lane;
    if (neighbours === undefined) throw new Error(`Cannot start a bulk flow beside ${lane.client}: no neighbours`);
    const stranger = this.testbed.host(neighbours.client);
    const strangers = this.testbed.host(neighbours.server);
    const ping = stranger.hold({ to: strangers, bytes: pingBytes, gapMs: pingGapMs, seconds: seconds + 5 });
    const [from, to] = bulk === "own" ? this.#hostsOf(lane) : [stranger, strangers];
    const { bytes, seconds: took, error } = await from.bulk({ to, seconds });
    await ping.stop();
    if (error !== null) throw new Error(`Cannot keep a bulk flow beside ${lane.client}: ${error}`);
    // The first includes a handshake.
    const pings = parseTimedTransfers(ping.process.stdout).slice(1);
    return { bulkBitsPerSecond: (bytes * 8) / took, pings };
  }

  /** The switch's own counters. Throws where it could not keep up, as nothing it forwarded is then valid. */
  async switchStats(): Promise<SwitchStats> {
    const stats = await this.testbed.network.stats();
    if (stats.overLimit > 0) throw new Error(`Cannot measure: ${stats.overLimit} packets were too many for the switch`);
    return stats;
  }

  #hostsOf({ client, server }: Lane): readonly [TestbedHost, TestbedHost] {
    return [this.testbed.host(client), this.testbed.host(server)];
  }
}

/** The queue in which a lane's responses wait, and with them whatever shares its path. */
export function bottleneckOf({ server, client }: Lane): string {
  return `${server}>${client}`;
}

function lanesOf({ lanes, phases }: Scenario): readonly Lane[] {
  const hasBulk = phases.some(({ condition }) => condition.bulk !== "none");
  return Array.from({ length: lanes }, (_, index) =>
    dynamicsSystems.map((system) => ({
      system,
      client: `${system}${index}-client`,
      server: `${system}${index}-server`,
      neighbours: hasBulk ? { client: `beside-${system}${index}-c`, server: `beside-${system}${index}-s` } : undefined,
    })),
  ).flat();
}

function endsOf({ client, server, neighbours }: Lane): readonly { readonly client: string; readonly server: string }[] {
  return neighbours === undefined ? [{ client, server }] : [{ client, server }, neighbours];
}

function queuesOf(lane: Lane): readonly string[] {
  return [bottleneckOf(lane), `${lane.client}>${lane.server}`];
}

/** Both directions of the lane's own hosts and of its neighbours: those of one direction share a queue. */
function waysOf(lane: Lane): readonly { readonly from: string; readonly to: string; readonly queue: string }[] {
  const [down = "", up = ""] = queuesOf(lane);
  return endsOf(lane).flatMap(({ client, server }) => [
    { from: server, to: client, queue: down },
    { from: client, to: server, queue: up },
  ]);
}

function networkOf(lanes: readonly Lane[]): NetworkPlan {
  const { rateMbitPerSecond, bufferBytes, rttMs } = baseCondition;
  return {
    queues: lanes.flatMap(queuesOf).map((name) => ({
      name,
      rateBitsPerSecond: rateMbitPerSecond * 1e6,
      bufferBytes,
    })),
    routes: lanes.flatMap(waysOf).map((way) => ({ ...way, oneWayDelayUs: rttMs * 500 })),
  };
}
