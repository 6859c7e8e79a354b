import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { freeAddresses, reachableText } from "../../../../deploy/standalone/listen-ports.ts";

const host = "127.0.0.1";

describe("freeAddresses()", () => {
  test("finds a port of its own for each that may be any, and leaves them free", async () => {
    const any = { host, port: 0 };
    const found = await freeAddresses({ a: any, b: any, c: any });
    const ports = Object.values(found).map(({ port }) => port);
    expect(new Set(ports).size).toBe(3);
    expect(ports).not.toContain(0);
    expect(await freeAddresses(found)).toEqual(found);
  });

  test("names the option whose address is taken", async () => {
    const server = createServer().listen(0, host);
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    await expect(freeAddresses({ "grpc-listen": { host, port } })).rejects.toMatchObject({
      code: 4,
      message: `Cannot listen on --grpc-listen 127.0.0.1:${port}: EADDRINUSE`,
    });
  });

  test("refuses one address for two, and an address that is not this host's", async () => {
    const { a } = await freeAddresses({ a: { host, port: 0 } });
    await expect(freeAddresses({ a, b: a })).rejects.toMatchObject({ code: 4, message: /--b .*EADDRINUSE$/ });
    await expect(freeAddresses({ a: { host: "192.0.2.77", port: 0 } })).rejects.toMatchObject({
      code: 4,
      message: "Cannot listen on --a 192.0.2.77:0: EADDRNOTAVAIL",
    });
  });
});

test("reachableText() turns any address into loopback", () => {
  expect(reachableText({ host: "0.0.0.0", port: 1 })).toBe("127.0.0.1:1");
  expect(reachableText({ host: "::", port: 1 })).toBe("[::1]:1");
  expect(reachableText({ host: "10.0.0.1", port: 1 })).toBe("10.0.0.1:1");
});
