import { beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../../../common/log.ts";
import { AdviceDesk } from "../../../node-agent/advice-desk.ts";
import { adviceBounds } from "../../../node-agent/config.ts";
import type { Datapath } from "../../../node-agent/kernel/datapath.ts";
import { adviceLayout, eventLayout } from "../../../node-agent/kernel/layout.gen.ts";
import { prefixRecord } from "../../../node-agent/kernel/records.ts";
import type { Uplink } from "../../../node-agent/uplink.ts";
import { addressFromText } from "../../../proto/address.ts";
import type { AdviceUpdate } from "../../../proto/gen/augmenter/v1/AdviceUpdate.ts";
import { adviceUpdate } from "../../../proto/messages.ts";

const ttlMs = 10_000;
const nowUnixMs = 1_000_000;

/** The kernel half as far as the desk sees it: a map of exact keys, a queue of events, a clock. */
class PlayedKernel {
  readonly entries = new Map<string, Buffer>();
  readonly events: Buffer[] = [];
  nowBootUs = 1_000;
  /** Called between what the desk looks up and what it writes. */
  beforeWrite: () => void = () => undefined;

  readonly advice = {
    maxEntries: 3,
    nextKey: () => false,
    lookup: (key: Buffer, value: Buffer) => (this.entries.get(key.toString("hex"))?.copy(value) ?? 0) > 0,
    update: (key: Buffer, value: Buffer) => void this.entries.set(key.toString("hex"), Buffer.from(value)),
    delete: (key: Buffer) => this.entries.delete(key.toString("hex")),
    updateMany: (keys: Buffer, values: Buffer, count: number) => {
      this.beforeWrite();
      for (let index = 0; index < count; index += 1) {
        const [key, value] = [keys, values].map((all) => {
          const size = all.length / count;
          return Buffer.from(all.subarray(index * size, (index + 1) * size));
        });
        if (key !== undefined && value !== undefined) this.entries.set(key.toString("hex"), value);
      }
      if (this.entries.size > this.advice.maxEntries) throw new Error("The map is full");
      return { written: count, error: undefined };
    },
  };

  takeEvents(most: number): Buffer[] {
    return this.events.splice(0, most);
  }

  bootUs(): number {
    return this.nowBootUs;
  }

  /** As window_failed() in bpf/grant.h; `isTold`: whether the queue had room. */
  fail(text: string, version: number, isTold = true): void {
    const value = this.entries.get(keyOf(text));
    if (value?.readBigUInt64LE(adviceLayout.version) === BigInt(version)) {
      value.writeBigUInt64LE(0n, adviceLayout.expiresBootUs);
    }
    const event = Buffer.alloc(eventLayout.size);
    event.writeBigUInt64LE(BigInt(version), eventLayout.adviceVersion);
    event.set(addressFromText(text) ?? [], eventLayout.destination);
    if (isTold) this.events.push(event);
  }

  /** Boot microseconds; 0: dropped; undefined: no entry. */
  expiryOf(text: string): number | undefined {
    const value = this.entries.get(keyOf(text));
    return value && Number(value.readBigUInt64LE(adviceLayout.expiresBootUs));
  }
}

function keyOf(text: string): string {
  return prefixRecord(addressFromText(text) ?? new Uint8Array(16), 128).toString("hex");
}

function entryOf(text: string) {
  const destination = { address: Buffer.from(addressFromText(text) ?? []), length: 128 };
  return { destination, windowSegments: 20, pathRateBytesPerSecond: 24_000_000, minRttUs: 20_000 };
}

describe("AdviceDesk", () => {
  let kernel: PlayedKernel;
  let desk: AdviceDesk;
  let told: number;
  let version: number;

  /** One update, and the turn that takes it. */
  function take(change: Partial<AdviceUpdate> = {}): void {
    const update = { hostId: "a", term: 1, ttlMs, notAfterUnixMs: nowUnixMs, baseVersion: version, ...change };
    version += 1;
    desk.receive(adviceUpdate.seal({ ...update, version }));
    desk.turn(nowUnixMs);
  }

  beforeEach(() => {
    kernel = new PlayedKernel();
    told = 0;
    version = 0;
    const uplink = {
      answer: () => undefined,
      publishFailedJumps: (jumps: readonly unknown[]) => {
        told += jumps.length;
      },
    };
    desk = new AdviceDesk({
      hostId: "a",
      datapath: kernel as unknown as Datapath,
      uplink: uplink as unknown as Uplink,
      bounds: { ...adviceBounds, entries: 3 },
      log: silentLog(),
    });
    take({ snapshot: true, entries: ["10.0.0.1", "10.0.0.2"].map(entryOf) });
    expect(kernel.expiryOf("10.0.0.1")).toBe(1_000 + ttlMs * 1000);
  });

  it("renews all but what the kernel dropped, and removes that once it would have run out", () => {
    kernel.fail("10.0.0.1", 1);
    kernel.nowBootUs += 2_000_000;
    take();
    expect(told).toBe(1);
    expect(desk.held.entries.size).toBe(1);
    expect(kernel.expiryOf("10.0.0.1"), "kept, as it still paces connections").toBe(0);
    expect(kernel.expiryOf("10.0.0.2")).toBe(kernel.nowBootUs + ttlMs * 1000);
    kernel.nowBootUs += ttlMs * 1000 - 2_000_000;
    desk.turn(nowUnixMs);
    expect(kernel.expiryOf("10.0.0.1")).toBeUndefined();
    expect(kernel.expiryOf("10.0.0.2")).toBeGreaterThan(kernel.nowBootUs);
  });

  it("takes back in the next turn what it renewed in the moment in which the kernel dropped it", () => {
    kernel.beforeWrite = () => kernel.fail("10.0.0.1", 1);
    take();
    kernel.beforeWrite = () => undefined;
    desk.turn(nowUnixMs);
    expect(desk.held.entries.size).toBe(1);
    expect(kernel.expiryOf("10.0.0.1")).toBe(0);
    take();
    expect(kernel.expiryOf("10.0.0.1")).toBe(0);
    expect(kernel.expiryOf("10.0.0.2")).toBeGreaterThan(0);
  });

  it.each([
    ["was told behind more events than one turn takes", true],
    ["was not told as the queue had no room", false],
  ])("does not renew what failed and %s", (_, isTold) => {
    for (let other = 0; other < 1_000; other += 1) kernel.fail("10.9.9.9", 1);
    kernel.fail("10.0.0.1", 1, isTold);
    take();
    expect(kernel.expiryOf("10.0.0.1")).toBe(0);
    expect(desk.held.entries.size).toBe(1);
  });

  it("keeps a newer version than the one that failed", () => {
    kernel.beforeWrite = () => kernel.fail("10.0.0.1", 1);
    take({ entries: [entryOf("10.0.0.1")] });
    kernel.beforeWrite = () => undefined;
    take();
    expect(told).toBe(1);
    expect(desk.held.entries.size).toBe(2);
    expect(kernel.expiryOf("10.0.0.1")).toBeGreaterThan(0);
  });

  it("writes what is advised anew over what was dropped, and gives dropped entries' room to it", () => {
    for (const text of ["10.0.0.1", "10.0.0.2"]) kernel.fail(text, 1);
    take({ entries: [entryOf("10.0.0.1")] });
    expect(kernel.expiryOf("10.0.0.1")).toBeGreaterThan(0);
    expect(kernel.expiryOf("10.0.0.2")).toBe(0);
    take({ entries: ["10.0.0.3", "10.0.0.4"].map(entryOf) });
    expect(kernel.expiryOf("10.0.0.2")).toBeUndefined();
    kernel.nowBootUs += ttlMs * 1000;
    take();
    expect(desk.held.entries.size).toBe(3);
    expect(kernel.expiryOf("10.0.0.1"), "not taken for what was dropped").toBeGreaterThan(kernel.nowBootUs);
  });
});
