import { expect, test, vi } from "vitest";
import { MessageQueue } from "../../../common/message-queue.ts";

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

test("MessageQueue hands messages on in order, not from within push()", async () => {
  const handled: number[] = [];
  const queue = new MessageQueue((_, payload) => handled.push(payload[0] ?? -1), 10_000, 1 << 20);
  for (let index = 0; index < 5_000; index += 1) queue.push("s", bytes(index & 255));
  expect(handled).toEqual([]);
  await vi.waitFor(() => expect(queue.pending).toBe(0));
  expect(handled).toEqual(Array.from({ length: 5_000 }, (_, index) => index & 255));
  expect(queue.dropped).toBe(0);
});

test("MessageQueue drops the oldest beyond its bounds and counts them", async () => {
  const handled: number[] = [];
  const byCount = new MessageQueue((_, payload) => handled.push(payload[0] ?? -1), 2, 1 << 20);
  for (const value of [1, 2, 3, 4]) byCount.push("s", bytes(value));
  const byBytes = new MessageQueue((_, payload) => handled.push(payload[0] ?? -1), 10, 4);
  for (const value of [11, 12, 13]) byBytes.push("s", bytes(value, 0));
  byBytes.push("s", bytes(14, 0, 0, 0, 0));
  await vi.waitFor(() => expect(byBytes.pending + byCount.pending).toBe(0));
  expect(handled).toEqual([3, 4, 12, 13]);
  expect([byCount.dropped, byBytes.dropped]).toEqual([2, 2]);
});

test("MessageQueue lets other work go on between slices", async () => {
  const queue = new MessageQueue(() => busyFor(4), 1_000, 1 << 20);
  for (let index = 0; index < 20; index += 1) queue.push("s", bytes(1));
  const pendingSeen: number[] = [];
  while (queue.pending > 0) {
    await new Promise((resolve) => setImmediate(resolve));
    pendingSeen.push(queue.pending);
  }
  expect(pendingSeen.length).toBeGreaterThanOrEqual(5);
});

test("MessageQueue hands nothing on after close()", async () => {
  const handled: number[] = [];
  const queue = new MessageQueue((_, payload) => handled.push(payload[0] ?? -1), 10, 1 << 20);
  queue.push("s", bytes(1));
  queue.close();
  queue.push("s", bytes(2));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(handled).toEqual([]);
});

function busyFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}
