/** The program under measurement: an agent's maps and switches, attached and detached in no time. */
import { closeSync, openSync } from "node:fs";
import type { Advice } from "../../node-agent/core/advice-admission.ts";
import { loadObject } from "../../node-agent/kernel/bpf-object.ts";
import type { CounterName, ModeName } from "../../node-agent/kernel/datapath.ts";
import { Datapath } from "../../node-agent/kernel/datapath.ts";
import type { Libbpf } from "../../node-agent/kernel/libbpf.ts";
import { openLibbpf } from "../../node-agent/kernel/libbpf.ts";
import { PinDirectory } from "../../node-agent/kernel/pin-directory.ts";
import { adviceRecords, prefixRecord } from "../../node-agent/kernel/records.ts";
import { armed, drained } from "../support/datapath.ts";
import type { CabledHosts } from "./kernel-hosts.ts";

/** How often the program ran and how long that took, since it was loaded. Both stand still unless runs are timed. */
export interface RunTime {
  readonly nanoseconds: number;
  readonly callbacks: number;
}

const bpfStatsRunTime = 0; // enum bpf_stats_type, BPF_STATS_RUN_TIME
const cgroupSockOps = 3; // enum bpf_attach_type, BPF_CGROUP_SOCK_OPS
// struct bpf_prog_info of linux/bpf.h, which only ever grows at its end.
const programInfo = { size: 256, runTimeNs: 192, runCount: 200 } as const;

/**
 * An armed program that is attached to both hosts only between attach() and detach(). It ends with this process at the
 * latest.
 */
export class MeasuredProgram {
  readonly #libbpf: Libbpf = openLibbpf();
  readonly #datapath: Datapath;
  readonly #programFd: number;
  readonly #cgroupFd: number;
  #linkFd: number | undefined;

  /** Loads an object built from bpf/. Throws LibbpfError where the kernel refuses it. */
  constructor(objectPath: string, hosts: CabledHosts) {
    const idleFd = openSync(hosts.idleCgroupPath, "r");
    const load = { objectPath, maxEntries: {}, canReadKernelStructs: true };
    // The agent's own way in, where no socket is: it fills the maps. The same program is loaded again onto these maps,
    // because the link of the first is not ours to take away and give back.
    this.#datapath = new Datapath({ ...load, hostId: hosts.pinName, cgroupFd: idleFd, switches: armed });
    closeSync(idleFd);
    const reuse = new PinDirectory(this.#libbpf, hosts.pinName).openMaps();
    this.#programFd = loadObject(this.#libbpf, objectPath, { ...load, reuse }).programFd;
    this.#cgroupFd = openSync(hosts.cgroupPath, "r");
  }

  /** From here on the callbacks of both hosts' sockets run the program. */
  attach(): void {
    this.#linkFd ??= this.#libbpf.bpf_link_create.call(this.#programFd, this.#cgroupFd, cgroupSockOps, null);
  }

  /** The last descriptor of the link is closed: the kernel detaches at once. */
  detach(): void {
    if (this.#linkFd !== undefined) closeSync(this.#linkFd);
    this.#linkFd = undefined;
  }

  setMode(mode: ModeName): void {
    this.#datapath.setMode(mode);
  }

  /** Writes advice that lives for lifeSeconds. */
  advise(entries: readonly Advice[], lifeSeconds: number): void {
    const { keys, values } = adviceRecords(entries, this.#datapath.bootUs() + lifeSeconds * 1e6);
    const { error } = this.#datapath.advice.updateMany(keys, values, entries.length);
    if (error !== undefined) throw new Error(`Cannot write advice: errno ${error}`);
  }

  /** Takes advice back. */
  withdraw(entries: readonly Advice[]): void {
    for (const { address, prefixLength } of entries) this.#datapath.advice.delete(prefixRecord(address, prefixLength));
  }

  /** Empties the maps as an agent does once a cycle. Returns the median RTT sampled towards an address, if any was. */
  async drain(address: string): Promise<number | undefined> {
    const rttUs = (await drained(this.#datapath, address))?.rttUs ?? [];
    return [...rttUs].sort((a, b) => a - b)[Math.floor(rttUs.length / 2)];
  }

  counter(name: CounterName): number {
    return this.#datapath.counters()[name];
  }

  /** Lets the kernel time every run of every BPF program, which itself takes time. Returns a function that ends it. */
  timeRuns(): () => void {
    const fd = this.#libbpf.bpf_enable_stats.call(bpfStatsRunTime);
    return () => closeSync(fd);
  }

  runTime(): RunTime {
    const info = Buffer.alloc(programInfo.size);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(info.length);
    this.#libbpf.bpf_obj_get_info_by_fd.call(this.#programFd, info, size);
    return {
      nanoseconds: Number(info.readBigUInt64LE(programInfo.runTimeNs)),
      callbacks: Number(info.readBigUInt64LE(programInfo.runCount)),
    };
  }
}
