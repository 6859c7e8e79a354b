/** The program under measurement, without an agent: attached and detached in no time, its run time read. */
import { closeSync, openSync } from "node:fs";
import type { Advice } from "../../node-agent/core/advice-admission.ts";
import type { BpfObject } from "../../node-agent/kernel/bpf-object.ts";
import { loadObject } from "../../node-agent/kernel/bpf-object.ts";
import type { CounterName, ModeName } from "../../node-agent/kernel/datapath.ts";
import { counterNames, mode, switchesLayout } from "../../node-agent/kernel/layout.gen.ts";
import type { Libbpf } from "../../node-agent/kernel/libbpf.ts";
import { openLibbpf } from "../../node-agent/kernel/libbpf.ts";
import { adviceRecords } from "../../node-agent/kernel/records.ts";
import { armed } from "../support/datapath.ts";

/** How often the program ran and how long that took, since it was loaded. Both stand still unless statistics are on. */
export interface RunTime {
  readonly nanoseconds: number;
  readonly callbacks: number;
}

const bpfStatsRunTime = 0; // enum bpf_stats_type, BPF_STATS_RUN_TIME
const cgroupSockOps = 3; // enum bpf_attach_type, BPF_CGROUP_SOCK_OPS
const clockBoottime = 7; // CLOCK_BOOTTIME
// struct bpf_prog_info of linux/bpf.h, which only ever grows at its end.
const programInfo = { size: 256, runTimeNs: 192, runCount: 200 } as const;

/** The loaded program. It is attached only between attach() and detach(), and gone with this process at the latest. */
export class MeasuredProgram {
  readonly #libbpf: Libbpf = openLibbpf();
  readonly #object: BpfObject;
  readonly #cgroupFd: number;
  #linkFd: number | undefined;

  /** Loads an object that was built from bpf/, for the cgroup and all below it. Throws LibbpfError where the kernel refuses. */
  constructor(objectPath: string, cgroupPath: string) {
    this.#object = loadObject(this.#libbpf, objectPath, { reuse: {}, maxEntries: {}, canReadKernelStructs: true });
    this.#cgroupFd = openSync(cgroupPath, "r");
    this.setMode("apply");
  }

  /** From here on the callbacks of the cgroup's sockets run the program. */
  attach(): void {
    this.#linkFd ??= this.#libbpf.bpf_link_create.call(this.#object.programFd, this.#cgroupFd, cgroupSockOps, null);
  }

  /** The last descriptor of a link is closed: the kernel detaches at once. */
  detach(): void {
    if (this.#linkFd !== undefined) closeSync(this.#linkFd);
    this.#linkFd = undefined;
  }

  /** Otherwise with the switches of an armed host. */
  setMode(wanted: ModeName): void {
    const value = Buffer.alloc(switchesLayout.size);
    value.writeUInt32LE(mode[wanted], switchesLayout.mode);
    value.writeUInt32LE(armed.lowestWindowSegments, switchesLayout.lowestWindowSegments);
    value.writeUInt32LE(armed.highestWindowSegments, switchesLayout.highestWindowSegments);
    value.writeUInt32LE(armed.highestReceiveWindowBytes, switchesLayout.highestReceiveWindowBytes);
    value.writeUInt32LE(armed.sampleIntervalUs, switchesLayout.sampleIntervalUs);
    this.#object.maps.switches.update(Buffer.alloc(4), value);
  }

  /** Writes advice that lives for lifeSeconds. */
  advise(entries: readonly Advice[], lifeSeconds: number): void {
    const { keys, values } = adviceRecords(entries, this.#bootUs() + lifeSeconds * 1e6);
    const { error } = this.#object.maps.advice.updateMany(keys, values, entries.length);
    if (error !== undefined) throw new Error(`Cannot write advice: errno ${error}`);
  }

  /** The counter of one decision, summed over the CPUs. */
  counter(name: CounterName): number {
    const key = Buffer.alloc(4);
    key.writeUInt32LE(counterNames.indexOf(name));
    const values = Buffer.alloc(8 * this.#libbpf.libbpf_num_possible_cpus.call());
    this.#object.maps.counters.lookup(key, values);
    let total = 0;
    for (let at = 0; at < values.length; at += 8) total += Number(values.readBigUInt64LE(at));
    return total;
  }

  /** Lets the kernel time every BPF program of this machine, which itself takes time. Returns a function that ends it. */
  timeRuns(): () => void {
    const fd = this.#libbpf.bpf_enable_stats.call(bpfStatsRunTime);
    return () => closeSync(fd);
  }

  runTime(): RunTime {
    const info = Buffer.alloc(programInfo.size);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(info.length);
    this.#libbpf.bpf_obj_get_info_by_fd.call(this.#object.programFd, info, size);
    return {
      nanoseconds: Number(info.readBigUInt64LE(programInfo.runTimeNs)),
      callbacks: Number(info.readBigUInt64LE(programInfo.runCount)),
    };
  }

  #bootUs(): number {
    const now = Buffer.alloc(16);
    this.#libbpf.clock_gettime.call(clockBoottime, now);
    return Number(now.readBigInt64LE(0)) * 1e6 + Number(now.readBigInt64LE(8)) / 1e3;
  }
}
