import { expect, test, vi } from "vitest";
import { explainAdvice } from "../../../../../aggregator/core/query/explain-query.ts";
import { getPath, listPaths } from "../../../../../aggregator/core/query/path-query.ts";
import { inOneGo } from "../../../../../aggregator/core/steps.ts";
import { address, announcement, emptyView, estimateOf, row } from "../../fixtures.ts";

function violationsOf(fields: readonly string[]) {
  return expect.objectContaining({
    code: "INVALID_ARGUMENT",
    violations: fields.map((field) => expect.objectContaining({ field })),
  });
}

test("getPath() names both ends where both are wrong", () => {
  expect(() => getPath(emptyView(), { source: "a b", destination: "" }, 0)).toThrow(
    violationsOf(["source", "destination"]),
  );
  expect(() => getPath(emptyView(), { source: "a", destination: "" }, 0)).toThrow(violationsOf(["destination"]));
});

test("getPath() tells which hosts nobody knows", () => {
  expect(() => getPath(emptyView(), { source: "a", destination: "b" }, 0)).toThrow(
    expect.objectContaining({
      code: "NOT_FOUND",
      message: 'Cannot find a path from "a" to "b": no host "a" and no host "b" is known',
    }),
  );
});

test("listPaths() names every wrong field", () => {
  const filter = { source: "a b", destination: "?" };
  expect(() => inOneGo(listPaths(emptyView(), { filter, pageSize: -1, pageToken: "!" }, 0))).toThrow(
    violationsOf(["filter.source", "filter.destination", "page_size", "page_token"]),
  );
  expect(() => inOneGo(listPaths(emptyView(), { filter: null, pageSize: -1, pageToken: "!" }, 0))).toThrow(
    violationsOf(["page_size", "page_token"]),
  );
});

test("listPaths() looks for what few paths match in few steps, whatever the page, and tells it page by page", () => {
  const view = emptyView();
  for (let index = 0; index < 2_500; index += 1) {
    view.table.put("a", address(`10.0.${index >> 8}.${index & 255}`), estimateOf(row()));
  }
  const after = vi.spyOn(view.table, "after");
  const list = (destination: string, pageToken = "") =>
    inOneGo(listPaths(view, { filter: { source: "", destination }, pageSize: 1, pageToken }, 0));
  expect(list("192.0.2.1")).toEqual({ paths: [], nextPageToken: "" });
  expect(after.mock.calls.length).toBeLessThanOrEqual(4);
  const first = list("10.0.9.0/31");
  expect(first.paths).toMatchObject([{ path: { destination: "10.0.9.0" } }]);
  const second = list("10.0.9.0/31", first.nextPageToken);
  expect(second.paths).toMatchObject([{ path: { destination: "10.0.9.1" } }]);
  expect(list("10.0.9.0/31", second.nextPageToken)).toEqual({ paths: [], nextPageToken: "" });
});

test.each([
  ["a", "a"],
  ["a", "10.0.0.1"],
  ["10.0.0.1", "a"],
])("getPath() and explainAdvice() say of %s and %s that they are the same host", (source, destination) => {
  const view = emptyView();
  view.hosts.announce(announcement("a", ["10.0.0.1"]), "a", 0);
  const isSameHost = expect.objectContaining({
    code: "NOT_FOUND",
    message: `Cannot find a path from "${source}" to "${destination}" as source and destination are the same host`,
  });
  expect(() => getPath(view, { source, destination }, 0)).toThrow(isSameHost);
  expect(() => explainAdvice(view, { source, destination }, 0)).toThrow(isSameHost);
});
