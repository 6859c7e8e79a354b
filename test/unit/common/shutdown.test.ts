import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { silentLog } from "../../../common/log.ts";
import { Shutdown } from "../../../common/shutdown.ts";

function newShutdown(deadlineMs = 1_000): Shutdown {
  return new Shutdown({ deadlineMs, log: silentLog() });
}

test("run() cleans up once, last made first", async () => {
  const shutdown = newShutdown();
  const done: string[] = [];
  shutdown.add("first", () => done.push("first"));
  shutdown.add("second", async () => {
    await Promise.resolve();
    done.push("second");
  });
  expect(await Promise.all([shutdown.run(), shutdown.run()])).toEqual([true, true]);
  expect(done).toEqual(["second", "first"]);
});

test("run() goes on after a cleanup that fails or hangs, and says so", async () => {
  const shutdown = newShutdown(50);
  const done: string[] = [];
  shutdown.add("last", () => done.push("last"));
  shutdown.add("hangs", () => new Promise(() => undefined));
  shutdown.add("fails", () => {
    throw new Error("no");
  });
  const startedMs = performance.now();
  expect(await shutdown.run()).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(500);
  expect(done).toEqual(["last"]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "untilSignal() waits for %s, takes repeats for the same one, and then listens no more",
  async (signal) => {
    vi.useFakeTimers();
    try {
      const source = new EventEmitter();
      const waiting = newShutdown().untilSignal(source);
      expect(source.listenerCount(signal)).toBe(1);
      source.emit(signal, signal);
      expect(await waiting).toBe(signal);
      vi.advanceTimersByTime(999);
      // A signal without a listener would end the process.
      expect(source.listenerCount(signal)).toBe(1);
      vi.advanceTimersByTime(1);
      expect(source.eventNames()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  },
);
