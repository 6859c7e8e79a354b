import type { Socket } from "node:net";
import { connect } from "node:net";
import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BodyReader } from "../../../common/http-body.ts";
import type { HttpEndpoint } from "../../../common/http-endpoint.ts";
import { startHttpEndpoint } from "../../../common/http-endpoint.ts";
import { silentLog } from "../../../common/log.ts";

let endpoint: HttpEndpoint;
let sockets: Socket[];

beforeEach(async () => {
  sockets = [];
  const bodies = (readMs: number) => new BodyReader({ maxBytes: 1 << 20, readingMax: 2, readMs });
  const answer = (body: unknown) => body;
  endpoint = await startHttpEndpoint({
    listen: { host: "127.0.0.1", port: 0 },
    registry: new Registry(),
    notReadyReasons: () => [],
    routes: {},
    posts: {
      "/patient": { bodies: bodies(60_000), answer },
      "/other": { bodies: bodies(60_000), answer },
      "/hasty": { bodies: bodies(50), answer },
    },
    log: silentLog(),
  });
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await endpoint.close();
});

async function post(path: string, body: string): Promise<readonly [number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${endpoint.port}${path}`, { method: "POST", body });
  return [response.status, await response.json()];
}

/** A POST of which one byte of two is sent; tells what is answered until the connection ends. */
function halfSent(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(endpoint.port, "127.0.0.1", () =>
      socket.write(`POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n1`),
    );
    sockets.push(socket);
    let text = "";
    socket.on("data", (part) => (text += part)).on("close", () => resolve(text));
  });
}

async function refusedBy(path: string): Promise<void> {
  const full = [503, { error: "Cannot read more than 2 bodies at one time" }];
  await expect.poll(() => post(path, "1"), { timeout: 5_000 }).toEqual(full);
}

async function answeredBy(path: string): Promise<void> {
  await expect.poll(() => post(path, "1"), { timeout: 5_000 }).toEqual([200, 1]);
}

describe("BodyReader", () => {
  test("refuses what comes while all its places are taken, and no other reader does", async () => {
    void halfSent("/patient");
    void halfSent("/patient");
    await refusedBy("/patient");
    await answeredBy("/other");
  });

  test("takes the place of a body that does not come in time", async () => {
    const [answer] = await Promise.all([halfSent("/hasty"), halfSent("/hasty")]);
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"Cannot read the body as it must be here within 50 ms"/s);
    await answeredBy("/hasty");
  });

  test("takes the place of a caller who left", async () => {
    void halfSent("/patient");
    void halfSent("/patient");
    await refusedBy("/patient");
    for (const socket of sockets) socket.destroy();
    await answeredBy("/patient");
  });

  test("refuses what is nested too deep to walk through", async () => {
    const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
    const error = "Cannot read the body as it must be nested at most 64 levels deep";
    expect(await post("/patient", nested(100_000))).toEqual([400, { error }]);
    expect(await post("/patient", `{"a":${'{"a":'.repeat(20_000)}1${"}".repeat(20_001)}`)).toEqual([400, { error }]);
    expect((await post("/patient", nested(64)))[0]).toBe(200);
  });
});
