/** Real agents with maps of their own on a testbed, a broker and an aggregator; no traffic but theirs. */
import { setTimeout as sleep } from "node:timers/promises";
import { openLibbpf } from "../../node-agent/kernel/libbpf.ts";
import { Cluster } from "../testbed/cluster.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import { HostMaps } from "./push-maps.ts";

/** 200 Mbit/s of payload and 20 ms, for everyone and every destination at first. */
export const firstPath = { rateBytesPerSecond: 24_000_000, rttUs: 20_000 } as const;

/** So many agents start at a time: more would only wait for the processors. */
const agentsAtOnce = 8;
const learnSeconds = 6;

/** The hosts' maps, by name. */
export class PushBed {
  readonly testbed: Testbed;
  readonly maps: ReadonlyMap<string, HostMaps>;

  private constructor(testbed: Testbed, maps: ReadonlyMap<string, HostMaps>) {
    this.testbed = testbed;
    this.maps = maps;
  }

  /** Starts everything, and shows every host every destination for as long as it takes to be advised. */
  static async create(agents: number, destinations: readonly Uint8Array[]): Promise<PushBed> {
    const names = Array.from({ length: agents }, (_, index) => `host-${index + 1}`);
    const testbed = await createTestbed({
      hosts: names.map((name) => ({ name })),
      network: { queues: [], routes: [] },
    });
    try {
      const cluster = await Cluster.start(testbed, { apply: true, agentsOn: [] });
      for (let from = 0; from < names.length; from += agentsAtOnce) {
        await Promise.all(names.slice(from, from + agentsAtOnce).map((name) => cluster.startAgent(name)));
      }
      const libbpf = openLibbpf();
      const bed = new PushBed(
        testbed,
        new Map(names.map((name) => [name, new HostMaps(libbpf, cluster.hostId(name))])),
      );
      await bed.#learn(destinations);
      return bed;
    } catch (error) {
      await testbed.close();
      throw error;
    }
  }

  async #learn(destinations: readonly Uint8Array[]): Promise<void> {
    for (let second = 0; second < learnSeconds; second += 1) {
      for (const maps of this.maps.values()) {
        for (const destination of destinations) maps.putFold(destination, firstPath);
      }
      await sleep(1_000);
    }
    for (const [name, maps] of this.maps) {
      const missing = destinations.filter((destination) => maps.advice(destination) === undefined);
      if (missing.length > 0)
        throw new Error(`Cannot measure: ${name} has no advice for ${missing.length} destinations`);
    }
  }
}
