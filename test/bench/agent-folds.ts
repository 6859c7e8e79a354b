/** Entries of the kernel's fold maps as a busy host would have them, and the process that is the host's kernel half here. */
import { setTimeout as sleep } from "node:timers/promises";
import { BpfMap } from "../../node-agent/kernel/bpf-map.ts";
import { foldLayout as fold, limit, mapSizes, switchesLayout } from "../../node-agent/kernel/layout.gen.ts";
import { openLibbpf } from "../../node-agent/kernel/libbpf.ts";
import { PinDirectory } from "../../node-agent/kernel/pin-directory.ts";
import { SeededRandom } from "../simulation/seeded-random.ts";

type UsedMap = "fold_0" | "fold_1" | "switches";

/** Looks this often whether the agent has swapped the maps, milliseconds. */
const pollMs = 5;

/** Writes the same number of entries into whichever map is the program's, once in each of the agent's intervals. */
export class FoldWriter {
  readonly #maps: Readonly<Record<UsedMap, BpfMap>>;
  readonly #keys: Buffer;
  readonly #values: Buffer;
  readonly #count: number;
  readonly #switches = Buffer.alloc(switchesLayout.size);
  #written = 0;
  #isStopped = false;

  /** Opens the maps that an agent has pinned under a host id. */
  constructor(hostId: string, maxPaths: number, count: number) {
    const libbpf = openLibbpf();
    const fds = new PinDirectory(libbpf, hostId).openMaps();
    const map = (name: UsedMap, maxEntries: number): BpfMap => {
      const fd = fds[name];
      if (fd === undefined) throw new Error(`Cannot open map ${name}: the agent has not pinned it`);
      return new BpfMap(libbpf, { name, fd, maxEntries, ...mapSizes[name] });
    };
    this.#maps = { fold_0: map("fold_0", maxPaths), fold_1: map("fold_1", maxPaths), switches: map("switches", 1) };
    this.#count = count;
    this.#keys = keysOf(count);
    this.#values = valuesOf(count, new SeededRandom(count));
  }

  /** Entries written so far. */
  get written(): number {
    return this.#written;
  }

  /** Goes on until stop(). Throws where a map takes less than everything. */
  async run(): Promise<void> {
    let known = this.#interval();
    while (!this.#isStopped) {
      await sleep(pollMs);
      const interval = this.#interval();
      if (interval === known) continue;
      known = interval;
      const map = interval % limit.foldMaps === 0 ? this.#maps.fold_0 : this.#maps.fold_1;
      const { written, error } = map.updateMany(this.#keys, this.#values, this.#count);
      if (error !== undefined) throw new Error(`Cannot fill map ${map.name}: ${error}`);
      this.#written += written;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  #interval(): number {
    this.#maps.switches.lookup(Buffer.alloc(4), this.#switches);
    return this.#switches.readUInt32LE(switchesLayout.interval);
  }
}

function keysOf(count: number): Buffer {
  const keys = Buffer.alloc(16 * count);
  for (let index = 0; index < count; index += 1) {
    keys.writeUInt16BE(0xffff, 16 * index + 10);
    keys.writeUInt32BE(0x0a00_0001 + index, 16 * index + 12);
  }
  return keys;
}

// Every path with samples of every kind: the most work that a fold can be.
function valuesOf(count: number, random: SeededRandom): Buffer {
  const values = Buffer.alloc(fold.size * count);
  for (let at = 0; at < values.length; at += fold.size) {
    const rttUs = Math.round(random.logUniform(100, 50_000));
    const kbytesPerSecond = Math.round(random.logUniform(1_000, 1_000_000));
    values.writeBigUInt64LE(BigInt(Math.round(random.logUniform(1e4, 1e9))), at + fold.bytesAcked);
    const counts: readonly (readonly [number, number])[] = [
      [fold.segmentsSent, Math.round(random.logUniform(10, 1e5))],
      [fold.segmentsRetransmitted, random.chance(0.1) ? 3 : 0],
      [fold.connectionsOpened, Math.round(random.uniform(1, 20))],
      [fold.connectionsBusyMax, Math.round(random.uniform(1, 8))],
      [fold.mssBytes, 1_448],
      [fold.windowsGranted, 4],
      [fold.windowsCompleted, 4],
      [fold.pacingFilled, 2],
      [fold.burstsKept, 4],
      [fold.burstKeptHighest, 40],
      [fold.rttMinUs, rttUs],
      [fold.rttSamples, 20],
      [fold.saturatedSamples, 9],
      [fold.unsaturatedSamples, 12],
      [fold.trainSamples, 5],
    ];
    for (const [place, value] of counts) values.writeUInt32LE(value, at + place);
    for (let sample = 0; sample < limit.reservoir; sample += 1) {
      values.writeUInt32LE(Math.round(rttUs * random.uniform(1, 2)), at + fold.rttUs + 4 * sample);
      for (const place of [fold.saturatedKbytesPerS, fold.unsaturatedKbytesPerS, fold.trainKbytesPerS]) {
        values.writeUInt32LE(Math.round(kbytesPerSecond * random.uniform(0.8, 1.2)), at + place + 4 * sample);
      }
    }
  }
  return values;
}
