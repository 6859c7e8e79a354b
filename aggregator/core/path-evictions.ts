/** Which path makes room for a new one: of some that are looked at, the one unchanged longest. */
import type { ChangeStamps } from "./change-stamps.ts";
import type { HostPaths, PathHosts } from "./path-hosts.ts";
import type { PathIndex } from "./path-index.ts";

/** Redis does likewise, with five. */
const candidates = 32;
const goldenRatio = 0.618;

/** Owns where to look next. */
export class PathEvictions {
  readonly #hosts: PathHosts;
  readonly #index: Pick<PathIndex, "host">;
  readonly #log: Pick<ChangeStamps<unknown>, "newestOf">;
  readonly #looked = new Uint32Array(candidates);
  #hand = 0;

  constructor(hosts: PathHosts, index: Pick<PathIndex, "host">, log: Pick<ChangeStamps<unknown>, "newestOf">) {
    this.#hosts = hosts;
    this.#index = index;
    this.#log = log;
  }

  /** The slot that makes room for a path of a host that has all the paths it may have: one of its own. Counts it with the host. */
  ofHost(host: HostPaths): number {
    const step = stepIn(host.count);
    let oldest = this.#hosts.slotAt(host, host.evictionHand % host.count);
    for (let looked = 0; looked < candidates; looked += 1) {
      const slot = this.#hosts.slotAt(host, host.evictionHand % host.count);
      if (this.#log.newestOf(slot) < this.#log.newestOf(oldest)) oldest = slot;
      host.evictionHand = (host.evictionHand + step) % host.count;
    }
    host.evictions.ofShare += 1;
    return oldest;
  }

  /**
   * The slot that makes room for a path of a host where all `used` slots hold one: of those looked at none of a host with less than half as many
   * paths as another's. Counts it with both hosts.
   */
  ofAll(forHost: HostPaths, used: number): number {
    const step = stepIn(used);
    let most = 0;
    for (let looked = 0; looked < candidates; looked += 1) {
      this.#looked[looked] = this.#hand;
      most = Math.max(most, this.#hostOf(this.#hand).count);
      this.#hand = (this.#hand + step) % used;
    }
    let oldest = -1;
    for (const slot of this.#looked) {
      if (2 * this.#hostOf(slot).count < most) continue;
      if (oldest < 0 || this.#log.newestOf(slot) < this.#log.newestOf(oldest)) oldest = slot;
    }
    forHost.evictions.forced += 1;
    this.#hostOf(oldest).evictions.ofTable += 1;
    return oldest;
  }

  #hostOf(slot: number): HostPaths {
    return this.#hosts.numbered(this.#index.host[slot] ?? -1);
  }
}

// Paths that came together lie together and are used together: the hand takes steps of the golden ratio, which spread evenly (Knuth, volume 3,
// 6.4), and of an odd number, so that it comes to every slot of a power of two.
function stepIn(slots: number): number {
  return slots <= candidates ? 1 : Math.floor(slots * goldenRatio) | 1;
}
