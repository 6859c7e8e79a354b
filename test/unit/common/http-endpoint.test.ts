import { connect } from "node:net";
import { Counter, Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exitCodes } from "../../../common/exit-codes.ts";
import { BodyReader, HttpError } from "../../../common/http-body.ts";
import type { HttpEndpoint } from "../../../common/http-endpoint.ts";
import { startHttpEndpoint } from "../../../common/http-endpoint.ts";
import { silentLog } from "../../../common/log.ts";

let reasons: string[] = [];
let verdict: true | string = true;
let endpoint: HttpEndpoint;

function start(port: number): Promise<HttpEndpoint> {
  const bodies = new BodyReader({ maxBytes: 64, readingMax: 16, readMs: 2_000 });
  const registry = new Registry();
  new Counter({ name: "example_total", help: "An example.", registers: [registry] }).inc(3);
  return startHttpEndpoint({
    listen: { host: "127.0.0.1", port },
    registry,
    notReadyReasons: () => reasons,
    routes: {
      "/v1/echo": (query) => ({ said: query.get("say") }),
      "/v1/both": () => "got",
      "/v1/refuses": () => {
        throw new HttpError(400, "Cannot use say");
      },
      "/v1/breaks": () => {
        throw new Error("secret detail");
      },
    },
    mayRead: ({ authorization }) => verdict === true || authorization === "Bearer t" || verdict,
    posts: {
      "/v1/both": { bodies, answer: (body) => ["posted", body] },
      "/v1/double": { bodies, answer: async (body) => [body, body] },
      "/v1/asked": { bodies, answer: (body, _, query) => [body, query.get("say")] },
    },
    log: silentLog(),
  });
}

function get(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://127.0.0.1:${endpoint.port}${path}`, init);
}

beforeEach(async () => {
  reasons = [];
  verdict = true;
  endpoint = await start(0);
});

afterEach(() => endpoint.close());

describe("startHttpEndpoint()", () => {
  test("answers /healthz always and /readyz with reasons", async () => {
    reasons = ["not connected"];
    expect((await get("/healthz")).status).toBe(200);
    const response = await get("/readyz");
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: "not ready", reasons: ["not connected"] });
    reasons = [];
    expect((await get("/readyz")).status).toBe(200);
  });

  test("cuts the query at the first question mark only", async () => {
    expect(await (await get("/v1/echo?say=b1?x=1")).json()).toEqual({ said: "b1?x=1" });
    expect(await (await get("/v1/echo?")).json()).toEqual({ said: null });
  });

  test("answers /metrics in the Prometheus text format", async () => {
    const response = await get("/metrics");
    expect(response.headers.get("content-type")).toContain("text/plain");
    expect(await response.text()).toContain("example_total 3");
  });

  test.each([
    ["/v1/echo?say=a%20b", 200, { said: "a b" }],
    ["/v1/refuses", 400, { error: "Cannot use say" }],
    ["/v1/breaks", 500, { error: "internal error" }],
    ["/nothing", 404, { error: "Cannot find /nothing" }],
    ["/constructor", 404, { error: "Cannot find /constructor" }],
  ])("answers %s with %d", async (path, status, body) => {
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(body);
  });

  test("answers only GET and HEAD", async () => {
    expect((await get("/healthz", { method: "POST", body: "x" })).status).toBe(405);
    const head = await get("/healthz", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test.each([
    ["1", 200, [1, 1]],
    ["{", 400, { error: "Cannot read the body as it must be JSON" }],
    [`"${"x".repeat(64)}"`, 413, { error: "Cannot read the body as it must be at most 64 bytes" }],
  ])("answers a POST of %s with %d", async (body, status, answer) => {
    const response = await get("/v1/double", { method: "POST", body });
    expect([response.status, await response.json()]).toEqual([status, answer]);
  });

  test("hands a POST what its URL holds", async () => {
    expect(await (await get("/v1/asked?say=b", { method: "POST", body: "1" })).json()).toEqual([1, "b"]);
  });

  test.each([
    ["/healthz", "POST", "GET, HEAD"],
    ["/v1/echo", "DELETE", "GET, HEAD"],
    ["/v1/both", "PUT", "GET, HEAD, POST"],
    ["/v1/double", "GET", "POST"],
  ])("answers %s by %s with 405 and what it takes, and OPTIONS too", async (path, method, methods) => {
    const refused = await get(path, { method });
    expect(refused.status).toBe(405);
    expect(refused.headers.get("allow")).toBe(`${methods}, OPTIONS`);
    const error = `Cannot ${method} ${path} as the methods that are answered are ${methods}`;
    expect(await refused.json()).toEqual({ error });
    const options = await get(path, { method: "OPTIONS" });
    expect([options.status, options.headers.get("allow")]).toEqual([204, `${methods}, OPTIONS`]);
  });

  test("finds no path by any method where there is none", async () => {
    for (const method of ["PUT", "POST", "OPTIONS"]) expect((await get("/nothing", { method })).status).toBe(404);
  });

  test.each([
    ["/v1/echo", undefined],
    ["/v1/double", "1"],
  ])("answers %s only to who may read", async (path, body) => {
    verdict = "Cannot show this to you";
    const init = body === undefined ? {} : { method: "POST", body };
    const refused = await get(path, init);
    expect([refused.status, await refused.json()]).toEqual([401, { error: verdict }]);
    expect((await get(path, { ...init, headers: { authorization: "Bearer t" } })).status).toBe(200);
    expect((await get("/readyz")).status).toBe(200);
  });

  test("does not read on where a body without a length is too large", async () => {
    const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(1_000)) });
    const response = await get("/v1/double", { method: "POST", body: endless, duplex: "half" } as RequestInit);
    expect(response.status).toBe(413);
  });

  test("refuses headers beyond its limit", async () => {
    const response = await get("/healthz", { headers: { "x-long": "x".repeat(10_000) } });
    expect(response.status).toBe(431);
  });

  test("names an address that is taken, with exit code 4", async () => {
    await expect(start(endpoint.port)).rejects.toMatchObject({
      code: exitCodes.portInUse,
      message: `Cannot listen on http address 127.0.0.1:${endpoint.port}: EADDRINUSE`,
    });
  });

  test("ends a connection whose request does not come, soon after the five seconds that it has", async () => {
    const socket = connect(endpoint.port, "127.0.0.1");
    socket.write("GET /healthz HTTP/1.1\r\n");
    const begunMs = performance.now();
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect(performance.now() - begunMs).toBeLessThan(9_000);
  }, 40_000);

  test("close() ends open connections", async () => {
    const socket = connect(endpoint.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    const ended = new Promise((resolve) => socket.once("close", resolve));
    await endpoint.close();
    await ended;
    endpoint = await start(0);
  });
});

describe("requests that are too long, or none", () => {
  test("are answered with the reason as JSON", async () => {
    const response = await get(`/v1/echo?say=${"x".repeat(9_000)}`);
    expect(response.status).toBe(431);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/at most 8192 bytes: .* by POST/) });
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(endpoint.port, "127.0.0.1", () => socket.write("nonsense\r\n\r\n"));
      let text = "";
      socket.on("data", (part) => (text += part)).on("close", () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*\{"error":"Cannot read the request/s);
  });
});

test("a path may have a route and a post", async () => {
  const url = `http://127.0.0.1:${endpoint.port}/v1/both`;
  expect(await (await fetch(url)).json()).toEqual("got");
  expect(await (await fetch(url, { method: "POST", body: "1" })).json()).toEqual(["posted", 1]);
  expect((await fetch(url, { method: "PUT", body: "1" })).status).toBe(405);
});
