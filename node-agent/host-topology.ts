/** Where this host is: as its options say, or else as a labels file says, which is read again as the agent runs. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
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

  /** Rack and zone now. While the file cannot be read, what it said before stands. */
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
    this.#fromFile = topologyOf(labels, this.#options.topologyKeys);
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
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > fileMaxBytes) return { ok: false, problem: `it is larger than ${fileMaxBytes} bytes` };
      const bytes = Buffer.alloc(size);
      return { ok: true, value: bytes.toString("utf8", 0, readSync(file, bytes, 0, size, 0)) };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}
