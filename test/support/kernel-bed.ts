/** Two hosts on an emulated path, with the BPF program attached to either where a test wants it. */
import { afterAll, afterEach, beforeAll } from "vitest";
import type { CounterName, Datapath } from "../../node-agent/kernel/datapath.ts";
import { rackNetwork, uplinkQueue } from "../testbed/network-plan.ts";
import type { Testbed } from "../testbed/testbed.ts";
import { createTestbed } from "../testbed/testbed.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";
import { attachTo } from "./datapath.ts";
import { idleConnection, socketOn } from "./sockets.ts";

export const rttUs = 20_000;
export const rateBitsPerSecond = 200_000_000;
/** What 200 Mbit/s of 1500-byte packets carry, bytes a second. */
export const payloadBytesPerSecond = ((rateBitsPerSecond / 8) * 1448) / 1500;
export const bdpBytes = (rateBitsPerSecond * rttUs) / 8e6;
export const bdpSegments = 345;
export const kernelDefault = 10;

/** What the tests of one file work on: made before the first, gone after the last; what was attached is detached after each. */
export interface KernelBed {
  readonly testbed: Testbed;
  /** Asks. */
  readonly client: TestbedHost;
  /** Answers, and listens before anything is attached. */
  readonly server: TestbedHost;
  /** To be detached after the test. */
  readonly attached: Datapath[];
  attach(host: TestbedHost, change?: Parameters<typeof attachTo>[1]): Datapath;
  /** The first window of a connection as either end has it. */
  windows(address?: string, beside?: readonly string[]): Promise<{ readonly server: number; readonly client: number }>;
  setDelay(oneWayDelayUs: number): Promise<void>;
  counted(datapath: Datapath, name: CounterName): number;
  /** Nobody else's in this file. */
  nextPort(): number;
}

/** Registers the hooks of a file's outermost describe(). `firstPort` differs from file to file. */
export function useKernelBed(firstPort = 9100): KernelBed {
  let testbed: Testbed | undefined;
  const attached: Datapath[] = [];
  let port = firstPort;
  const made = (): Testbed => {
    if (testbed === undefined) throw new Error("Cannot use the testbed before the first test");
    return testbed;
  };

  beforeAll(async () => {
    const path = { rateBitsPerSecond, rttUs, bufferBytes: bdpBytes };
    testbed = await createTestbed(rackNetwork({ racks: { a: ["a1"], b: ["b1"] }, inside: path, across: path }));
    await testbed.host("b1").serve();
  });
  afterEach(async () => {
    for (const datapath of attached.splice(0)) await datapath.detach();
    await made().network.setQueue(uplinkQueue("b", "a"), { bufferBytes: bdpBytes });
  });
  afterAll(() => testbed?.close());

  const bed: KernelBed = {
    get testbed() {
      return made();
    },
    get client() {
      return made().host("a1");
    },
    get server() {
      return made().host("b1");
    },
    attached,
    attach: (host, change = {}) => {
      const datapath = attachTo(host, change);
      attached.push(datapath);
      return datapath;
    },
    windows: async (address, beside) => {
      const used = bed.nextPort();
      const connection = await idleConnection(bed.client, bed.server, used, address, beside);
      const found = {
        server: (await socketOn(bed.server, used)).cwnd,
        client: (await socketOn(bed.client, used)).cwnd,
      };
      await connection.stop();
      return found;
    },
    setDelay: async (oneWayDelayUs) => {
      await made().network.setRoute("a1", "b1", { oneWayDelayUs });
      await made().network.setRoute("b1", "a1", { oneWayDelayUs });
    },
    counted: (datapath, name) => datapath.counters()[name],
    nextPort: () => {
      port += 1;
      return port;
    },
  };
  return bed;
}
