import { beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../aggregator/clock.ts";
import { policyAfter } from "../../../aggregator/core/policy/policy-book.ts";
import { ruleAsked } from "../../../aggregator/core/policy/policy-request.ts";
import { httpPosts, httpRoutes, httpViews } from "../../../aggregator/http-views.ts";
import { SlicedWork } from "../../../aggregator/sliced-work.ts";
import { address, announcement, emptyView, estimateOf, PlayedClock, row } from "./fixtures.ts";

let view = emptyView();

beforeEach(() => {
  view = emptyView();
  for (const hostId of ["a", "b", "c"]) view.hosts.announce(announcement(hostId, []), hostId, 0);
  for (let last = 1; last <= 5; last += 1) view.table.put("a", address(`10.0.0.${last}`), estimateOf(row()));
});

function views() {
  const work = new SlicedWork({ sliceMs: 10, begunMax: 1, waitingMax: 0 }, systemClock);
  return httpViews({ view, clock: new PlayedClock(2_000), work, isPolicyDurable: false });
}

async function get(path: string, query = ""): Promise<Record<string, unknown>> {
  return (await httpRoutes(views())[path]?.(new URLSearchParams(query), () => false)) as Record<string, unknown>;
}

describe("httpRoutes()", () => {
  test("lists paths a page at a time", async () => {
    const first = await get("/v1/paths", "page_size=3");
    expect(first["paths"]).toMatchObject([1, 2, 3].map((last) => ({ path: { destination: `10.0.0.${last}` } })));
    const second = await get("/v1/paths", `page_size=3&page_token=${first["nextPageToken"]}`);
    expect(second["paths"]).toHaveLength(2);
    expect(second["nextPageToken"]).toBe("");
    expect((await get("/v1/paths", "destination=10.0.0.4/31"))["paths"]).toHaveLength(2);
  });

  test("lists hosts a page at a time", async () => {
    const first = await get("/v1/hosts", "page_size=2");
    expect(first["hosts"]).toMatchObject([{ hostId: "a", rack: "rack of a", ageSeconds: 2 }, { hostId: "b" }]);
    expect((await get("/v1/hosts", `page_token=${first["nextPageToken"]}`))["hosts"]).toMatchObject([{ hostId: "c" }]);
  });

  test.each([
    ["/v1/paths", "page_size=1001", "page_size"],
    ["/v1/hosts", "page_size=x", "page_size"],
    ["/v1/paths", "page_token=x", "page_token"],
    ["/v1/paths", "source=a b", "source"],
    ["/v1/paths", "destination=1.2.3", undefined],
    ["/v1/paths", "sauce=a", "sauce"],
    ["/v1/path", "source=a&destination=?", "destination"],
    ["/v1/estimate", "source=a&destination=10.0.0.1", "bytes"],
    ["/v1/estimate", "source=a&destination=10.0.0.1&bytes=1&first_window=big", "first_window"],
    ["/v1/rank", "source=a&bytes=1", "candidates"],
    ["/v1/hosts", `rack=${"x".repeat(257)}`, "rack"],
    ["/v1/matrix", `sources=a,${"x".repeat(257)}`, "sources\\[1]"],
    ["/v1/path", "source=a&destination=10.0.0.1&destination=10.0.0.2", "destination"],
    ["/v1/paths", "page_size=3&page_size=3", "page_size"],
    ["/v1/hosts", "filter.rack=a", "filter\\.rack"],
    ["/v1/hosts", "host_id=a%20filter.b", "host_id"],
    ["/v1/policy/changes", "page_size=1001", "page_size"],
    ["/v1/policy/changes", "page_token=x", "page_token"],
  ])("%s?%s names what is wrong", async (path, query, name) => {
    if (name === undefined) expect((await get(path, query))["paths"]).toEqual([]);
    else await expect(get(path, query)).rejects.toThrow(new RegExp(`^Cannot use ${name} as it must be`));
  });

  test("repeats what a caller wrote as it is", async () => {
    await expect(get("/v1/hosts", "host_id=a%20filter.b")).rejects.toThrow(/current value is "a filter\.b"$/);
  });

  test("tells the changes of the policy", async () => {
    const author = { who: "w", peer: "p", changedUnixMs: 1_700_000_000_000, why: "because" };
    const scope = { zone: "z", source: "zone" as const, prefix: "" };
    const none = { mode: "MODE_OFF" as const, excluded: false, pin: null, limits: null, author: null };
    const rule = ruleAsked({ ...none, scope }, author);
    for (let change = 0; change < 2; change += 1) {
      const { state } = view.policy;
      view.policy.replace(policyAfter(state, rule.scope, rule, author, { rulesMax: 10, changesKept: 10 }));
    }
    const first = await get("/v1/policy/changes", "page_size=1");
    expect(first).toMatchObject({ changes: [{ revision: 2 }], nextPageToken: "2" });
    const second = await get("/v1/policy/changes", "page_token=2");
    expect(second).toMatchObject({ changes: [{ revision: 1 }], nextPageToken: "" });
  });

  test("tells one path, an estimate and a ranking", async () => {
    expect(await get("/v1/path", "source=a&destination=10.0.0.2")).toMatchObject({ path: { destination: "10.0.0.2" } });
    const what = "source=a&bytes=1048576&concurrent=2&first_window=kernel";
    const estimate = await get("/v1/estimate", `${what}&destination=10.0.0.2`);
    expect(estimate).toMatchObject({ windowSegments: 10, advised: false });
    expect(await get("/v1/rank", `${what}&candidates=10.9.9.9,10.0.0.2&limit=1`)).toEqual({
      destinations: [{ candidate: "10.0.0.2", index: 1, estimate }],
    });
  });

  test.each([
    ["bytes=many&nonsense=1&source=a&destination=b", ["bytes", "nonsense"]],
    [
      "bytes=many&concurrent=-1&first_window=none&nonsense=1",
      ["bytes", "concurrent", "first_window", "nonsense", "source", "destination"],
    ],
    ["bytes=many&concurrent=1001&source=a%20b&destination=b", ["bytes", "concurrent", "source"]],
    ["bytes=0&concurrent=1001&source=a%20b&destination=?", ["bytes", "concurrent", "source", "destination"]],
  ])("answers %s with 400 and every parameter that is wrong", async (query, fields) => {
    const violations = fields.map((field) => expect.objectContaining({ field }));
    await expect(get("/v1/estimate", query)).rejects.toThrow(
      expect.objectContaining({ status: 400, details: { code: "INVALID_ARGUMENT", violations } }),
    );
  });

  test("answers 404 with the code where nothing is known", async () => {
    await expect(get("/v1/path", "source=a&destination=10.9.9.9")).rejects.toThrow(
      expect.objectContaining({ status: 404, details: { code: "NOT_FOUND", violations: [] } }),
    );
  });
});

describe("httpPosts()", () => {
  const post = async (path: string, body: unknown, query = "") =>
    httpPosts(views())[path]?.answer(body, () => false, new URLSearchParams(query));

  test("answers what a GET with the same parameters answers, of lists of any length", async () => {
    const asked = { source: "a", bytes: 1_048_576, first_window: "kernel", limit: 1 };
    const query = "source=a&bytes=1048576&first_window=kernel&limit=1&candidates=10.0.0.2,10.9.9.9";
    const few = await post("/v1/rank", { ...asked, candidates: ["10.0.0.2", "10.9.9.9"] });
    expect(few).toEqual(await get("/v1/rank", query));
    const many = Array.from({ length: 4_096 }, (_, index) => `10.${index >> 8}.${index & 255}.2`);
    expect(await post("/v1/rank", { ...asked, candidates: many })).toMatchObject({
      destinations: [{ candidate: "10.0.0.2", index: 0 }],
    });
    expect(await post("/v1/hosts", {})).toEqual(await get("/v1/hosts"));
  });

  test("takes the parameters of the URL, too, and refuses what it does not know or is given in both", async () => {
    const asked = { source: "a", bytes: 1, candidates: ["10.0.0.2"] };
    expect(await post("/v1/rank", asked, "candidates=10.9.9.9&limit=1")).toEqual(
      await get("/v1/rank", "source=a&bytes=1&candidates=10.9.9.9,10.0.0.2&limit=1"),
    );
    const violations = ["bytes", "nonsense"].map((field) => expect.objectContaining({ field }));
    await expect(post("/v1/rank", asked, "bytes=2&nonsense=1")).rejects.toThrow(
      expect.objectContaining({ status: 400, details: { code: "INVALID_ARGUMENT", violations } }),
    );
  });

  test.each([
    [[], [], /must be a JSON object$/],
    [{ source: "a", bytes: 1, candidates: [{}], limit: true }, ["candidates", "limit"], /^Cannot use candidates/],
    [{ source: "a", bytes: 1.5, candidates: ["?"] }, ["bytes", "candidates[0]"], /^Cannot use bytes/],
    [
      { bytes: 1.5, x: true, firstWindow: "kernel" },
      ["x", "bytes", "firstWindow", "source", "candidates"],
      /^Cannot use x/,
    ],
  ])("answers %j with 400 and what is wrong", async (body, fields, message) => {
    const violations = fields.map((field) => expect.objectContaining({ field }));
    await expect(post("/v1/rank", body)).rejects.toThrow(
      expect.objectContaining({
        status: 400,
        message: expect.stringMatching(message),
        details: { code: "INVALID_ARGUMENT", violations },
      }),
    );
  });
});
