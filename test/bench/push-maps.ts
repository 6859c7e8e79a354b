/** The kernel maps of a host whose agent runs in another process, by their pins: what is put in stands for what the kernel would see. */
import { setTimeout as sleep } from "node:timers/promises";
import { adviceLayout, eventLayout, foldLayout, limit, switchesLayout } from "../../node-agent/kernel/layout.gen.ts";
import type { Libbpf } from "../../node-agent/kernel/libbpf.ts";
import { PinDirectory } from "../../node-agent/kernel/pin-directory.ts";
import { prefixRecord } from "../../node-agent/kernel/records.ts";

/** What the map says of a destination. */
export interface MapAdvice {
  readonly version: number;
  readonly windowSegments: number;
  readonly rateBytesPerSecond: number;
}

/** A path as samples would show it. */
export interface PutPath {
  readonly rateBytesPerSecond: number;
  readonly rttUs: number;
}

const mssBytes = 1448;
const samples = 64;
const connections = 8;

/** One host's maps. */
export class HostMaps {
  readonly #libbpf: Libbpf;
  readonly #fds: ReturnType<PinDirectory["openMaps"]>;
  readonly #advice = Buffer.alloc(adviceLayout.size);

  /** Throws where the agent has pinned nothing. */
  constructor(libbpf: Libbpf, hostId: string) {
    this.#libbpf = libbpf;
    this.#fds = new PinDirectory(libbpf, hostId).openMaps();
    if (this.#fds.advice === undefined) throw new Error(`Cannot open maps as "${hostId}" has none pinned`);
  }

  /** Undefined where there is none, or it was dropped. */
  advice(destination: Uint8Array): MapAdvice | undefined {
    const key = prefixRecord(destination, 128);
    if (this.#libbpf.bpf_map_lookup_elem.callRaw(this.#fds.advice ?? -1, key, this.#advice) !== 0) return undefined;
    if (this.#advice.readBigUInt64LE(adviceLayout.expiresBootUs) === 0n) return undefined;
    return {
      version: Number(this.#advice.readBigUInt64LE(adviceLayout.version)),
      windowSegments: this.#advice.readUInt32LE(adviceLayout.windowSegments),
      rateBytesPerSecond: Number(this.#advice.readBigUInt64LE(adviceLayout.pathRateBytesPerS)),
    };
  }

  /** What the program tells when a granted window loses segments. */
  putFailedJump(destination: Uint8Array, adviceVersion: number): void {
    const event = Buffer.alloc(eventLayout.size);
    event.writeBigUInt64LE(BigInt(adviceVersion), eventLayout.adviceVersion);
    event.set(destination, eventLayout.destination);
    this.#libbpf.bpf_map_update_elem.call(this.#fds.events ?? -1, null, event, 0);
  }

  /** One interval's fold of a path that was full. */
  putFold(destination: Uint8Array, { rateBytesPerSecond, rttUs }: PutPath): void {
    const fold = Buffer.alloc(foldLayout.size);
    fold.writeBigUInt64LE(BigInt(rateBytesPerSecond), foldLayout.bytesAcked);
    fold.writeUInt32LE(Math.round(rateBytesPerSecond / mssBytes), foldLayout.segmentsSent);
    fold.writeUInt32LE(connections, foldLayout.connectionsOpened);
    fold.writeUInt32LE(1, foldLayout.connectionsBusyMax);
    fold.writeUInt32LE(mssBytes, foldLayout.mssBytes);
    fold.writeUInt32LE(rttUs, foldLayout.rttMinUs);
    fold.writeUInt32LE(samples, foldLayout.rttSamples);
    fold.writeUInt32LE(samples, foldLayout.saturatedSamples);
    for (let index = 0; index < limit.reservoir; index += 1) {
      fold.writeUInt32LE(rttUs + index, foldLayout.rttUs + 4 * index);
      fold.writeUInt32LE(Math.round(rateBytesPerSecond / 1000), foldLayout.saturatedKbytesPerS + 4 * index);
    }
    this.#libbpf.bpf_map_update_elem.call(this.#activeFold(), Buffer.from(destination), fold, 0);
  }

  // The program writes the map that the lowest bit of the interval names.
  #activeFold(): number {
    const switches = Buffer.alloc(switchesLayout.size);
    this.#libbpf.bpf_map_lookup_elem.call(this.#fds.switches ?? -1, Buffer.alloc(4), switches);
    const interval = switches.readUInt32LE(switchesLayout.interval);
    return (interval % limit.foldMaps === 0 ? this.#fds.fold_0 : this.#fds.fold_1) ?? -1;
  }
}

/** Looks every millisecond or two until all of them have come, and returns when each did, milliseconds of performance.now(). */
export async function momentsOf(
  waiting: ReadonlyMap<string, () => boolean>,
  waitMs: number,
): Promise<ReadonlyMap<string, number>> {
  const left = new Map(waiting);
  const came = new Map<string, number>();
  const endMs = performance.now() + waitMs;
  while (left.size > 0) {
    for (const [name, hasCome] of left) {
      if (!hasCome()) continue;
      came.set(name, performance.now());
      left.delete(name);
    }
    if (performance.now() > endMs) throw new Error(`Cannot go on as ${[...left.keys()].join(", ")} never changed`);
    await sleep(1);
  }
  return came;
}
