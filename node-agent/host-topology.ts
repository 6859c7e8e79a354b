/** Where this host is: as its options say, or else as a labels file says, which is read again as the agent runs. */
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Log } from "../common/log.ts";
import type { TopologyLabels } from "./core/labels.ts";
import { labelsFromText, topologyOf } from "./core/labels.ts";

/** Kubernetes keeps an object's labels and annotations below 256 KiB. */
const fileMaxBytes = 256 << 10;

/** What is known before anything runs. */
export interface HostTopologyOptions {
  /** Not empty: whatever the file says. */
  readonly rack: string;
  readonly zone: string;
  /** Empty: there is none. */
  readonly labelsFile: string;
  /** Keys of the rack and the zone. */
  readonly topologyKeys: readonly string[];
  readonly log: Log;
}

/**
 * Owns what was last read. The file is read anew each time instead of being watched: the downward API replaces a symbolic
 * link beside it, which a watch of the file would miss.
 */
export class HostTopology {
  readonly #options: HostTopologyOptions;
  #fromFile: TopologyLabels = { rack: "", zone: "" };
  #failures = 0;
  #problem = "";

  constructor(options: HostTopologyOptions) {
    this.#options = options;
  }

  /** Readings of the labels file that failed or found lines that are no labels, since the start. */
  get failures(): number {
    return this.#failures;
  }

  /** Rack and zone now. While the file cannot be read, or says nothing, what it said before stands. Never waits for anybody. */
  current(): TopologyLabels {
    const { rack, zone, labelsFile } = this.#options;
    if (labelsFile !== "") this.#read(labelsFile);
    return { rack: rack || this.#fromFile.rack, zone: zone || this.#fromFile.zone };
  }

  #read(labelsFile: string): void {
    const text = readBounded(labelsFile);
    if (!text.ok) {
      this.#complain(text.problem);
      return;
    }
    const { labels, refusedLines } = labelsFromText(text.value);
    const found = topologyOf(labels, this.#options.topologyKeys);
    // Of a file that is half written or overwritten, a label that is missing was not taken away.
    const { rack, zone } = this.#fromFile;
    this.#fromFile = refusedLines === 0 ? found : { rack: found.rack || rack, zone: found.zone || zone };
    this.#complain(refusedLines === 0 ? "" : `${refusedLines} lines are not labels`);
  }

  // Said once, not at each reading.
  #complain(problem: string): void {
    if (problem !== "") this.#failures += 1;
    if (problem !== this.#problem && problem !== "") {
      this.#options.log.warn({ labelsFile: this.#options.labelsFile, problem }, "labels file cannot be used");
    }
    this.#problem = problem;
  }
}

type Read = { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string };

function readBounded(path: string): Read {
  try {
    // Opening a pipe waits for somebody who writes, unless it is told not to.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const stats = fstatSync(file);
      if (!stats.isFile()) return { ok: false, problem: "it is not a file" };
      if (stats.size > fileMaxBytes) return { ok: false, problem: `it is larger than ${fileMaxBytes} bytes` };
      const bytes = Buffer.alloc(stats.size);
      const read = bytes.subarray(0, readSync(file, bytes, 0, stats.size, 0));
      if (read.every((byte) => byte <= 0x20)) return { ok: false, problem: "it is empty" };
      if (!isUtf8(read)) return { ok: false, problem: "it is not UTF-8" };
      return { ok: true, value: read.toString("utf8") };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
