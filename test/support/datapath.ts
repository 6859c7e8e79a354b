/** The kernel half on a testbed host, in the test's own process: no agent, no broker. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { Advice } from "../../node-agent/core/advice-admission.ts";
import type { DatapathOptions, Switches } from "../../node-agent/kernel/datapath.ts";
import { Datapath } from "../../node-agent/kernel/datapath.ts";
import { adviceRecords } from "../../node-agent/kernel/records.ts";
import { addressFromText } from "../../proto/address.ts";
import { projectRoot } from "../testbed/programs.ts";
import type { TestbedHost } from "../testbed/testbed-host.ts";
import type { Fold } from "./folds.ts";
import { foldsOf } from "./folds.ts";

/** Switches of an armed host. */
export const armed: Switches = {
  mode: "apply",
  lowestWindowSegments: 2,
  highestWindowSegments: 4096,
  highestReceiveWindowBytes: 16 << 20,
  sampleIntervalUs: 5_000,
};

/** Loads the built object and attaches it to the host's cgroup. Its pins go with the testbed. */
export function attachTo(host: TestbedHost, change: Partial<DatapathOptions> = {}): Datapath {
  const cgroupFd = openSync(host.cgroupPath, "r");
  try {
    return new Datapath({
      hostId: host.namespace,
      cgroupFd,
      objectPath: join(projectRoot(), "dist/bpf/augmenter.bpf.o"),
      switches: armed,
      maxEntries: {},
      canReadKernelStructs: true,
      ...change,
    });
  } finally {
    closeSync(cgroupFd);
  }
}

/** Writes advice for one address past every check of user space, and returns it whole. It lives for ttlMs. */
export function advise(datapath: Datapath, address: string, advice: Partial<Advice>, ttlMs = 60_000): Advice {
  const entry: Advice = {
    address: addressFromText(address) ?? new Uint8Array(16),
    prefixLength: 128,
    version: 1,
    windowSegments: 0,
    receiveWindowBytes: 0,
    pathRateBytesPerSecond: 0,
    minRttUs: 0,
    burstSegments: 0,
    isCapacityKnown: false,
    rtoMinUs: 0,
    togetherSegments: 0,
    togetherHosts: 0,
    ...advice,
  };
  const { keys, values } = adviceRecords([entry], datapath.bootUs() + ttlMs * 1000);
  const { error } = datapath.advice.updateMany(keys, values, 1);
  if (error !== undefined) throw new Error(`Cannot write advice: errno ${error}`);
  return entry;
}

/** What was folded for one address since the last drain; undefined where nothing was. */
export async function drained(datapath: Datapath, address: string): Promise<Fold | undefined> {
  const wanted = Buffer.from(addressFromText(address) ?? []);
  let found: Fold | undefined;
  for await (const batch of datapath.drainFolds()) {
    found ??= foldsOf(batch, 16).find((fold) => wanted.equals(fold.destination));
  }
  return found;
}
