import { Registry } from "prom-client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../aggregator/clock.ts";
import { Abroad } from "../../../aggregator/core/abroad.ts";
import { abroadBounds } from "../../../aggregator/core/bounds.ts";
import { QueryFault } from "../../../aggregator/core/query/query-fault.ts";
import { inOneGo } from "../../../aggregator/core/steps.ts";
import { createMetrics } from "../../../aggregator/metrics.ts";
import { extenderPosts } from "../../../aggregator/scheduler-extender.ts";
import { SlicedWork } from "../../../aggregator/sliced-work.ts";
import { transferTimes } from "../../../aggregator/transfer-times.ts";
import type { HttpEndpoint } from "../../../common/http-endpoint.ts";
import { startHttpEndpoint } from "../../../common/http-endpoint.ts";
import { silentLog } from "../../../common/log.ts";
import { slotOf } from "../../../proto/subjects.ts";
import { address, announcement, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";
import { argsOfNames, argsOfNodes, bareArgs, filterResultFields, node } from "./kubernetes-requests.ts";

const names = ["near", "far", "unknown"];
const reads = { "augmenter.io/reads-from": "data", "augmenter.io/bytes": "1Mi" };

let endpoint: HttpEndpoint;
let metrics = createMetrics();
let work: SlicedWork;

beforeEach(async () => {
  const view = emptyView();
  metrics = createMetrics();
  for (const [index, hostId] of ["data", "near", "far"].entries()) {
    view.hosts.announce(announcement(hostId, [`10.0.0.${index + 1}`]), hostId, 0);
  }
  const distant = row({ rttMinUs: 200_000, rttP50Us: 200_500, rttP95Us: 202_000 });
  view.table.put("data", address("10.0.0.2"), estimateOf(row(), row(), row()));
  view.table.put("data", address("10.0.0.3"), estimateOf(distant, distant, distant));
  view.table.put("far", address("10.0.0.1"), estimateOf(row()));
  view.table.put("near", address("10.0.0.1"), estimateOf(distant));
  work = new SlicedWork({ sliceMs: 10, begunMax: 1, waitingMax: 0 }, systemClock);
  endpoint = await startHttpEndpoint({
    listen: { host: "127.0.0.1", port: 0 },
    registry: new Registry(),
    notReadyReasons: () => [],
    routes: {},
    posts: extenderPosts(transferTimes(view, new PlayedClock(2_000), metrics), work, metrics),
    log: silentLog(),
  });
});

afterEach(() => endpoint.close());

async function ask(
  verb: "filter" | "prioritize",
  body: unknown,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const response = await fetch(`http://127.0.0.1:${endpoint.port}/scheduler/${verb}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

describe("prioritize", () => {
  test("answers a bare list of Host and Score, the node nearest to the data first", async () => {
    const { status, answer } = await ask("prioritize", argsOfNames(reads, names));
    expect(status).toBe(200);
    expect(answer).toEqual([
      { Host: "near", Score: 10 },
      { Host: "far", Score: expect.any(Number) },
      { Host: "unknown", Score: expect.any(Number) },
    ]);
    const [, far] = answer as readonly { readonly Score: number }[];
    expect(far?.Score).toBeLessThan(5);
  });

  test("looks the other way where the pod writes", async () => {
    const writes = { "augmenter.io/writes-to": "data", "augmenter.io/bytes": "1Mi" };
    const { answer } = await ask("prioritize", argsOfNames(writes, ["near", "far"]));
    expect(answer).toEqual([
      { Host: "near", Score: expect.any(Number) },
      { Host: "far", Score: 10 },
    ]);
  });

  test("prefers the peer's own node above all, and of the others still the nearest", async () => {
    const { answer } = await ask("prioritize", argsOfNames(reads, ["near", "data", "far"]));
    expect(answer).toMatchObject([{ Score: 9 }, { Host: "data", Score: 10 }, { Host: "far" }]);
    const [, , far] = answer as readonly { readonly Score: number }[];
    expect(far?.Score).toBeLessThan(5);
  });

  test.each([
    ["data", "data", false],
    ["10.0.0.1", "data", false],
    ["data", "10.0.0.1", false],
    ["data", "n-9.example.org", true],
    ["10.0.0.1", "n-9.example.org", true],
  ])("knows the own node of %s by the name %s", async (peer, name, isWhole) => {
    for (const direction of ["reads-from", "writes-to"]) {
      const annotations = { [`augmenter.io/${direction}`]: peer, "augmenter.io/bytes": "1Mi" };
      const nodes = [node(name, "10.0.0.1"), node("near", "10.0.0.2"), node("far", "10.0.0.3")];
      const args = isWhole ? argsOfNodes(annotations, nodes) : argsOfNames(annotations, [name, "near", "far"]);
      const scores = ((await ask("prioritize", args)).answer as { readonly Score: number }[]).map(({ Score }) => Score);
      expect(scores.slice(0, direction === "reads-from" ? 2 : 1)).toEqual(
        [10, 9].slice(0, direction === "reads-from" ? 2 : 1),
      );
      expect(Math.max(...scores.slice(1))).toBe(9);
    }
  });

  test("finds nodes by their addresses where their names are no host ids", async () => {
    const nodes = [node("n-7.example.org", "10.0.0.3"), node("n-8.example.org", "10.0.0.2")];
    const { answer } = await ask("prioritize", argsOfNodes(reads, nodes));
    expect(answer).toEqual([
      { Host: "n-7.example.org", Score: expect.any(Number) },
      { Host: "n-8.example.org", Score: 10 },
    ]);
  });

  test.each([
    ["no annotations", undefined],
    ["a peer that nobody knows", { "augmenter.io/reads-from": "nobody" }],
    ["a peer that is no name", { "augmenter.io/reads-from": "no name!" }],
    ["a size that is none", { ...reads, "augmenter.io/bytes": "lots" }],
  ])("has no opinion with %s", async (_, annotations) => {
    const { status, answer } = await ask("prioritize", argsOfNames(annotations, names));
    expect(status).toBe(200);
    expect(answer).toEqual(names.map((Host) => ({ Host, Score: 0 })));
  });

  test("scores more nodes than a ranking takes", async () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `n${index}`);
    const { answer } = await ask("prioritize", argsOfNames(reads, [...many, "near", "far"]));
    expect(answer).toHaveLength(5_002);
    expect((answer as unknown[]).at(-2)).toEqual({ Host: "near", Score: 10 });
  });
});

describe("filter", () => {
  test("passes every node unless the pod demands a time", async () => {
    expect(await ask("filter", argsOfNames(reads, names))).toEqual({
      status: 200,
      answer: { Nodes: null, NodeNames: names, FailedNodes: {}, Error: "" },
    });
  });

  test("refuses a node that is known to be too slow, and never one of which nothing is known", async () => {
    const demand = { ...reads, "augmenter.io/max-seconds": "0.3" };
    const { answer } = await ask("filter", argsOfNames(demand, names));
    expect(answer).toEqual({
      Nodes: null,
      NodeNames: ["near", "unknown"],
      FailedNodes: { far: expect.stringMatching(/^a transfer takes .* s \(9 of 10 within .* s\), wanted 0\.3 s$/) },
      Error: "",
    });
  });

  test("hands whole nodes back as they came", async () => {
    const nodes = [node("near", "10.0.0.2"), node("far", "10.0.0.3")];
    const demand = { ...reads, "augmenter.io/max-seconds": "0.3" };
    const { answer } = await ask("filter", argsOfNodes(demand, nodes));
    expect(answer).toMatchObject({ Nodes: { items: [nodes[0]] }, NodeNames: null });
  });
});

test("more nodes than are looked at all pass, score 0 and are counted", async () => {
  const many = Array.from({ length: 15_001 }, (_, index) => (index === 0 ? "far" : `n${index}`));
  const demand = { ...reads, "augmenter.io/max-seconds": "0.3" };
  expect(await ask("filter", argsOfNames(demand, many))).toEqual({
    status: 200,
    answer: { Nodes: null, NodeNames: many, FailedNodes: {}, Error: "" },
  });
  const { status, answer } = await ask("prioritize", argsOfNames(reads, many));
  expect([status, answer]).toEqual([200, many.map((Host) => ({ Host, Score: 0 }))]);
  const { values } = await metrics.calls.get();
  expect(values.map(({ labels }) => labels.code)).toEqual(["RESOURCE_EXHAUSTED", "RESOURCE_EXHAUSTED"]);
});

test("no pod waits because the server has too much to answer", async () => {
  function* endless() {
    for (;;) yield;
  }
  let isOver = false;
  const ending = () => (isOver ? new QueryFault("CANCELLED", "over") : undefined);
  const running = work.run(endless(), ending).catch(() => undefined);
  expect(await ask("prioritize", argsOfNames(reads, names))).toEqual({
    status: 200,
    answer: names.map((Host) => ({ Host, Score: 0 })),
  });
  isOver = true;
  await running;
  const { values } = await metrics.calls.get();
  expect(values.map(({ labels }) => labels.code)).toEqual(["RESOURCE_EXHAUSTED"]);
});

describe("the forms of Go's json.Marshal", () => {
  test("are taken with nothing set but names, and answered in fields that the scheduler reads", async () => {
    const args = bareArgs("bare", ["near", "far"]);
    const { status, answer } = await ask("filter", args);
    expect(status).toBe(200);
    expect(answer).toEqual({ Nodes: { items: args.Nodes.items }, NodeNames: null, FailedNodes: {}, Error: "" });
    for (const field of Object.keys(answer as object)) expect(filterResultFields).toContain(field);
    expect(await ask("prioritize", args)).toEqual({
      status: 200,
      answer: [
        { Host: "near", Score: 0 },
        { Host: "far", Score: 0 },
      ],
    });
  });

  test("are taken in lower case, as a decoder in Go takes them", async () => {
    const body = JSON.stringify(argsOfNames({ ...reads, "augmenter.io/bytes": "1e6" }, names)).toLowerCase();
    const { answer } = await ask("prioritize", body);
    expect((answer as readonly unknown[])[0]).toEqual({ Host: "near", Score: 10 });
    expect(await ask("filter", body)).toMatchObject({ status: 200, answer: { NodeNames: names } });
  });
});

describe("what is no ExtenderArgs", () => {
  test.each([
    ["{", /as it must be JSON/],
    ["[]", /the body must be an object/],
    ["{}", /pod/],
    [JSON.stringify({ Pod: { metadata: { annotations: { a: 1 } } }, NodeNames: [] }), /pod\.metadata\.annotations/],
    [JSON.stringify({ Pod: {}, NodeNames: "near" }), /nodenames/],
  ])("%s is refused with 400", async (body, reason) => {
    const { status, answer } = await ask("prioritize", body);
    expect([status, (answer as { readonly error: string }).error]).toEqual([400, expect.stringMatching(reason)]);
  });

  test("is counted, as are pods with a wrong annotation", async () => {
    await ask("filter", "{}");
    await ask("filter", argsOfNames({ ...reads, "augmenter.io/bytes": "lots" }, names));
    const { values } = await metrics.calls.get();
    const counted = values.map(({ labels, value }) => [labels.method, labels.code, value]);
    expect(counted).toEqual([
      ["scheduler/filter", "INVALID_ARGUMENT", 1],
      ["scheduler/filter", "FAILED_PRECONDITION", 1],
    ]);
  });
});

test("counts the transfers whose source another partition measures, and trusts no time of theirs", () => {
  const ids = Array.from({ length: 64 }, (_, index) => `host-${index}`);
  const inPart = (index: number) => ids.find((id) => slotOf(id) % 2 === index) ?? "";
  const [own, other] = [inPart(0), inPart(1)];
  const view = { ...emptyView(), abroad: new Abroad({ index: 0, of: 2 }, abroadBounds) };
  view.hosts.announce(announcement(own, ["10.0.0.1"]), own, 0);
  view.hosts.announce(announcement(other, ["10.0.0.2"]), other, 0);
  view.table.put(own, address("10.0.0.2"), estimateOf(row(), row(), row()));
  const counted: number[] = [];
  const counter = { extenderAbroad: { inc: (times: number) => void counted.push(times) } };
  const times = transferTimes(view, new PlayedClock(2_000), counter);
  expect(inOneGo(times.from(own, [other], 1_000))).toMatchObject([{ isTrusted: true }]);
  expect(counted).toEqual([]);
  const [there] = inOneGo(times.from(other, [own, "10.0.0.9"], 1_000));
  expect(there === undefined || (there !== "local" && !there.isTrusted)).toBe(true);
  expect(counted).toEqual([2]);
});
