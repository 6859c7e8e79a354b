import { describe, expect, test } from "vitest";
import { estimateTransfer, rankDestinations } from "../../../../../aggregator/core/query/transfer-query.ts";
import { inOneGo } from "../../../../../aggregator/core/steps.ts";
import { address, announcement, emptyView, estimateOf, pathRttUs, row } from "../../fixtures.ts";

const nowMs = 2_000;
const advice = {
  destination: address("10.0.0.2"),
  windowSegments: 600,
  receiveWindowBytes: 0,
  pathRateBytesPerSecond: 24_000_000,
  minRttUs: pathRttUs,
  isCapacityKnown: true,
  burstSegments: 0,
  rtoMinUs: 0,
  togetherSegments: 0,
  togetherHosts: 0,
};

function viewOf(mode: "MODE_APPLY" | "MODE_OBSERVE") {
  const view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"], { mode }), "a", 0);
  view.hosts.announce(announcement("b", ["10.0.0.2"]), "b", 0);
  view.table.put("a", address("10.0.0.2"), estimateOf(row(), row()));
  view.table.put("a", address("10.0.0.3"), estimateOf(row({ rttMinUs: 40_000, rttP50Us: 40_500, rttP95Us: 42_000 })));
  view.table.put("a", address("10.0.0.4"), estimateOf(row({ rttSamples: 0 })));
  view.ledger.want("a", address("10.0.0.2"), advice);
  return view;
}

const asked = {
  source: "a",
  destination: "b",
  bytes: 1 << 20,
  concurrent: 0,
  firstWindow: "FIRST_WINDOW_UNSPECIFIED",
} as const;

describe("estimateTransfer()", () => {
  test("adds up to its parts, and is faster with an advised window where the source applies", () => {
    const advised = estimateTransfer(viewOf("MODE_APPLY"), asked, nowMs);
    const kernel = estimateTransfer(viewOf("MODE_APPLY"), { ...asked, firstWindow: "FIRST_WINDOW_KERNEL" }, nowMs);
    for (const { p50Us, handshakeUs, slowStartUs, sendingUs, lossUs } of [advised, kernel]) {
      const parts = Number(handshakeUs) + Number(slowStartUs) + Number(sendingUs) + Number(lossUs);
      expect(parts).toBe(Number(p50Us));
    }
    expect(advised).toMatchObject({ advised: true, handshakeUs: 2 * pathRttUs, shareBytesPerSecond: 24_000_000 });
    expect(kernel).toMatchObject({ advised: false, windowSegments: 10 });
    expect(Number(advised.p50Us)).toBeLessThan(Number(kernel.p50Us) / 1.9);
  });

  test("takes the advised window of a source that observes only when asked to", () => {
    const view = viewOf("MODE_OBSERVE");
    expect(estimateTransfer(view, asked, nowMs).advised).toBe(false);
    expect(estimateTransfer(view, { ...asked, firstWindow: "FIRST_WINDOW_ADVISED" }, nowMs).advised).toBe(true);
  });

  test("divides the rate among transfers that begin together", () => {
    const view = viewOf("MODE_APPLY");
    const [alone, four] = [1, 4].map((concurrent) => estimateTransfer(view, { ...asked, concurrent }, nowMs));
    expect(Number(four?.shareBytesPerSecond)).toBe(Number(alone?.shareBytesPerSecond) / 4);
    expect(Number(four?.p50Us)).toBeGreaterThan(2 * Number(alone?.p50Us));
  });

  test.each([
    [{ bytes: 0 }, "bytes"],
    [{ bytes: 2 ** 40 + 1 }, "bytes"],
    [{ bytes: Number.NaN }, "bytes"],
    [{ concurrent: 1_001 }, "concurrent"],
    [{ source: "a b" }, "source"],
    [{ destination: "" }, "destination"],
  ])("refuses %j by its field", (change, field) => {
    expect(() => estimateTransfer(viewOf("MODE_APPLY"), { ...asked, ...change }, nowMs)).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT", violations: [expect.objectContaining({ field })] }),
    );
  });

  test.each([
    ["a", "a"],
    ["a", "10.0.0.1"],
    ["10.0.0.1", "a"],
    ["10.9.9.9", "10.9.9.9"],
  ])("tells of %s to itself, as %s, what rankDestinations() tells of such a candidate", (source, destination) => {
    const view = viewOf("MODE_APPLY");
    const estimate = estimateTransfer(view, { ...asked, source, destination }, nowMs);
    expect(estimate).toMatchObject({ path: null, p50Us: 0, p90Us: 0, provenance: "PROVENANCE_UNSPECIFIED" });
    const ranked = inOneGo(rankDestinations(view, { ...asked, source, candidates: [destination], limit: 0 }, nowMs));
    expect(ranked.destinations?.[0]?.estimate).toEqual(estimate);
  });

  test("adds up to its parts to the microsecond for any size", () => {
    for (let bytes = 1; bytes < 1 << 24; bytes = bytes * 3 + 1) {
      const { p50Us, ...told } = estimateTransfer(
        viewOf("MODE_APPLY"),
        { ...asked, bytes, destination: "10.0.0.3" },
        nowMs,
      );
      const parts = [told.handshakeUs, told.slowStartUs, told.sendingUs, told.lossUs].map(Number);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(Number(p50Us));
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
    }
  });

  test.each([
    [{ bytes: 0, destination: "" }, ["bytes", "destination"]],
    [{ bytes: 0, concurrent: 1_001, source: "a b", destination: "" }, ["bytes", "concurrent", "source", "destination"]],
  ])("names every wrong field of %j", (change, fields) => {
    expect(() => estimateTransfer(viewOf("MODE_APPLY"), { ...asked, ...change }, nowMs)).toThrow(
      expect.objectContaining({ violations: fields.map((field) => expect.objectContaining({ field })) }),
    );
  });

  test.each(["10.9.9.9", "10.0.0.4", "not-heard-of"])("does not find %s", (destination) => {
    expect(() => estimateTransfer(viewOf("MODE_APPLY"), { ...asked, destination }, nowMs)).toThrow(
      expect.objectContaining({ code: "NOT_FOUND" }),
    );
  });

  const noRate = { saturatedSamples: 0, saturatedBytesPerSecond: 0 };
  test.each([
    ["RTT", { rttSamples: 0 }],
    ["rate", noRate],
    ["RTT and rate", { rttSamples: 0, ...noRate }],
  ])("says that it does not find the %s", (what, changes) => {
    const view = viewOf("MODE_APPLY");
    view.table.put("a", address("10.0.0.5"), estimateOf(row(changes)));
    expect(() => estimateTransfer(view, { ...asked, destination: "10.0.0.5" }, nowMs)).toThrow(
      `Cannot find the ${what} of the path from "a" to "10.0.0.5"`,
    );
  });
});

describe("rankDestinations()", () => {
  const rank = (candidates: string[], limit = 0) =>
    inOneGo(rankDestinations(viewOf("MODE_APPLY"), { ...asked, candidates, limit }, nowMs)).destinations ?? [];

  test("puts the fastest first and what is unknown last, in the order of the request", () => {
    const ranked = rank(["10.9.9.9", "10.0.0.3", "not-heard-of", "b"]);
    expect(ranked.map(({ candidate, index }) => [candidate, index])).toEqual([
      ["b", 3],
      ["10.0.0.3", 1],
      ["10.9.9.9", 0],
      ["not-heard-of", 2],
    ]);
    expect(ranked.map(({ estimate }) => estimate !== null)).toEqual([true, true, false, false]);
  });

  test.each([
    ["a", "a"],
    ["a", "10.0.0.1"],
    ["10.0.0.1", "a"],
    ["not-heard-of", "not-heard-of"],
    ["10.9.9.9", "10.9.9.9"],
  ])("puts the source %s first where it is a candidate, as %s", (source, candidate) => {
    const request = { ...asked, source, candidates: ["b", "10.9.9.8", candidate, "10.0.0.3"], limit: 1 };
    const { destinations } = inOneGo(rankDestinations(viewOf("MODE_APPLY"), request, nowMs));
    const estimate = { path: null, p50Us: 0, p90Us: 0, provenance: "PROVENANCE_UNSPECIFIED", samples: 0 };
    expect(destinations).toMatchObject([{ candidate, index: 2, estimate }]);
  });

  test("takes no address of nobody for another's", () => {
    const request = { ...asked, source: "10.9.9.9", candidates: ["10.9.9.8"], limit: 0 };
    expect(inOneGo(rankDestinations(viewOf("MODE_APPLY"), request, nowMs)).destinations).toMatchObject([
      { estimate: null },
    ]);
  });

  test("tells as many as are wanted", () => {
    expect(rank(["10.9.9.9", "10.0.0.3", "b"], 1).map(({ candidate }) => candidate)).toEqual(["b"]);
  });

  test("names every candidate that can name nothing, and a list that is empty", () => {
    expect(() => rank(["b", "a b", "?"])).toThrow(
      expect.objectContaining({
        violations: [
          expect.objectContaining({ field: "candidates[1]" }),
          expect.objectContaining({ field: "candidates[2]" }),
        ],
      }),
    );
    const wrong = { ...asked, bytes: 0, source: "a b", candidates: ["?", "b", "a b"], limit: 0 };
    expect(() => inOneGo(rankDestinations(viewOf("MODE_APPLY"), wrong, nowMs))).toThrow(
      expect.objectContaining({
        violations: ["bytes", "source", "candidates[0]", "candidates[2]"].map((field) =>
          expect.objectContaining({ field }),
        ),
      }),
    );
    expect(() => rank([])).toThrow(/^Cannot use candidates as it must be 1\.\.4096 names/);
  });
});
