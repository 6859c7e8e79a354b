/** Looks at the advice of many paths, several times a second. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../testbed/cluster.ts";
import type { Testbed } from "../testbed/testbed.ts";
import type { Lane } from "./dynamics-bed.ts";
import type { AdviceLook } from "./dynamics-fit.ts";

/** A look, and when its answer had come: microseconds of CLOCK_MONOTONIC. */
export interface TimedLook extends Omit<AdviceLook, "seconds"> {
  readonly atUs: number;
}

const lookIntervalMs = 200;

/** Looks until it is stopped. */
export class AdviceWatch {
  readonly #testbed: Testbed;
  readonly #cluster: Cluster;
  readonly #looks: ReadonlyMap<Lane, TimedLook[]>;
  readonly #ended: Promise<void>;
  #isStopped = false;
  #failure: unknown;

  constructor(testbed: Testbed, cluster: Cluster, lanes: readonly Lane[]) {
    this.#testbed = testbed;
    this.#cluster = cluster;
    this.#looks = new Map(lanes.map((lane) => [lane, []]));
    this.#ended = this.#run().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** What was seen of a lane so far. Throws what a look failed with. */
  looksAt(lane: Lane): readonly TimedLook[] {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#looks.get(lane) ?? [];
  }

  /** Ends it; what was seen remains. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const startedMs = performance.now();
      const paths = await this.#cluster.paths();
      const atUs = nowUs();
      for (const [lane, looks] of this.#looks) {
        const source = this.#cluster.hostId(lane.server);
        const destination = this.#testbed.host(lane.client).address;
        const found = paths.find(({ path }) => path?.source === source && path.destination === destination);
        looks.push({
          atUs,
          windowSegments: found?.advice?.windowSegments ?? 0,
          rateBytesPerSecond: found?.advice?.pathRateBytesPerSecond ?? 0,
          minRttUs: found?.minRttUs ?? 0,
          windowsFailed: found?.windowsFailed ?? 0,
        });
      }
      await sleep(Math.max(0, lookIntervalMs - (performance.now() - startedMs)));
    }
  }
}

/** Microseconds of CLOCK_MONOTONIC, as the load generator tells them. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
