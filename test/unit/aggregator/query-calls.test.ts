import { beforeEach, describe, expect, test } from "vitest";
import { Abroad } from "../../../aggregator/core/abroad.ts";
import { abroadBounds } from "../../../aggregator/core/bounds.ts";
import { inOneGo } from "../../../aggregator/core/steps.ts";
import type { View } from "../../../aggregator/core/view.ts";
import type { LongName, QueryRequest } from "../../../aggregator/query-calls.ts";
import { answerOf, stepsOf } from "../../../aggregator/query-calls.ts";
import { slotOf } from "../../../proto/subjects.ts";
import { address, announcement, emptyView, estimateOf, row } from "./fixtures.ts";

const ids = Array.from({ length: 64 }, (_, index) => `host-${index}`);
const inPart = (index: number) => ids.find((id) => slotOf(id) % 4 === index) ?? "";
const [own, abroad] = [inPart(0), inPart(2)];
let view: View;

beforeEach(() => {
  view = { ...emptyView(), abroad: new Abroad({ index: 0, of: 4 }, abroadBounds) };
  view.hosts.announce(announcement(own, ["10.0.0.1"]), own, 0);
  view.hosts.announce(announcement(abroad, ["10.0.0.2"]), abroad, 0);
  view.table.put(own, address("10.0.0.2"), estimateOf(row(), row()));
});

const ends = (source: string, destination: string) => ({ source, destination });
const transfer = { bytes: 1_000, concurrent: 0, firstWindow: "FIRST_WINDOW_UNSPECIFIED" as const };
const page = { pageSize: 0, pageToken: "" };

function told<Name extends LongName>(name: Name, request: QueryRequest<Name>, of = view) {
  return inOneGo(stepsOf(name, of, request, 1_000));
}

describe("answerOf() and stepsOf() of one of four partitions", () => {
  test("says which partition measures the paths of a source", () => {
    const answers = [
      told("RankDestinations", { source: abroad, candidates: [own], limit: 0, ...transfer }),
      told("BatchGetPaths", batchOf([own, abroad])),
      told("GetMatrix", { level: "MATRIX_LEVEL_HOST", sources: ["10.0.0.2"], destinations: [own] }),
      told("ListPaths", { filter: ends("10.0.0.2", ""), ...page }),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ measuredElsewhere: ["3/4"] });
  });

  test("says nothing of what it measures itself, and names all others for every path", () => {
    expect(answerOf("GetPath", view, ends(own, abroad), 1_000).measuredElsewhere).toEqual([]);
    expect(told("BatchGetPaths", batchOf([own]))).not.toHaveProperty("measuredElsewhere");
    const all = ["2/4", "3/4", "4/4"];
    expect(told("ListPaths", { filter: null, ...page })).toMatchObject({ measuredElsewhere: all });
    const racks = { level: "MATRIX_LEVEL_RACK" as const, sources: [`rack of ${own}`], destinations: [] };
    expect(told("GetMatrix", racks)).toMatchObject({ measuredElsewhere: all });
    expect(answerOf("ListHosts", view, { filter: null, ...page }, 1_000)).not.toHaveProperty("measuredElsewhere");
  });

  test("says where to ask about what it cannot find", () => {
    expect(() => answerOf("GetPath", view, ends(abroad, own), 1_000)).toThrow(
      /^Cannot find a path from .*; it is measured elsewhere: ask partition 3\/4$/,
    );
    expect(() => answerOf("GetPath", view, ends(own, "10.9.9.9"), 1_000)).toThrow(/^Cannot find a path[^;]*$/);
  });
});

test("stepsOf() of an aggregator of all hosts says nothing of others", () => {
  const { abroad: _, ...whole } = view;
  expect(told("ListPaths", { filter: null, ...page }, whole)).not.toHaveProperty("measuredElsewhere");
});

describe("answerOf() and stepsOf() of texts that are too long", () => {
  const long = "x".repeat(257);
  const ofFields = (fields: readonly string[]) =>
    expect.objectContaining({
      code: "INVALID_ARGUMENT",
      violations: fields.map((field) => expect.objectContaining({ field })),
    });

  test("name whatever else is wrong, too, and each field once", () => {
    const filter = { hostId: "?", rack: long, zone: "" };
    const hosts = { filter, pageSize: 1_001, pageToken: "?" };
    expect(() => answerOf("ListHosts", view, hosts, 1_000)).toThrow(
      ofFields(["filter.rack", "filter.host_id", "page_size", "page_token"]),
    );
    const ranking = { source: long, candidates: ["?", long], limit: 0, ...transfer, bytes: 0 };
    expect(() => told("RankDestinations", ranking)).toThrow(
      ofFields(["source", "candidates[1]", "bytes", "candidates[0]"]),
    );
  });

  test("name them alone where nothing else is wrong, or not found", () => {
    expect(() => answerOf("ListHosts", view, { filter: { hostId: "", rack: long, zone: "" }, ...page }, 1_000)).toThrow(
      ofFields(["filter.rack"]),
    );
    expect(() => answerOf("GetPath", view, ends(own, long), 1_000)).toThrow(ofFields(["destination"]));
    expect(() => told("ListPaths", { filter: null, pageSize: 0, pageToken: long })).toThrow(ofFields(["page_token"]));
  });
});

function batchOf(sources: string[]) {
  return { sources, destinations: [own], sourceIndexes: [], destinationIndexes: [] };
}
