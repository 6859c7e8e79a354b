import { expect, test, vi } from "vitest";
import { MessageQueue } from "../../../common/message-queue.ts";

function bytes(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

test("MessageQueue hands messages on as they come while there is time, and in order when there is none", async () => {
  const handled: number[] = [];
  const queue = new MessageQueue((_, payload) => handled.push(payload[0] ?? -1), {
    messagesMax: 10_000,
    bytesMax: 1 << 20,
  });
  queue.push("s", bytes(7));
  expect(handled).toEqual([7]);
  const slow: number[] = [];
  const behind = new MessageQueue(
    (_, payload) => {
      slow.push(payload[0] ?? -1);
      busyFor(payload[0] === 0 ? 12 : 0);
    },
    { messagesMax: 10_000, bytesMax: 1 << 20 },
  );
  for (let index = 0; index < 5_000; index += 1) behind.push("s", bytes(index & 255));
  expect(slow).toEqual([0]);
  await vi.waitFor(() => expect(behind.pending).toBe(0), 5_000);
  expect(slow).toEqual(Array.from({ length: 5_000 }, (_, index) => index & 255));
  expect(behind.dropped).toBe(0);
});

test("MessageQueue drops the oldest beyond its bounds and counts them", async () => {
  const handled: number[] = [];
  const take = (_: string, payload: Uint8Array): void => {
    handled.push(payload[0] ?? -1);
    busyFor(12);
  };
  const byCount = new MessageQueue(take, { messagesMax: 2, bytesMax: 1 << 20 });
  for (const value of [0, 1, 2, 3, 4]) byCount.push("s", bytes(value));
  const byBytes = new MessageQueue(take, { messagesMax: 10, bytesMax: 4 });
  for (const value of [10, 11, 12, 13]) byBytes.push("s", bytes(value, 0));
  byBytes.push("s", bytes(14, 0, 0, 0, 0));
  await vi.waitFor(() => expect(byBytes.pending + byCount.pending).toBe(0));
  expect(handled.filter((value) => value < 10)).toEqual([0, 3, 4]);
  expect(handled.filter((value) => value >= 10)).toEqual([10, 12, 13]);
  expect([byCount.dropped, byBytes.dropped]).toEqual([2, 2]);
});

test("MessageQueue gives the memory for copies back once nothing had to wait for a while", async () => {
  const handled: number[] = [];
  const queue = new MessageQueue(
    (_, payload) => {
      handled.push(...payload);
      busyFor(payload[0] === 0 ? 12 : 0);
    },
    { messagesMax: 10, bytesMax: 4, isLent: true },
  );
  for (const round of [1, 2]) {
    for (const value of [0, 1]) queue.push("s", bytes(value));
    expect(queue.heldBytes).toBe(4);
    await vi.waitFor(() => expect(queue.heldBytes).toBe(0), 5_000);
    expect(handled).toHaveLength(2 * round);
  }
}, 15_000);

test("MessageQueue keeps copies of payloads that are lent to it", async () => {
  const handled: number[] = [];
  const queue = new MessageQueue(
    (_, payload) => {
      handled.push(...payload);
      busyFor(payload[0] === 0 ? 12 : 0);
    },
    { messagesMax: 10, bytesMax: 4, isLent: true },
  );
  const read = bytes(0);
  for (const value of [0, 1, 2, 3, 4, 5]) {
    read[0] = value;
    queue.push("s", read);
  }
  await vi.waitFor(() => expect(queue.pending).toBe(0));
  expect(handled).toEqual([0, 2, 3, 4, 5]);
  expect(queue.dropped).toBe(1);
});

test("MessageQueue takes the steps of one message in its time, and no other message before", async () => {
  const done: string[] = [];
  const queue = new MessageQueue(
    (_, payload, leave) => {
      done.push(`begin ${payload[0]}`);
      leave(steps(payload[0] ?? -1));
    },
    { messagesMax: 10, bytesMax: 1 << 20 },
  );
  function* steps(value: number): Generator<void> {
    for (let step = 0; step < 10; step += 1) {
      busyFor(4);
      done.push(`${value}`);
      yield;
    }
  }
  queue.push("s", bytes(0));
  queue.push("s", bytes(1));
  let doneBefore = 0;
  while (done.length < 22) {
    expect(done.length - doneBefore, "in a turn").toBeLessThanOrEqual(4);
    doneBefore = done.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(done).toEqual([0, 1].flatMap((value) => [`begin ${value}`, ...Array(10).fill(`${value}`)]));
});

test("MessageQueue gives payloads away that are not lent to the handler, and are read over", async () => {
  const kept: Uint8Array[] = [];
  const queue = new MessageQueue(
    (_, payload) => {
      kept.push(payload);
      busyFor(12);
    },
    { messagesMax: 10, bytesMax: 4 },
  );
  const read = bytes(0);
  for (const value of [0, 1, 2]) {
    read[0] = value;
    queue.push("s", read);
  }
  read[0] = 9;
  await vi.waitFor(() => expect(queue.pending).toBe(0));
  expect(kept.map((payload) => payload[0])).toEqual([0, 1, 2]);
});

test("MessageQueue lets other work go on between slices", async () => {
  const queue = new MessageQueue(() => busyFor(4), { messagesMax: 1_000, bytesMax: 1 << 20 });
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
  const queue = new MessageQueue(
    (_, payload) => {
      handled.push(payload[0] ?? -1);
      busyFor(12);
    },
    { messagesMax: 10, bytesMax: 1 << 20 },
  );
  queue.push("s", bytes(1));
  queue.push("s", bytes(2));
  queue.close();
  queue.push("s", bytes(3));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(handled).toEqual([1]);
});

function busyFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}
