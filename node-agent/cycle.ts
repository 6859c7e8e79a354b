/** The paced cycle: once in an interval samples go out, twenty times a second events and advice are looked after. */
import { networkInterfaces, release } from "node:os";
import type { Log } from "../common/log.ts";
import { packageVersion } from "../common/package-version.ts";
import { PathReportWriter } from "../proto/path-report-writer.ts";
import type { AdviceDesk } from "./advice-desk.ts";
import type { TopologyLabels } from "./core/labels.ts";
import { rowsMax } from "./core/path-report.ts";
import { announcedAddresses, linkBytesPerSecond } from "./host-facts.ts";
import type { HostTopology } from "./host-topology.ts";
import type { Datapath } from "./kernel/datapath.ts";
import { addFolds } from "./kernel/fold-rows.ts";
import type { Uplink } from "./uplink.ts";

/** A failed jump is told within this, milliseconds. */
const turnMs = 50;
/** A host that nobody heard of introduces itself again after so many reports. */
const reportsPerAnnouncement = 10;
/** Reports that are told and confirmed together. */
const reportsPerFlush = 4;

/** What the cycle works with. */
export interface CycleOptions {
  readonly datapath: Datapath;
  readonly uplink: Uplink;
  readonly desk: AdviceDesk;
  readonly topology: HostTopology;
  /** 0: as the kernel says. */
  readonly linkMbitPerSecond: number;
  readonly reportIntervalMs: number;
  readonly log: Log;
  /** Wall clock, milliseconds. */
  readonly nowUnixMs: () => number;
  /** Monotonic clock, milliseconds. */
  readonly nowMs: () => number;
}

/** Owns the two timers of the agent. */
export class Cycle {
  readonly #options: CycleOptions;
  readonly #rows = new PathReportWriter(rowsMax);
  #reportTimer: NodeJS.Timeout | undefined;
  #turnTimer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #reports = 0;
  #announced: TopologyLabels = { rack: "", zone: "" };
  #lastDrainMs: number;
  #errors = 0;
  #pathsReported = 0;

  constructor(options: CycleOptions) {
    this.#options = options;
    this.#lastDrainMs = options.nowMs();
  }

  /** Cycles that failed since the start. */
  get errors(): number {
    return this.#errors;
  }

  /** Paths in the newest report. */
  get pathsReported(): number {
    return this.#pathsReported;
  }

  /** Milliseconds since samples were last taken out of the kernel. */
  get sinceDrainMs(): number {
    return this.#options.nowMs() - this.#lastDrainMs;
  }

  start(): void {
    this.announce();
    this.#scheduleReport(this.#options.nowMs() + this.#options.reportIntervalMs);
    this.#turnTimer = setInterval(
      () => this.#guarded("advice turn", () => this.#options.desk.turn(this.#options.nowUnixMs())),
      turnMs,
    );
  }

  /** Ends after the cycle that runs, if one does. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#reportTimer);
    clearInterval(this.#turnTimer);
    await this.#running;
  }

  /** Introduces the host. */
  announce(): void {
    this.#announceFrom(this.#options.topology.current());
  }

  #announceFrom(topology: TopologyLabels): void {
    const { uplink, desk, datapath, linkMbitPerSecond, reportIntervalMs } = this.#options;
    const interfaces = networkInterfaces();
    this.#announced = topology;
    uplink.announce({
      ...topology,
      addresses: Buffer.from(announcedAddresses(interfaces)),
      linkBytesPerSecond: linkBytesPerSecond(linkMbitPerSecond, Object.keys(interfaces)),
      agentVersion: packageVersion(),
      kernelRelease: release(),
      mode: datapath.mode === "apply" ? "MODE_APPLY" : datapath.mode === "observe" ? "MODE_OBSERVE" : "MODE_OFF",
      reportIntervalMs,
      adviceTerm: desk.held.term,
      adviceVersion: desk.held.version,
    });
  }

  // Intervals are counted from the start, so that a slow cycle does not shift the ones after it.
  #scheduleReport(dueMs: number): void {
    if (this.#stopped) return;
    this.#reportTimer = setTimeout(
      () => {
        this.#running = this.#report().catch((error: unknown) => this.#failed("report", error));
        void this.#running.then(() => {
          const { reportIntervalMs, nowMs } = this.#options;
          this.#scheduleReport(Math.max(dueMs + reportIntervalMs, nowMs()));
        });
      },
      Math.max(0, dueMs - this.#options.nowMs()),
    );
  }

  async #report(): Promise<void> {
    const { datapath, uplink, nowMs, nowUnixMs, reportIntervalMs } = this.#options;
    const drained = { paths: 0, reports: 0 };
    let unpublished = 0;
    this.#rows.rows = 0;
    const add = () => {
      uplink.addReport(this.#rows, nowUnixMs(), intervalUs);
      this.#rows.rows = 0;
      drained.reports += 1;
      unpublished += 1;
    };
    const swappedMs = nowMs();
    const waitLeftMs = () => Math.max(0, swappedMs + reportIntervalMs / 2 - nowMs());
    const intervalUs = Math.round((swappedMs - this.#lastDrainMs) * 1000);
    for await (const batch of datapath.drainFolds()) {
      drained.paths += batch.count;
      for (let done = 0; done < batch.count; ) {
        done += addFolds(this.#rows, batch, done);
        if (this.#rows.rows === rowsMax) add();
      }
      // What the broker has need not be held: the memory of a few reports does for all.
      if (unpublished < reportsPerFlush || waitLeftMs() === 0) continue;
      await uplink.publishReports(unpublished, waitLeftMs());
      unpublished = 0;
    }
    // One without rows where nothing was sampled: the sequence goes on.
    if (this.#rows.rows > 0 || drained.reports === 0) add();
    this.#lastDrainMs = swappedMs;
    this.#pathsReported = drained.paths;
    this.#reports += 1;
    const topology = this.#options.topology.current();
    const hasMoved = topology.rack !== this.#announced.rack || topology.zone !== this.#announced.zone;
    if (hasMoved || this.#reports % reportsPerAnnouncement === 0) this.#announceFrom(topology);
    if (unpublished > 0) await uplink.publishReports(unpublished, Math.max(waitLeftMs(), reportIntervalMs / 4));
  }

  #guarded(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(what, error);
    }
  }

  // A kernel call that fails once must not end the agent: it is counted, and the next cycle tries again.
  #failed(what: string, error: unknown): void {
    this.#errors += 1;
    this.#options.log.error({ err: error, what }, "cycle failed");
  }
}
