/** The kernel half as the agent sees it: samples out, advice in, switches, events and counters. */
import { closeSync, fstatSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Batch, BpfMap, DrainBuffers } from "./bpf-map.ts";
import { drainBuffers } from "./bpf-map.ts";
import type { BpfObject, MapName } from "./bpf-object.ts";
import { loadObject, mapNames } from "./bpf-object.ts";
import { counterNames, eventLayout, foldLayout, limit, mode, switchesLayout } from "./layout.gen.ts";
import type { Libbpf } from "./libbpf.ts";
import { openLibbpf } from "./libbpf.ts";
import { PinDirectory } from "./pin-directory.ts";

export type ModeName = keyof typeof mode;
export type CounterName = (typeof counterNames)[number];

/** What the program obeys whatever the advice says; see struct augmenter_switches. */
export interface Switches {
  readonly mode: ModeName;
  readonly lowestWindowSegments: number;
  readonly highestWindowSegments: number;
  readonly highestReceiveWindowBytes: number;
  readonly sampleIntervalUs: number;
}

/** What is attached, where, and under which switches. */
export interface DatapathOptions {
  readonly hostId: string;
  /** The opened directory of the cgroup to attach to; needed while the constructor runs. */
  readonly cgroupFd: number;
  readonly objectPath: string;
  readonly switches: Switches;
  readonly maxEntries: Readonly<Partial<Record<MapName, number>>>;
  readonly canReadKernelStructs: boolean;
}

const clockBoottime = 7; // CLOCK_BOOTTIME, which bpf_ktime_get_boot_ns() reads
const cgroupSockOps = 3; // enum bpf_attach_type, BPF_CGROUP_SOCK_OPS
// A program that began before the fold maps were swapped has long ended by then.
const swapSettleMs = 20;
// While switched off, connections that send let go of their pacing at their next RTT sample.
const releaseSettleMs = 300;

/** The loaded and attached programs. One at a time in a process. */
export class Datapath {
  readonly #options: DatapathOptions;
  readonly #libbpf: Libbpf;
  readonly #object: BpfObject;
  readonly #pins: PinDirectory;
  readonly #linkFd: number;
  readonly #foldBuffers: DrainBuffers;
  readonly #counterValues: Buffer;
  readonly #timespec = Buffer.alloc(16);
  readonly #releaseFailures: string[] = [];
  #interval = 0;
  #switches: Switches;
  /** Whether the program was already attached, by an agent before this one. */
  readonly adopted: boolean;

  /** Loads, attaches and pins. A program that is attached already is replaced without a gap. Throws LibbpfError or ExitError. */
  constructor(options: DatapathOptions) {
    this.#options = options;
    this.#switches = options.switches;
    this.#libbpf = openLibbpf();
    this.#pins = new PinDirectory(this.#libbpf, options.hostId);
    const reuse = this.#pins.openMaps();
    this.#object = loadObject(this.#libbpf, options.objectPath, { ...options, reuse });
    for (const name of mapNames) {
      if (reuse[name] === undefined) this.#pins.pinMap(this.#object.maps[name].fd, name);
      else closeSync(reuse[name]);
    }
    this.#foldBuffers = drainBuffers(this.#object.maps.fold_0.keySize, foldLayout.size);
    this.#counterValues = Buffer.alloc(8 * this.#libbpf.libbpf_num_possible_cpus.call());
    this.#writeSwitches();
    const attached = this.#attach();
    this.#linkFd = attached.fd;
    this.adopted = attached.adopted;
    this.#pinRelease();
    this.#pins.removeOldMaps();
  }

  get advice(): BpfMap {
    return this.#object.maps.advice;
  }

  get mode(): ModeName {
    return this.#switches.mode;
  }

  /** Reading this file lifts all pacing in a network namespace: what an operator does who removes the pins by hand. */
  get releasePin(): string {
    return this.#pins.releasePath;
  }

  setMode(mode: ModeName): void {
    this.#switches = { ...this.#switches, mode };
    this.#writeSwitches();
  }

  /** Now, in the clock of the kernel program: microseconds of CLOCK_BOOTTIME. */
  bootUs(): number {
    this.#libbpf.clock_gettime.call(clockBoottime, this.#timespec);
    return Number(this.#timespec.readBigInt64LE(0)) * 1e6 + Number(this.#timespec.readBigInt64LE(8)) / 1e3;
  }

  /** Every destination's fold since the last call. The program goes on into the other map meanwhile. */
  async *drainFolds(): AsyncGenerator<Batch> {
    const ended = this.#interval % limit.foldMaps;
    this.#interval = (this.#interval + 1) >>> 0;
    this.#writeSwitches();
    await sleep(swapSettleMs);
    const map = ended === 0 ? this.#object.maps.fold_0 : this.#object.maps.fold_1;
    yield* map.drain(this.#foldBuffers);
  }

  /** Takes at most `most` events, oldest first, each a copy in the layout of struct augmenter_event. */
  takeEvents(most: number): Buffer[] {
    const taken: Buffer[] = [];
    while (taken.length < most) {
      const event = Buffer.alloc(eventLayout.size);
      if (!this.#object.maps.events.pop(event)) break;
      taken.push(event);
    }
    return taken;
  }

  /** The counters of the kernel program, summed over the CPUs, since the maps were made. */
  counters(): Record<CounterName, number> {
    const key = Buffer.alloc(4);
    const rows = counterNames.map((name, index) => {
      key.writeUInt32LE(index);
      this.#object.maps.counters.lookup(key, this.#counterValues);
      let total = 0;
      for (let at = 0; at < this.#counterValues.length; at += 8) {
        total += Number(this.#counterValues.readBigUInt64LE(at));
      }
      return [name, total] as const;
    });
    return Object.fromEntries(rows) as Record<CounterName, number>;
  }

  /** Why connections may be left that are paced until they end: texts since the last call. */
  takeReleaseFailures(): string[] {
    return this.#releaseFailures.splice(0);
  }

  /**
   * Lifts all pacing and the bounds on windows, detaches, and removes every pin. Open connections go on as the kernel would have them, but for
   * their least retransmission timeout and the delay of their acknowledgements, which stay.
   */
  async detach(): Promise<void> {
    this.setMode("off");
    this.#releaseFailures.push(...this.#pins.release());
    await sleep(releaseSettleMs);
    this.#pins.removeAll();
    closeSync(this.#linkFd);
  }

  #attach(): { readonly fd: number; readonly adopted: boolean } {
    const pinned = this.#pins.openLink();
    if (pinned !== undefined && this.#cgroupOf(pinned) === fstatSync(this.#options.cgroupFd, { bigint: true }).ino) {
      this.#libbpf.bpf_link_update.call(pinned, this.#object.programFd, null);
      return { fd: pinned, adopted: true };
    }
    if (pinned !== undefined) {
      // Of a cgroup that is gone, or that another configuration named: what it has paced is let go with it.
      this.#releaseFailures.push(...this.#pins.release());
      this.#pins.removeLink();
      closeSync(pinned);
    }
    const { cgroupFd } = this.#options;
    const fd = this.#libbpf.bpf_link_create.call(this.#object.programFd, cgroupFd, cgroupSockOps, null);
    this.#pins.pinLink(fd);
    return { fd, adopted: false };
  }

  // struct bpf_link_info: type, id, prog_id, padding, then for cgroups the id, which is the directory's inode number.
  #cgroupOf(linkFd: number): bigint {
    const info = Buffer.alloc(128);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(info.length);
    this.#libbpf.bpf_obj_get_info_by_fd.call(linkFd, info, size);
    return info.readBigUInt64LE(16);
  }

  #pinRelease(): void {
    const program = this.#object.releaseProgram;
    if (program === undefined) return;
    // The pin of an older program knows that one's connections only: read it before it is replaced.
    if (this.adopted) this.#releaseFailures.push(...this.#pins.release());
    const link = this.#libbpf.bpf_program__attach_iter.callForPointer(program, null);
    this.#pins.pinRelease(this.#libbpf.bpf_link__fd.call(link));
    this.#libbpf.bpf_link__destroy.callRaw(link);
  }

  #writeSwitches(): void {
    const value = Buffer.alloc(switchesLayout.size);
    value.writeUInt32LE(mode[this.#switches.mode], switchesLayout.mode);
    value.writeUInt32LE(this.#switches.lowestWindowSegments, switchesLayout.lowestWindowSegments);
    value.writeUInt32LE(this.#switches.highestWindowSegments, switchesLayout.highestWindowSegments);
    value.writeUInt32LE(this.#switches.highestReceiveWindowBytes, switchesLayout.highestReceiveWindowBytes);
    value.writeUInt32LE(this.#switches.sampleIntervalUs, switchesLayout.sampleIntervalUs);
    value.writeUInt32LE(this.#interval, switchesLayout.interval);
    this.#object.maps.switches.update(Buffer.alloc(4), value);
  }
}
