import { describe, expect, test } from "vitest";
import { listHosts } from "../../../../../aggregator/core/query/host-query.ts";
import { announcement, emptyView } from "../../fixtures.ts";

const view = emptyView();
for (const [hostId, rack, zone] of [
  ["a", "r1", "z1"],
  ["b", "r2", "z1"],
  ["c", "r1", "z2"],
] as const) {
  view.hosts.announce(announcement(hostId, ["10.0.0.1"], { rack, zone, mode: "MODE_OBSERVE" }), hostId, 500);
}

function list(filter: Partial<Record<"hostId" | "rack" | "zone", string>> | null, pageSize = 0, pageToken = "") {
  const whole = filter === null ? null : { hostId: "", rack: "", zone: "", ...filter };
  return listHosts(view, { filter: whole, pageSize, pageToken }, 2_000);
}

describe("listHosts()", () => {
  test("tells what hosts announced, and their age", () => {
    expect(list({ hostId: "a" }).hosts).toEqual([
      expect.objectContaining({
        hostId: "a",
        rack: "r1",
        mode: "MODE_OBSERVE",
        addresses: ["10.0.0.1"],
        ageSeconds: 1.5,
      }),
    ]);
  });

  test.each([
    [null, ["a", "b", "c"]],
    [{ zone: "z1" }, ["a", "b"]],
    [{ zone: "z1", rack: "r1" }, ["a"]],
    [{ hostId: "x" }, []],
  ])("selects %j", (filter, hostIds) => {
    expect(list(filter).hosts?.map(({ hostId }) => hostId)).toEqual(hostIds);
  });

  test("pages", () => {
    const first = list(null, 2);
    expect(first.hosts).toHaveLength(2);
    const second = list(null, 2, first.nextPageToken);
    expect(second.hosts?.map(({ hostId }) => hostId)).toEqual(["c"]);
    expect(second.nextPageToken).toBe("");
    expect(list({ zone: "z1" }, 2).nextPageToken).toBe("");
  });

  test("tells what was wrong with what a host said, and why", () => {
    const { hosts } = emptyView();
    const troubled = { ...view, hosts };
    hosts.heard("x", 1, 0, 0);
    hosts.noteTrouble("x", "row_refused", 3, "rtt_out_of_range");
    hosts.noteTrouble("x", "moved");
    hosts.announce(announcement("x", [], { rack: "r".repeat(500) }), "x", 0);
    const { troubles } = listHosts(troubled, { filter: null, pageSize: 0, pageToken: "" }, 0).hosts?.[0] ?? {};
    expect(troubles).toEqual([
      { kind: "moved", count: 1, reasons: [] },
      { kind: "announcement_refused", count: 1, reasons: [{ reason: "label_length", count: 1 }] },
      { kind: "row_refused", count: 3, reasons: [{ reason: "rtt_out_of_range", count: 3 }] },
    ]);
  });

  test("tells with each page what is wrong with the cluster as a whole", () => {
    const warned = { ...view, warnings: () => ["nobody leads"] };
    for (const pageSize of [1, 0]) {
      expect(listHosts(warned, { filter: null, pageSize, pageToken: "" }, 0).warnings).toEqual(["nobody leads"]);
    }
    expect(list(null).warnings).toEqual([]);
  });

  test.each(["a", "!", "YQ=="])("refuses page token %j", (token) => {
    expect(() => list(null, 0, token)).toThrow(/^Cannot use page_token/);
  });
});
