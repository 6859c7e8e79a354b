import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createConnection, createServer } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LentReads } from "../../../common/lent-reads.ts";

const server = createServer();
let reads: LentReads;
let read: Uint8Array[] = [];
let isKept = true;
let sender: Socket;
let receiver: Socket;

beforeEach(async () => {
  reads = new LentReads();
  read = [];
  isKept = true;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const connected = once(server, "connection");
  const onread = reads.onRead((bytes) => {
    read.push(bytes);
    return isKept;
  });
  receiver = createConnection({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", onread });
  [sender] = (await connected) as [Socket];
});

afterEach(() => {
  receiver.destroy();
  sender.destroy();
  server.close();
});

async function sent(text: string): Promise<Uint8Array> {
  const before = read.length;
  sender.write(text);
  await vi.waitFor(() => expect(read.length).toBe(before + 1));
  return read.at(-1) ?? new Uint8Array(0);
}

test("LentReads never reads into what is lent", async () => {
  const texts = ["one", "two", "three", "four"];
  for (const text of texts) await sent(text);
  expect(read.map(String)).toEqual(texts);
  expect(new Set(read.map((bytes) => bytes.buffer)).size).toBe(4);
});

test("LentReads reads again into what was given back, and into what was not kept", async () => {
  const buffers = new Set<unknown>();
  for (let round = 0; round < 6; round += 1) {
    isKept = round < 4;
    const bytes = await sent(`round ${round}`);
    expect(String(bytes)).toBe(`round ${round}`);
    buffers.add(bytes.buffer);
    if (isKept) reads.giveBack(bytes);
  }
  expect(buffers.size).toBe(2);
});

test("LentReads takes nothing back twice, nor what was not lent", async () => {
  const first = await sent("first");
  reads.giveBack(new Uint8Array(3));
  reads.giveBack(first);
  reads.giveBack(first);
  await sent("second");
  await sent("third");
  await sent("fourth");
  expect(read.slice(1).map(String)).toEqual(["second", "third", "fourth"]);
});
