/** The advice map of a host as its kernel has it, read beside the agent that writes it. */
import { BpfMap } from "../../node-agent/kernel/bpf-map.ts";
import { adviceLayout, prefixLayout } from "../../node-agent/kernel/layout.gen.ts";
import { openLibbpf } from "../../node-agent/kernel/libbpf.ts";
import { PinDirectory } from "../../node-agent/kernel/pin-directory.ts";
import { prefixRecord } from "../../node-agent/kernel/records.ts";
import { addressFromText } from "../../proto/address.ts";

const clockBoottime = 7;

/** What the kernel has for one destination at a moment. */
export interface AdviceSight {
  /** Of performance.now(). */
  readonly atMs: number;
  readonly windowSegments: number;
  readonly pathRateBytesPerSecond: number;
  /** Until it runs out; negative where it has. */
  readonly leftMs: number;
}

/** Looks at one destination's advice every `everyMs` until stop(). */
export class AdviceWatch {
  readonly sights: AdviceSight[] = [];
  readonly #map: BpfMap;
  readonly #libbpf = openLibbpf();
  readonly #key: Buffer;
  readonly #value = Buffer.alloc(adviceLayout.size);
  readonly #timespec = Buffer.alloc(16);
  readonly #timer: NodeJS.Timeout;

  constructor(hostId: string, destination: string, everyMs: number) {
    const fd = new PinDirectory(this.#libbpf, hostId).openMaps().advice;
    if (fd === undefined) throw new Error(`Cannot find the pinned advice map of ${hostId}`);
    const shape = { name: "advice", fd, keySize: prefixLayout.size, valueSize: adviceLayout.size, maxEntries: 0 };
    this.#map = new BpfMap(this.#libbpf, shape);
    this.#key = prefixRecord(addressFromText(destination) ?? new Uint8Array(16), 128);
    this.#timer = setInterval(() => void this.sights.push(this.look()), everyMs);
  }

  /** What the kernel has now; without advice nothing is left. */
  look(): AdviceSight {
    const atMs = performance.now();
    if (!this.#map.lookup(this.#key, this.#value)) {
      return { atMs, windowSegments: 0, pathRateBytesPerSecond: 0, leftMs: Number.NEGATIVE_INFINITY };
    }
    this.#libbpf.clock_gettime.call(clockBoottime, this.#timespec);
    const bootUs = Number(this.#timespec.readBigInt64LE(0)) * 1e6 + Number(this.#timespec.readBigInt64LE(8)) / 1e3;
    return {
      atMs,
      windowSegments: this.#value.readUInt32LE(adviceLayout.windowSegments),
      pathRateBytesPerSecond: Number(this.#value.readBigUInt64LE(adviceLayout.pathRateBytesPerS)),
      leftMs: (Number(this.#value.readBigUInt64LE(adviceLayout.expiresBootUs)) - bootUs) / 1000,
    };
  }

  /** What was seen between two moments. */
  between(fromMs: number, toMs: number): readonly AdviceSight[] {
    return this.sights.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
